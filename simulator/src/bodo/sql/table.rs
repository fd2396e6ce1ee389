//! A result: named and typed columns, as metadata, JSON and text.

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::files;
use super::kind::Kind;

/// The rows that a statement answered with.
#[derive(Debug)]
pub(crate) struct Table {
    pub(super) columns: Vec<Column>,
    rows: usize,
}

#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    nullable: bool,
    /// In the canonical form for the kind.
    pub(super) cells: Vec<Cell>,
}

/// Text shows all rows up to this many, and of longer tables the first and last few.
const SHOWN: usize = 60;
const EDGE: usize = 5;

impl Column {
    /// A column of values as SQLite gave them. The type is `kind` if all values are of it, and
    /// what the values have in common otherwise.
    pub(super) fn new(name: String, kind: Option<Kind>, required: bool, cells: Vec<Cell>) -> Self {
        let (kind, cells) = match kind.and_then(|kind| Some((kind, read(&cells, kind)?))) {
            Some((kind, Some(read))) => (kind, read),
            Some((kind, None)) => (kind, cells),
            None => infer(cells),
        };
        let nullable = !required || cells.contains(&Cell::Null);
        Self { name, kind, nullable, cells }
    }

    fn schema(&self) -> Value {
        let (precision, scale) = self.kind.precision_and_scale();
        json!({
            "name": self.name,
            "type": self.kind.name(),
            "precision": precision,
            "scale": scale,
            "nullable": self.nullable,
        })
    }

    fn json(&self, row: usize) -> Value {
        match (&self.cells[row], self.kind) {
            (Cell::Null, _) => Value::Null,
            (Cell::Int(truth), Kind::Bool) => json!(*truth != 0),
            (Cell::Int(number), Kind::Int(_)) => json!(number),
            (Cell::Float(number), _) => json!(number),
            (cell, kind) => json!(cell.render(kind)),
        }
    }
}

impl Table {
    /// All columns have the same number of values.
    pub(super) fn new(columns: Vec<Column>) -> Self {
        let rows = columns.first().map_or(0, |column| column.cells.len());
        Self { columns, rows }
    }

    /// A table of one column and one row.
    pub(super) fn single(name: &str, cell: Cell) -> Self {
        Self::new(vec![Column::new(name.to_owned(), None, true, vec![cell])])
    }

    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// What the platform stores beside the files of a result.
    pub(crate) fn metadata(&self) -> Value {
        let schema: Vec<Value> = self.columns.iter().map(Column::schema).collect();
        json!({ "num_rows": self.rows, "schema": schema })
    }

    /// An object per row. Decimals, dates, times and timestamps are text, binary values are
    /// hexadecimal digits.
    pub(crate) fn json_rows(&self) -> Vec<Value> {
        (0..self.rows).map(|row| self.json_row(row)).collect()
    }

    /// Parquet files of at most `rows_per_file` rows, in the order of the rows; none for no rows.
    pub(crate) fn parquet(&self, rows_per_file: usize) -> Vec<Vec<u8>> {
        files::write(&self.columns, self.rows, rows_per_file.max(1))
    }

    /// Aligned columns under their names; the middle of a long table is left out.
    pub(crate) fn text(&self) -> String {
        let rows = self.shown_rows();
        let mut lines = vec![String::new(); rows.len() + 1];
        for column in &self.columns {
            append(&mut lines, column, &rows);
        }
        if self.rows > SHOWN {
            lines.insert(EDGE + 1, "...".to_owned());
            lines.push(format!("[{} rows x {} columns]", self.rows, self.columns.len()));
        }
        lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
    }

    fn json_row(&self, row: usize) -> Value {
        let entry = |column: &Column| (column.name.clone(), column.json(row));
        Value::Object(self.columns.iter().map(entry).collect::<Map<_, _>>())
    }

    fn shown_rows(&self) -> Vec<usize> {
        match self.rows {
            0..=SHOWN => (0..self.rows).collect(),
            rows => (0..EDGE).chain(rows - EDGE..rows).collect(),
        }
    }
}

/// Adds a column's name and values to the ends of the lines.
fn append(lines: &mut [String], column: &Column, rows: &[usize]) {
    let values = rows.iter().map(|row| column.cells[*row].render(column.kind));
    let words: Vec<String> = std::iter::once(column.name.clone()).chain(values).collect();
    let width = words.iter().map(|word| word.chars().count()).max().unwrap_or(0);
    for (line, word) in lines.iter_mut().zip(&words) {
        if column.kind.is_number() {
            line.push_str(&format!("{word:>width$}  "));
        } else {
            line.push_str(&format!("{word:<width$}  "));
        }
    }
}

/// `None` when a value is not of that type; `Some(None)` when the values can stay as they are.
fn read(cells: &[Cell], kind: Kind) -> Option<Option<Vec<Cell>>> {
    if cells.iter().all(|cell| cell.is_canonical(kind)) {
        return Some(None);
    }
    cells.iter().map(|cell| cell.read(kind)).collect::<Option<Vec<_>>>().map(Some)
}

/// The narrowest type of all values, with the values.
fn infer(cells: Vec<Cell>) -> (Kind, Vec<Cell>) {
    let kind = cells.iter().fold(Kind::Null, |kind, cell| match (kind, cell) {
        (kind, Cell::Null) => kind,
        (Kind::Null | Kind::Int(_), Cell::Int(_)) => Kind::INT64,
        (Kind::Null | Kind::Int(_) | Kind::Double, Cell::Int(_) | Cell::Float(_)) => Kind::Double,
        (Kind::Null | Kind::Binary, Cell::Bytes(_)) => Kind::Binary,
        _ => Kind::Text,
    });
    match read(&cells, kind) {
        Some(Some(read)) => (kind, read),
        _ => (kind, cells),
    }
}
