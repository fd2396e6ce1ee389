//! What a workspace offers: instance types, images, uploads; and what clients are supported.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::auth::WORKSPACE;
use super::errors;
use super::inferred;
use super::links::sign;
use super::server::Server;
use super::storage::workspace_key;
use crate::http::{Call, Outcome, Reply};

/// An instance type.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) name: &'static str,
    group: &'static str,
    vcpus: u32,
    pub(super) cores: u32,
    /// GiB.
    memory: u32,
    pub(super) accelerated: bool,
    /// Dollars an hour.
    pub(super) price: f64,
}

const fn instance(
    (group, name): (&'static str, &'static str),
    cores: u32,
    memory: u32,
    accelerated: bool,
    price: f64,
) -> Instance {
    Instance { name, group, vcpus: 2 * cores, cores, memory, accelerated, price }
}

const C5: &str = "Compute Optimized";
const R5: &str = "Memory Optimized";

static INSTANCES: [Instance; 8] = [
    instance((C5, "c5.large"), 1, 4, false, 0.085),
    instance((C5, "c5.xlarge"), 2, 8, false, 0.17),
    instance((C5, "c5.2xlarge"), 4, 16, false, 0.34),
    instance((C5, "c5.4xlarge"), 8, 32, false, 0.68),
    instance((C5, "c5.16xlarge"), 32, 128, false, 2.72),
    instance((C5, "c5n.18xlarge"), 36, 192, true, 3.888),
    instance((R5, "r5.large"), 1, 16, false, 0.126),
    instance((R5, "r5n.24xlarge"), 48, 768, true, 7.152),
];

pub(super) fn instance_named(name: &str) -> Option<&'static Instance> {
    INSTANCES.iter().find(|instance| instance.name == name)
}

/// The versions of Bodo, newest first.
pub(super) fn versions() -> impl Iterator<Item = &'static str> {
    inferred::VERSIONS.into_iter()
}

pub(super) fn latest() -> &'static str {
    inferred::VERSIONS[0]
}

/// The image that brings a version.
pub(super) fn image(version: &str) -> Option<String> {
    versions().position(|known| known == version).map(inferred::image_of)
}

fn demand_own(call: &Call<'_>) -> Result<(), Box<Reply>> {
    match call.param(0) == WORKSPACE {
        true => Ok(()),
        false => Err(errors::problem(StatusCode::FORBIDDEN, inferred::OTHER_WORKSPACE)),
    }
}

pub(super) fn instances(_: &Server, call: &Call<'_>) -> Outcome {
    demand_own(call)?;
    let describe = |instance: &Instance| {
        json!({"value": instance.name, "label": {
            "name": instance.name, "vcpus": instance.vcpus, "cores": instance.cores,
            "memory": instance.memory, "acceleratedNetworking": instance.accelerated,
        }})
    };
    let group = |name: &str| {
        let options = INSTANCES.iter().filter(|instance| instance.group == name).map(describe);
        json!({"label": name, "options": options.collect::<Vec<_>>()})
    };
    Ok(Reply::ok(&[C5, R5].map(group).to_vec().into()))
}

pub(super) fn images(_: &Server, call: &Call<'_>) -> Outcome {
    demand_own(call)?;
    let describe = |(number, version): (usize, &str)| {
        let id = inferred::image_of(number);
        json!({"value": id, "label": {"imageId": id, "bodo_version": version}})
    };
    let options: Vec<Value> = versions().enumerate().map(describe).collect();
    Ok(Reply::ok(&json!([{"label": "Bodo", "options": options}])))
}

/// The link as plain text, without quotes.
pub(super) fn upload_url(server: &Server, call: &Call<'_>) -> Outcome {
    demand_own(call)?;
    let key = call.request.query("objectKey").filter(|key| !key.is_empty());
    let key = key.ok_or_else(|| errors::bad_request("objectKey should not be empty"))?;
    let link = sign(server, call.request, &Method::PUT, &workspace_key(&key));
    Ok(Reply::text(StatusCode::OK, "text/plain; charset=utf-8", link))
}

pub(super) fn sdk_version(server: &Server, call: &Call<'_>) -> Outcome {
    let version = call.param(0);
    let end = server.options.deprecations.iter().rev().find(|(known, _)| known == version);
    let notes = end.map(|(_, day)| inferred::deprecation_notes(day));
    Ok(Reply::ok(&json!({
        "sdkVersion": version, "isDeprecated": end.is_some(),
        "endOfSupport": end.map(|(_, day)| day), "notes": notes,
    })))
}
