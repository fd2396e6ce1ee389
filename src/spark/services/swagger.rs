//! The Swagger document of a service.

use serde_json::Value;

use super::download::swagger_file;
use super::locate::names;
use crate::error::Result;
use crate::spark::envelope::open_any;
use crate::spark::{Client, Document, ServiceLocator};

/// The Swagger document of a service; `.await` gives it as JSON,
/// [`document`](GetSwagger::document) as a file.
#[derive(Debug)]
#[must_use = "nothing is asked for until it is awaited"]
pub struct GetSwagger {
    client: Client,
    locator: Result<ServiceLocator>,
    subservice: String,
    version_id: Option<String>,
}

impl GetSwagger {
    pub(super) fn new(client: &Client, locator: Result<ServiceLocator>) -> Self {
        let (client, subservice) = (client.clone(), "All".to_owned());
        Self { client, locator, subservice, version_id: None }
    }

    /// The subservice to describe; `All` by default.
    pub fn subservice(mut self, name: impl Into<String>) -> Self {
        self.subservice = name.into();
        self
    }

    /// The version to describe; the latest by default.
    pub fn version_id(mut self, id: impl Into<String>) -> Self {
        self.version_id = Some(id.into());
        self
    }

    /// The document as the file that the platform makes of it.
    pub fn document(self) -> Document {
        let named = self.locator.as_ref().map_err(|error| error.message().to_owned());
        match named.and_then(|locator| names(locator).map_err(|error| error.message().to_owned())) {
            Ok(names) => {
                swagger_file(&self.client, names, &self.subservice, self.version_id.as_deref())
            }
            Err(message) => Document::refused("swagger", &crate::error::Error::invalid(message)),
        }
    }

    async fn send(self) -> Result<Value> {
        let locator = self.locator?;
        let (folder, service) = names(&locator)?;
        let raw = self.client.raw();
        match self.version_id {
            None => {
                let request = raw.get_swagger().folder(folder).service(service);
                let request = request.subservice(self.subservice);
                open_any(raw, "get_swagger", request.send()).await
            }
            Some(id) => {
                let request = raw.get_version_swagger().folder(folder).service(service);
                let request = request.subservice(self.subservice).version_id(id);
                open_any(raw, "get_version_swagger", request.send()).await
            }
        }
    }
}

crate::awaits::awaits!(GetSwagger => Value, send);
