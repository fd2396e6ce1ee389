//! Executing a service through a transform, which takes and gives any JSON.

use serde::Serialize;
use serde_json::Value;

use super::locate::names;
use super::options::{ExecuteOptions, header, json};
use super::setters::{execute_setters, single_setters};
use crate::error::{Error, Result};
use crate::raw;
use crate::spark::ServiceLocator;
use crate::spark::variants::encoded;
use crate::transport::call::call;

/// The execution of a service through a transform; `.await` does it and gives the JSON that the
/// transform made.
#[must_use = "nothing is executed until it is awaited"]
pub struct ApplyTransform {
    raw: raw::spark::Client,
    locator: Result<ServiceLocator>,
    inputs: Result<Value>,
    options: ExecuteOptions,
    transform: Option<Using>,
    records: bool,
}

/// Where the transform is.
enum Using {
    /// Among the options of the platform.
    Name(String),
    Folder {
        folder: String,
        name: String,
    },
}

impl ApplyTransform {
    pub(super) fn new(
        raw: &raw::spark::Client,
        locator: Result<ServiceLocator>,
        inputs: &impl Serialize,
    ) -> Self {
        Self {
            raw: raw.clone(),
            locator,
            inputs: json(inputs),
            options: ExecuteOptions::default(),
            transform: None,
            records: false,
        }
    }

    execute_setters!(options);
    single_setters!(options);

    /// A transform in a folder, by its name.
    pub fn using(mut self, folder: impl Into<String>, name: impl Into<String>) -> Self {
        self.transform = Some(Using::Folder { folder: folder.into(), name: name.into() });
        self
    }

    /// A transform that is stored among the platform's options, by its name; an older way (source:
    /// Coherent-Partners/spark-openapi, postman).
    pub fn using_name(mut self, name: impl Into<String>) -> Self {
        self.transform = Some(Using::Name(name.into()));
        self
    }

    /// Says that the transform is made for version 4 of the API and makes several records; it
    /// makes one, for version 3, by default.
    pub fn many(mut self) -> Self {
        self.records = true;
        self
    }

    async fn send(self) -> Result<Value> {
        let raw = encoded(&self.raw, self.options.encoding);
        let (locator, inputs) = (self.locator?, self.inputs?);
        let (folder, service) = names(&locator)?;
        let (one, many) = match self.records {
            false => (Some(header(&self.options.for_one(&locator))?), None),
            true => (None, Some(header(&self.options.for_many(&locator)?)?)),
        };
        match self.transform {
            None => Err(Error::invalid("name the transform, with `using(folder, name)`")),
            Some(Using::Name(name)) => {
                let request = raw.apply_transform().transform(name).folder(folder);
                let mut request = request.service(service).body(inputs);
                if let Some(one) = one {
                    request = request.x_request_meta(one);
                }
                if let Some(many) = many {
                    request = request.x_meta(many);
                }
                call(request.send()).await
            }
            Some(Using::Folder { folder: place, name }) => {
                let request = raw.apply_folder_transform().transform_folder(place).transform(name);
                let mut request = request.folder(folder).service(service).body(inputs);
                if let Some(one) = one {
                    request = request.x_request_meta(one);
                }
                if let Some(many) = many {
                    request = request.x_meta(many);
                }
                call(request.send()).await
            }
        }
    }
}

impl std::fmt::Debug for ApplyTransform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApplyTransform")
            .field("locator", &self.locator)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

crate::awaits::awaits!(ApplyTransform => Value, send);
