//! A Hybrid Runner: health, version, status, and the upload of packages.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::form::Form;
use super::package::{self, Packed};
use super::server::Server;
use super::{errors, inferred};
use crate::http::{Answer, Call, Outcome, Reply};

/// Packages may have this many bytes.
const LIMIT: usize = 209_715_200;

pub(super) fn health(_: &Server, _: &Call<'_>) -> Outcome {
    Ok(Reply::ok(&json!({"msg": "ok"})))
}

pub(super) fn version(server: &Server, _: &Call<'_>) -> Outcome {
    let version = inferred::RUNNER_VERSION;
    Ok(Reply::ok(&json!({"lastPullDate": server.stamp(), "filehash": version, "version": version})))
}

pub(super) fn status(server: &Server, _: &Call<'_>) -> Outcome {
    let model = |name: &String| json!({"tenant": name, "model_stats": [], "total_model": 0, "total_instances": 0});
    let models: Vec<_> = server.options.tenants.iter().map(model).collect();
    Ok(Reply::ok(&json!({"models": models, "memory_usage_mb": 64, "memory_limit_mb": 1024})))
}

pub(super) fn upload<'a>(server: &'a Server, call: Call<'a>) -> Answer<'a> {
    Box::pin(async move { take_in(server, call).await.unwrap_or_else(|error| *error) })
}

async fn take_in(server: &Server, call: Call<'_>) -> Outcome {
    let form = Form::read(server, call.request, LIMIT).await?;
    let package = form.file("file").and_then(|(_, bytes)| package::open(bytes));
    let package = package.ok_or_else(|| {
        let status = StatusCode::BAD_REQUEST;
        Box::new(errors::of_path(call.request.path(), status, "INVALID_ZIP"))
    })?;
    let services: Vec<_> = package.iter().map(describe).collect();
    let tenant = super::target::tenant_header(call.request).unwrap_or_default();
    Ok(Reply::ok(&json!({"response_data": [{"tenant": tenant, "services": services}]})))
}

fn describe(packed: &Packed) -> Value {
    let row = |name: &str, label: &str| json!({label: name, "Description": name, "Address": "A1"});
    let inputs: Vec<_> =
        packed.model.inputs().into_iter().map(|name| row(name, "Input Name")).collect();
    let outputs: Vec<_> =
        packed.model.outputs().into_iter().map(|name| row(name, "Output Name")).collect();
    json!({
        "EffectiveStartDate": packed.start, "EffectiveEndDate": packed.end,
        "EngineInformation": {
            "FolderName": packed.folder, "ServiceName": packed.service, "Revision": packed.number,
        },
        "XInputTable": inputs, "XOutputTable": outputs, "VersionId": packed.version_id,
        "HasSignatureChain": false,
    })
}
