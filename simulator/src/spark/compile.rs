//! How a service comes to be: upload, compilation by the clock, publication; and recompilation.

use std::sync::Arc;

use hyper::StatusCode;
use serde_json::{Value, json};

use super::auth::Right;
use super::catalog::Version;
use super::envelope::{v3, v3_plain};
use super::form::Form;
use super::locator::Locator;
use super::model::{Model, ModelError};
use super::server::{self, Server};
use super::tenant::lock;
use super::{errors, inferred};
use crate::clock::Moment;
use crate::content::Content;
use crate::http::{Answer, Call, Outcome, Reply};

/// `UploadFileSizeLimit_InBytes` of the documented configuration.
const UPLOAD_LIMIT: usize = 199_229_440;

/// A workbook that was uploaded, by the id of its engine file.
#[derive(Debug)]
pub(super) struct Upload {
    folder: String,
    service: String,
    service_id: String,
    /// The id of the version that is published first.
    version_id: Option<String>,
    job: String,
    model: Result<Model, ModelError>,
    file_name: String,
    workbook: Content,
}

/// A compilation, by its id.
#[derive(Debug)]
pub(super) struct Compilation {
    started: Moment,
    error: Option<String>,
}

pub(super) fn upload<'a>(server: &'a Server, call: Call<'a>) -> Answer<'a> {
    Box::pin(async move { take_in(server, call).await.unwrap_or_else(|error| *error) })
}

async fn take_in(server: &Server, call: Call<'_>) -> Outcome {
    server.gate.demand(call.request, Right::ServiceUpload)?;
    let form = Form::read(server, call.request, UPLOAD_LIMIT).await?;
    let (folder, service) = (call.param(1), call.param(2));
    let tenant = server.tenant(call.request)?;
    let malformed = || errors::application(inferred::MALFORMED);
    let entity = form.json("engineUploadRequestEntity").ok_or_else(malformed)?;
    let (file_name, workbook) = form.file("serviceFile").ok_or_else(malformed)?;
    let (service_id, number) = {
        let catalog = tenant.catalog();
        catalog.folder(folder).ok_or_else(|| errors::application(inferred::NO_FOLDER))?;
        let existing = catalog.service(folder, service);
        let change = entity["request_data"]["version_difference"].as_str().unwrap_or("minor");
        let newest = existing.and_then(|s| s.versions.iter().map(|v| v.revision).max());
        let (a, b, c) = inferred::next_revision(newest.unwrap_or_default(), change);
        (existing.map(|service| service.id.clone()), format!("{a}.{b}.{c}"))
    };
    let mut uploads = lock(&tenant.uploads);
    let drafted = |_: &str, u: &Upload| {
        (u.folder == folder && u.service == service).then(|| u.service_id.clone())
    };
    let service_id = service_id.or_else(|| uploads.iter().find_map(|(id, u)| drafted(id, u)));
    let upload = Upload {
        folder: folder.to_owned(),
        service: service.to_owned(),
        service_id: service_id.unwrap_or_else(|| server.ids.next()),
        version_id: Some(server.ids.next()),
        job: server.ids.next(),
        model: Model::of_workbook(file_name),
        file_name: file_name.to_owned(),
        workbook: Content::unhashed(workbook.clone()),
    };
    let error = upload.model.as_ref().err().map(ToString::to_string);
    lock(&tenant.compilations)
        .add(upload.job.clone(), Compilation { started: server.now(), error });
    let engine = server.ids.next();
    let reply = v3(
        &uploaded(&upload, &engine, server),
        &json!({
            "system": "SPARK", "request_timestamp": server.stamp(), "service_id": upload.service_id,
            "version_id": upload.version_id, "version": number,
        }),
    );
    uploads.add(engine, upload);
    Ok(reply)
}

fn uploaded(upload: &Upload, engine: &str, server: &Server) -> Value {
    let model = upload.model.as_ref().ok();
    let count = |names: fn(&Model) -> Vec<&str>| model.map_or(0, |model| names(model).len());
    json!({
        "nodegen_compilation_jobid": upload.job, "original_file_documentid": server.ids.next(),
        "engine_file_documentid": engine, "lines_of_code": 1, "hours_saved": 0.1, "warnings": null,
        "current_statistics": null, "no_of_sheets": 1, "no_of_inputs": count(Model::inputs),
        "no_of_outputs": count(Model::outputs), "no_of_formulas": count(Model::outputs),
        "no_of_cellswithdata": count(Model::inputs),
    })
}

pub(super) fn progress(server: &Server, call: &Call<'_>) -> Outcome {
    let compilations = lock(&server.tenant(call.request)?.compilations);
    let job = compilations.get(call.param(3));
    let job = job.ok_or_else(|| errors::application(inferred::NO_JOB))?;
    let progress = server.progress(job.started, inferred::COMPILE_STEPS);
    let status = match (&job.error, progress) {
        (Some(_), 100) => inferred::COMPILATION_FAILED,
        (None, 100) => "Success",
        _ => inferred::COMPILING,
    };
    let error = job.error.as_deref().filter(|_| progress == 100).unwrap_or("null");
    let data = json!({"status": status, "last_error_message": error, "progress": progress});
    Ok(v3_plain(server, &data))
}

pub(super) fn publish(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand(call.request, Right::ServiceUpload)?;
    let body = server::json(call)?;
    let data = &body["request_data"];
    let text = |name: &str| data[name].as_str().map(str::to_owned);
    let tenant = server.tenant(call.request)?;
    let mut uploads = lock(&tenant.uploads);
    let upload = uploads.get_mut(data["engine_file_documentid"].as_str().unwrap_or_default());
    let upload = upload.ok_or_else(|| errors::application(inferred::NO_UPLOAD))?;
    let is_ready = lock(&tenant.compilations)
        .get(&upload.job)
        .is_some_and(|job| server.progress(job.started, inferred::COMPILE_STEPS) == 100);
    let model = upload.model.as_ref().ok().filter(|_| is_ready).cloned();
    let model = model.ok_or_else(|| errors::application(inferred::NOT_COMPILED))?;
    let (folder, service) = (call.param(1), call.param(2));
    let (start, end) = inferred::EFFECTIVE;
    let version = Version {
        id: upload.version_id.take().unwrap_or_else(|| server.ids.next()),
        revision: (0, 0, 0),
        model: Arc::new(model),
        file_name: upload.file_name.clone(),
        workbook: upload.workbook.clone(),
        start: text("effective_start_date").unwrap_or_else(|| start.to_owned()),
        end: text("effective_end_date").unwrap_or_else(|| end.to_owned()),
        label: text("version_label"),
        note: text("release_note"),
        tags: text("tags"),
        compiler: inferred::COMPILER.to_owned(),
        created: server.now(),
        is_active: true,
    };
    let change = text("version_difference").unwrap_or_default();
    let mut catalog = tenant.catalog();
    catalog.folder(folder).ok_or_else(|| errors::application(inferred::NO_FOLDER))?;
    let id = upload.service_id.clone();
    let located = catalog.publish((folder, service), &change, || id, version);
    Ok(v3_plain(server, &json!({"version_id": located.version.id})))
}

pub(super) fn recompile(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand(call.request, Right::ServiceUpload)?;
    let body = server::json(call)?;
    let data = &body["request_data"];
    let text = |name: &str| data[name].as_str().map(str::to_owned);
    let (folder, service) = (call.param(1), call.param(2));
    let locator = match text("versionId") {
        Some(id) => Locator::Version(id),
        None => Locator::named(folder, service),
    };
    let tenant = server.tenant(call.request)?;
    let mut catalog = tenant.catalog();
    let old = catalog.locate(&locator, None).map_err(errors::application)?.version;
    let version = Version {
        id: server.ids.next(),
        start: text("effectiveStartDate").unwrap_or_else(|| old.start.clone()),
        end: text("effectiveEndDate").unwrap_or_else(|| old.end.clone()),
        label: text("label").or_else(|| text("versionLabel")),
        note: text("releaseNotes"),
        tags: text("tags"),
        compiler: compiler(text("neuronCompilerVersion")),
        created: server.now(),
        is_active: true,
        ..Version::clone(&old)
    };
    let change = text("upgradeType").unwrap_or_else(|| "patch".to_owned());
    let located = catalog.publish((folder, service), &change, || server.ids.next(), version);
    let job = server.ids.next();
    let compilation = Compilation { started: server.now(), error: None };
    lock(&tenant.compilations).add(job.clone(), compilation);
    let version = located.version;
    let data = json!({"versionId": version.id, "revision": version.number(), "jobId": job});
    Ok(v3_plain(server, &data))
}

/// The compiler that is meant; `StableLatest` is one of its names.
fn compiler(asked: Option<String>) -> String {
    asked.filter(|name| name != "StableLatest").unwrap_or_else(|| inferred::COMPILER.to_owned())
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand(call.request, Right::ServiceUpload)?;
    let (folder, service) = (call.param(0), call.param(1));
    let mut catalog = server.tenant(call.request)?.catalog();
    catalog.service(folder, service).ok_or_else(missing)?;
    catalog.services.retain(|known| known.folder != folder || known.name != service);
    Ok(super::envelope::v1(&Value::Null))
}

/// The 404 of API v1 for a service.
pub(super) fn missing() -> Box<Reply> {
    errors::v1(StatusCode::NOT_FOUND, inferred::NO_SERVICE)
}
