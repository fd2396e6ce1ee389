//! SHOW and DESCRIBE: what a catalog holds.

use rusqlite::Connection;

use super::limits::Limits;
use super::parameters::Parameter;
use super::piece::Piece;
use super::query;
use super::statement::Statement;
use super::table::Table;
use super::token::Shape;

const OBJECTS: &str = "
    SELECT name, upper(type)::VARCHAR AS kind FROM sqlite_schema
    WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
        AND upper(type) || 'S' LIKE ? AND lower(name) LIKE lower(?)
    ORDER BY name";
const COLUMNS: &str = "
    SELECT name, type, 'COLUMN' AS kind, iif(\"notnull\", 'N', 'Y')::VARCHAR AS \"null?\",
        dflt_value::VARCHAR AS \"default\", iif(pk > 0, 'Y', 'N')::VARCHAR AS \"primary key\"
    FROM pragma_table_info(?)";

/// `SHOW TABLES`, `SHOW VIEWS` or both as `SHOW OBJECTS`, perhaps `LIKE` a pattern, and
/// `SHOW COLUMNS IN` a table.
pub(super) fn show(db: &Connection, pieces: &[Piece], limits: Limits) -> Result<Table, String> {
    let objects = pieces.get(1).map(|piece| piece.text.to_ascii_uppercase()).unwrap_or_default();
    match objects.as_str() {
        "TABLES" | "VIEWS" => list(db, &objects, &pattern(pieces), limits),
        "OBJECTS" => list(db, "%", &pattern(pieces), limits),
        "COLUMNS" => describe(db, pieces, limits),
        _ => Err(format!("SQL compilation error: SHOW {objects} is not supported")),
    }
}

/// A row for each column of the table or view that the statement ends with.
pub(super) fn describe(db: &Connection, pieces: &[Piece], limits: Limits) -> Result<Table, String> {
    let name = match &pieces[pieces.len() - 1] {
        piece if pieces.len() > 1 && piece.shape == Shape::Name => unquoted(&piece.text),
        piece if pieces.len() > 1 && piece.shape == Shape::Word => piece.text.clone(),
        _ => return Err("SQL compilation error: the name of a table is missing".to_owned()),
    };
    let table = answer(db, COLUMNS, &[&name], limits)?;
    if table.len() == 0 {
        return Err(format!("Object '{name}' does not exist or not authorized."));
    }
    Ok(table)
}

fn list(db: &Connection, objects: &str, like: &str, limits: Limits) -> Result<Table, String> {
    answer(db, OBJECTS, &[objects, like], limits)
}

/// The text after LIKE; everything without it.
fn pattern(pieces: &[Piece]) -> String {
    pieces
        .windows(2)
        .find(|pair| pair[0].is_word("LIKE") && pair[1].shape == Shape::Text)
        .map_or_else(|| "%".to_owned(), |pair| unquoted(&pair[1].text))
}

fn unquoted(text: &str) -> String {
    text[1..text.len() - 1].to_owned()
}

fn answer(db: &Connection, sql: &str, values: &[&str], limits: Limits) -> Result<Table, String> {
    let parameter =
        |value: &&str| Parameter { kind: "STRING".to_owned(), value: (*value).to_owned() };
    let parameters: Vec<Parameter> = values.iter().map(parameter).collect();
    let statement = Statement::read(sql, &parameters)?;
    query::run(db, &statement.query(), limits, "changed")
}
