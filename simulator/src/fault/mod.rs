//! Faults: what a server can do wrong, when, and how often.
//!
//! A [`Fault`] is an action and the conditions under which it happens. Every rule that matches a
//! request acts on it, in the order in which the rules were added.
//!
//! The textual form, for command lines:
//!
//! ```text
//! RULE       [METHOD] [PATH] [CONDITION]... ACTION [| ACTION]...
//! METHOD     GET, POST, ..; any when left out
//! PATH       a pattern: * within a segment, ** across segments; any when left out
//! CONDITION  first=N   act on the first N matches only      once      the same as first=1
//!            skip=N    let the first N matches pass         rate=P    act on this share of matches
//!            seed=N    of the random choices                query=NAME[:PATTERN]
//!            header=NAME[:PATTERN]
//! ```
//!
//! With several actions one of them is drawn for each match. The actions, with what the builder
//! calls them:
//!
//! | text | builder | what happens |
//! |---|---|---|
//! | `503` `[after] [html] [retry-after=N] [retry-date=N] [header=NAME:VALUE] [body=TEXT]` | [`Fault::status`] | this status; `after`: once the request took effect; `body=` takes the rest of the line |
//! | `throttle` | | `429 retry-after=1` |
//! | `gateway` | | `504 html` |
//! | `expired` | [`Fault::expired_token`] | 401, as for a credential that is no longer valid |
//! | `redirect [STATUS] URL` | [`Fault::redirect`] | 307 or STATUS to URL; a URL without a path gets the path and query of the request |
//! | `refuse TIME` | [`Fault::refuse`] | all connections reset, new ones refused for this time |
//! | `reset` | [`Fault::reset`] | connection reset before the request takes effect |
//! | `reset after` | [`Fault::reset_after`] | connection reset once it took effect, unanswered |
//! | `reset body BYTES` | [`Fault::reset_in_body`] | connection reset after this much of the body |
//! | `close` | [`Fault::close`] | answered, then closed without a warning |
//! | `delay TIME` | [`Fault::delay`] | everything happens this much later |
//! | `delay after TIME` | [`Fault::delay_after`] | the request takes effect at once, its answer comes later |
//! | `hang` | [`Fault::hang`] | never answered, without effect |
//! | `hang after` | [`Fault::hang_after`] | takes effect, never answered |
//! | `stall [BYTES]` | [`Fault::stall`] | headers and this much of the body, then nothing |
//! | `trickle RATE` | [`Fault::trickle`] | head and body at this many bytes a second |
//! | `truncate [BYTES]` | [`Fault::truncate`] | the connection closes after this much of the announced body |
//! | `short BYTES` | [`Fault::short`] | the last BYTES are missing, Content-Length agrees, Content-Range does not |
//! | `narrow BYTES` | [`Fault::narrow`] | the answer to a range ends this much earlier, and says so |
//! | `corrupt [OFFSET]` | [`Fault::corrupt`] | one byte of the body is wrong |
//! | `content-range VALUE` | [`Fault::content_range`] | this Content-Range |
//! | `ignore-range` | [`Fault::ignore_range`] | 200 and the whole for a range |
//! | `etag VALUE` | [`Fault::etag`] | the file has changed: another ETag, 412 for the old one |
//! | `html` | [`Fault::html`] | 200 with a page of HTML |
//! | `garbage` | [`Fault::garbage`] | 200 with JSON that breaks off |
//! | `body TEXT` | [`Fault::body`] | this body in place of the real one |
//! | `set POINTER JSON` | [`Fault::set`] | a changed or added value in the JSON answer |
//! | `remove POINTER` | [`Fault::remove`] | a missing value in the JSON answer |
//! | `next LINK` | [`Fault::next_link`] | another `next`: `self`, an origin, or a whole URL |
//! | `set-header NAME VALUE` | [`Fault::set_header`] | another header of the answer |
//! | `raw TEXT` | [`Fault::raw`] | these bytes for an answer, then closed; `\r` and `\n` are understood |
//!
//! POINTER is a JSON pointer in which `*` stands for every element: `/results/*/status`. BYTES and
//! RATE take `KiB`, `MB` and so on, TIME takes `ms`, `s` and `m`. Without BYTES or OFFSET the middle
//! of the body is meant.

mod after;
mod before;
mod builder;
mod parse;
mod patch;
mod rules;
mod shape;

use std::time::Duration;

use bytes::Bytes;
use hyper::StatusCode;
use serde_json::Value;

pub(crate) use after::apply;
pub(crate) use before::{Interruption, prepare};
pub use parse::FaultError;
pub(crate) use rules::Rules;
pub(crate) use shape::{Cut, Shape};

/// A rule: an action on the answers to some requests. See the [module](self) for all of them.
#[derive(Debug, Clone)]
pub struct Fault {
    condition: Condition,
    action: Action,
}

/// Which requests, and how many of them.
#[derive(Debug, Clone)]
struct Condition {
    method: Option<String>,
    path: Option<String>,
    query: Vec<(String, Option<String>)>,
    headers: Vec<(String, Option<String>)>,
    skip: u64,
    limit: Option<u64>,
    rate: Option<f64>,
    seed: u64,
}

/// What happens to a request that a rule picked.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    Status(Canned),
    Expired,
    Redirect(StatusCode, String),
    Refuse(Duration),
    Reset,
    ResetAfter,
    ResetInBody(u64),
    Close,
    Delay(Duration),
    DelayAfter(Duration),
    Hang,
    HangAfter,
    Stall(Option<u64>),
    Trickle(u64),
    Truncate(Option<u64>),
    Short(u64),
    Narrow(u64),
    Corrupt(Option<u64>),
    IgnoreRange,
    Etag(String),
    Body(&'static str, Bytes),
    Set(String, Value),
    Remove(String),
    Next(String),
    Header(String, String),
    Raw(Bytes),
    OneOf(Vec<Action>),
}

/// An answer that does not come from the platform.
#[derive(Debug, Clone)]
pub(crate) struct Canned {
    status: StatusCode,
    after: bool,
    html: bool,
    retry: Option<Retry>,
    headers: Vec<(String, String)>,
    body: Option<Bytes>,
}

/// The two forms of Retry-After.
#[derive(Debug, Clone, Copy)]
enum Retry {
    Seconds(u64),
    Date(u64),
}
