//! Services as they can be read: existence, versions, lists, workbooks, modules.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Value, json};

use super::catalog::{Service, Version};
use super::compile::missing;
use super::documents::file;
use super::envelope::{Page, fits, v1, v3_plain};
use super::ids::stamp;
use super::locator::Locator;
use super::package;
use super::server::{self, Server};
use super::{errors, inferred};
use crate::http::{Call, Outcome, Reply};

pub(super) fn exists(server: &Server, call: &Call<'_>) -> Outcome {
    let catalog = server.tenant(call.request)?.catalog();
    let exists = catalog.service(call.param(1), call.param(2)).is_some();
    Ok(v3_plain(server, &json!({"is_exists": exists})))
}

/// All versions of a service, newest first.
pub(super) fn versions(server: &Server, call: &Call<'_>) -> Outcome {
    let catalog = server.tenant(call.request)?.catalog();
    let service = catalog.service(call.param(0), call.param(1)).ok_or_else(missing)?;
    Ok(v1(&service.versions.iter().rev().map(|version| describe(service, version)).collect()))
}

fn describe(service: &Service, version: &Version) -> Value {
    json!({
        "id": version.id, "createdAt": stamp(version.created), "engine": service.name,
        "revision": version.number(), "effectiveStartDate": version.start,
        "effectiveEndDate": version.end, "isActive": version.is_active, "releaseNote": version.note,
        "childEngines": null, "versionLabel": version.label, "defaultEngineType": "Neuron",
        "tags": version.tags, "product": service.folder, "author": inferred::USER,
        "originalFileName": version.file_name,
    })
}

fn newest(service: &Service) -> Option<&Arc<Version>> {
    service.versions.last()
}

/// The services of a folder.
pub(super) fn of_folder(server: &Server, call: &Call<'_>) -> Outcome {
    let body = server::json(call)?;
    let catalog = server.tenant(call.request)?.catalog();
    catalog.folder(call.param(0)).ok_or_else(super::folders::missing)?;
    let mut rows: Vec<_> = catalog
        .services
        .iter()
        .filter(|service| service.folder == call.param(0))
        .filter_map(|service| {
            let version = newest(service)?;
            Some(json!({
                "id": service.id, "serviceName": service.name, "version": version.number(),
                "versionId": version.id, "createdAt": stamp(version.created), "author": inferred::USER,
                "status": "Active",
            }))
        })
        .collect();
    rows.sort_by_key(|row| row["serviceName"].to_string());
    let size = server.world.page_size.map_or(100, |size| size as u64);
    Ok(Page::of(&body, "pageSize", Some(size)).v1(&rows))
}

pub(super) fn search(server: &Server, call: &Call<'_>) -> Outcome {
    let body = server::json(call)?;
    let asked = &body["request_data"];
    let catalog = server.tenant(call.request)?.catalog();
    let wanted = |service: &&Service| {
        fits(&asked["search"], |field| match field {
            "foldername" => Some(Cow::Borrowed(service.folder.as_str())),
            "filename" | "name" => Some(Cow::Borrowed(service.name.as_str())),
            "id" => Some(Cow::Borrowed(service.id.as_str())),
            _ => None,
        })
    };
    let row = |service: &Service| {
        let version = newest(service)?;
        Some(json!({
            "id": service.id, "folderName": service.folder, "fileName": service.name,
            "version": version.number(), "modifiedDate": stamp(version.created),
        }))
    };
    let mut rows: Vec<_> = catalog.services.iter().filter(wanted).filter_map(row).collect();
    rows.sort_by_key(|row| row["fileName"].to_string());
    let page = Page::of(asked, "page_size", server.world.page_size.map(|size| size as u64));
    let (next, previous) = page.neighbours(rows.len());
    let meta = json!({
        "system": "SPARK", "request_timestamp": server.stamp(), "count": rows.len(),
        "page": page.number, "page_size": page.size, "page_total": page.pages(rows.len()),
        "next": next, "previous": previous,
    });
    Ok(super::envelope::v3(&page.cut(&rows).into(), &meta))
}

/// The workbook of a version, the newest when none is named.
pub(super) fn download(server: &Server, call: &Call<'_>) -> Outcome {
    let locator = match call.params.get(2) {
        Some(id) => Locator::Version(id.clone()),
        None => Locator::named(call.param(0), call.param(1)),
    };
    let located = server.locate(call.request, &locator, None)?.map_err(|_| missing())?;
    let asked = call.request.query("filename").filter(|name| !name.is_empty());
    let name = asked.map_or_else(|| format!("{}.xlsx", located.service), Cow::into_owned);
    Ok(file(located.version.workbook.clone(), &name))
}

/// The compiled module of a service.
pub(super) fn module(server: &Server, call: &Call<'_>) -> Outcome {
    let locator = Locator::parse(call.param(1));
    let located = server.locate(call.request, &locator, None)?.map_err(errors::application)?;
    let package = package::module(&located.service, &located.version).map_err(|_| broken())?;
    Ok(file(package, &format!("{}.zip", located.service)))
}

fn broken() -> Box<Reply> {
    errors::v3(
        hyper::StatusCode::INTERNAL_SERVER_ERROR,
        inferred::APPLICATION_CATEGORY,
        "error.application_error",
        "ARCHIVE_FAILED",
    )
}
