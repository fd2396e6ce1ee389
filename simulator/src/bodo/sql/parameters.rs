//! The values for the `?` of a statement, read by the types that they are sent with.

use rusqlite::types::Value;

use super::cell::Cell;
use super::decimal;
use super::dialect::unrecognised;
use super::kind::Kind;

/// One value as a job sends it.
pub(crate) struct Parameter {
    /// The name of its type, such as `INT64`; the value of an unknown one is text.
    pub(crate) kind: String,
    pub(crate) value: String,
}

/// A value that SQLite takes.
pub(super) struct Bound {
    pub(super) kind: Kind,
    pub(super) value: Value,
}

impl Bound {
    pub(super) fn read(parameter: &Parameter) -> Result<Self, String> {
        let kind = Kind::named(&parameter.kind).unwrap_or(Kind::Text);
        let text = parameter.value.as_str();
        let (kind, cell) = match kind {
            Kind::Null => (kind, Some(Cell::Null)),
            Kind::Decimal { .. } => exact(text),
            _ => (kind, Cell::text(text).read(kind)),
        };
        let cell = cell.ok_or_else(|| unrecognised(kind, text))?;
        Ok(Self { kind, value: cell.to_sqlite(kind) })
    }
}

/// A decimal of as many digits as the value has.
fn exact(text: &str) -> (Kind, Option<Cell>) {
    let (precision, scale) = decimal::shape(text).unwrap_or((1, 0));
    let kind = Kind::Decimal { precision, scale };
    (kind, Cell::text(text).read(kind))
}
