//! Runs a statement and collects what it answers.

use rusqlite::{Connection, Error, ErrorCode, Statement};

use super::cell::Cell;
use super::kind::Kind;
use super::limits::{Limits, Meter};
use super::outline::Outline;
use super::parameters::Bound;
use super::table::{Column, Table};
use super::typing::{self, Typing};

/// A statement in SQLite's words with the values for its `?`.
pub(super) struct Query<'a> {
    pub(super) sql: &'a str,
    pub(super) bound: &'a [Bound],
    pub(super) outline: &'a Outline,
}

/// What a column is known to be before there are values.
struct Heading {
    name: String,
    kind: Option<Kind>,
    /// Whether the table that it comes from refuses NULL.
    required: bool,
}

/// The rows of a query, or the number of rows that a statement without columns changed, in a
/// column named `changed`.
pub(super) fn run(
    db: &Connection,
    query: &Query<'_>,
    limits: Limits,
    changed: &str,
) -> Result<Table, String> {
    let explain = |error| message(error, limits);
    limits.start(db).map_err(explain)?;
    let mut statement = db.prepare(query.sql).map_err(explain)?;
    for (at, bound) in query.bound.iter().enumerate() {
        statement.raw_bind_parameter(at + 1, &bound.value).map_err(explain)?;
    }
    if statement.column_count() == 0 {
        let rows = statement.raw_execute().map_err(explain)?;
        return Ok(Table::single(changed, Cell::Int(rows as i64)));
    }
    let headings = headings(db, &statement, query.outline);
    let values = collect(&mut statement, headings.len(), limits)?;
    let columns = headings
        .into_iter()
        .zip(values)
        .map(|(heading, cells)| Column::new(heading.name, heading.kind, heading.required, cells));
    Ok(Table::new(columns.collect()))
}

/// What a person is told of an error: SQLite's words, without the translated statement.
pub(super) fn message(error: Error, limits: Limits) -> String {
    match error {
        Error::SqliteFailure(failure, _) if failure.code == ErrorCode::OperationInterrupted => {
            limits.timed_out()
        }
        Error::SqliteFailure(_, Some(message)) => message,
        Error::SqlInputError { msg, .. } => format!("SQL compilation error: {msg}"),
        other => other.to_string(),
    }
}

fn headings(db: &Connection, statement: &Statement<'_>, outline: &Outline) -> Vec<Heading> {
    let typings = outline.typings(statement.column_count());
    let origins = statement.columns_with_metadata();
    let columns = statement.columns();
    let described = columns.iter().zip(&origins).zip(&typings);
    described
        .map(|((column, origin), typing)| Heading {
            name: column.name().to_owned(),
            kind: column.decl_type().map_or_else(|| resolve(db, outline, typing), Kind::named),
            required: origin
                .table_name()
                .zip(origin.origin_name())
                .is_some_and(|(table, column)| refuses_null(db, table, column)),
        })
        .collect()
}

fn refuses_null(db: &Connection, table: &str, column: &str) -> bool {
    db.column_metadata(None, table, column).is_ok_and(|(_, _, not_null, _, _)| not_null)
}

fn resolve(db: &Connection, outline: &Outline, typing: &Typing) -> Option<Kind> {
    match typing {
        Typing::Known(kind) => Some(*kind),
        Typing::Column(column) => declared(db, outline, column),
        Typing::Sum(column) => declared(db, outline, column).and_then(typing::sum),
        Typing::Unknown => None,
    }
}

/// The declared type of a column that the FROM clause offers.
fn declared(db: &Connection, outline: &Outline, column: &str) -> Option<Kind> {
    let probe = db.prepare(&outline.probe(column)).ok()?;
    probe.columns().first()?.decl_type().and_then(Kind::named)
}

fn collect(
    statement: &mut Statement<'_>,
    count: usize,
    limits: Limits,
) -> Result<Vec<Vec<Cell>>, String> {
    let mut columns = vec![Vec::new(); count];
    let mut meter = Meter::new(limits);
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|error| message(error, limits))? {
        meter.row()?;
        for (at, column) in columns.iter_mut().enumerate() {
            let cell = Cell::from(row.get_ref(at).map_err(|error| message(error, limits))?);
            meter.cell(&cell)?;
            column.push(cell);
        }
    }
    Ok(columns)
}
