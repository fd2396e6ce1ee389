//! CREATE, DROP and ALTER: what SQLite's own lack, and the sentence that answers them.

use rusqlite::{Connection, params_from_iter};

use super::cell::Cell;
use super::kind::Kind;
use super::limits::Limits;
use super::piece::{self, Piece};
use super::query::{self, Query};
use super::statement::Statement;
use super::table::{Column, Table};

const OBJECTS: [&str; 4] = ["TABLE", "VIEW", "INDEX", "TRIGGER"];

/// What a statement defines.
struct Target {
    /// `TABLE`, as the statement spells it.
    object: String,
    /// With its quotes and dots.
    name: String,
    /// Where the name ends in the statement.
    end: usize,
    /// `IF NOT EXISTS` or `IF EXISTS`.
    lenient: bool,
}

/// Changes the catalog, wholly or not at all.
pub(super) fn define(
    db: &Connection,
    mut statement: Statement,
    limits: Limits,
) -> Result<Table, String> {
    let explain = |error| query::message(error, limits);
    limits.start(db).map_err(explain)?;
    let transaction = db.unchecked_transaction().map_err(explain)?;
    let replaces = take_modifiers(&mut statement.pieces);
    declare_text(&mut statement.pieces);
    let target = Target::find(&statement.pieces);
    if let Some(Target { object, name, .. }) = target.as_ref().filter(|_| replaces) {
        let drop = format!("DROP {object} IF EXISTS {name}");
        transaction.execute_batch(&drop).map_err(explain)?;
    }
    execute(&transaction, &statement, target.as_ref(), limits)?;
    transaction.commit().map_err(explain)?;
    Ok(status(&done(&statement.pieces[0], target)))
}

/// One row with one sentence.
pub(super) fn status(sentence: &str) -> Table {
    Table::single("status", Cell::text(sentence))
}

impl Target {
    fn find(pieces: &[Piece]) -> Option<Self> {
        let at = pieces.iter().position(|piece| piece.is_one_of(&OBJECTS))?;
        let lenient = pieces.get(at + 1).is_some_and(|piece| piece.is_word("IF"));
        let start =
            (at + 1..pieces.len()).find(|&at| !pieces[at].is_one_of(&["IF", "NOT", "EXISTS"]))?;
        let mut end = start + 1;
        while end + 1 < pieces.len() && pieces[end].is_symbol(".") {
            end += 2;
        }
        let object = pieces[at].text.to_ascii_uppercase();
        Some(Self { object, name: piece::text(&pieces[start..end]), end, lenient })
    }
}

/// Takes out `OR REPLACE`, and says whether it was there, and `TRANSIENT`.
fn take_modifiers(pieces: &mut Vec<Piece>) -> bool {
    let replaces = matches!(pieces.as_slice(), [create, or, replace, ..]
        if create.is_word("CREATE") && or.is_word("OR") && replace.is_word("REPLACE"));
    if replaces {
        pieces.drain(1..3);
    }
    if pieces.get(1).is_some_and(|piece| piece.is_word("TRANSIENT")) {
        pieces.remove(1);
    }
    replaces
}

/// SQLite takes a type for text by its name only: a column of type STRING would hold numbers.
fn declare_text(pieces: &mut [Piece]) {
    let mut after_name = false;
    for piece in pieces {
        if after_name && piece.is_name() && Kind::named(&piece.text) == Some(Kind::Text) {
            piece.text = Kind::Text.declaration();
        }
        after_name = piece.is_name() && !piece.is_one_of(&OBJECTS);
    }
}

fn execute(
    db: &Connection,
    statement: &Statement,
    target: Option<&Target>,
    limits: Limits,
) -> Result<(), String> {
    let Some(target) = target.filter(|_| statement.pieces[0].is_word("CREATE")) else {
        return run(db, &piece::text(&statement.pieces), statement, limits).map(drop);
    };
    let selects = target.object == "TABLE"
        && statement.pieces.get(target.end).is_some_and(|piece| piece.is_word("AS"));
    if !selects {
        return run(db, &piece::text(&statement.pieces), statement, limits).map(drop);
    }
    let exists = db.table_exists(None, target.name.trim_matches('"')).unwrap_or(false);
    if target.lenient && exists {
        return Ok(());
    }
    let table = run(db, &selected(&statement.pieces[target.end + 1..]), statement, limits)?;
    fill(db, target, &table).map_err(|error| query::message(error, limits))
}

/// The query of `CREATE TABLE .. AS`, which may stand in parentheses.
fn selected(pieces: &[Piece]) -> String {
    match pieces {
        [open, inner @ .., close] if open.is_symbol("(") && close.is_symbol(")") => {
            piece::text(inner)
        }
        _ => piece::text(pieces),
    }
}

fn run(db: &Connection, sql: &str, statement: &Statement, limits: Limits) -> Result<Table, String> {
    let outline = statement.outline();
    query::run(db, &Query { sql, bound: &statement.bound, outline }, limits, "status")
}

/// Creates a table with the types of a result, which SQLite would not keep, and its rows.
fn fill(db: &Connection, target: &Target, table: &Table) -> rusqlite::Result<()> {
    let declare = |column: &Column| {
        format!("\"{}\" {}", column.name.replace('"', "\"\""), column.kind.declaration())
    };
    let columns: Vec<String> = table.columns.iter().map(declare).collect();
    db.execute_batch(&format!("CREATE TABLE {} ({})", target.name, columns.join(", ")))?;
    let marks = vec!["?"; columns.len()].join(", ");
    let mut insert = db.prepare(&format!("INSERT INTO {} VALUES ({marks})", target.name))?;
    for row in 0..table.len() {
        let values = table.columns.iter().map(|column| column.cells[row].to_sqlite(column.kind));
        insert.execute(params_from_iter(values))?;
    }
    Ok(())
}

/// `Table ORDERS successfully created.`
fn done(verb: &Piece, target: Option<Target>) -> String {
    let Some(Target { object, name, .. }) = target else {
        return "Statement executed successfully.".to_owned();
    };
    let (first, rest) = object.split_at(1);
    match verb.text.to_ascii_uppercase().as_str() {
        "CREATE" => format!("{first}{} {name} successfully created.", rest.to_ascii_lowercase()),
        "DROP" => format!("{name} successfully dropped."),
        _ => "Statement executed successfully.".to_owned(),
    }
}
