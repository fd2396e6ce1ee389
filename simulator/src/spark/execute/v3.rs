//! Execution of one record, by API v3.

use hyper::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::super::catalog::Located;
use super::super::compute::{Outputs, Task, write_object};
use super::super::history::{self, Entry};
use super::super::locator::Locator;
use super::super::rows::Fields;
use super::super::server::{Server, split};
use super::super::{errors, inferred};
use crate::http::{Call, Outcome, Reply, Request};

/// The body of an execution by API v3.
#[derive(Debug, Default, Deserialize)]
pub(in crate::spark) struct ExecuteV3<'a> {
    #[serde(borrow, default)]
    request_data: Option<DataV3<'a>>,
    #[serde(default)]
    pub(in crate::spark) request_meta: Value,
}

#[derive(Debug, Default, Deserialize)]
struct DataV3<'a> {
    #[serde(borrow, default)]
    inputs: Option<&'a RawValue>,
}

impl<'a> ExecuteV3<'a> {
    /// Reads a body; an empty one asks for the default inputs.
    pub(in crate::spark) fn read(request: &Request, body: &'a [u8]) -> Result<Self, Box<Reply>> {
        let body: &[u8] = if body.is_empty() { b"{}" } else { body };
        serde_json::from_slice(body).map_err(|e| errors::malformed(request.path(), &e))
    }

    fn inputs(&self) -> Option<&'a RawValue> {
        self.request_data.as_ref().and_then(|data| data.inputs)
    }

    fn meta(&self, name: &str) -> Option<&str> {
        self.request_meta[name].as_str()
    }

    /// The service that the body names.
    fn locator(&self) -> Option<Locator> {
        let by = |name, make: fn(String) -> Locator| self.meta(name).map(|id| make(id.to_owned()));
        by("version_id", Locator::Version)
            .or_else(|| by("service_id", Locator::Service))
            .or_else(|| self.meta("service_uri").map(Locator::parse))
    }
}

/// How the path names a service: by its name, its id or the id of a version.
pub(in crate::spark) fn locator(call: &Call<'_>) -> Locator {
    let kind =
        call.request.path().split('/').skip_while(|segment| !segment.eq_ignore_ascii_case("v3"));
    let is_version = kind.take(3).any(|segment| segment.eq_ignore_ascii_case("version"));
    match call.params.len() {
        3.. => Locator::named(call.param(1), call.param(2)),
        _ if is_version => Locator::Version(call.param(1).to_owned()),
        _ => Locator::Service(call.param(1).to_owned()),
    }
}

/// `folders/{folder}/services/{service}/execute`, `service/{id}` and `version/{id}`.
pub(in crate::spark) fn by_path(server: &Server, call: &Call<'_>) -> Outcome {
    execute_v3(server, call.request, &call.body, Some(locator(call)))
}

/// `proxy/{path}`.
pub(in crate::spark) fn by_proxy(server: &Server, call: &Call<'_>) -> Outcome {
    let is_meant = |(path, _): &&(String, String)| path.trim_matches('/') == call.param(1);
    let uri = server.options.proxies.iter().find(is_meant).map(|(_, uri)| uri);
    let uri = uri.ok_or_else(|| errors::application(inferred::NO_SERVICE))?;
    execute_v3(server, call.request, &call.body, Some(Locator::parse(uri)))
}

/// `execute`: the body names the service.
pub(in crate::spark) fn by_body(server: &Server, call: &Call<'_>) -> Outcome {
    execute_v3(server, call.request, &call.body, None)
}

/// The older form of `execute`, without a name for the action; API keys are not accepted.
pub(in crate::spark) fn bare(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand_bearer(call.request)?;
    execute_v3(server, call.request, &call.body, None)
}

/// The version that an execution, validation or look-up by API v3 is about.
pub(in crate::spark) fn locate_v3(
    server: &Server,
    request: &Request,
    locator: Option<Locator>,
    body: &ExecuteV3<'_>,
) -> Result<Located, Box<Reply>> {
    let missing = || errors::application(inferred::NO_SERVICE);
    let locator = locator.or_else(|| body.locator()).ok_or_else(missing)?;
    let locator = match (locator, body.meta("version_id")) {
        (Locator::Named { .. }, Some(id)) => Locator::Version(id.to_owned()),
        (locator, _) => locator.at(body.meta("version")),
    };
    server.locate(request, &locator, body.meta("transaction_date"))?.map_err(errors::application)
}

/// Executes one record.
pub(in crate::spark) fn execute_v3(
    server: &Server,
    request: &Request,
    text: &[u8],
    locator: Option<Locator>,
) -> Outcome {
    let body = ExecuteV3::read(request, text)?;
    let located = locate_v3(server, request, locator, &body)?;
    let selected = split(body.meta("requested_output"));
    let task = Task {
        model: &located.version.model,
        parameters: Fields::default(),
        selected: &selected,
        summary: None,
    };
    let inputs =
        Fields::of(body.inputs()).map_err(|error| errors::malformed(request.path(), &error))?;
    let outputs = task.record(&inputs);
    let data = data_v3(&body, &outputs);
    let id = server.ids.next();
    let meta = meta(server, &located, &id, body.meta("correlation_id"));
    let reply = format!(
        "{{\"status\":\"Success\",\"response_data\":{data},\"response_meta\":{meta},\"error\":null}}"
    );
    let entry = Entry {
        time: server.now(),
        service: located.clone(),
        api: "V3",
        purpose: body.meta("call_purpose").map(str::to_owned),
        source: body.meta("source_system").map(str::to_owned),
        correlation: body.meta("correlation_id").map(str::to_owned),
        request: history::text(text),
        response: history::text(reply.as_bytes()),
        records: None,
        failed: outputs.is_err(),
    };
    server.tenant(request)?.history().add(id, entry);
    Ok(Reply::json_text(StatusCode::OK, reply))
}

/// The `response_data` of one record.
fn data_v3(body: &ExecuteV3<'_>, outputs: &Result<Outputs<'_>, String>) -> String {
    let (outputs, errors) = match outputs {
        Ok(outputs) => {
            let mut text = String::new();
            write_object(&mut text, outputs);
            (text, "null".to_owned())
        }
        Err(reason) => ("null".to_owned(), json!([inferred::record_error(reason)]).to_string()),
    };
    let echo = body.inputs().filter(|_| body.request_meta["response_data_inputs"] == true);
    let echo = echo.map(|inputs| format!(",\"inputs\":{}", inputs.get())).unwrap_or_default();
    format!(
        "{{\"outputs\":{outputs},\"warnings\":null,\"errors\":{errors},\"service_chain\":null{echo}}}"
    )
}

/// The `response_meta` of API v3.
pub(in crate::spark) fn meta(
    server: &Server,
    located: &Located,
    call_id: &str,
    correlation: Option<&str>,
) -> Value {
    json!({
        "system": "SPARK", "request_timestamp": server.stamp(), "service_id": located.service_id,
        "version_id": located.version.id, "version": located.version.number(), "process_time": 1,
        "call_id": call_id, "compiler_type": "Neuron", "compiler_version": located.version.compiler,
        "source_hash": null, "engine_id": located.version.id, "correlation_id": correlation,
        "parameterset_version_id": null, "spark_total_time": 1,
    })
}
