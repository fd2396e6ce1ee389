//! The cluster's description, events and the manifests of application services.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::super::inferred;
use super::super::server::Server;
use super::document::{attributes, document, resource};
use super::jobs;
use crate::http::{Call, Outcome};

const MANIFEST: &str = "app_services_manifest";

pub(super) fn update_cluster(server: &Server, call: &Call<'_>) -> Outcome {
    let changes = attributes(call, "cluster_info")?;
    let mut records = server.control.records();
    let cluster = records.clusters.entry(call.param(0).to_owned()).or_default();
    cluster.extend(changes);
    let data = resource("cluster_info", &call.param(0).into(), cluster);
    Ok(document(StatusCode::OK, &data))
}

/// Nothing reads events back, so they are only told apart.
pub(super) fn create_event(server: &Server, call: &Call<'_>) -> Outcome {
    let attributes = attributes(call, "event")?;
    let id = Value::from(server.control.records().issue());
    Ok(document(inferred::CREATED, &resource("event", &id, &attributes)))
}

pub(super) fn manifests(server: &Server, _: &Call<'_>) -> Outcome {
    let records = server.control.records();
    let manifest = resource(MANIFEST, &json!(inferred::MANIFEST), &records.manifest);
    Ok(document(StatusCode::OK, &json!([manifest])))
}

/// The change shows at once; the job that carries it out takes its time.
pub(super) fn update_manifests(server: &Server, call: &Call<'_>) -> Outcome {
    let changes = attributes(call, MANIFEST)?;
    server.control.records().manifest.extend(changes);
    Ok(jobs::start(server, "app_services_manifest_update", json!({})))
}
