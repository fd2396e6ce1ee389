//! SQL: queries with values bound to them, and their results as rows.

#[cfg(feature = "arrow")]
mod batches;
mod connection;
mod decode;
mod inline;
mod links;
mod metadata;
mod parameters;
mod part;
mod parts;
mod query;
mod row;
mod rows;
mod tokens;
mod typed;
mod value;

#[cfg(feature = "arrow")]
pub use batches::Batches;
pub use connection::{Connection, RunQuery};
pub(super) use parameters::Parameters;
pub use query::Query;
pub use row::{ColumnIndex, Row};
pub use rows::Rows;
pub use typed::TypedRows;
pub use value::SqlValue;
