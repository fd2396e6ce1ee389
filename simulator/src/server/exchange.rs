//! One request and its answer: faults before, the platform, faults after, the record.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::SystemTime;

use hyper::Response;
use hyper::body::Incoming;

use super::line::{Ending, Line};
use super::outbound::Outbound;
use super::{Command, Shared, control};
use crate::fault::{self, Action, Interruption, Shape};
use crate::http::{Payload, Reply, Request};
use crate::record::Entry;

/// Answers the requests of one connection.
#[derive(Debug, Clone)]
pub(super) struct Exchange {
    pub(super) shared: Arc<Shared>,
    pub(super) line: Arc<Line>,
    pub(super) at_storage: bool,
}

/// A request that goes on record when this is dropped, whatever became of it.
struct Witness {
    shared: Arc<Shared>,
    request: Request,
    time: SystemTime,
    status: Option<u16>,
    applied: bool,
}

impl Exchange {
    pub(super) async fn serve(
        self,
        incoming: hyper::Request<Incoming>,
    ) -> Result<Response<Outbound>, Infallible> {
        let record = self.shared.record.is_on();
        let mut request = Request::new(incoming, record, self.at_storage);
        if let Some(reply) = control::answer(&mut request, &self.shared).await {
            return Ok(self.send(reply, Shape::default()));
        }
        let actions = self.shared.rules.fire(&request);
        let shared = self.shared.clone();
        let mut witness =
            Witness { shared, request, time: SystemTime::now(), status: None, applied: false };
        if !self.shared.latency.is_zero() {
            tokio::time::sleep(self.shared.latency).await;
        }
        let mut reply = self.reply(&actions, &mut witness).await;
        let shape = fault::apply(&actions, &mut reply, &witness.request, &*self.shared.backend);
        witness.status = Some(reply.status.as_u16());
        Ok(self.send(reply, shape))
    }

    async fn reply(&self, actions: &[Action], witness: &mut Witness) -> Reply {
        let backend = &*self.shared.backend;
        match fault::prepare(actions, &mut witness.request, &self.line, backend).await {
            Some(Interruption::Refuse(time)) => {
                let _ = self.shared.commands.send(Command::Refuse(time, None));
                std::future::pending().await
            }
            Some(Interruption::Reply(reply)) => {
                witness.request.body.drain().await;
                reply
            }
            None => {
                let reply = backend.answer(&mut witness.request).await;
                witness.applied = reply.status.is_success();
                witness.request.body.drain().await;
                self.hold_back(actions).await;
                reply
            }
        }
    }

    /// What happens between the effect of a request and its answer.
    async fn hold_back(&self, actions: &[Action]) {
        for action in actions {
            match action {
                Action::ResetAfter => self.line.end(Ending::Reset).await,
                Action::DelayAfter(time) => tokio::time::sleep(*time).await,
                Action::HangAfter => std::future::pending().await,
                _ => {}
            }
        }
    }

    fn send(&self, reply: Reply, shape: Shape) -> Response<Outbound> {
        let limited = matches!(reply.payload, Payload::Content(..))
            .then_some(self.shared.bandwidth)
            .flatten();
        self.line.set_rate(shape.rate.or(limited).unwrap_or(0));
        let mut response = Response::new(Outbound::new(reply.payload, shape, self.line.clone()));
        *response.status_mut() = reply.status;
        *response.headers_mut() = reply.headers;
        response
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        let (body, body_length) = self.request.body.recorded();
        let request = &mut self.request;
        self.shared.record.add(|| Entry {
            method: std::mem::take(&mut request.method),
            uri: std::mem::take(&mut request.uri),
            headers: std::mem::take(&mut request.headers),
            body,
            body_length,
            status: self.status,
            applied: self.applied,
            time: self.time,
        });
    }
}
