//! The SQL behind Bodo's jobs: catalogs as SQLite databases, answers as typed tables and Parquet.
#![allow(dead_code, unused_variables)]

use serde_json::Value;

pub(super) struct Engine;

pub(super) struct Parameter {
    pub(super) kind: String,
    pub(super) value: String,
}

pub(super) enum Outcome {
    Rows(Table),
    Ddl(Table),
}

pub(super) struct Table {}

impl Engine {
    pub(super) fn new() -> Self {
        Self
    }

    pub(super) fn add_catalog(&self, name: &str) {}

    pub(super) fn remove_catalog(&self, name: &str) {}

    pub(super) fn run(
        &self,
        catalog: Option<&str>,
        text: &str,
        parameters: &[Parameter],
    ) -> Result<Outcome, String> {
        Err("no engine yet".to_owned())
    }
}

impl Table {
    pub(super) fn len(&self) -> usize {
        0
    }

    pub(super) fn metadata(&self) -> Value {
        Value::Null
    }

    pub(super) fn json_rows(&self) -> Vec<Value> {
        Vec::new()
    }

    pub(super) fn parquet(&self, rows_per_file: usize) -> Vec<Vec<u8>> {
        Vec::new()
    }

    pub(super) fn text(&self) -> String {
        String::new()
    }
}
