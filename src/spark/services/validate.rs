//! Which inputs a service takes.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::locate::located;
use super::options::{ExecuteOptions, json, validation_type};
use super::setters::{execute_setters, single_setters};
use crate::error::Result;
use crate::raw;
use crate::spark::envelope::open;
use crate::spark::models::{
    ExecuteData, ExecuteRequest, ExecutionError, ExecutionWarning, InputValidation, ResponseMeta,
};
use crate::spark::variants::encoded;
use crate::spark::{ServiceLocator, ValidationType};

/// The validation of inputs; `.await` does it and gives the [`Validation`].
#[must_use = "nothing is validated until it is awaited"]
pub struct Validate {
    raw: raw::spark::Client,
    locator: Result<ServiceLocator>,
    options: ExecuteOptions,
    inputs: Result<Value>,
    kind: Option<ValidationType>,
}

/// Which inputs a service takes.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Validation {
    /// What each input may be, by its name.
    pub inputs: BTreeMap<String, InputValidation>,
    /// What the service warns of.
    pub warnings: Vec<ExecutionWarning>,
    /// What is wrong with the inputs that were given.
    pub errors: Vec<ExecutionError>,
    /// The call's id and the version that was used.
    pub meta: ResponseMeta,
}

impl Validate {
    pub(super) fn new(raw: &raw::spark::Client, locator: Result<ServiceLocator>) -> Self {
        let inputs = Ok(Value::Object(Map::new()));
        Self { raw: raw.clone(), locator, options: ExecuteOptions::default(), inputs, kind: None }
    }

    execute_setters!(options);
    single_setters!(options);

    /// The inputs on which the others depend, by name.
    pub fn inputs(mut self, inputs: impl Serialize) -> Self {
        self.inputs = json(&inputs);
        self
    }

    /// Whether rules that depend on the inputs are wanted; those of the workbook's own values by
    /// default.
    pub fn validation_type(mut self, kind: impl Into<ValidationType>) -> Self {
        self.kind = Some(kind.into());
        self
    }

    async fn send(self) -> Result<Validation> {
        let raw = encoded(&self.raw, self.options.encoding);
        let locator = self.locator?;
        let mut meta = self.options.for_one(&locator);
        meta.validation_type = Some(validation_type(self.kind));
        let body = ExecuteRequest {
            request_data: Some(ExecuteData { inputs: Some(self.inputs?) }),
            request_meta: Some(meta),
        };
        let opened = located!(
            raw,
            locator,
            [validate_service, validate_service_by_id, validate_version],
            [validate_public_service, validate_public_service_by_id, validate_public_version],
            |request, operation| open(&raw, operation, request.body(body).send()).await
        )?;
        Ok(Validation::new(opened.data.unwrap_or_default(), opened.meta))
    }
}

impl Validation {
    pub(in crate::spark) fn new(
        data: crate::spark::models::ValidationData,
        meta: ResponseMeta,
    ) -> Self {
        Self {
            inputs: data.outputs.unwrap_or_default().into_iter().collect(),
            warnings: data.warnings.unwrap_or_default(),
            errors: data.errors.unwrap_or_default(),
            meta,
        }
    }
}

impl std::fmt::Debug for Validate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Validate")
            .field("locator", &self.locator)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

crate::awaits::awaits!(Validate => Validation, send);
