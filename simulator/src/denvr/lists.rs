//! What can be chosen from, as the platform lists it.

use serde_json::{Value, json};

use super::capacity;
use super::catalog::{HARDWARE, Hardware, IMAGES, ITEMS, Item};
use super::envelope;
use super::fields::Fields;
use super::server::Server;
use crate::http::{Call, Outcome};

/// The one list without `items`.
pub(super) fn clusters(server: &Server, _: &Call<'_>) -> Outcome {
    Ok(envelope::ok(&json!(server.options.clusters)))
}

pub(super) fn images(_: &Server, _: &Call<'_>) -> Outcome {
    let describe = |(id, (name, distribution, version)): (i32, &(&str, &str, &str))| json!({"id": id, "name": name, "distribution": distribution, "version": version});
    Ok(envelope::items((1..).zip(&IMAGES).map(describe).collect()))
}

pub(super) fn configurations(server: &Server, _: &Call<'_>) -> Outcome {
    let clusters = &server.options.clusters;
    Ok(envelope::items(HARDWARE.iter().map(|h| h.configuration(clusters)).collect()))
}

pub(super) fn hardware_packages(server: &Server, _: &Call<'_>) -> Outcome {
    let clusters = Some(server.options.clusters.as_slice());
    Ok(envelope::items(HARDWARE.iter().map(|h| h.hardware_package(clusters)).collect()))
}

pub(super) fn catalog_items(_: &Server, _: &Call<'_>) -> Outcome {
    Ok(envelope::items(ITEMS.iter().map(Item::describe).collect()))
}

pub(super) fn server_availability(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_query(call.request);
    let (cluster, pool) = (fields.text("cluster"), fields.maybe_text("resourcePool"));
    let count = fields.maybe_flag("reportNodes").unwrap_or(true);
    fields.check(server)?;
    server.demand_cluster(&cluster)?;
    let place = (cluster.as_str(), pool.as_deref());
    let name = |hardware: &Hardware| hardware.name;
    let mut items = capacity::describe(server, place, name, count);
    for item in &mut items {
        let hardware = item["configuration"].as_str().and_then(Hardware::named);
        item["type"] = hardware.map_or(Value::Null, |hardware| hardware.gpu_type.into());
    }
    Ok(envelope::items(items))
}

pub(super) fn application_availability(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_query(call.request);
    let (cluster, pool) = (fields.text("cluster"), fields.text("resourcePool"));
    fields.check(server)?;
    server.demand_cluster(&cluster)?;
    let place = (cluster.as_str(), Some(pool.as_str()));
    let name = |hardware: &Hardware| hardware.package;
    let items = capacity::describe(server, place, name, true);
    Ok(envelope::items(items))
}
