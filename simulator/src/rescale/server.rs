//! The platform as a whole: credentials, limits, routes, and what handlers share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::StatusCode;
use hyper::header::LOCATION;
use serde_json::{Value, json};

use super::file::File;
use super::limits::Limits;
use super::options::Rescale;
use super::page::Page;
use super::state::State;
use super::{auth, files, inferred, routes};
use crate::clock::Moment;
use crate::content::{Content, Synthetic};
use crate::http::{Answer, Call, Found, Handler, Outcome, Reply, Request, Router};
use crate::server::{Backend, World};

/// Bodies of small calls may have this many bytes.
const BODY_LIMIT: usize = 16 << 20;

/// A simulated Rescale workspace.
pub(super) struct Server {
    pub(super) world: World,
    pub(super) options: Rescale,
    router: Router<Server>,
    limits: Limits,
    state: Mutex<State>,
}

impl Server {
    pub(super) fn new(options: Rescale, world: World) -> Self {
        let mut state = State::new();
        for (name, size) in &options.files {
            let content = Content::Synthetic(Synthetic::new(name, *size));
            let library = state.folders.library().to_owned();
            state
                .files
                .insert(|id| File::uploaded(id, name, 1, content, library, world.clock.now()));
        }
        let limits = Limits::new(options.limits.clone());
        Self {
            router: Router::new(routes::all()),
            limits,
            state: Mutex::new(state),
            world,
            options,
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Moment {
        self.world.clock.now()
    }

    /// The page that a request asks for.
    pub(super) fn page(&self, request: &Request) -> Result<Page, Box<Reply>> {
        let version3 = request.path().starts_with("/api/v3/");
        let size = self.world.page_size.unwrap_or(inferred::page_size(version3)).max(1);
        Page::of(request, size).ok_or_else(invalid_page)
    }

    /// One page of items that are at hand.
    pub(super) fn list(&self, request: &Request, items: &[Value]) -> Outcome {
        let write = |index: usize, body: &mut Vec<u8>| {
            body.extend_from_slice(items[index].to_string().as_bytes())
        };
        self.page(request)?.reply(request, items.len(), write).ok_or_else(invalid_page)
    }

    async fn route(&self, request: &mut Request) -> Reply {
        match self.router.find(&request.method, request.path()) {
            Found::Handler(Handler::Later(handler), params) => {
                handler(self, Call { request, params, body: bytes::Bytes::new() }).await
            }
            Found::Handler(Handler::Now(handler), params) => {
                match request.body.collect(BODY_LIMIT).await {
                    Some(body) => handler(self, &Call { request, params, body })
                        .unwrap_or_else(|error| *error),
                    None => self.error(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large."),
                }
            }
            Found::WrongMethod => self.error(
                StatusCode::METHOD_NOT_ALLOWED,
                &format!("Method \"{}\" not allowed.", request.method),
            ),
            Found::Nothing => self.redirect_to_slash(request),
        }
    }

    fn redirect_to_slash(&self, request: &Request) -> Reply {
        let path = format!("{}/", request.path());
        if matches!(self.router.find(&request.method, &path), Found::Nothing) {
            return *not_found();
        }
        let query = request.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        Reply::empty(inferred::MISSING_SLASH).with(LOCATION, format!("{path}{query}"))
    }
}

impl Backend for Server {
    fn answer<'a>(&'a self, request: &'a mut Request) -> Answer<'a> {
        Box::pin(async move {
            if request.at_storage {
                return files::from_storage(self, request);
            }
            if let Some(reason) = auth::refusal(request, &self.options.keys) {
                return self.error(StatusCode::UNAUTHORIZED, reason);
            }
            match self.limits.refusal(request) {
                Some(reply) => reply,
                None => self.route(request).await,
            }
        })
    }

    fn error(&self, status: StatusCode, message: &str) -> Reply {
        Reply::json(status, &json!({"detail": message}))
    }

    fn id_of(&self, name: &str) -> Option<String> {
        let state = self.state();
        state.files.newest_first().find(|file| file.name == name).map(|file| file.id.clone())
    }
}

pub(super) fn not_found() -> Box<Reply> {
    Box::new(Reply::json(StatusCode::NOT_FOUND, &json!({"detail": inferred::NOT_FOUND})))
}

pub(super) fn invalid_page() -> Box<Reply> {
    Box::new(Reply::json(StatusCode::NOT_FOUND, &json!({"detail": inferred::INVALID_PAGE})))
}

/// 400 with one sentence.
pub(super) fn refused(detail: &str) -> Box<Reply> {
    invalid(&json!({"detail": detail}))
}

/// 400 with a map of fields to messages.
pub(super) fn invalid(fields: &Value) -> Box<Reply> {
    Box::new(Reply::json(StatusCode::BAD_REQUEST, fields))
}

/// The body as JSON, or the 400 for one that is none.
pub(super) fn body(call: &Call<'_>) -> Result<Value, Box<Reply>> {
    call.json().map_err(|error| refused(&format!("{}: {error}", inferred::MALFORMED)))
}

/// A text of the body, or the 400 that names its field.
pub(super) fn text(body: &Value, field: &str) -> Result<String, Box<Reply>> {
    let text = body[field].as_str().map(str::to_owned);
    text.ok_or_else(|| invalid(&json!({field: ["This field is required."]})))
}
