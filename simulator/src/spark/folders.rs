//! Folders, which API v1 calls products. API keys may only ask whether one exists.

use std::borrow::Cow;

use hyper::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::catalog::{Catalog, Folder};
use super::envelope::{Page, fits, v1};
use super::form::Form;
use super::ids::stamp;
use super::server::{self, Server};
use super::{errors, inferred};
use crate::http::{Answer, Call, Outcome, Reply};

/// Forms of folders may have this many bytes a field, for the cover.
const COVER_LIMIT: usize = 16 << 20;

pub(super) fn create<'a>(server: &'a Server, call: Call<'a>) -> Answer<'a> {
    Box::pin(async move { make(server, call).await.unwrap_or_else(|error| *error) })
}

async fn make(server: &Server, call: Call<'_>) -> Outcome {
    server.gate.demand_bearer(call.request)?;
    let form = Form::read(server, call.request, COVER_LIMIT).await?;
    let name = form.text("Name").filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| errors::v1(StatusCode::BAD_REQUEST, "PRODUCT_NAME_REQUIRED"))?;
    let mut catalog = server.tenant(call.request)?.catalog();
    if catalog.folder(&name).is_some() {
        return Ok(Reply {
            status: StatusCode::OK,
            ..*errors::v1(StatusCode::OK, "PRODUCT_ALREADY_EXISTS")
        });
    }
    let mut folder = Folder::new(server.ids.next(), &name, server.now());
    let fields = [
        ("Description", &mut folder.description),
        ("Category", &mut folder.category),
        ("StartDate", &mut folder.start),
        ("LaunchDate", &mut folder.launch),
        ("Status", &mut folder.status),
    ];
    for (field, value) in fields {
        if let Some(text) = form.text(field) {
            *value = text;
        }
    }
    let encoded = utf8_percent_encode(&name, NON_ALPHANUMERIC);
    let url = format!("{}/api/v1/product/GetProduct/{encoded}", call.request.origin());
    let reply = v1(&json!({"folderId": folder.id, "get_product_url": url}));
    catalog.folders.push(folder);
    Ok(reply)
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand_bearer(call.request)?;
    let catalog = server.tenant(call.request)?.catalog();
    let folder = catalog.folder(call.param(0)).ok_or_else(missing)?;
    let mut detail = describe(&catalog, folder);
    detail["sections"] = json!([]);
    detail["calculationEngines"] = json!({
        "count": 0, "next": "False", "previous": null, "message": null, "data": [],
        "errorCode": null, "status": "Success",
    });
    Ok(v1(&detail))
}

pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand_bearer(call.request)?;
    let body = server::json(call)?;
    let catalog = server.tenant(call.request)?.catalog();
    let mut folders: Vec<&Folder> =
        catalog.folders.iter().filter(|folder| is_wanted(folder, &body["search"])).collect();
    match body["sort"].as_str().unwrap_or("-updated").trim_start_matches('-') {
        "productName" | "name" => folders.sort_by(|a, b| a.name.cmp(&b.name)),
        _ => folders.sort_by_key(|folder| folder.updated),
    }
    if body["sort"].as_str().is_none_or(|sort| sort.starts_with('-')) {
        folders.reverse();
    }
    let items: Vec<_> = folders.into_iter().map(|folder| describe(&catalog, folder)).collect();
    let size = server.world.page_size.map_or(100, |size| size as u64);
    Ok(Page::of(&body, "pageSize", Some(size)).v1(&items))
}

fn is_wanted(folder: &Folder, search: &Value) -> bool {
    fits(search, |field| match field {
        "name" => Some(Cow::Borrowed(folder.name.as_str())),
        "id" => Some(Cow::Borrowed(folder.id.as_str())),
        "status" => Some(Cow::Borrowed(folder.status.as_str())),
        "category" => Some(Cow::Borrowed(folder.category.as_str())),
        "isstarred" => Some(Cow::Borrowed("false")),
        _ => None,
    })
}

pub(super) fn update(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand_bearer(call.request)?;
    let body = server::json(call)?;
    let mut catalog = server.tenant(call.request)?.catalog();
    let folder = find(&mut catalog, call.param(0))?;
    let fields = [
        ("description", &mut folder.description),
        ("category", &mut folder.category),
        ("startDate", &mut folder.start),
        ("launchDate", &mut folder.launch),
        ("status", &mut folder.status),
    ];
    for (field, value) in fields {
        if let Some(text) = body[field].as_str() {
            text.clone_into(value);
        }
    }
    folder.updated = server.now();
    Ok(v1(&Value::Null))
}

/// Deletes the folder and all of its services.
pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand_bearer(call.request)?;
    let mut catalog = server.tenant(call.request)?.catalog();
    let name = find(&mut catalog, call.param(0))?.name.clone();
    catalog.folders.retain(|folder| folder.name != name);
    catalog.services.retain(|service| service.folder != name);
    Ok(v1(&Value::Null))
}

pub(super) fn cover<'a>(server: &'a Server, call: Call<'a>) -> Answer<'a> {
    Box::pin(async move { set_cover(server, call).await.unwrap_or_else(|error| *error) })
}

async fn set_cover(server: &Server, call: Call<'_>) -> Outcome {
    server.gate.demand_bearer(call.request)?;
    let form = Form::read(server, call.request, COVER_LIMIT).await?;
    let file_name = form.file("coverImage").map(|(name, _)| name.to_owned());
    let required = || errors::v1(StatusCode::BAD_REQUEST, "COVER_IMAGE_REQUIRED");
    let file_name = file_name.ok_or_else(required)?;
    let mut catalog = server.tenant(call.request)?.catalog();
    let folder = find(&mut catalog, &form.text("id").unwrap_or_default())?;
    folder.cover = Some(format!("{}/{file_name}", folder.id));
    Ok(v1(&Value::Null))
}

pub(super) fn exists(server: &Server, call: &Call<'_>) -> Outcome {
    let exists = server.tenant(call.request)?.catalog().folder(call.param(0)).is_some();
    Ok(v1(&exists.into()))
}

fn find<'c>(catalog: &'c mut Catalog, id: &str) -> Result<&'c mut Folder, Box<Reply>> {
    catalog.folders.iter_mut().find(|folder| folder.id == id).ok_or_else(missing)
}

pub(super) fn missing() -> Box<Reply> {
    errors::v1(StatusCode::NOT_FOUND, inferred::NO_FOLDER)
}

fn describe(catalog: &Catalog, folder: &Folder) -> Value {
    let count = catalog.services.iter().filter(|service| service.folder == folder.name).count();
    json!({
        "id": folder.id, "name": folder.name, "status": folder.status, "category": folder.category,
        "description": folder.description, "coverImagePath": folder.cover,
        "createdAt": stamp(folder.created), "createdBy": inferred::USER,
        "lastModifiedDate": stamp(folder.updated), "isStarred": false, "kanbanStatus": folder.status,
        "startDate": folder.start, "launchDate": folder.launch, "activeServiceCount": count,
        "totalServiceCount": count,
    })
}
