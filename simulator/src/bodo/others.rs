//! What only clients other than the official one ask: the notebook server of the workspace.

use hyper::StatusCode;
use serde_json::json;

use super::auth::WORKSPACE;
use super::catalogs::Catalog;
use super::fields::Fields;
use super::server::Server;
use super::{clusters as cluster_list, errors, inferred, workspaces};
use crate::http::{Call, Outcome, Reply};

/// All clusters at once; `clusterSource=user` leaves out those of single job runs.
pub(super) fn clusters(server: &Server, call: &Call<'_>) -> Outcome {
    let by_users = call.request.query("clusterSource").as_deref() == Some("user");
    let state = server.state();
    let shown = state.clusters.values().filter(|cluster| {
        cluster.status() != "TERMINATED" && !(by_users && cluster.is_dedicated())
    });
    Ok(Reply::ok(&shown.map(|cluster| cluster.to_json(&state)).collect()))
}

/// How a notebook reaches a cluster that runs.
pub(super) fn connection_info(server: &Server, call: &Call<'_>) -> Outcome {
    let state = server.state();
    let cluster = cluster_list::find(&state, call.param(0))?;
    let addresses = cluster.addresses();
    match addresses.first() {
        Some(address) => Ok(Reply::ok(&inferred::connection_info(address, &addresses))),
        None => Err(errors::conflict(format!("Cluster {} is {}", call.param(0), cluster.status()))),
    }
}

pub(super) fn catalogs(server: &Server, _: &Call<'_>) -> Outcome {
    let state = server.state();
    let shown = state.catalogs.values().map(|catalog| {
        let mut shown = Catalog::to_json(catalog);
        shown.as_object_mut().map(|members| members.remove("data"));
        shown
    });
    Ok(Reply::ok(&shown.collect()))
}

/// Somebody uses the notebooks of the workspace.
pub(super) fn jupyter_activity(server: &Server, call: &Call<'_>) -> Outcome {
    if call.param(0) != WORKSPACE {
        return Err(errors::problem(StatusCode::FORBIDDEN, inferred::OTHER_WORKSPACE));
    }
    let mut state = server.state();
    let workspace = workspaces::find(server, &mut state, WORKSPACE)?;
    (workspace.jupyter_active, workspace.jupyter_activity) = (true, Some(server.now()));
    Ok(Reply::ok(&json!({"uuid": WORKSPACE})))
}

/// Somebody uses a cluster, which is not idle then. The time is that of the platform.
pub(super) fn cluster_activity(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    fields.text("lastKnownActivity");
    fields.check()?;
    let (id, mut state) = (call.param(0), server.state());
    cluster_list::touch(server, &mut state, id)?;
    cluster_list::reply(&state, id)
}
