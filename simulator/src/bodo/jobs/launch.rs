//! Executes what a job run asks for. Queries run on threads of their own.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use serde_json::json;

use super::super::inferred;
use super::super::server::Server;
use super::super::sql::{Engine, Outcome, Table};
use super::super::storage::workspace_key;
use super::config::Config;
use super::job::Job;
use super::product::Product;
use super::{notebook, script};
use crate::clock::{Clock, Moment};

/// How many bytes of an uploaded file are read.
const SOURCE_LIMIT: usize = 16 << 20;

/// What came of an execution, once it is through.
pub(super) type Execution = Arc<OnceLock<Product>>;

pub(super) fn launch(server: &Server, job: &Job, time: Moment) -> Execution {
    let execution = Execution::default();
    match text(server, &job.config, time) {
        Err(product) => drop(execution.set(*product)),
        Ok(text) if job.config.language == "SQL" => query(server, job, text, execution.clone()),
        Ok(text) => drop(execution.set(interpret(&job.config, &text, time))),
    }
    execution
}

/// What is to be executed, or what stands in for it. Files that are not in the workspace are out of
/// reach: it is as if they did nothing.
fn text(server: &Server, config: &Config, time: Moment) -> Result<String, Box<Product>> {
    if let Some(sql) = &config.sql {
        return Ok(sql.clone());
    }
    let file = config.location().unwrap_or_default();
    if config.source_type() != "WORKSPACE" {
        let place = [config.source_text("repoUrl"), config.source_text("bucketPath")].concat();
        let stdout = format!("Executed {file} of {place}\n");
        return Err(Box::new(Product { stdout, ..Product::new(time) }));
    }
    let key = workspace_key(&format!("{}/{file}", config.source_text("path")));
    let content = server.storage().content(&key).cloned();
    let bytes = content.and_then(|content| content.read(0, content.len(), SOURCE_LIMIT).ok());
    match bytes {
        Some(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        None => Err(Box::new(no_such_file(file, time))),
    }
}

fn no_such_file(file: &str, time: Moment) -> Product {
    let stderr = format!("can't open file '{file}': [Errno 2] No such file or directory\n");
    let failure = Some(inferred::NO_SUCH_FILE.to_owned());
    Product { stderr, failure, ..Product::new(time) }
}

fn interpret(config: &Config, text: &str, time: Moment) -> Product {
    let code = match config.language.as_str() {
        "IPYNB" => notebook::code(text),
        _ => text.to_owned(),
    };
    let file = config.location().unwrap_or_default();
    let ran = script::run(&code, file, &config.arguments(), &config.env);
    let failure = (ran.exit_code != 0).then(|| inferred::NON_ZERO.to_owned());
    Product {
        sleeps: ran.sleeps,
        pauses: ran.pauses,
        failure,
        stdout: ran.stdout,
        stderr: ran.stderr,
        ..Product::new(time)
    }
}

fn query(server: &Server, job: &Job, text: String, execution: Execution) {
    let query = Query {
        engine: server.engine.clone(),
        clock: server.world.clock,
        catalog: job.config.catalog.clone(),
        text,
        rows_per_file: job.config.stores_result.then_some(server.options.rows_per_file),
    };
    let parameters = job.config.parameters();
    server.runtime.spawn_blocking(move || {
        let outcome = query.engine.run(query.catalog.as_deref(), &query.text, &parameters);
        let _ = execution.set(query.product(outcome));
    });
}

/// A query on its way to the engine.
struct Query {
    engine: Arc<Engine>,
    clock: Clock,
    catalog: Option<String>,
    text: String,
    /// Nothing where the result is not stored.
    rows_per_file: Option<usize>,
}

impl Query {
    fn product(&self, outcome: Result<Outcome, String>) -> Product {
        let mut product = Product::new(self.clock.now());
        match outcome {
            Err(message) => {
                product.failure = Some(inferred::SQL_FAILED.to_owned());
                product.stderr = message + "\n";
            }
            Ok(Outcome::Ddl(table)) => {
                product.stdout = printed(&table);
                product.ddl = Some(json!({
                    "metadata": table.metadata(), "result": table.json_rows(),
                }));
            }
            Ok(Outcome::Rows(table)) => {
                product.stdout = printed(&table);
                let parts = |rows| table.parquet(rows).into_iter().map(Bytes::from).collect();
                product.result =
                    self.rows_per_file.map(|rows| (table.metadata().to_string(), parts(rows)));
            }
        }
        product.ready = self.clock.now();
        product
    }
}

fn printed(table: &Table) -> String {
    match table.len() {
        rows if rows <= inferred::PRINTED_ROWS => table.text(),
        rows => format!("{rows} rows\n"),
    }
}
