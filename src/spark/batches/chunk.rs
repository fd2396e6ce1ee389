//! Records to push: chunks, what is in them, and how inputs become chunks.

use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::spark::models;

/// The records of a chunk, with what they share.
#[derive(Clone, Debug)]
pub struct ChunkData {
    /// Serialization fails late, where errors are expected.
    inputs: Result<Value, String>,
    parameters: Result<Option<Value>, String>,
    summary: Option<models::ChunkSummary>,
}

impl ChunkData {
    /// Records: a list of objects, or a table, which is a list of rows whose first row has the
    /// names.
    pub fn new(inputs: impl Serialize) -> Self {
        let inputs = serde_json::to_value(inputs).map_err(|error| error.to_string());
        Self { inputs, parameters: Ok(None), summary: None }
    }

    /// Inputs that all records share, as an object.
    #[must_use]
    pub fn parameters(mut self, parameters: impl Serialize) -> Self {
        self.parameters =
            serde_json::to_value(parameters).map(Some).map_err(|error| error.to_string());
        self
    }

    /// What to aggregate over the outputs.
    #[must_use]
    pub fn summary(mut self, summary: models::ChunkSummary) -> Self {
        self.summary = Some(summary);
        self
    }
}

/// Records that are calculated together, under an id that their result will carry.
#[derive(Clone, Debug)]
pub struct Chunk {
    id: Option<String>,
    data: ChunkData,
}

impl Chunk {
    /// A chunk that gets its id when it is pushed.
    pub fn new(data: ChunkData) -> Self {
        Self { id: None, data }
    }

    /// The chunk's id, which must not be empty.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Its id, if it has one.
    pub fn get_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// How many records it has; the head row of a table is none.
    pub fn records(&self) -> usize {
        self.data.inputs.as_ref().map_or(0, count)
    }

    /// The chunk as it is sent.
    pub(super) fn prepare(self) -> Result<models::Chunk> {
        let records = self.records();
        let unwritable = |why: String| Error::invalid(format!("a chunk cannot be written: {why}"));
        let id = self.id.unwrap_or_else(new_id);
        let parameters = self.data.parameters.map_err(unwritable)?;
        let inputs = self.data.inputs.map_err(unwritable)?;
        if id.trim().is_empty() {
            return Err(Error::invalid("the id of a chunk is empty; leave it out to get one"));
        }
        if records == 0 {
            return Err(Error::invalid(format!("the chunk `{id}` has no inputs")));
        }
        if parameters.as_ref().is_some_and(|value| !value.is_object()) {
            return Err(Error::invalid(format!("the parameters of chunk `{id}` are no object")));
        }
        let data = models::ChunkData { inputs, parameters, summary: self.data.summary };
        Ok(models::Chunk { id, size: Some(records as i64), data })
    }
}

/// Splits inputs evenly into as few chunks of at most `size` records as possible. The inputs stay
/// as they are. When they are rows, the first one is the head row and every chunk gets it. The
/// chunks get new ids when they are pushed; [`chunks_with_ids`] gives them stable ones.
///
/// ```
/// # fn main() -> longhaul::Result<()> {
/// use longhaul::spark::chunks;
/// let table = [["value"], ["42"], ["43"], ["44"]];
/// let sizes: Vec<_> = chunks(&table, 2)?.iter().map(|chunk| chunk.records()).collect();
/// assert_eq!(sizes, [2, 1]);
/// # Ok(()) }
/// ```
///
/// # Errors
/// When `size` is 0, an input cannot be written as JSON or there are none.
pub fn chunks<T: Serialize>(inputs: &[T], size: usize) -> Result<Vec<Chunk>> {
    let values: Vec<Value> = inputs
        .iter()
        .map(serde_json::to_value)
        .collect::<Result<_, _>>()
        .map_err(|error| Error::invalid(format!("an input cannot be written: {error}")))?;
    let (header, records) = match values.split_first() {
        Some((header @ Value::Array(_), rows)) => (Some(header), rows),
        _ => (None, values.as_slice()),
    };
    if records.is_empty() {
        return Err(Error::invalid("there are no inputs to make chunks of"));
    }
    let chunk = |part: crate::batch::Chunk<'_, Value>| {
        let inputs = header.into_iter().chain(part.items).cloned().collect();
        let (parameters, summary) = (Ok(None), None);
        Chunk::new(ChunkData { inputs: Ok(Value::Array(inputs)), parameters, summary })
    };
    Ok(crate::batch::chunks(records, size)?.map(chunk).collect())
}

/// Like [`chunks`], with the ids `prefix-0`, `prefix-1` and so on: the same for the same inputs.
///
/// # Errors
/// As [`chunks`].
pub fn chunks_with_ids<T: Serialize>(
    inputs: &[T],
    size: usize,
    prefix: &str,
) -> Result<Vec<Chunk>> {
    let chunks = chunks(inputs, size)?.into_iter().enumerate();
    Ok(chunks.map(|(index, chunk)| chunk.id(format!("{prefix}-{index}"))).collect())
}

/// How many records inputs have.
fn count(inputs: &Value) -> usize {
    match inputs.as_array().map(Vec::as_slice) {
        Some([Value::Array(_), rows @ ..]) => rows.len(),
        Some(records) => records.len(),
        None => 0,
    }
}

/// A random UUID.
pub(super) fn new_id() -> String {
    uuid(fastrand::u128(..), 4)
}

/// Writes bits as a UUID of this version.
pub(super) fn uuid(bits: u128, version: u128) -> String {
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | version << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn prepared(inputs: Value) -> Result<models::Chunk> {
        Chunk::new(ChunkData::new(inputs)).id("a").prepare()
    }

    #[test]
    fn the_head_row_is_no_record() {
        assert_eq!(prepared(json!([["a"], [1], [2]])).unwrap().size, Some(2));
        assert_eq!(prepared(json!([{"a": 1}, {"a": 2}])).unwrap().size, Some(2));
    }

    #[test]
    fn what_holds_no_record_is_refused() {
        for inputs in [json!([]), json!([["a"]]), json!({}), json!(null)] {
            let error = prepared(inputs).unwrap_err().to_string();
            assert_eq!(error, "the chunk `a` has no inputs");
        }
        let nameless = Chunk::new(ChunkData::new([1])).id(" ").prepare();
        assert!(nameless.unwrap_err().to_string().contains("is empty"));
        let odd = Chunk::new(ChunkData::new([1]).parameters([1])).prepare();
        assert!(odd.unwrap_err().to_string().contains("no object"));
    }

    #[test]
    fn ids_are_uuids() {
        assert_eq!(uuid(0, 8), "00000000-0000-8000-8000-000000000000");
        assert_eq!(uuid(u128::MAX, 4), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_ne!(new_id(), new_id());
    }

    proptest! {
        #[test]
        fn chunks_hold_the_rows_once_and_the_head_always(rows in 1usize..40, size in 1usize..10) {
            let table: Vec<_> = std::iter::once(json!(["n"])).chain((0..rows).map(|n| json!([n])))
                .collect();
            let chunks = chunks_with_ids(&table, size, "c").unwrap();
            prop_assert_eq!(chunks.len(), rows.div_ceil(size));
            let mut seen = Vec::new();
            for (index, chunk) in chunks.into_iter().enumerate() {
                let sent = chunk.prepare().unwrap();
                prop_assert_eq!(sent.id, format!("c-{index}"));
                let all = sent.data.inputs.as_array().unwrap().clone();
                prop_assert_eq!(&all[0], &json!(["n"]));
                seen.extend_from_slice(&all[1..]);
            }
            prop_assert_eq!(&seen, &table[1..]);
        }
    }
}
