//! What can be said about an execution beside its inputs.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::spark::ServiceLocator;
use crate::spark::locator::Target;
use crate::spark::models::{ExecuteMeta, RecordsRequest};
use crate::spark::{CompilerType, Encoding, ValidationType};

/// How calls name the system that they come from, unless told otherwise.
pub(in crate::spark) const SOURCE_SYSTEM: &str = "longhaul";

/// The names of the official client (source: cspark 0.3.3, sdk/resources/_services.py).
#[derive(Clone, Debug, Default)]
pub(in crate::spark) struct ExecuteOptions {
    pub(super) active_since: Option<String>,
    pub(super) source_system: Option<String>,
    pub(super) correlation_id: Option<String>,
    pub(super) call_purpose: Option<String>,
    pub(super) subservices: Option<String>,
    pub(super) selected_outputs: Option<String>,
    pub(super) extras: Map<String, Value>,
    pub(super) encoding: Option<Encoding>,
    /// What only version 3 of the API knows.
    pub(super) single: SingleOptions,
}

/// Options that only one record can have.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::spark) struct SingleOptions {
    pub(super) compiler_type: Option<CompilerType>,
    pub(super) debug_solve: Option<bool>,
    pub(super) downloadable: Option<bool>,
    pub(super) echo_inputs: Option<bool>,
    pub(super) tables_as_array: Option<String>,
    pub(super) outputs_filter: Option<String>,
}

impl ExecuteOptions {
    /// As version 3 of the API wants them.
    pub(super) fn for_one(self, locator: &ServiceLocator) -> ExecuteMeta {
        let (mut service_id, mut version_id, mut number) = (None, None, None);
        match &locator.target {
            Target::Named { version, .. } => number = version.clone(),
            Target::Service { id, version } => {
                (service_id, number) = (Some(id.clone()), version.clone());
            }
            Target::Version { id } => version_id = Some(id.clone()),
            Target::Proxy { .. } => {}
        }
        let single = self.single;
        ExecuteMeta {
            service_id,
            version_id,
            version: number,
            transaction_date: self.active_since,
            call_purpose: Some(self.call_purpose.unwrap_or_else(|| "Single Execution".into())),
            source_system: Some(self.source_system.unwrap_or_else(|| SOURCE_SYSTEM.into())),
            correlation_id: self.correlation_id,
            array_outputs: single.tables_as_array,
            compiler_type: Some(single.compiler_type.unwrap_or(CompilerType::Neuron)),
            debug_solve: single.debug_solve,
            excel_file: Some(single.downloadable.unwrap_or(false)),
            requested_output: self.selected_outputs,
            requested_output_regex: single.outputs_filter,
            response_data_inputs: Some(single.echo_inputs.unwrap_or(false)),
            service_category: self.subservices,
            extra: self.extras,
            ..ExecuteMeta::default()
        }
    }

    /// As version 4 of the API wants them, still without inputs.
    pub(super) fn for_many(self, locator: &ServiceLocator) -> Result<RecordsRequest> {
        if self.single != SingleOptions::default() {
            return Err(Error::invalid(
                "compiler_type, debug_solve, downloadable, echo_inputs, tables_as_array and \
                 outputs_filter are for one record; the platform does not know them for many",
            ));
        }
        let (service, version_id) = service_of_many(locator)?;
        let purpose = self.call_purpose.unwrap_or_else(|| "Sync Batch Execution".into());
        Ok(RecordsRequest {
            service,
            version_id,
            version_by_timestamp: self.active_since,
            subservice: self.subservices,
            output: self.selected_outputs,
            call_purpose: Some(purpose),
            source_system: Some(self.source_system.unwrap_or_else(|| SOURCE_SYSTEM.into())),
            correlation_id: self.correlation_id,
            extra: self.extras,
            ..RecordsRequest::default()
        })
    }
}

/// Where version 4 of the API wants a service, and where a version's id.
fn service_of_many(locator: &ServiceLocator) -> Result<(Option<String>, Option<String>)> {
    match &locator.target {
        Target::Named { folder, service, version } => {
            let version = version.as_ref().map(|version| format!("[{version}]"));
            let version = version.unwrap_or_default();
            Ok((Some(format!("{folder}/{service}{version}")), None))
        }
        Target::Service { id, version: None } => Ok((Some(id.clone()), None)),
        Target::Version { id } => Ok((None, Some(id.clone()))),
        Target::Service { .. } => Err(Error::invalid(format!(
            "several records cannot be sent to `{locator}`: name its version as version/ID"
        ))),
        Target::Proxy { .. } => Err(Error::invalid(format!(
            "several records cannot be sent to the proxy `{locator}`: name the service itself"
        ))),
    }
}

/// Names in one text, as the platform wants lists.
pub(in crate::spark) fn joined(names: impl IntoIterator<Item = impl Into<String>>) -> String {
    let names: Vec<String> = names.into_iter().map(Into::into).collect();
    names.join(",")
}

/// A value of the caller's as JSON.
pub(in crate::spark) fn json(value: &(impl Serialize + ?Sized)) -> Result<Value> {
    serde_json::to_value(value)
        .map_err(|error| Error::invalid(format!("the inputs cannot become JSON: {error}")))
}

/// Compact JSON between single quotes, as the platform wants metadata in a header (sources: cspark
/// 0.3.3; @cspark/sdk 0.4.0). What cannot stand in a header or would end the quotes is escaped.
pub(super) fn header(value: &impl Serialize) -> Result<String> {
    let text = json(value)?.to_string();
    let mut escaped = String::with_capacity(text.len() + 2);
    for unit in text.encode_utf16() {
        match u8::try_from(unit).ok().filter(|byte| matches!(byte, b' '..=b'~') && *byte != b'\'') {
            Some(byte) => escaped.push(char::from(byte)),
            None => escaped.push_str(&format!("\\u{unit:04x}")),
        }
    }
    Ok(format!("'{escaped}'"))
}

/// What validations are asked to do when they are not told.
pub(super) fn validation_type(wanted: Option<ValidationType>) -> ValidationType {
    wanted.unwrap_or(ValidationType::DefaultValues)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_header_has_only_what_headers_have() {
        let text = header(&json!({"a": "it's ü 😀"})).unwrap();
        assert_eq!(text, r#"'{"a":"it\u0027s \u00fc \ud83d\ude00"}'"#);
        let back: Value = serde_json::from_str(text.trim_matches('\'')).unwrap();
        assert_eq!(back, json!({"a": "it's ü 😀"}));
    }

    #[test]
    fn many_records_go_to_what_can_take_them() {
        let of = |text: &str| service_of_many(&text.parse().unwrap());
        assert_eq!(of("f/s[1.2]").unwrap(), (Some("f/s[1.2]".to_owned()), None));
        assert_eq!(of("service/x").unwrap(), (Some("x".to_owned()), None));
        assert_eq!(of("version/x").unwrap(), (None, Some("x".to_owned())));
        assert!(of("service/x[1]").unwrap_err().to_string().contains("version/ID"));
        assert!(of("proxy/x").unwrap_err().to_string().contains("proxy"));
    }
}
