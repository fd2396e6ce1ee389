//! The services of a Hybrid Runner.

use serde::Serialize;
use serde_json::{Map, Value};

use super::Client;
use crate::error::{Error, Result};
use crate::spark::envelope::open;
use crate::spark::locator::Target;
use crate::spark::models::{ExecuteData, RunnerRequest, RunnerRequestMeta, RunnerUpload};
use crate::spark::services::locate::read;
use crate::spark::services::options::json;
use crate::spark::variants::unhurried;
use crate::spark::{Execute, Metadata, ServiceLocator, Validation, ValidationType};
use crate::transfer::{Content, Form, Upload};
use crate::transport::call::call;

/// The services of a Hybrid Runner.
#[derive(Clone, Debug)]
pub struct Services {
    client: Client,
}

impl Services {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// Executes a service, as [the platform's](crate::spark::Services::execute) does.
    pub fn execute(&self, service: impl TryInto<ServiceLocator, Error: Into<Error>>) -> Execute {
        match self.client.tenant() {
            Ok(raw) => Execute::new(raw, read(service)),
            Err(error) => Execute::new(self.client.raw(), Err(error)),
        }
    }

    /// Uploads a package that was exported for a runner, and gives the services in it.
    ///
    /// # Errors
    /// As any call.
    pub async fn upload(&self, package: impl Into<Content>) -> Result<Vec<RunnerUpload>> {
        let (raw, package) = (unhurried(self.client.raw()), package.into());
        let name = package.file_name().unwrap_or_else(|| "package.zip".to_owned());
        let form = Form::new().file("file", &name, package);
        let sent = Upload::form(name, form).send(async |body, content_type| {
            call(raw.upload_runner_package().content_type(content_type).body(body).send()).await
        });
        Ok(sent.await?.response_data.unwrap_or_default())
    }

    /// Which inputs a service takes. The service is named by its id or a version's.
    pub fn validate(&self, service: impl TryInto<ServiceLocator, Error: Into<Error>>) -> Validate {
        let kind = ValidationType::DefaultValues;
        Validate { asked: Asked::new(&self.client, read(service)), kind }
    }

    /// What a service's workbook tells about itself. The service is named by its id or a version's.
    pub fn get_metadata(
        &self,
        service: impl TryInto<ServiceLocator, Error: Into<Error>>,
    ) -> GetMetadata {
        GetMetadata { asked: Asked::new(&self.client, read(service)) }
    }
}

/// What is asked about a service.
#[derive(Debug)]
struct Asked {
    client: Client,
    locator: Result<ServiceLocator>,
    inputs: Result<Option<Value>>,
    extras: Map<String, Value>,
}

impl Asked {
    fn new(client: &Client, locator: Result<ServiceLocator>) -> Self {
        Self { client: client.clone(), locator, inputs: Ok(None), extras: Map::new() }
    }

    fn request(self, kind: Option<ValidationType>) -> Result<RunnerRequest> {
        let locator = self.locator?;
        let (service_id, version_id, version) = match locator.target {
            Target::Service { id, version } => (Some(id), None, version),
            Target::Version { id } => (None, Some(id), None),
            _ => {
                return Err(Error::invalid(format!(
                    "a runner is asked this by service/ID or version/ID, not by `{locator}`"
                )));
            }
        };
        let extra = self.extras;
        Ok(RunnerRequest {
            request_data: ExecuteData { inputs: self.inputs? },
            request_meta: RunnerRequestMeta {
                service_id,
                version_id,
                version,
                validation_type: kind,
                extra,
            },
        })
    }
}

/// The setters of whatever is asked.
macro_rules! asked_setters {
    () => {
        /// The inputs by name.
        pub fn inputs(mut self, inputs: impl Serialize) -> Self {
            self.asked.inputs = json(&inputs).map(Some);
            self
        }

        /// A further field beside the inputs, sent as it is.
        pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
            self.asked.extras.insert(name.into(), value.into());
            self
        }
    };
}

/// The validation of inputs on a runner; `.await` does it and gives the [`Validation`].
#[derive(Debug)]
#[must_use = "nothing is validated until it is awaited"]
pub struct Validate {
    asked: Asked,
    kind: ValidationType,
}

impl Validate {
    asked_setters!();

    /// Whether rules that depend on the inputs are wanted; those of the workbook's own values by
    /// default.
    pub fn validation_type(mut self, kind: impl Into<ValidationType>) -> Self {
        self.kind = kind.into();
        self
    }

    async fn send(self) -> Result<Validation> {
        let client = self.asked.client.clone();
        let body = self.asked.request(Some(self.kind))?;
        let raw = client.tenant()?;
        let request = raw.validate_on_runner().body(body);
        let opened = open(raw, "validate_on_runner", request.send()).await?;
        Ok(Validation::new(opened.data.unwrap_or_default(), opened.meta))
    }
}

crate::awaits::awaits!(Validate => Validation, send);

/// What a workbook tells about itself on a runner; `.await` asks for it.
#[derive(Debug)]
#[must_use = "nothing is asked for until it is awaited"]
pub struct GetMetadata {
    asked: Asked,
}

impl GetMetadata {
    asked_setters!();

    async fn send(self) -> Result<Metadata> {
        let client = self.asked.client.clone();
        let body = self.asked.request(None)?;
        let raw = client.tenant()?;
        let request = raw.get_metadata_on_runner().body(body);
        let opened = open(raw, "get_metadata_on_runner", request.send()).await?;
        let outputs = opened.data.and_then(|data| data.outputs).unwrap_or_default();
        Ok(Metadata { outputs: outputs.into_iter().collect(), meta: opened.meta })
    }
}

crate::awaits::awaits!(GetMetadata => Metadata, send);
