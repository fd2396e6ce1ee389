//! What the engine is asked in the tests.

mod results;
mod statements;
mod types;

use serde_json::Value;

use super::{Engine, Outcome, Parameter, Table};

const CATALOG: &str = "shop";

fn engine() -> Engine {
    let engine = Engine::new();
    engine.add_catalog(CATALOG);
    engine
}

fn parameters(values: &[(&str, &str)]) -> Vec<Parameter> {
    let parameter =
        |(kind, value): &(&str, &str)| Parameter { kind: (*kind).into(), value: (*value).into() };
    values.iter().map(parameter).collect()
}

fn bind(text: &str, values: &[(&str, &str)]) -> Result<Table, String> {
    match engine().run(Some(CATALOG), text, &parameters(values))? {
        Outcome::Rows(table) => Ok(table),
        Outcome::Ddl(_) => panic!("{text} is a query"),
    }
}

fn rows(text: &str) -> Table {
    bind(text, &[]).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn error(text: &str) -> String {
    engine().run(Some(CATALOG), text, &[]).expect_err(text)
}

fn ddl(engine: &Engine, text: &str) -> Vec<Value> {
    match engine.run(Some(CATALOG), text, &[]) {
        Ok(Outcome::Ddl(table)) => table.json_rows(),
        Ok(Outcome::Rows(_)) => panic!("{text} is a query"),
        Err(error) => panic!("{text}: {error}"),
    }
}

fn schema(table: &Table, key: &str) -> Vec<String> {
    let metadata = table.metadata();
    let columns = metadata["schema"].as_array().expect("a schema");
    columns.iter().map(|column| column[key].to_string().replace('"', "")).collect()
}

fn types(text: &str) -> Vec<String> {
    schema(&rows(text), "type")
}
