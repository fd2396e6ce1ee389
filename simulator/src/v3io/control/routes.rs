//! The paths of the control plane.

use hyper::Method;

use super::super::server::Server;
use super::{access_keys, containers, jobs, misc, sessions, users};
use crate::http::{Call, Handler, Outcome, Route};

/// Where sessions are opened.
pub(super) const SESSIONS: &str = "/api/sessions";

type Now = fn(&Server, &Call<'_>) -> Outcome;

pub(super) fn all() -> Vec<Route<Server>> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let table: [(&Method, &'static str, Now); 18] = [
        (&post, SESSIONS, sessions::open),
        (&post, "/api/users", users::create),
        (&delete, "/api/users/{user}", users::delete),
        (&get, "/api/self", users::myself),
        (&post, "/api/self/get_or_create_access_key", access_keys::get_or_create),
        (&get, "/api/containers", containers::list),
        (&post, "/api/containers", containers::create),
        (&delete, "/api/containers/{container}", containers::delete),
        (&post, "/api/access_keys", access_keys::create),
        (&delete, "/api/access_keys/{key}", access_keys::delete),
        (&put, "/api/cluster_info/{cluster}", misc::update_cluster),
        (&post, "/api/manual_events", misc::create_event),
        (&get, "/api/app_services_manifests", misc::manifests),
        (&put, "/api/app_services_manifests", misc::update_manifests),
        (&put, "/api/app_services_manifests/{manifest}", misc::update_manifests),
        (&post, "/api/configurations/{kind}/reloads", jobs::reload),
        (&get, "/api/jobs", jobs::list),
        (&get, "/api/jobs/{job}", jobs::get),
    ];
    let route = |(method, pattern, handler): (&Method, &'static str, Now)| Route {
        method: method.clone(),
        pattern,
        handler: Handler::Now(handler),
    };
    table.into_iter().map(route).collect()
}
