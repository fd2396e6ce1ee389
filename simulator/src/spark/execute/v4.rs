//! Execution of a list of records, by API v4.

use bytes::Bytes;
use hyper::StatusCode;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::super::auth::Right;
use super::super::catalog::Located;
use super::super::compute::{Computed, Task};
use super::super::history::{self, Entry};
use super::super::locator::Locator;
use super::super::rows::Fields;
use super::super::server::{Server, split};
use super::super::{errors, inferred};
use crate::http::{Call, Outcome, Reply, Request};

/// The body of an execution by API v4.
#[derive(Debug, Default, Deserialize)]
struct ExecuteV4<'a> {
    #[serde(borrow, default)]
    inputs: Option<&'a RawValue>,
    service: Option<String>,
    version_id: Option<String>,
    version_by_timestamp: Option<String>,
    output: Option<String>,
    call_purpose: Option<String>,
    source_system: Option<String>,
    correlation_id: Option<String>,
}

/// `execute` of API v4.
pub(in crate::spark) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand(call.request, Right::SyncBatch)?;
    execute_v4(server, call.request, &call.body)
}

/// Executes a list of records.
pub(in crate::spark) fn execute_v4(server: &Server, request: &Request, text: &Bytes) -> Outcome {
    let malformed = |error| errors::malformed(request.path(), &error);
    let body: ExecuteV4<'_> = serde_json::from_slice(text).map_err(malformed)?;
    let service = (body.service.as_deref(), body.version_id.as_deref());
    let located = locate_v4(server, request, service, body.version_by_timestamp.as_deref())?;
    let computed = body.compute(text, &located).map_err(malformed)?;
    let id = server.ids.next();
    let reply = reply_v4(server, &located, &id, &computed, body.correlation_id.as_deref());
    let entry = Entry {
        time: server.now(),
        service: located.clone(),
        api: "V4",
        purpose: body.call_purpose,
        source: body.source_system,
        correlation: body.correlation_id,
        request: history::text(text),
        response: history::text(reply.as_bytes()),
        records: Some(computed.records),
        failed: !computed.failures.is_empty(),
    };
    server.tenant(request)?.history().add(id, entry);
    Ok(Reply::json_text(StatusCode::OK, reply))
}

impl ExecuteV4<'_> {
    fn compute(&self, text: &Bytes, located: &Located) -> serde_json::Result<Computed> {
        let task = Task {
            model: &located.version.model,
            parameters: Fields::default(),
            selected: &split(self.output.as_deref()),
            summary: None,
        };
        let default = Bytes::from_static(inferred::DEFAULT_RECORDS);
        match self.inputs {
            Some(inputs) => task.run(text, inputs),
            None => task.run(&default, serde_json::from_slice(&default)?),
        }
    }
}

/// The version that API v4 means by a URI or an id, as a 404 where there is none.
pub(in crate::spark) fn locate_v4(
    server: &Server,
    request: &Request,
    (service, version_id): (Option<&str>, Option<&str>),
    date: Option<&str>,
) -> Result<Located, Box<Reply>> {
    let missing = |code: &str| errors::v4(StatusCode::NOT_FOUND, code, "The service is not found");
    let locator = match (version_id, service) {
        (Some(id), _) => Locator::Version(id.to_owned()),
        (None, Some(uri)) => Locator::parse(uri),
        (None, None) => return Err(missing(inferred::NO_SERVICE)),
    };
    server.locate(request, &locator, date)?.map_err(missing)
}

fn reply_v4(
    server: &Server,
    located: &Located,
    id: &str,
    computed: &Computed,
    correlation: Option<&str>,
) -> String {
    let nulls = computed.repeated("null");
    let outputs = String::from_utf8_lossy(&computed.outputs);
    let rest = json!({
        "service_id": located.service_id, "version_id": located.version.id,
        "version": located.version.number(), "call_id": id,
        "compiler_version": located.version.compiler, "correlation_id": correlation,
        "request_timestamp": server.stamp(),
    });
    let rest = rest.to_string();
    format!(
        "{{\"outputs\":{outputs},\"process_time\":{},\"warnings\":{nulls},\"errors\":{},\
         \"service_chain\":{nulls},{}",
        computed.repeated(inferred::PROCESS_TIME),
        computed.errors(),
        &rest[1..],
    )
}
