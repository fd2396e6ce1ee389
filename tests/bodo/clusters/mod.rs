//! Clusters: what is there, what is made, and what they can be told.

mod bad_input;
mod commands;
mod create;
mod delete;
mod list;
mod update;
mod waits;

use longhaul_simulator::Handle;

/// Where clusters are created.
const CLUSTERS: &str = "/api/v1/clusters";
/// Where they are listed.
const LIST: &str = "/api/v2/clusters";

/// The id of a cluster that the simulator has from the beginning.
fn id(handle: &Handle, name: &str) -> String {
    handle.id_of(name).expect("a cluster of this name")
}

/// The path of a cluster.
fn at(handle: &Handle, name: &str) -> String {
    format!("{CLUSTERS}/{}", id(handle, name))
}
