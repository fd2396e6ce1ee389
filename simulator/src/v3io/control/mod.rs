//! The control plane: users, containers, keys and jobs, as JSON:API documents below `/api/`.

mod access_keys;
mod containers;
mod document;
mod jobs;
mod misc;
mod routes;
mod sessions;
mod state;
mod users;

use hyper::StatusCode;

use super::limits;
use super::server::Server;
use crate::http::{Call, Found, Handler, Outcome, Request};

pub(super) use document::failure;
pub(super) use state::Plane;

pub(super) fn is_control(path: &str) -> bool {
    path.starts_with("/api/")
}

/// Opening a session is the one request that brings its credentials along.
pub(super) async fn answer(server: &Server, request: &mut Request) -> Outcome {
    if request.path() != routes::SESSIONS && !sessions::admits(server, request) {
        return Err(failure(StatusCode::UNAUTHORIZED, "Not authenticated"));
    }
    match server.control.router.find(&request.method, request.path()) {
        Found::Handler(Handler::Now(handler), params) => {
            match request.body.collect(limits::ITEM_BODY).await {
                Some(body) => handler(server, &Call { request, params, body }),
                None => Err(failure(StatusCode::PAYLOAD_TOO_LARGE, "The request is too large")),
            }
        }
        Found::Handler(Handler::Later(handler), params) => {
            let body = bytes::Bytes::new();
            Ok(handler(server, Call { request, params, body }).await)
        }
        Found::WrongMethod => Err(failure(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")),
        Found::Nothing => Err(failure(StatusCode::NOT_FOUND, "There is no such path")),
    }
}
