//! The SQL behind Bodo's jobs: every catalog is a SQLite database in memory with a few tables,
//! and results are typed tables that become metadata, JSON, text and Parquet.
//!
//! Running a statement blocks, for a minute at the longest: an async handler hands it to a thread
//! (`tokio::task::spawn_blocking`). An [`Engine`] may be shared between threads; the statements of
//! one catalog run one after the other.

mod bytes;
mod catalog;
mod cell;
mod ddl;
mod decimal;
mod dialect;
mod files;
mod kind;
mod limits;
mod outline;
mod parameters;
mod piece;
mod query;
mod select;
mod show;
mod statement;
mod table;
mod temporal;
mod token;
mod typing;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use catalog::Catalog;
use limits::Limits;
use statement::{Class, Statement};

pub(super) use parameters::Parameter;
pub(super) use table::Table;

/// The catalogs and what runs in them.
#[derive(Default)]
pub(super) struct Engine {
    catalogs: Mutex<BTreeMap<String, Arc<Catalog>>>,
    limits: Limits,
}

/// What a statement answers with.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Of a query, or the number of rows that INSERT, UPDATE or DELETE changed.
    Rows(Table),
    /// Of CREATE, DROP, ALTER, SHOW, DESCRIBE and USE.
    Ddl(Table),
}

impl Engine {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds a catalog with its tables; one that there is stays as it is.
    pub(super) fn add_catalog(&self, name: &str) {
        self.catalogs().entry(name.to_owned()).or_default();
    }

    /// Forgets a catalog and its tables; statements that run in it finish.
    pub(super) fn remove_catalog(&self, name: &str) {
        self.catalogs().remove(name);
    }

    /// Runs one statement in a catalog, or, without one, in a database without tables that is
    /// gone afterwards. The error is the engine's message.
    pub(super) fn run(
        &self,
        catalog: Option<&str>,
        text: &str,
        parameters: &[Parameter],
    ) -> Result<Outcome, String> {
        let statement = Statement::read(text, parameters);
        match catalog {
            None => {
                let scratch = catalog::open("").map_err(|error| error.to_string())?;
                execute(&scratch, statement?, self.limits)
            }
            Some(name) => {
                let catalog = self.catalogs().get(name).cloned();
                let catalog = catalog.ok_or_else(|| format!("Catalog '{name}' does not exist."))?;
                let statement = statement?;
                catalog.with(|db| execute(db, statement, self.limits))
            }
        }
    }

    fn catalogs(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Catalog>>> {
        self.catalogs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn execute(db: &Connection, statement: Statement, limits: Limits) -> Result<Outcome, String> {
    Ok(match statement.class {
        Class::Query => Outcome::Rows(query::run(db, &statement.query(), limits, "")?),
        Class::Write(changed) => {
            Outcome::Rows(query::run(db, &statement.query(), limits, changed)?)
        }
        Class::Define => Outcome::Ddl(ddl::define(db, statement, limits)?),
        Class::Show => Outcome::Ddl(show::show(db, &statement.pieces, limits)?),
        Class::Describe => Outcome::Ddl(show::describe(db, &statement.pieces, limits)?),
        Class::Use => Outcome::Ddl(ddl::status("Statement executed successfully.")),
    })
}
