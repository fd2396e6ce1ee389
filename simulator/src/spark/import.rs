//! Imports: services out of a package, all of them or none.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::auth::Right;
use super::catalog::{Catalog, Located, Version};
use super::form::Form;
use super::impex::{Job, Kind, id, missing};
use super::locator::Locator;
use super::package::{self, Packed};
use super::server::Server;
use super::tenant::lock;
use super::{errors, inferred};
use crate::http::{Answer, Call, Outcome};

/// `ImpExSizeLimit_InBytes` of the documented configuration.
const LIMIT: usize = 209_715_200;

/// What becomes of one service.
struct Mapping {
    source: (String, String),
    source_uri: String,
    destination: (String, String),
    change: String,
    versions: Vec<Packed>,
}

pub(super) fn start<'a>(server: &'a Server, call: Call<'a>) -> Answer<'a> {
    Box::pin(async move { take_in(server, call).await.unwrap_or_else(|error| *error) })
}

async fn take_in(server: &Server, call: Call<'_>) -> Outcome {
    server.gate.demand(call.request, Right::Exports)?;
    let form = Form::read(server, call.request, LIMIT).await?;
    let body = form.json("importRequestEntity").ok_or_else(|| {
        errors::input(inferred::MALFORMED, "importRequestEntity is missing or no JSON")
    })?;
    let package = form.file("file").and_then(|(_, bytes)| package::open(bytes));
    let package = package.ok_or_else(|| {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        errors::v4(status, "INVALID_IMPORT_ZIP", "The package is no zip archive")
    })?;
    let tenant = server.tenant(call.request)?;
    let mut jobs = lock(&tenant.imports);
    Kind::Import.admit(server, &jobs)?;
    let name = server.ids.next();
    let mut job = Job::new(server, call.request, (Kind::Import, &name), &body);
    job.fails = server.options.failing_imports;
    if !job.fails {
        match import(server, &mut tenant.catalog(), &body, package) {
            Ok(outputs) => job.outputs = outputs,
            Err(problem) => job.errors = json!([problem]),
        }
    }
    let reply = Kind::Import.describe(server, &name, &job);
    jobs.add(name, job);
    Ok(reply)
}

fn import(
    server: &Server,
    catalog: &mut Catalog,
    body: &Value,
    package: Vec<Packed>,
) -> Result<Value, Value> {
    let asked = body["inputs"]["services_modify"].as_array().cloned().unwrap_or_default();
    let mode = body["services_existing"].as_str().unwrap_or("add_version");
    let mut mappings = Vec::new();
    for asked in &asked {
        mappings.push(plan(catalog, asked, mode, &package)?);
    }
    let (mut services, mut versions) = (Vec::new(), Vec::new());
    for mapping in mappings {
        let (folder, service) = (&mapping.destination.0, &mapping.destination.1);
        if mode == "replace" {
            catalog.retire(folder, service);
        }
        let made: Vec<_> =
            mapping.versions.iter().map(|packed| add(server, catalog, &mapping, packed)).collect();
        services.extend(made.first().map(|(located, _)| row(&mapping, located)));
        versions
            .extend(made.iter().map(|(located, packed)| version_row(&mapping, located, packed)));
    }
    Ok(json!({"services": services, "service_versions": versions}))
}

/// Checks one service, without changing anything.
fn plan(
    catalog: &Catalog,
    asked: &Value,
    mode: &str,
    package: &[Packed],
) -> Result<Mapping, Value> {
    let problem = |code: &str| json!({"code": code, "message": code, "service": asked});
    let source_uri = asked["service_uri_source"].as_str().unwrap_or_default();
    let (source, number) =
        named(catalog, source_uri).ok_or_else(|| problem(inferred::NO_SERVICE))?;
    let destination = asked["service_uri_destination"].as_str().filter(|uri| !uri.is_empty());
    let destination = destination.map_or(Some((source.clone(), None)), |uri| named(catalog, uri));
    let (destination, _) = destination.ok_or_else(|| problem(inferred::NO_SERVICE))?;
    catalog.folder(&destination.0).ok_or_else(|| problem(inferred::NO_FOLDER))?;
    if mode == "abort" && catalog.service(&destination.0, &destination.1).is_some() {
        return Err(problem("SERVICE_ALREADY_EXISTS"));
    }
    let is_meant = |packed: &&Packed| {
        (&packed.folder, &packed.service) == (&source.0, &source.1)
            && number.as_ref().is_none_or(|number| *number == packed.number)
    };
    let mut versions: Vec<Packed> = package.iter().filter(is_meant).cloned().collect();
    if versions.is_empty() {
        let local = catalog.locate(&Locator::named(&source.0, &source.1), None);
        versions.push(Packed::of(&local.map_err(problem)?));
    }
    Ok(Mapping {
        source,
        source_uri: source_uri.to_owned(),
        destination,
        change: asked["update_version_type"].as_str().unwrap_or("minor").to_owned(),
        versions,
    })
}

/// Folder, service and version of a URI or an id.
fn named(catalog: &Catalog, uri: &str) -> Option<((String, String), Option<String>)> {
    match Locator::parse(uri) {
        Locator::Named { folder, service, version } => Some(((folder, service), version)),
        locator => {
            let found = catalog.locate(&locator, None).ok()?;
            Some(((found.folder, found.service), None))
        }
    }
}

fn add<'p>(
    server: &Server,
    catalog: &mut Catalog,
    mapping: &Mapping,
    packed: &'p Packed,
) -> (Located, &'p Packed) {
    let version = Version {
        id: server.ids.next(),
        revision: (0, 0, 0),
        model: packed.model.clone(),
        file_name: packed.file_name.clone(),
        workbook: packed.workbook.clone(),
        start: packed.start.clone(),
        end: packed.end.clone(),
        label: None,
        note: None,
        tags: None,
        compiler: inferred::COMPILER.to_owned(),
        created: server.now(),
        is_active: true,
    };
    let place = (mapping.destination.0.as_str(), mapping.destination.1.as_str());
    (catalog.publish(place, &mapping.change, || server.ids.next(), version), packed)
}

fn row(mapping: &Mapping, located: &Located) -> Value {
    json!({
        "service_uri_source": mapping.source_uri, "folder_source": mapping.source.0,
        "service_source": mapping.source.1, "folder_destination": located.folder,
        "service_destination": located.service,
        "service_uri_destination": format!("{}/{}", located.folder, located.service),
        "service_id_destination": located.service_id, "status": "added",
    })
}

fn version_row(mapping: &Mapping, located: &Located, packed: &Packed) -> Value {
    let mut row = row(mapping, located);
    row["version_source"] = packed.number.as_str().into();
    row["version_id_source"] = packed.version_id.as_str().into();
    row["version_destination"] = located.version.number().into();
    row["version_id_destination"] = located.version.id.as_str().into();
    row
}

pub(super) fn status(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand(call.request, Right::Exports)?;
    let jobs = lock(&server.tenant(call.request)?.imports);
    let job = jobs.get(id(call)).ok_or_else(missing)?;
    Ok(Kind::Import.describe(server, id(call), job))
}

pub(super) fn overview(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand(call.request, Right::Exports)?;
    let jobs = lock(&server.tenant(call.request)?.imports);
    Ok(Kind::Import.overview(server, &jobs))
}
