//! The server around a platform: sockets, connections, faults, the record and the control paths.

mod connection;
mod control;
mod exchange;
mod line;
mod listen;
mod outbound;
mod wire;

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};

use crate::clock::Clock;
use crate::fault::Rules;
use crate::http::{Answer, Reply, Request};
use crate::record::Record;

pub(crate) use line::{Ending, Line};
pub(crate) use listen::run;

/// A platform, as the server sees it.
pub(crate) trait Backend: Any + Send + Sync {
    /// Answers one request, credentials first.
    fn answer<'a>(&'a self, request: &'a mut Request) -> Answer<'a>;

    /// An error in the platform's own form.
    fn error(&self, status: StatusCode, message: &str) -> Reply;

    /// The same, for platforms whose form depends on what was asked.
    fn error_for(&self, _: &Request, status: StatusCode, message: &str) -> Reply {
        self.error(status, message)
    }

    /// An order of a program that cannot use the library; unknown ones are ignored.
    fn control(&self, _: &Value) {}

    /// The id of what was given by this name when the simulator was built.
    fn id_of(&self, name: &str) -> Option<String>;
}

/// What a platform needs to know of its surroundings.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    /// The time that one step of a life cycle takes.
    pub(crate) pace: Duration,
    /// The default size of pages, where it was given.
    pub(crate) page_size: Option<usize>,
    /// The address that stands for cloud storage, where there is one.
    pub(crate) storage: Option<String>,
}

/// What all connections of one simulator share.
pub(crate) struct Shared {
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) rules: Rules,
    pub(crate) record: Record,
    pub(crate) latency: Duration,
    pub(crate) bandwidth: Option<u64>,
    pub(crate) commands: mpsc::UnboundedSender<Command>,
    /// Changes when every connection has to be reset.
    pub(crate) resets: watch::Sender<()>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("rules", &self.rules).finish_non_exhaustive()
    }
}

/// What the accept loop is asked to do.
#[derive(Debug)]
pub(crate) enum Command {
    /// Close the listeners for a while and reset every connection; tells when it is done.
    Refuse(Duration, Option<oneshot::Sender<()>>),
    Shutdown,
}
