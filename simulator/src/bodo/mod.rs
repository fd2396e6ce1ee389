//! Bodo: SQL.

mod sql;
