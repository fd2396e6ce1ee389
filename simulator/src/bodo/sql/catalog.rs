//! A catalog: a database in memory of its own, with a few tables that are always the same.

use std::sync::{Mutex, PoisonError};

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::Value;
use rusqlite::{Connection, Error};

use super::cell::Cell;
use super::dialect::{self, CAST, TRY_CAST};
use super::kind::Kind;
use super::limits::Limits;

const SEED: &str = include_str!("seed.sql");

/// Opened when it is first used; one statement runs at a time.
#[derive(Default)]
pub(super) struct Catalog {
    database: Mutex<Option<Connection>>,
}

impl Catalog {
    pub(super) fn with<T>(
        &self,
        action: impl FnOnce(&Connection) -> Result<T, String>,
    ) -> Result<T, String> {
        let mut database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let database = match &mut *database {
            Some(open) => open,
            closed => closed.insert(open(SEED).map_err(|error| error.to_string())?),
        };
        action(database)
    }
}

/// A database with what `seed` creates.
pub(super) fn open(seed: &str) -> rusqlite::Result<Connection> {
    let db = Connection::open_in_memory()?;
    Limits::install(&db)?;
    db.execute_batch("PRAGMA case_sensitive_like = ON")?;
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    db.create_scalar_function(CAST, 2, flags, |call| {
        cast(call)?.map_err(|message| Error::UserFunctionError(message.into()))
    })?;
    db.create_scalar_function(TRY_CAST, 2, flags, |call| Ok(cast(call)?.unwrap_or(Value::Null)))?;
    db.execute_batch(seed)?;
    Ok(db)
}

/// `cast_as(value, 'TYPE')`; the inner error says that the value is none of that type.
fn cast(call: &Context<'_>) -> rusqlite::Result<Result<Value, String>> {
    let kind: String = call.get(1)?;
    let kind = Kind::named(&kind).unwrap_or(Kind::Text);
    let cell = Cell::from(call.get_raw(0));
    Ok(match cell.cast(kind) {
        Some(converted) => Ok(converted.to_sqlite(kind)),
        None => Err(dialect::unrecognised(kind, &cell.plain())),
    })
}
