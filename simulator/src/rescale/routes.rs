//! Every path that the platform answers.

use hyper::Method;

use super::server::Server;
use super::{
    account, catalogue, clusters, devices, fields, files, folders, jobs, lifecycle, live, runs,
    tags, trash, upload,
};
use crate::http::{Answer, Call, Handler, Outcome, Route};

type Now = fn(&Server, &Call<'_>) -> Outcome;
type Later = for<'a> fn(&'a Server, Call<'a>) -> Answer<'a>;

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

fn now(method: Method, pattern: &'static str, handler: Now) -> Route<Server> {
    Route { method, pattern, handler: Handler::Now(handler) }
}

fn later(method: Method, pattern: &'static str, handler: Later) -> Route<Server> {
    Route { method, pattern, handler: Handler::Later(handler) }
}

pub(super) fn all() -> Vec<Route<Server>> {
    [workspace(), jobs(), runs(), files(), folders(), devices()].into_iter().flatten().collect()
}

fn workspace() -> Vec<Route<Server>> {
    vec![
        now(GET, "/api/v2/", account::root),
        now(GET, "/api/v2/users/me/", account::me_v2),
        now(GET, "/api/v3/users/me/", account::me_v3),
        now(GET, "/api/v2/users/me/projects/", account::projects),
        now(POST, "/api/v3/credentials/", account::credentials),
        now(POST, "/api/v2/organizations/{org}/jobs/{job}/project-assignment/", fields::assign),
        now(
            GET,
            "/api/v2/organizations/{org}/workspaces/{workspace}/custom-fields/",
            fields::of_workspace,
        ),
        now(GET, "/api/v2/organizations/{org}/workspaces/{workspace}/billing/", fields::billing),
        now(GET, "/api/v2/coretypes/", catalogue::core_types),
        now(GET, "/api/v3/coretypes/", catalogue::core_types),
        now(GET, "/api/v2/analyses/", catalogue::analyses),
        now(GET, "/api/v3/analyses/", catalogue::analyses),
        now(GET, "/api/v2/billing/computeprices/", catalogue::prices),
        now(GET, "/api/v3/billing/computeprices/", catalogue::prices),
        now(GET, "/api/v3/automations/", catalogue::automations),
        now(GET, "/api/v2/remote-viz-config/", catalogue::remote_desktops),
    ]
}

fn jobs() -> Vec<Route<Server>> {
    vec![
        now(GET, "/api/v2/jobs/", jobs::list),
        now(GET, "/api/v3/jobs/", jobs::list),
        now(POST, "/api/v2/jobs/", jobs::create),
        now(POST, "/api/v3/jobs/", jobs::create),
        now(GET, "/api/v2/jobs/{job}/", jobs::get),
        now(GET, "/api/v3/jobs/{job}/", jobs::get),
        now(PATCH, "/api/v2/jobs/{job}/", jobs::patch),
        now(PUT, "/api/v2/jobs/{job}/", jobs::put),
        now(DELETE, "/api/v2/jobs/{job}/", jobs::delete),
        now(DELETE, "/api/v3/jobs/{job}/", jobs::delete),
        now(POST, "/api/v2/jobs/{job}/submit/", lifecycle::submit),
        now(POST, "/api/v3/jobs/{job}/submit/", lifecycle::submit),
        now(POST, "/api/v2/jobs/{job}/stop/", lifecycle::stop),
        now(POST, "/api/v3/jobs/{job}/stop/", lifecycle::stop),
        now(POST, "/api/v2/jobs/{job}/force_stop/", lifecycle::force_stop),
        now(GET, "/api/v2/jobs/{job}/statuses/", lifecycle::statuses),
        now(GET, "/api/v3/jobs/{job}/statuses/", lifecycle::statuses),
        now(GET, "/api/v2/jobs/{job}/cluster_statuses/", lifecycle::cluster_statuses),
        now(POST, "/api/v2/jobs/{job}/share/", fields::share),
        now(POST, "/api/v3/jobs/{job}/share/", fields::share),
        now(GET, "/api/v2/jobs/{job}/custom-fields/", fields::get),
        now(GET, "/api/v3/jobs/{job}/custom-fields/", fields::get),
        now(POST, "/api/v2/jobs/{job}/custom-fields/", fields::set),
        now(GET, "/api/v3/jobs/{job}/tags/", tags::job_list),
        now(POST, "/api/v3/jobs/{job}/tags/", tags::job_add),
        now(DELETE, "/api/v3/jobs/{job}/tags/", tags::job_remove),
        now(POST, "/api/v2/jobs/{job}/storage-devices/", devices::attach),
        now(GET, "/api/v2/jobs/{job}/instances/", clusters::instances),
        now(GET, "/api/v2/jobs/{job}/connection_details/", clusters::connection_details),
        now(GET, "/api/v2/jobs/{job}/cluster-load-measurements/", clusters::load),
        now(
            POST,
            "/api/v2/clusters/{cluster}/remote_viz_hardware_settings/password/",
            clusters::password,
        ),
    ]
}

fn runs() -> Vec<Route<Server>> {
    vec![
        now(GET, "/api/v2/jobs/{job}/runs/", runs::list),
        now(GET, "/api/v2/jobs/{job}/runs/{run}/", runs::get),
        now(POST, "/api/v2/jobs/{job}/runs/{run}/stop/", runs::stop),
        now(POST, "/api/v2/jobs/{job}/runs/{run}/snapshot/", runs::snapshot),
        later(GET, "/api/v2/jobs/{job}/runs/{run}/files/", files::of_run),
        later(GET, "/api/v3/jobs/{job}/runs/{run}/files/", files::of_run),
        now(GET, "/api/v2/jobs/{job}/runs/{run}/directory-contents/", live::directory),
        now(GET, "/api/v2/jobs/{job}/runs/{run}/tail/{path..}", live::tail),
    ]
}

fn files() -> Vec<Route<Server>> {
    vec![
        later(GET, "/api/v2/files/", files::list),
        later(GET, "/api/v3/files/", files::list),
        later(POST, "/api/v2/files/contents/", upload::contents),
        later(PUT, "/api/v2/files/contents/", upload::contents),
        later(POST, "/api/v3/files/contents/", upload::contents),
        later(PUT, "/api/v3/files/contents/", upload::contents),
        later(POST, "/api/v3/files/", upload::register),
        later(GET, "/api/v2/files/{file}/", files::get),
        later(GET, "/api/v3/files/{file}/", files::get),
        later(PATCH, "/api/v2/files/{file}/", files::patch),
        later(PATCH, "/api/v3/files/{file}/", files::patch),
        now(DELETE, "/api/v2/files/{file}/", files::delete),
        now(DELETE, "/api/v3/files/{file}/", files::delete),
        now(GET, "/api/v2/files/{file}/contents/", files::contents),
        now(GET, "/api/v3/files/{file}/contents/", files::contents),
        now(GET, "/api/v2/files/{file}/lines/", files::lines),
        later(GET, "/api/v2/jobs/{job}/files/", files::of_job),
        later(GET, "/api/v3/jobs/{job}/files/", files::of_job),
        now(GET, "/api/v3/files/{file}/tags/", tags::file_list),
        now(POST, "/api/v3/files/{file}/tags/", tags::file_add),
        now(DELETE, "/api/v3/files/{file}/tags/", tags::file_remove),
    ]
}

fn folders() -> Vec<Route<Server>> {
    vec![
        now(GET, "/api/v3/users/me/folders/", folders::roots),
        now(POST, "/api/v3/folders/{folder}/", folders::create),
        now(DELETE, "/api/v3/folders/{folder}/", folders::delete),
        later(GET, "/api/v3/folders/{folder}/contents/", folders::contents),
        now(POST, "/api/v3/folders/{folder}/contents/archive/", trash::archive),
        later(GET, "/api/v3/users/me/folders/trash-bin/", trash::list),
        now(POST, "/api/v3/users/me/folders/trash-bin/recover/", trash::recover),
        now(POST, "/api/v3/users/me/folders/trash-bin/delete/", trash::delete),
    ]
}

fn devices() -> Vec<Route<Server>> {
    vec![
        now(GET, "/api/v2/storage-devices/", devices::list),
        now(POST, "/api/v2/storage-devices/", devices::create),
        now(GET, "/api/v2/storage-devices/available-regions/", devices::regions),
        now(GET, "/api/v2/storage-devices/{device}/", devices::get),
        now(POST, "/api/v2/storage-devices/{device}/submit/", devices::submit),
        now(GET, "/api/v2/storage-devices/{device}/statuses/", devices::statuses),
        now(GET, "/api/v2/storage-devices/{device}/file-downloads/", devices::downloads),
    ]
}
