//! Every path that the platform answers. `public/` and last slashes are taken off before, and
//! `transform/` is written `transforms/`.

use hyper::Method;

use super::server::Server;
use super::{
    batch, categories, compile, documents, execute, export, folders, hybrid, import, keycloak,
    logs, platform, schema, services, transforms,
};
use crate::http::{Answer, Call, Handler, Outcome, Route};

type Now = fn(&Server, &Call<'_>) -> Outcome;
type Later = for<'a> fn(&'a Server, Call<'a>) -> Answer<'a>;

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

fn now(method: Method, pattern: &'static str, handler: Now) -> Route<Server> {
    Route { method, pattern, handler: Handler::Now(handler) }
}

fn later(method: Method, pattern: &'static str, handler: Later) -> Route<Server> {
    Route { method, pattern, handler: Handler::Later(handler) }
}

pub(super) fn all() -> Vec<Route<Server>> {
    let groups = [
        platform(),
        folders(),
        engines(),
        services(),
        execution(),
        batches(),
        transforms(),
        logs(),
        packages(),
        hybrid(),
    ];
    groups.into_iter().flatten().collect()
}

fn platform() -> Vec<Route<Server>> {
    vec![
        now(GET, "/health", platform::health),
        now(GET, "/api/v1/config/GetSparkConfiguration", platform::configuration),
        now(GET, "/api/v1/config/GetAllSparkConfiguration", platform::configuration),
        now(POST, "/auth/realms/{realm}/protocol/openid-connect/token", keycloak::token),
        now(GET, "/auth/realms/{realm}/protocol/openid-connect/certs", keycloak::certificates),
        now(GET, "/docstore/api/v1/documents/versions/tokens/{token}/{file}", documents::get),
    ]
}

fn folders() -> Vec<Route<Server>> {
    vec![
        later(POST, "/api/v1/product/create", folders::create),
        now(GET, "/api/v1/product/GetProduct/{folder}", folders::get),
        now(POST, "/api/v1/product/list", folders::list),
        now(POST, "/api/v1/product/update/{id}", folders::update),
        now(DELETE, "/api/v1/product/delete/{id}", folders::delete),
        later(POST, "/api/v1/product/uploadcoverimage", folders::cover),
        now(POST, "/api/v1/product/isproductexists/{folder}", folders::exists),
        now(GET, "/api/v1/lookup/getcategories", categories::list),
        now(POST, "/api/v1/lookup/savecategory", categories::save),
        now(DELETE, "/api/v1/lookup/deletecategory/{key}", categories::delete),
    ]
}

/// Services by API v1, which calls them engines.
fn engines() -> Vec<Route<Server>> {
    vec![
        now(POST, "/api/v1/product/{folder}/engines", services::of_folder),
        now(GET, "/api/v1/product/{folder}/engines/get/{service}", schema::by_name),
        now(
            GET,
            "/api/v1/product/{folder}/engines/getbyversionid/{service}/{version}",
            schema::by_version,
        ),
        now(GET, "/api/v1/product/{folder}/engines/getversions/{service}", services::versions),
        now(DELETE, "/api/v1/product/{folder}/engines/delete/{service}", compile::delete),
        now(GET, "/api/v1/product/{folder}/engines/{service}/download", services::download),
        now(
            GET,
            "/api/v1/product/{folder}/engines/{service}/download/{version}",
            services::download,
        ),
        now(POST, "/api/v1/product/{folder}/engines/{service}/logs", logs::list),
    ]
}

fn services() -> Vec<Route<Server>> {
    vec![
        later(POST, "/{tenant}/api/v3/folders/{folder}/services/{service}/upload", compile::upload),
        now(
            GET,
            "/{tenant}/api/v3/folders/{folder}/services/{service}/getcompilationprogess/{job}",
            compile::progress,
        ),
        now(POST, "/{tenant}/api/v3/folders/{folder}/services/{service}/publish", compile::publish),
        now(
            POST,
            "/{tenant}/api/v3/folders/{folder}/services/{service}/recompileNodgen",
            compile::recompile,
        ),
        now(GET, "/{tenant}/api/v3/folders/{folder}/services/{service}/exists", services::exists),
        now(POST, "/{tenant}/api/v3/services/search", services::search),
        now(
            GET,
            "/{tenant}/api/v3/folders/{folder}/services/{service}/downloadswagger/{part}/{file}",
            schema::swagger,
        ),
        now(
            GET,
            "/{tenant}/api/v3/folders/{folder}/services/{service}/downloadswagger/{part}/{file}/{version}",
            schema::swagger,
        ),
        now(
            POST,
            "/{tenant}/api/v3/GetEngineDetailByVersionId/versionid/{version}",
            schema::by_version_v3,
        ),
        now(GET, "/{tenant}/api/v3/folders/{folder}/services/{service}/metadata", schema::metadata),
        now(GET, "/{tenant}/api/v3/service/{id}/metadata", schema::metadata),
        now(GET, "/{tenant}/api/v3/version/{id}/metadata", schema::metadata),
        now(GET, "/{tenant}/api/v3/nodegen/getnodegenzipbyId/{service..}", services::module),
    ]
}

fn execution() -> Vec<Route<Server>> {
    vec![
        now(POST, "/{tenant}/api/v3/folders/{folder}/services/{service}/execute", execute::by_path),
        now(POST, "/{tenant}/api/v3/service/{id}", execute::by_path),
        now(POST, "/{tenant}/api/v3/version/{id}", execute::by_path),
        now(POST, "/{tenant}/api/v3/proxy/{path..}", execute::by_proxy),
        now(POST, "/{tenant}/api/v3/execute", execute::by_body),
        now(POST, "/{tenant}/api/v3", execute::bare),
        now(POST, "/{tenant}/api/v4/execute", execute::list),
        now(
            POST,
            "/{tenant}/api/v3/folders/{folder}/services/{service}/validation",
            schema::validation,
        ),
        now(POST, "/{tenant}/api/v3/service/{id}/validation", schema::validation),
        now(POST, "/{tenant}/api/v3/version/{id}/validation", schema::validation),
    ]
}

fn batches() -> Vec<Route<Server>> {
    vec![
        now(GET, "/{tenant}/api/v4/batch/status", batch::describe),
        now(POST, "/{tenant}/api/v4/batch", batch::create),
        now(GET, "/{tenant}/api/v4/batch/{batch}", batch::details),
        now(PATCH, "/{tenant}/api/v4/batch/{batch}", batch::change),
        now(GET, "/{tenant}/api/v4/batch/{batch}/status", batch::status),
        later(POST, "/{tenant}/api/v4/batch/{batch}/chunks", batch::push),
        now(GET, "/{tenant}/api/v4/batch/{batch}/chunkresults", batch::pull),
    ]
}

/// Paths with words come first: they look like those with names.
fn transforms() -> Vec<Route<Server>> {
    vec![
        now(POST, "/{tenant}/api/v4/transforms/validation", transforms::validate),
        now(POST, "/{tenant}/api/v4/transforms/list/{folder}", transforms::list),
        now(POST, "/{tenant}/api/v4/transforms/{folder}/{transform}/run", transforms::run),
        now(
            POST,
            "/{tenant}/api/v4/transforms/{transform}/for/folders/{folder}/services/{service}",
            transforms::apply,
        ),
        now(
            POST,
            "/{tenant}/api/v4/transforms/{from}/{transform}/for/{folder}/{service}",
            transforms::apply_from_folder,
        ),
        later(POST, "/{tenant}/api/v4/transforms/{folder}", transforms::upload),
        now(POST, "/{tenant}/api/v4/transforms/{folder}/{transform}", transforms::save),
        now(GET, "/{tenant}/api/v4/transforms/{folder}/{transform}", transforms::get),
        now(DELETE, "/{tenant}/api/v4/transforms/{folder}/{transform}", transforms::delete),
    ]
}

fn logs() -> Vec<Route<Server>> {
    vec![
        now(GET, "/{tenant}/api/v3/log/getexecutionhistorybycallid/{call}", logs::get),
        now(
            POST,
            "/{tenant}/api/v3/folders/{folder}/services/{service}/download/xml/{call}",
            logs::rehydrate,
        ),
        now(
            POST,
            "/{tenant}/api/v3/folders/{folder}/services/{service}/download/{call}",
            logs::rehydrate,
        ),
        now(
            GET,
            "/{tenant}/api/v3/folders/{folder}/services/{service}/download/{call}",
            logs::rehydrate,
        ),
        now(
            POST,
            "/{tenant}/api/v3/folders/{folder}/services/{service}/log/downloadjson",
            logs::start_json,
        ),
        now(
            POST,
            "/{tenant}/api/v3/folders/{folder}/services/{service}/log/downloadcsv",
            logs::start_csv,
        ),
        now(
            GET,
            "/{tenant}/api/v3/folders/{folder}/services/{service}/log/downloadjson/status/{job}",
            logs::status,
        ),
        now(
            GET,
            "/{tenant}/api/v3/folders/{folder}/services/{service}/log/downloadcsv/status/{job}",
            logs::status,
        ),
    ]
}

fn packages() -> Vec<Route<Server>> {
    vec![
        now(GET, "/{tenant}/api/v4/export/status", export::overview),
        now(POST, "/{tenant}/api/v4/export", export::start),
        now(PATCH, "/{tenant}/api/v4/export/{job}", export::cancel),
        now(GET, "/{tenant}/api/v4/export/{job}/status", export::status),
        now(GET, "/{tenant}/api/v4/import/status", import::overview),
        later(POST, "/{tenant}/api/v4/import", import::start),
        now(GET, "/{tenant}/api/v4/import/{job}/status", import::status),
    ]
}

/// A Hybrid Runner answers executions as the platform does.
fn hybrid() -> Vec<Route<Server>> {
    vec![
        now(GET, "/healthcheck", hybrid::health),
        now(GET, "/version", hybrid::version),
        now(GET, "/status", hybrid::status),
        later(POST, "/api/v3/upload", hybrid::upload),
        now(POST, "/{tenant}/api/v3/validation", schema::validation_of_body),
        now(POST, "/{tenant}/api/v3/metadata", schema::metadata_of_body),
    ]
}
