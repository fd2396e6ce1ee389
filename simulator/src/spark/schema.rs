//! What a service tells about itself: schema, metadata, validation, Swagger.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::catalog::Located;
use super::compile::missing;
use super::documents::file;
use super::envelope::v3;
use super::execute::{ExecuteV3, locate_v3, locator, meta};
use super::locator::Locator;
use super::server::Server;
use super::{errors, inferred};
use crate::content::Content;
use crate::http::{Call, Outcome, Reply};

/// `product/{folder}/engines/get/{service}`.
pub(super) fn by_name(server: &Server, call: &Call<'_>) -> Outcome {
    let locator = Locator::named(call.param(0), call.param(1));
    let located = server.locate(call.request, &locator, None)?.map_err(|_| missing())?;
    Ok(Reply::ok(&schema(server, &located)))
}

/// `product/{folder}/engines/getbyversionid/{service}/{version}`.
pub(super) fn by_version(server: &Server, call: &Call<'_>) -> Outcome {
    let locator = Locator::Version(call.param(2).to_owned());
    let located = server.locate(call.request, &locator, None)?.map_err(|_| missing())?;
    Ok(Reply::ok(&schema(server, &located)))
}

/// `GetEngineDetailByVersionId/versionid/{version}`.
pub(super) fn by_version_v3(server: &Server, call: &Call<'_>) -> Outcome {
    let locator = Locator::Version(call.param(1).to_owned());
    let located = server.locate(call.request, &locator, None)?.map_err(errors::application)?;
    Ok(Reply::ok(&schema(server, &located)))
}

fn schema(server: &Server, located: &Located) -> Value {
    let version = &located.version;
    let cell = |(n, name): (usize, &str)| json!({"Input Name": name, "name": name, "Description": name, "Address": format!("A{}", n + 1)});
    let inputs: Vec<_> = version.model.inputs().into_iter().enumerate().map(cell).collect();
    let outputs: Vec<_> = version.model.outputs().into_iter().enumerate().map(cell).collect();
    json!({
        "bookSummary": {"product": located.folder, "engineName": located.service},
        "bookProperties": [
            {"name": "BuildNumber", "value": version.number()},
            {"name": "VersionId", "value": version.id},
            {"name": "EffectiveStartDate", "value": version.start},
        ],
        "engineHash": version.id, "engineID": located.service_id, "fetchTimeUTC": server.stamp(),
        "validationErrors": [], "xlInputs": inputs, "xlOutputs": outputs,
    })
}

/// `folders/{folder}/services/{service}/metadata`, and the same for a service or version by its id.
pub(super) fn metadata(server: &Server, call: &Call<'_>) -> Outcome {
    let locator = Some(locator(call));
    let located = locate_v3(server, call.request, locator, &ExecuteV3::default())?;
    Ok(described(server, &located))
}

/// The same for a Hybrid Runner, whose body names the service.
pub(super) fn metadata_of_body(server: &Server, call: &Call<'_>) -> Outcome {
    let body = read(call)?;
    let located = locate_v3(server, call.request, None, &body)?;
    Ok(described(server, &located))
}

fn described(server: &Server, located: &Located) -> Reply {
    let outputs = json!({
        "Metadata.ServiceName": located.service, "Metadata.ProductName": located.folder,
        "Metadata.Version": located.version.number(), "Metadata.Inputs": located.version.model.inputs(),
    });
    answer(server, located, &outputs)
}

/// `folders/{folder}/services/{service}/validation`, and the same for a service or version by its id.
pub(super) fn validation(server: &Server, call: &Call<'_>) -> Outcome {
    let body = read(call)?;
    let located = locate_v3(server, call.request, Some(locator(call)), &body)?;
    Ok(validated(server, &located, &body))
}

/// The same for a Hybrid Runner, whose body names the service.
pub(super) fn validation_of_body(server: &Server, call: &Call<'_>) -> Outcome {
    let body = read(call)?;
    let located = locate_v3(server, call.request, None, &body)?;
    Ok(validated(server, &located, &body))
}

fn read<'a>(call: &'a Call<'_>) -> Result<ExecuteV3<'a>, Box<Reply>> {
    ExecuteV3::read(call.request, &call.body)
}

fn validated(server: &Server, located: &Located, body: &ExecuteV3<'_>) -> Reply {
    let is_dynamic = body.request_meta["validation_type"] == "dynamic";
    let validation = json!({
        "validation_allow": inferred::ALLOWED,
        "validation_type": if is_dynamic { "dynamic" } else { "static" },
        "dependent_inputs": null, "min": null, "max": null, "options": null, "ignore_blank": true,
    });
    let inputs = located.version.model.inputs();
    let outputs: Map<_, _> =
        inputs.into_iter().map(|name| (name.to_owned(), validation.clone())).collect();
    answer(server, located, &Value::Object(outputs))
}

fn answer(server: &Server, located: &Located, outputs: &Value) -> Reply {
    let data = json!({"outputs": outputs, "warnings": null, "errors": null, "service_chain": null});
    v3(&data, &meta(server, located, &server.ids.next(), None))
}

/// The description of a service as an OpenAPI document, as JSON or as a file.
pub(super) fn swagger(server: &Server, call: &Call<'_>) -> Outcome {
    let locator = match call.params.get(5) {
        Some(id) => Locator::Version(id.clone()),
        None => Locator::named(call.param(1), call.param(2)),
    };
    let located = server.locate(call.request, &locator, None)?.map_err(errors::application)?;
    let document = document(&located, call);
    match call.param(4).eq_ignore_ascii_case("true") {
        false => Ok(Reply::json(StatusCode::OK, &document)),
        true => {
            let name = format!("{}.swagger", located.service);
            Ok(file(Content::unhashed(document.to_string()), &name))
        }
    }
}

fn document(located: &Located, call: &Call<'_>) -> Value {
    let property = |name: &str| (name.to_owned(), json!({"type": "number"}));
    let inputs: Map<_, _> = located.version.model.inputs().into_iter().map(property).collect();
    let path = format!(
        "/{}/api/v3/folders/{}/services/{}/execute",
        call.param(0),
        located.folder,
        located.service
    );
    let schema = json!({"type": "object", "properties": {"request_data": {
        "type": "object", "properties": {"inputs": {"type": "object", "properties": inputs}},
    }}});
    json!({
        "openapi": "3.0.1",
        "info": {"title": located.service, "version": located.version.number(), "description": inferred::SWAGGER},
        "paths": {path: {"post": {
            "requestBody": {"content": {"application/json": {"schema": schema}}},
            "responses": {"200": {"description": "Success"}},
        }}},
    })
}
