//! The types of columns and parameters, and their names in SQL and in the platform's metadata.

use serde_json::{Value, json};

/// The type of a column, a cast or a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Of a column that nothing but NULL is known of.
    Null,
    Bool,
    /// A signed integer of 8, 16, 32 or 64 bits.
    Int(u8),
    Double,
    Decimal {
        precision: u8,
        scale: u8,
    },
    Text,
    Binary,
    Date,
    Time,
    /// With `utc`, a point in time; without, a date and a time somewhere.
    Timestamp {
        utc: bool,
    },
}

/// The most digits that a decimal may be declared with.
pub(super) const MAX_PRECISION: u8 = 38;

impl Kind {
    pub(super) const INT64: Self = Self::Int(64);

    /// Of a type as SQL declares it (`DECIMAL(12, 2)`) or as a parameter names it (`INT64`).
    pub(super) fn named(text: &str) -> Option<Self> {
        let (name, arguments) = text.split_once('(').unwrap_or((text, ""));
        Some(match name.trim().to_ascii_uppercase().as_str() {
            "NULL" => Self::Null,
            "BOOL" | "BOOLEAN" => Self::Bool,
            "INT8" | "TINYINT" | "BYTEINT" => Self::Int(8),
            "INT16" | "SMALLINT" => Self::Int(16),
            "INT32" | "INT" | "INTEGER" => Self::Int(32),
            "INT64" | "BIGINT" => Self::Int(64),
            "DECIMAL" | "NUMERIC" | "NUMBER" => decimal(arguments)?,
            "FLOAT" | "FLOAT4" | "FLOAT8" | "FLOAT32" | "FLOAT64" | "REAL" | "DOUBLE"
            | "DOUBLE PRECISION" => Self::Double,
            "STRING" | "TEXT" | "VARCHAR" | "CHAR" | "CHARACTER" | "VARIANT" | "ARRAY" | "MAP"
            | "OBJECT" | "STRUCT" => Self::Text,
            "BINARY" | "VARBINARY" | "BLOB" => Self::Binary,
            "DATE" => Self::Date,
            "TIME" => Self::Time,
            "TIMESTAMP" | "TIMESTAMP_NTZ" | "DATETIME" => Self::Timestamp { utc: false },
            "TIMESTAMP_LTZ" | "TIMESTAMP_TZ" | "TIMESTAMPTZ" => Self::Timestamp { utc: true },
            _ => return None,
        })
    }

    /// As metadata and parameters call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Bool => "BOOL",
            Self::Int(8) => "INT8",
            Self::Int(16) => "INT16",
            Self::Int(32) => "INT32",
            Self::Int(_) => "INT64",
            Self::Double => "DOUBLE",
            Self::Decimal { .. } => "DECIMAL",
            Self::Text => "STRING",
            Self::Binary => "BINARY",
            Self::Date => "DATE",
            Self::Time => "TIME",
            Self::Timestamp { utc: false } => "TIMESTAMP_NTZ",
            Self::Timestamp { utc: true } => "TIMESTAMP_LTZ",
        }
    }

    /// As the declaration of a column has it.
    pub(super) fn declaration(self) -> String {
        match self {
            Self::Null | Self::Text => "VARCHAR".to_owned(),
            Self::Bool => "BOOLEAN".to_owned(),
            Self::Int(8) => "TINYINT".to_owned(),
            Self::Int(16) => "SMALLINT".to_owned(),
            Self::Int(32) => "INTEGER".to_owned(),
            Self::Int(_) => "BIGINT".to_owned(),
            Self::Decimal { precision, scale } => format!("DECIMAL({precision},{scale})"),
            _ => self.name().to_owned(),
        }
    }

    /// Digits and decimals of numbers, and decimals of the seconds; null elsewhere.
    pub(super) fn precision_and_scale(self) -> (Value, Value) {
        match self {
            Self::Int(8) => (json!(3), json!(0)),
            Self::Int(16) => (json!(5), json!(0)),
            Self::Int(32) => (json!(10), json!(0)),
            Self::Int(_) => (json!(19), json!(0)),
            Self::Decimal { precision, scale } => (json!(precision), json!(scale)),
            Self::Time | Self::Timestamp { .. } => (json!(0), json!(6)),
            _ => (Value::Null, Value::Null),
        }
    }

    /// Whether text shows it at the right edge of its column.
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Int(_) | Self::Double | Self::Decimal { .. })
    }
}

/// `12, 2)`, what follows the opening parenthesis; nothing at all means 38 digits, none of them
/// decimals.
fn decimal(arguments: &str) -> Option<Kind> {
    let mut numbers = arguments.trim_end().trim_end_matches(')').split(',').map(str::trim);
    let precision = match numbers.next() {
        None | Some("") => MAX_PRECISION,
        Some(digits) => digits.parse().ok()?,
    };
    let scale = numbers.next().map_or(Some(0), |digits| digits.parse().ok())?;
    let valid = (1..=MAX_PRECISION).contains(&precision) && scale <= precision;
    valid.then_some(Kind::Decimal { precision, scale })
}
