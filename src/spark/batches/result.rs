//! What became of the records of a chunk.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Result};

/// What became of the records of a chunk: arrays in the order of the records.
///
/// Outputs are kept as the text that the server sent, so that they can be written on as they are:
/// `serde_json::to_writer(file, &chunk.outputs)`. [`records`](ChunkResult::records) puts together
/// what belongs to one record, and [`Record::decode`] reads its output.
#[derive(Clone, Debug, Default, Deserialize)]
#[non_exhaustive]
pub struct ChunkResult {
    /// The chunk's id, as it was pushed.
    #[serde(default, deserialize_with = "null_is_nothing")]
    pub id: String,
    /// The outputs of each record, `null` where it failed. For a table of inputs it is a table
    /// whose first row has the names.
    #[serde(default, deserialize_with = "null_is_nothing")]
    pub outputs: Vec<Box<RawValue>>,
    /// The warnings of each record, or null.
    #[serde(default, deserialize_with = "null_is_nothing")]
    pub warnings: Vec<Value>,
    /// The errors of each record, or null.
    #[serde(default, deserialize_with = "null_is_nothing")]
    pub errors: Vec<Value>,
    /// How long each record took, presumably in milliseconds.
    #[serde(default, deserialize_with = "null_is_nothing")]
    pub process_time: Vec<Option<f64>>,
    /// The aggregated outputs, as rows.
    #[serde(default, deserialize_with = "null_is_nothing")]
    pub summary_output: Vec<Value>,
}

/// What became of one record.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Record<'a> {
    /// The record's place in the chunk, from 0.
    pub index: usize,
    /// Its outputs: an object, or a row of values; `None` where there are none.
    pub output: Option<&'a RawValue>,
    /// Its warnings, if it has any.
    pub warnings: Option<&'a Value>,
    /// Why it failed, if it did.
    pub errors: Option<&'a Value>,
    /// How long it took, presumably in milliseconds.
    pub process_time: Option<f64>,
}

impl ChunkResult {
    /// What became of each record, in their order.
    pub fn records(&self) -> impl ExactSizeIterator<Item = Record<'_>> {
        let outputs = &self.outputs[usize::from(self.is_table())..];
        (0..self.len()).map(move |index| Record {
            index,
            output: outputs.get(index).map(|raw| &**raw).filter(|raw| raw.get() != "null"),
            warnings: told(self.warnings.get(index)),
            errors: told(self.errors.get(index)),
            process_time: self.process_time.get(index).copied().flatten(),
        })
    }

    /// How many records the chunk has.
    pub fn len(&self) -> usize {
        (self.outputs.len() - usize::from(self.is_table()))
            .max(self.errors.len())
            .max(self.warnings.len())
            .max(self.process_time.len())
    }

    /// Whether there is nothing about any record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names of the outputs, when they are a table.
    pub fn header(&self) -> Option<Vec<String>> {
        let first = self.outputs.first().filter(|_| self.is_table())?;
        serde_json::from_str(first.get()).ok()
    }

    /// How many records failed.
    pub fn failed(&self) -> usize {
        self.records().filter(Record::is_failed).count()
    }

    fn is_table(&self) -> bool {
        self.outputs.first().is_some_and(|first| first.get().starts_with('['))
    }
}

impl Record<'_> {
    /// Whether the record failed.
    pub fn is_failed(&self) -> bool {
        self.errors.is_some()
    }

    /// Reads the outputs: an object as a struct or a map, a row as a tuple or a list.
    ///
    /// # Errors
    /// `Failed` with the platform's reason when the record failed, `Decode` when the outputs are
    /// something else.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        let index = self.index;
        if let Some(errors) = self.errors {
            let message = format!("record {index} of the chunk failed: {errors}");
            return Err(Error::new(ErrorKind::Failed, message));
        }
        let text = self.output.map_or("null", RawValue::get);
        serde_json::from_str(text).map_err(|error| {
            let message = format!("the outputs of record {index} could not be read: {error}");
            Error::new(ErrorKind::Decode, message)
        })
    }
}

/// An entry that says something.
fn told(entry: Option<&Value>) -> Option<&Value> {
    entry.filter(|entry| match entry {
        Value::Null => false,
        Value::Array(list) => !list.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => true,
    })
}

fn null_is_nothing<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn result(text: &str) -> ChunkResult {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn what_belongs_to_a_record_is_put_together() {
        let chunk = result(
            r#"{"id":"a","outputs":[{"x":1},null],"warnings":[["odd"],[]],
                "errors":[null,[{"message":"bad"}]],"process_time":[2,null],"new":true}"#,
        );
        let records: Vec<_> = chunk.records().collect();
        assert_eq!((records.len(), chunk.failed()), (2, 1));
        let first: BTreeMap<String, i64> = records[0].decode().unwrap();
        assert_eq!((first["x"], records[0].process_time), (1, Some(2.0)));
        assert!(records[0].warnings.is_some() && records[1].warnings.is_none());
        let error = records[1].decode::<Value>().unwrap_err();
        assert!(error.is_wait_failed() && error.to_string().contains("bad"), "{error}");
        assert!(records[0].decode::<Vec<i64>>().is_err());
    }

    #[test]
    fn the_first_row_of_a_table_is_no_record() {
        let chunk = result(r#"{"outputs":[["a","b"],[1,2],[3,4]],"errors":[null,null]}"#);
        assert_eq!(chunk.header(), Some(vec!["a".to_owned(), "b".to_owned()]));
        let rows: Vec<(i64, i64)> = chunk.records().map(|r| r.decode().unwrap()).collect();
        assert_eq!(rows, [(1, 2), (3, 4)]);
    }

    #[test]
    fn what_is_missing_is_nothing() {
        let chunk = result(r#"{"id":null,"outputs":null}"#);
        assert!(chunk.is_empty() && chunk.header().is_none());
        assert_eq!(result(r#"{"errors":["no"]}"#).failed(), 1);
    }
}
