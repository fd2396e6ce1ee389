//! What executions answer.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, Result};
use crate::spark::models::{
    ExecutionData, ExecutionError, ExecutionWarning, RecordsResult, ResponseMeta, ServiceChainItem,
};

/// What the execution of one record gave.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Execution {
    /// The outputs by name.
    pub outputs: Value,
    /// What the service warns of.
    pub warnings: Vec<ExecutionWarning>,
    /// What the service could not calculate. Outputs may be missing then.
    pub errors: Vec<ExecutionError>,
    /// The services that took part.
    pub service_chain: Vec<ServiceChainItem>,
    /// The inputs, if they were to be echoed.
    pub inputs: Option<Value>,
    /// The call's id, the version that was used, and the time it took.
    pub meta: ResponseMeta,
}

impl Execution {
    pub(super) fn new(data: Option<ExecutionData>, meta: ResponseMeta) -> Self {
        let data = data.unwrap_or_default();
        Self {
            outputs: data.outputs.unwrap_or_default(),
            warnings: data.warnings.unwrap_or_default(),
            errors: data.errors.unwrap_or_default(),
            service_chain: data.service_chain.unwrap_or_default(),
            inputs: data.inputs,
            meta,
        }
    }

    /// The outputs as a type of yours.
    ///
    /// # Errors
    /// [`Decode`](ErrorKind::Decode), naming the place, when they are not such.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        decode(&self.outputs)
    }

    /// The execution, or an error when the service reported any.
    ///
    /// # Errors
    /// [`Failed`](ErrorKind::Failed), with what the service says.
    pub fn into_result(self) -> Result<Self> {
        let Some(first) = self.errors.first() else { return Ok(self) };
        let text = first.message.clone().or_else(|| first.error_type.clone());
        let details = first.additional_details.as_ref().filter(|details| !details.is_null());
        let text = text.or_else(|| details.map(ToString::to_string)).unwrap_or_default();
        let count = self.errors.len();
        let message = format!("the service reported {count} error(s), first: {text}");
        Err(Error::new(ErrorKind::Failed, message))
    }
}

/// Decodes a value and names the place of the first mistake.
fn decode<T: DeserializeOwned>(value: &Value) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let (path, cause) = (error.path().to_string(), error.inner());
        let message = format!("the outputs could not be read, at `{path}`: {cause}");
        Error::new(ErrorKind::Decode, message).with_doubt(false)
    })
}

/// What the execution of many records gave, in their order.
#[derive(Clone, Debug)]
pub struct Executions {
    data: RecordsResult,
    /// Whether a table was sent, which comes back with a row of names first.
    table: bool,
}

/// What became of one of many records.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RecordOutcome {
    /// Its outputs by name; null when it failed.
    pub outputs: Value,
    /// What the service warns of.
    pub warnings: Option<Value>,
    /// Why it failed.
    pub errors: Option<Value>,
    /// The services that took part.
    pub service_chain: Option<Value>,
    /// How long it took, in milliseconds.
    pub process_time: Option<f64>,
}

impl RecordOutcome {
    /// The outputs as a type of yours.
    ///
    /// # Errors
    /// [`Failed`](ErrorKind::Failed) when the record failed, [`Decode`](ErrorKind::Decode) when its
    /// outputs are not such.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        match &self.errors {
            Some(errors) => {
                Err(Error::new(ErrorKind::Failed, format!("the record failed: {errors}")))
            }
            None => decode(&self.outputs),
        }
    }
}

impl Executions {
    pub(super) fn new(data: RecordsResult, table: bool) -> Self {
        Self { data, table }
    }

    /// The answer as it came.
    pub fn data(&self) -> &RecordsResult {
        &self.data
    }

    /// What became of each record, in their order. Rows of a table become objects with its names.
    pub fn records(&self) -> Vec<RecordOutcome> {
        let (header, outputs) = self.header_and_outputs();
        let lists = [&self.data.warnings, &self.data.errors, &self.data.service_chain];
        let lengths = lists.iter().map(|list| list.as_ref().map_or(0, Vec::len));
        let count = lengths.max().unwrap_or_default().max(outputs.len());
        (0..count).map(|index| self.record(index, header, outputs)).collect()
    }

    fn record(&self, index: usize, header: Option<&[Value]>, outputs: &[Value]) -> RecordOutcome {
        let given = |list: &Option<Vec<Value>>| {
            list.as_ref()?.get(index).filter(|value| !is_empty(value)).cloned()
        };
        let output = outputs.get(index).cloned().unwrap_or_default();
        let times = self.data.process_time.as_ref();
        RecordOutcome {
            outputs: header.map_or(output.clone(), |names| named(names, output)),
            warnings: given(&self.data.warnings),
            errors: given(&self.data.errors),
            service_chain: given(&self.data.service_chain),
            process_time: times.and_then(|times| times.get(index)).copied().flatten(),
        }
    }

    fn header_and_outputs(&self) -> (Option<&[Value]>, &[Value]) {
        let outputs = self.data.outputs.as_deref().unwrap_or_default();
        match outputs.split_first() {
            Some((Value::Array(header), rows)) if self.table => (Some(header), rows),
            _ => (None, outputs),
        }
    }
}

/// Nothing to tell, as the platform writes it.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn named(names: &[Value], row: Value) -> Value {
    let Value::Array(values) = row else { return row };
    let name = |name: &Value| name.as_str().map_or_else(|| name.to_string(), str::to_owned);
    let members: Map<_, _> = names.iter().map(name).zip(values).collect();
    Value::Object(members)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn executions(json: Value, table: bool) -> Executions {
        Executions::new(serde_json::from_value(json).unwrap(), table)
    }

    #[test]
    fn each_record_gets_what_is_its_own() {
        let answer = json!({"outputs": [{"a": 1}, null], "errors": [null, [{"message": "no"}]],
            "warnings": [[], null], "process_time": [3]});
        let records = executions(answer, false).records();
        assert_eq!((&records[0].outputs, &records[0].errors), (&json!({"a": 1}), &None));
        assert_eq!((records[0].process_time, &records[0].warnings), (Some(3.0), &None));
        assert_eq!(records[1].errors, Some(json!([{"message": "no"}])));
        assert_eq!(records[1].decode::<Value>().unwrap_err().kind(), ErrorKind::Failed);
        assert_eq!(records.len(), 2);
    }

    #[test]
    fn rows_of_a_table_get_its_names() {
        let answer = json!({"outputs": [["a", "b"], [1, 2], null], "errors": [null, "no"]});
        let records = executions(answer, true).records();
        assert_eq!(records.len(), 2);
        assert_eq!(records[0].outputs, json!({"a": 1, "b": 2}));
        assert_eq!((&records[1].outputs, &records[1].errors), (&Value::Null, &Some(json!("no"))));
    }

    #[test]
    fn an_answer_without_anything_has_no_records() {
        assert!(executions(json!({}), true).records().is_empty());
    }

    #[test]
    fn outputs_that_are_not_such_name_the_place() {
        let data = serde_json::from_value(json!({"outputs": {"n": "x"}})).unwrap();
        let one = Execution::new(Some(data), ResponseMeta::default());
        let error = one.decode::<std::collections::BTreeMap<String, i64>>().unwrap_err();
        assert!(error.to_string().contains("at `n`"), "{error}");
    }
}
