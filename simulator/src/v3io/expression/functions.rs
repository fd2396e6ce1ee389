//! The functions that expressions can call.

use super::array::Array;
use super::value::{Number, Value};
use crate::v3io::attribute;

/// The most entries of a new array: as many as fit into an attribute.
const MAX_ARRAY: i64 = (1 << 17) - 2;

/// A function; those that look at attributes rather than values are evaluated elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::v3io) enum Function {
    Exists,
    IfNotExists,
    IfElse,
    Starts,
    Ends,
    Contains,
    Length,
    Min,
    Max,
    InitArray,
    Blob,
}

impl Function {
    /// The function of this name, and the least and most arguments that it takes.
    pub(super) fn named(name: &str) -> Option<(Self, usize, usize)> {
        Some(match name.to_ascii_lowercase().as_str() {
            "exists" => (Self::Exists, 1, 1),
            "if_not_exists" => (Self::IfNotExists, 2, 2),
            "if_else" => (Self::IfElse, 3, 3),
            "starts" => (Self::Starts, 2, 2),
            "ends" => (Self::Ends, 2, 2),
            "contains" => (Self::Contains, 2, 2),
            "length" => (Self::Length, 1, 1),
            "min" => (Self::Min, 1, 1024),
            "max" => (Self::Max, 1, 1024),
            "init_array" => (Self::InitArray, 2, 3),
            "blob" => (Self::Blob, 1, 1),
            _ => return None,
        })
    }

    pub(super) fn apply(self, arguments: &[Value]) -> Option<Value> {
        match (self, arguments) {
            (Self::Starts, [Value::Text(text), Value::Text(part)]) => {
                Some(Value::Bool(text.starts_with(part.as_str())))
            }
            (Self::Ends, [Value::Text(text), Value::Text(part)]) => {
                Some(Value::Bool(text.ends_with(part.as_str())))
            }
            (Self::Contains, [Value::Text(text), Value::Text(part)]) => {
                Some(Value::Bool(text.contains(part.as_str())))
            }
            (Self::Length, [value]) => length(value).map(|length| Value::int(length as i128)),
            (Self::Min, values) => extreme(values, |order| order.is_lt()),
            (Self::Max, values) => extreme(values, |order| order.is_gt()),
            (Self::InitArray, [count, Value::Text(kind), rest @ ..]) => {
                init_array(count.number()?.as_i64()?, kind, rest.first()).map(Value::Array)
            }
            (Self::Blob, [Value::Text(text)]) => attribute::decode(text).map(Value::Blob),
            _ => None,
        }
    }
}

fn length(value: &Value) -> Option<usize> {
    match value {
        Value::Text(text) => Some(text.chars().count()),
        Value::Blob(bytes) => Some(bytes.len()),
        Value::Array(array) => Some(array.len()),
        Value::Bool(_) | Value::Number(_) | Value::Time(..) => None,
    }
}

/// The least or greatest of several values, or of the entries of one array.
fn extreme(values: &[Value], wins: fn(std::cmp::Ordering) -> bool) -> Option<Value> {
    let entries: Vec<Value>;
    let values = match values {
        [Value::Array(array)] => {
            entries = array.numbers().map(Value::Number).collect();
            &entries
        }
        values => values,
    };
    let (first, rest) = values.split_first()?;
    let best = rest.iter().try_fold(first, |best, value| {
        Some(if wins(value.compare(best)?) { value } else { best })
    })?;
    Some(best.clone())
}

fn init_array(count: i64, kind: &str, value: Option<&Value>) -> Option<Array> {
    let count = usize::try_from(count).ok().filter(|_| count <= MAX_ARRAY)?;
    let value = value.map_or(Some(Number::Int(0)), Value::number)?;
    match kind {
        "int" => Some(Array::Ints(vec![value.as_i64()?; count])),
        "double" => Some(Array::Doubles(vec![value.as_f64(); count])),
        _ => None,
    }
}
