//! Executing a service: for one record by version 3 of the API, for many by version 4.

use serde::Serialize;
use serde_json::{Map, Value};

use super::locate::located;
use super::options::{ExecuteOptions, json};
use super::outcome::{Execution, Executions};
use super::setters::{execute_setters, single_setters};
use crate::error::{Error, Result};
use crate::raw;
use crate::spark::ServiceLocator;
use crate::spark::envelope::open;
use crate::spark::locator::Target;
use crate::spark::models::{ExecuteData, ExecuteRequest};
use crate::spark::variants::encoded;
use crate::transport::call::call;

/// The execution of one record; `.await` does it and gives the [`Execution`].
///
/// It calculates and changes nothing but the platform's log, so it is repeated after failures that
/// may pass.
#[derive(Debug)]
#[must_use = "nothing is executed until it is awaited"]
pub struct Execute {
    call: Call,
    inputs: Result<Value>,
}

/// What is executed how, whatever the inputs.
struct Call {
    raw: raw::spark::Client,
    locator: Result<ServiceLocator>,
    options: ExecuteOptions,
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call")
            .field("locator", &self.locator)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Execute {
    pub(in crate::spark) fn new(raw: &raw::spark::Client, locator: Result<ServiceLocator>) -> Self {
        let call = Call { raw: raw.clone(), locator, options: ExecuteOptions::default() };
        Self { call, inputs: Ok(Value::Object(Map::new())) }
    }

    execute_setters!(call.options);
    single_setters!(call.options);

    /// The inputs of one record by name, as a map or a struct. Inputs that are left out have the
    /// values of the workbook.
    pub fn inputs(mut self, inputs: impl Serialize) -> Self {
        self.inputs = json(&inputs);
        self
    }

    /// Several records, each with its inputs by name, in one call. It may take 55 s on the platform
    /// at most (source: Coherent Spark API documentation); [batches](crate::spark) take more.
    pub fn records(self, records: impl IntoIterator<Item = impl Serialize>) -> ExecuteRecords {
        let records: Result<Vec<_>> = records.into_iter().map(|record| json(&record)).collect();
        ExecuteRecords { call: self.call, inputs: records.map(Value::Array), table: false }
    }

    /// Several records as rows of a table below the names of its columns, in one call.
    pub fn table(
        self,
        names: impl IntoIterator<Item = impl Into<String>>,
        rows: impl IntoIterator<Item = impl Serialize>,
    ) -> ExecuteRecords {
        let header: Vec<String> = names.into_iter().map(Into::into).collect();
        ExecuteRecords { call: self.call, inputs: table(&header, rows), table: true }
    }

    async fn send(self) -> Result<Execution> {
        let (locator, inputs) = (self.call.locator?, self.inputs?);
        let raw = encoded(&self.call.raw, self.call.options.encoding);
        let inputs = match inputs {
            Value::Object(_) | Value::Null => inputs,
            _ => {
                return Err(Error::invalid(
                    "the inputs of one record have names; give several records to `records`",
                ));
            }
        };
        let body = ExecuteRequest {
            request_data: Some(ExecuteData { inputs: Some(inputs) }),
            request_meta: Some(self.call.options.for_one(&locator)),
        };
        let opened = match (&locator.target, locator.public) {
            (Target::Proxy { path }, false) => {
                let request = raw.execute_proxy().path(path.as_str()).body(body);
                open(&raw, "execute_proxy", request.send()).await
            }
            (Target::Proxy { path }, true) => {
                let request = raw.execute_public_proxy().path(path.as_str()).body(body);
                open(&raw, "execute_public_proxy", request.send()).await
            }
            _ => located!(
                raw,
                locator,
                [execute_service, execute_service_by_id, execute_version],
                [execute_public_service, execute_public_service_by_id, execute_public_version],
                |request, operation| open(&raw, operation, request.body(body).send()).await
            ),
        }?;
        Ok(Execution::new(opened.data, opened.meta))
    }
}

crate::awaits::awaits!(Execute => Execution, send);

/// The execution of several records; `.await` does it and gives the [`Executions`].
///
/// A record that fails does not fail the call: its outcome tells.
#[derive(Debug)]
#[must_use = "nothing is executed until it is awaited"]
pub struct ExecuteRecords {
    call: Call,
    inputs: Result<Value>,
    table: bool,
}

impl ExecuteRecords {
    execute_setters!(call.options);

    async fn send(self) -> Result<Executions> {
        let (locator, inputs) = (self.call.locator?, self.inputs?);
        let raw = encoded(&self.call.raw, self.call.options.encoding);
        let records = inputs.as_array().map_or(0, Vec::len) - usize::from(self.table);
        if records == 0 {
            return Err(Error::invalid("there is no record to execute"));
        }
        let mut body = self.call.options.for_many(&locator)?;
        body.inputs = Some(inputs);
        let answer = match locator.public {
            false => call(raw.execute_records().body(body).send()).await,
            true => call(raw.execute_public_records().body(body).send()).await,
        };
        Ok(Executions::new(answer?, self.table))
    }
}

crate::awaits::awaits!(ExecuteRecords => Executions, send);

/// A table with a row of names first.
fn table(header: &[String], rows: impl IntoIterator<Item = impl Serialize>) -> Result<Value> {
    let mut all = vec![json(header)?];
    for (number, row) in rows.into_iter().enumerate() {
        let row = json(&row)?;
        let values = row.as_array().map_or(0, Vec::len);
        if values != header.len() || !row.is_array() {
            let (number, columns) = (number + 1, header.len());
            let message = format!("row {number} of the table has {values} of {columns} values");
            return Err(Error::invalid(message));
        }
        all.push(row);
    }
    Ok(Value::Array(all))
}
