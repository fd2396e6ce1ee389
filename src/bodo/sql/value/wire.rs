//! How the platform spells the values of a query: a type of JDBC and a text.

use super::SqlValue;
use crate::bodo::models::SqlParameter;
use crate::raw::bodo::enums::JdbcType;

impl SqlValue {
    /// The value as the platform takes it, the same for positional and named ones: strings raw,
    /// everything else as JSON text (`true`, `2.5`, `null`), and what JSON has no form for as
    /// Python's `str()` writes it (source: bodosdk 2.3.2, whose named values are spelled otherwise).
    /// Bytes are hexadecimal digits, which the official client has no usable form for.
    pub(crate) fn to_parameter(&self) -> SqlParameter {
        SqlParameter { type_: self.jdbc_type(), value: self.spelled() }
    }

    fn jdbc_type(&self) -> JdbcType {
        match self {
            Self::Null => JdbcType::Null,
            Self::Bool(_) => JdbcType::Bool,
            Self::Int(_) => JdbcType::Int64,
            Self::Float(_) => JdbcType::Float64,
            // There is no unsigned type, and decimals are exact.
            Self::UInt(_) | Self::Decimal(_) => JdbcType::Decimal,
            Self::Text(_) => JdbcType::String,
            Self::Binary(_) => JdbcType::Binary,
            Self::Date(_) => JdbcType::Date,
            Self::Time(_) => JdbcType::Time,
            Self::TimestampNtz(_) => JdbcType::TimestampNtz,
            Self::TimestampLtz(_) => JdbcType::TimestampLtz,
            Self::Array(_) => JdbcType::Array,
            Self::Map(_) => JdbcType::Map,
            Self::Struct(_) => JdbcType::Struct,
        }
    }

    fn spelled(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::TimestampNtz(moment) => moment.to_string(),
            Self::TimestampLtz(moment) => format!("{}+00:00", moment.naive_utc()),
            other => other.to_string(),
        }
    }
}
