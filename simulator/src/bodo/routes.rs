//! Every path that the platform answers, and whose keys open it.

use hyper::Method;

use super::server::Server;
use super::{
    auth, billing, catalogs, cloud_configs, clusters, cron, jobs, offers, others, roles, secrets,
    storage, templates, users, workspaces,
};
use crate::http::{Call, Found, Handler, Outcome, Route, Router};

type Line = (Method, &'static str, fn(&Server, &Call<'_>) -> Outcome);

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

/// Whose token a path wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    /// No token.
    Open,
    /// Any token.
    Anyone,
    Workspace,
    Organization,
}

/// The tables, one for each audience. The first that knows a path wins: literal paths that look
/// like an id are in earlier tables.
pub(super) struct Routes([(Audience, Router<Server>); 4]);

impl Routes {
    pub(super) fn new() -> Self {
        let workspace =
            [clusters(), jobs(), plans(), catalogs(), secrets(), roles(), own(), legacy()];
        Self([
            (Audience::Open, open()),
            (Audience::Anyone, table(anyone())),
            (Audience::Workspace, table(workspace.into_iter().flatten().collect())),
            (Audience::Organization, table(organization())),
        ])
    }

    pub(super) fn find(&self, method: &Method, path: &str) -> (Audience, Found<'_, Server>) {
        let mut looked_up =
            self.0.iter().map(|(audience, router)| (*audience, router.find(method, path)));
        let found = looked_up.find(|(_, found)| matches!(found, Found::Handler(..)));
        found.unwrap_or((Audience::Open, Found::Nothing))
    }
}

fn table(lines: Vec<Line>) -> Router<Server> {
    let route =
        |(method, pattern, handler)| Route { method, pattern, handler: Handler::Now(handler) };
    Router::new(lines.into_iter().map(route).collect())
}

fn open() -> Router<Server> {
    let now = |method, pattern, handler| Route { method, pattern, handler: Handler::Now(handler) };
    Router::new(vec![
        now(POST, "/identity/resources/auth/v2/api-token", auth::exchange),
        now(POST, "/identity/resources/auth/v1/api-token", auth::exchange_v1),
        now(GET, "/storage/{key..}", storage::get),
        Route { method: PUT, pattern: "/storage/{key..}", handler: Handler::Later(storage::put) },
    ])
}

fn anyone() -> Vec<Line> {
    vec![
        (GET, "/api/v1/sdk-versions/{version}", offers::sdk_version),
        (GET, "/api/v1/workspaces/{id}", workspaces::get),
        (GET, "/api/metering/pricing", billing::cluster_prices),
        (GET, "/api/metering/price-export", billing::cluster_export),
        (GET, "/api/v1/jobs/pricing", billing::job_prices),
        (GET, "/api/v1/jobs/price-export", billing::job_export),
    ]
}

fn organization() -> Vec<Line> {
    vec![
        (GET, "/api/v1/workspaces", workspaces::list),
        (POST, "/api/v1/workspaces", workspaces::create),
        (DELETE, "/api/v1/workspaces/{id}", workspaces::delete),
        (POST, "/api/v1/workspaces/{id}/users", users::assign),
        (POST, "/api/v1/workspaces/{id}/update-infrastructure", workspaces::update_infrastructure),
        (GET, "/api/v1/cloud-configs", cloud_configs::list),
        (POST, "/api/v1/cloud-configs", cloud_configs::create),
        (GET, "/api/v1/cloud-configs/{id}", cloud_configs::get),
        (PUT, "/api/v1/cloud-configs/{id}", cloud_configs::update),
        (DELETE, "/api/v1/cloud-configs/{id}", cloud_configs::delete),
    ]
}

fn clusters() -> Vec<Line> {
    vec![
        (GET, "/api/v2/clusters", clusters::list),
        (POST, "/api/v1/clusters", clusters::create),
        (GET, "/api/v1/clusters/{id}", clusters::get),
        (PATCH, "/api/v1/clusters/{id}", clusters::modify),
        (DELETE, "/api/v1/clusters/{id}", clusters::delete),
        (PUT, "/api/v1/clusters/{id}/pause", clusters::pause),
        (PUT, "/api/v1/clusters/{id}/resume", clusters::resume),
        (POST, "/api/v1/clusters/{id}/stop", clusters::stop),
        (POST, "/api/v1/clusters/{id}/restart", clusters::restart),
    ]
}

fn jobs() -> Vec<Line> {
    vec![
        (GET, "/api/v1/jobs", jobs::list),
        (POST, "/api/v1/jobs", jobs::create),
        (GET, "/api/v1/jobs/{id}", jobs::get),
        (DELETE, "/api/v1/jobs/{id}", jobs::cancel),
        (GET, "/api/v1/jobs/{id}/logs", jobs::logs),
        (GET, "/api/v1/jobs/{id}/result", jobs::result),
    ]
}

/// Job templates and cron jobs.
fn plans() -> Vec<Line> {
    vec![
        (GET, "/api/v1/job-templates", templates::list),
        (POST, "/api/v1/job-templates", templates::create),
        (GET, "/api/v1/job-templates/{id}", templates::get),
        (PATCH, "/api/v1/job-templates/{id}", templates::update),
        (DELETE, "/api/v1/job-templates/{id}", templates::delete),
        (GET, "/api/v1/cron-jobs", cron::list),
        (POST, "/api/v1/cron-jobs", cron::create),
        (GET, "/api/v1/cron-jobs/{id}", cron::get),
        (PUT, "/api/v1/cron-jobs/{id}", cron::switch),
        (DELETE, "/api/v1/cron-jobs/{id}", cron::delete),
        (POST, "/api/v1/cron-jobs/{id}/run", cron::run),
    ]
}

fn catalogs() -> Vec<Line> {
    vec![
        (GET, "/api/v1/catalogs", catalogs::list),
        (POST, "/api/v1/catalogs", catalogs::create),
        (DELETE, "/api/v1/catalogs", catalogs::delete_all),
        (GET, "/api/v1/catalogs/{id}", catalogs::get),
        (PUT, "/api/v1/catalogs/{id}", catalogs::update),
        (DELETE, "/api/v1/catalogs/{id}", catalogs::delete),
    ]
}

fn secrets() -> Vec<Line> {
    vec![
        (GET, "/api/secrets", secrets::list),
        (POST, "/api/secrets", secrets::create),
        (GET, "/api/secrets/secret-group/{group}", secrets::list_of_group),
        (GET, "/api/secrets/{id}", secrets::get),
        (PUT, "/api/secrets/{id}", secrets::update),
        (DELETE, "/api/secrets/{id}", secrets::delete),
        (GET, "/api/secret-group", secrets::groups::list),
        (POST, "/api/secret-group", secrets::groups::create),
        (PUT, "/api/secret-group/{name}", secrets::groups::update),
        (DELETE, "/api/secret-group/{name}", secrets::groups::delete),
    ]
}

fn roles() -> Vec<Line> {
    vec![
        (GET, "/api/v1/instance-roles", roles::list),
        (POST, "/api/v1/instance-roles", roles::create),
        (GET, "/api/v1/instance-roles/{id}", roles::get),
        (DELETE, "/api/v1/instance-roles/{id}", roles::delete),
    ]
}

/// What the token's own workspace offers.
fn own() -> Vec<Line> {
    vec![
        (GET, "/api/v1/workspaces/{id}/available-instances", offers::instances),
        (GET, "/api/v1/workspaces/{id}/available-images", offers::images),
        (GET, "/api/v1/workspaces/{id}/upload-pre-signed-url", offers::upload_url),
    ]
}

/// What only clients other than the official one ask.
fn legacy() -> Vec<Line> {
    vec![
        (GET, "/api/v1/clusters", others::clusters),
        (GET, "/api/v1/clusters/{id}/connection-info", others::connection_info),
        (GET, "/api/catalog", others::catalogs),
        (PATCH, "/api/workspaces/v1/{id}/jupyter-activity", others::jupyter_activity),
        (PATCH, "/api/clusters/v1/{id}", others::cluster_activity),
    ]
}
