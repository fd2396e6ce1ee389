//! Requests, replies and what platforms share of HTTP: routes, ranges, uploads.

pub(crate) mod inbound;
pub(crate) mod multipart;
pub(crate) mod range;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod router;

pub(crate) use reply::{Payload, Reply};
pub(crate) use request::Request;
pub(crate) use router::{Answer, Call, Found, Handler, Outcome, Route, Router};
