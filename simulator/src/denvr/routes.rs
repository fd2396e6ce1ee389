//! Every path that the platform answers.

use hyper::Method;

use super::options::Denvr;
use super::server::Server;
use super::{applications, lists, login, metal, snapshots, virtual_servers, vpcs};
use crate::http::{Call, Handler, Outcome, Route};

type Now = fn(&Server, &Call<'_>) -> Outcome;
type Line = (Method, &'static str, Now);

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const DELETE: Method = Method::DELETE;

/// Whether the path wants no credential, or looks at it by itself.
pub(super) fn is_open(path: &str) -> bool {
    path.to_ascii_lowercase().starts_with("/api/tokenauth/")
}

pub(super) fn all(options: &Denvr) -> Vec<Route<Server>> {
    let mut lines: Vec<Line> = [general(), servers(), apps(), metal(), vpcs(), snapshots()]
        .into_iter()
        .flatten()
        .collect();
    if options.refresh_by_get {
        lines.push((GET, "/api/TokenAuth/RefreshToken", login::refresh));
    }
    if options.withdrawn_paths {
        lines.extend(withdrawn());
    }
    let route =
        |(method, pattern, handler)| Route { method, pattern, handler: Handler::Now(handler) };
    lines.into_iter().map(route).collect()
}

fn general() -> Vec<Line> {
    vec![
        (POST, "/api/TokenAuth/Authenticate", login::authenticate),
        (POST, "/api/TokenAuth/RefreshToken", login::refresh),
        (GET, "/api/TokenAuth/LogOut", login::log_out),
        (GET, "/api/v1/clusters/GetAll", lists::clusters),
        (GET, "/api/v1/servers/images/GetOperatingSystemImages", lists::images),
    ]
}

fn servers() -> Vec<Line> {
    use virtual_servers::{boot_logs, create, destroy, get, list, start, stop};
    vec![
        (GET, "/api/v1/servers/virtual/GetServers", list),
        (GET, "/api/v1/servers/virtual/GetServer", get),
        (POST, "/api/v1/servers/virtual/CreateServer", create),
        (POST, "/api/v1/servers/virtual/StartServer", start),
        (POST, "/api/v1/servers/virtual/StopServer", stop),
        (DELETE, "/api/v1/servers/virtual/DestroyServer", destroy),
        (GET, "/api/v1/servers/virtual/GetConfigurations", lists::configurations),
        (GET, "/api/v1/servers/virtual/GetAvailability", lists::server_availability),
        (GET, "/api/v1/servers/virtual/GetVirtualMachineBootLogs", boot_logs),
    ]
}

fn apps() -> Vec<Line> {
    use applications::{create_catalog, create_custom, destroy, details, list, logs, start, stop};
    use lists::{application_availability, catalog_items, hardware_packages};
    vec![
        (GET, "/api/v1/servers/applications/GetApplications", list),
        (GET, "/api/v1/servers/applications/GetApplicationDetails", details),
        (GET, "/api/v1/servers/applications/GetApplicationRuntimeLogs", logs),
        (GET, "/api/v1/servers/applications/GetConfigurations", hardware_packages),
        (GET, "/api/v1/servers/applications/GetAvailability", application_availability),
        (GET, "/api/v1/servers/applications/GetApplicationCatalogItems", catalog_items),
        (POST, "/api/v1/servers/applications/CreateCatalogApplication", create_catalog),
        (POST, "/api/v1/servers/applications/CreateCustomApplication", create_custom),
        (POST, "/api/v1/servers/applications/StartApplication", start),
        (POST, "/api/v1/servers/applications/StopApplication", stop),
        (DELETE, "/api/v1/servers/applications/DestroyApplication", destroy),
    ]
}

fn metal() -> Vec<Line> {
    vec![
        (GET, "/api/v1/servers/metal/GetHosts", metal::list),
        (GET, "/api/v1/servers/metal/GetHost", metal::get),
        (POST, "/api/v1/servers/metal/RebootHost", metal::reboot),
        (POST, "/api/v1/servers/metal/ReprovisionHost", metal::reprovision),
    ]
}

fn vpcs() -> Vec<Line> {
    vec![
        (GET, "/api/v1/vpcs/GetVpcs", vpcs::list),
        (GET, "/api/v1/vpcs/GetVpc", vpcs::get),
        (POST, "/api/v1/vpcs/CreateVpc", vpcs::create),
        (DELETE, "/api/v1/vpcs/DestroyVpc", vpcs::destroy),
    ]
}

fn snapshots() -> Vec<Line> {
    vec![
        (GET, "/api/v1/servers/snapshots/GetSnapshots", snapshots::list),
        (GET, "/api/v1/servers/snapshots/GetSnapshot", snapshots::get),
        (POST, "/api/v1/servers/snapshots/CreateSnapshot", snapshots::create),
        (DELETE, "/api/v1/servers/snapshots/DeleteSnapshot", snapshots::delete),
    ]
}

fn withdrawn() -> Vec<Line> {
    use applications::create_catalog;
    vec![
        (POST, "/api/v1/servers/applications/CreateApplication", create_catalog),
        (POST, "/api/v1/servers/metal/AddHostVpc", metal::add_vpc),
        (POST, "/api/v1/servers/metal/RemoveHostVpc", metal::remove_vpc),
    ]
}
