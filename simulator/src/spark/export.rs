//! Exports: versions of services, packed into a zip archive.

use hyper::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::auth::Right;
use super::catalog::{Catalog, Located};
use super::impex::{Job, Kind, id, missing};
use super::locator::Locator;
use super::server::{self, Server};
use super::tenant::lock;
use super::{errors, inferred, package};
use crate::content::Content;
use crate::http::{Call, Outcome, Reply};

pub(super) fn start(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand(call.request, Right::Exports)?;
    let body = server::json(call)?;
    let tenant = server.tenant(call.request)?;
    let versions = select(&tenant.catalog(), &body)?;
    let mut jobs = lock(&tenant.exports);
    Kind::Export.admit(server, &jobs)?;
    let name = server.ids.next();
    let mut job = Job::new(server, call.request, (Kind::Export, &name), &body);
    let package = package::export(&versions).map_err(|error| broken(&error.to_string()))?;
    job.outputs = outputs(&versions, &hash(&package));
    job.package = Some(package);
    job.fails = server.options.failing_exports;
    let reply = Kind::Export.describe(server, &name, &job);
    jobs.add(name, job);
    Ok(reply)
}

/// The versions that are asked for: of folders, of services, or by their ids.
fn select(catalog: &Catalog, body: &Value) -> Result<Vec<Located>, Box<Reply>> {
    let inputs = &body["inputs"];
    let list = |name: &str| -> Vec<String> {
        let items = inputs[name].as_array().into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let mut locators = Vec::new();
    for folder in list("folders") {
        catalog.folder(&folder).ok_or_else(|| not_found(inferred::NO_FOLDER))?;
        let services = catalog.services.iter().filter(|service| service.folder == folder);
        locators.extend(services.map(|service| Locator::named(&folder, &service.name)));
    }
    locators.extend(list("services").iter().map(|uri| Locator::parse(uri)));
    locators.extend(list("version_ids").into_iter().map(Locator::Version));
    if locators.is_empty() {
        return Err(errors::input("NO_SERVICES", "There is nothing to export"));
    }
    let mut versions = Vec::new();
    for locator in locators {
        let newest = catalog.locate(&locator, None).map_err(not_found)?;
        let is_exact =
            matches!(locator, Locator::Version(_) | Locator::Named { version: Some(_), .. });
        match body["version_filter"] == "all" && !is_exact {
            true => versions.extend(all_versions(catalog, &newest)),
            false => versions.push(newest),
        }
    }
    Ok(versions)
}

fn all_versions(catalog: &Catalog, located: &Located) -> Vec<Located> {
    let service = catalog.service(&located.folder, &located.service);
    let versions = service.into_iter().flat_map(|service| &service.versions);
    versions.map(|version| Located { version: version.clone(), ..located.clone() }).collect()
}

fn not_found(code: &str) -> Box<Reply> {
    errors::v4(StatusCode::NOT_FOUND, code, "What is to be exported is not found")
}

fn broken(message: &str) -> Box<Reply> {
    errors::v4(StatusCode::INTERNAL_SERVER_ERROR, "EXPORT_FAILED", message)
}

/// Guessed to be a SHA-256; its algorithm is nowhere told.
fn hash(package: &Content) -> String {
    let bytes = package.read(0, package.len(), usize::MAX).unwrap_or_default();
    Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn outputs(versions: &[Located], hash: &str) -> Value {
    let service = |located: &Located| {
        json!({
            "service_uri_source": format!("{}/{}", located.folder, located.service),
            "folder_source": located.folder, "service_source": located.service,
            "service_id_source": located.service_id,
        })
    };
    let version = |located: &Located| {
        let mut row = service(located);
        row["service_uri_source"] = located.uri().into();
        row["version_source"] = located.version.number().into();
        row["version_id_source"] = located.version.id.as_str().into();
        row
    };
    let mut services: Vec<_> = versions.iter().map(service).collect();
    services.dedup();
    let versions: Vec<_> = versions.iter().map(version).collect();
    json!({
        "files": [{"file": null, "file_hash": hash}], "services": services,
        "service_versions": versions,
    })
}

pub(super) fn status(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand(call.request, Right::Exports)?;
    let mut jobs = lock(&server.tenant(call.request)?.exports);
    let job = jobs.get_mut(id(call)).ok_or_else(missing)?;
    if let Some(package) = job.package.clone().filter(|_| job.status(server) == "completed") {
        job.link.get_or_insert_with(|| server.link(call.request, "package.zip", package));
    }
    Ok(Kind::Export.describe(server, id(call), job))
}

pub(super) fn cancel(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand(call.request, Right::Exports)?;
    let body = server::json(call)?;
    if body["export_status"] != "cancelled" {
        return Err(errors::input("INVALID_EXPORT_STATUS", "export_status is cancelled"));
    }
    let mut jobs = lock(&server.tenant(call.request)?.exports);
    let job = jobs.get_mut(id(call)).ok_or_else(missing)?;
    if job.is_running(server) {
        job.cancelled = Some(server.now());
    }
    Ok(Kind::Export.describe(server, id(call), job))
}

pub(super) fn overview(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand(call.request, Right::Exports)?;
    let jobs = lock(&server.tenant(call.request)?.exports);
    Ok(Kind::Export.overview(server, &jobs))
}
