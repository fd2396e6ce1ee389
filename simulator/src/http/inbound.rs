//! A request body on its way in: read frame by frame, its beginning kept for the record.

use std::future::poll_fn;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Incoming};

/// How much of a body is kept for the record.
const RECORDED: usize = 64 * 1024;

/// The body of a request that is being answered.
#[derive(Debug)]
pub(crate) struct Inbound {
    incoming: Incoming,
    recorded: BytesMut,
    length: u64,
    record: bool,
    broken: bool,
}

impl Inbound {
    pub(crate) fn new(incoming: Incoming, record: bool) -> Self {
        Self { incoming, recorded: BytesMut::new(), length: 0, record, broken: false }
    }

    /// The next bytes; `None` at the end, also when the client went away.
    pub(crate) async fn chunk(&mut self) -> Option<Bytes> {
        loop {
            match poll_fn(|cx| Pin::new(&mut self.incoming).poll_frame(cx)).await? {
                Ok(frame) => {
                    if let Ok(data) = frame.into_data() {
                        self.note(&data);
                        return Some(data);
                    }
                }
                Err(_) => {
                    self.broken = true;
                    return None;
                }
            }
        }
    }

    /// Whether the client went away before the end.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken
    }

    fn note(&mut self, data: &Bytes) {
        self.length += data.len() as u64;
        if self.record {
            let room = RECORDED - self.recorded.len();
            self.recorded.extend_from_slice(&data[..data.len().min(room)]);
        }
    }

    /// The whole rest; `None` when it is longer than the limit.
    pub(crate) async fn collect(&mut self, limit: usize) -> Option<Bytes> {
        if self.incoming.is_end_stream() {
            return Some(Bytes::new());
        }
        let mut whole = BytesMut::new();
        while let Some(data) = self.chunk().await {
            whole.extend_from_slice(&data);
            if whole.len() > limit {
                return None;
            }
        }
        Some(whole.freeze())
    }

    /// Reads what nobody asked for, so that the connection can go on.
    pub(crate) async fn drain(&mut self) {
        while !self.incoming.is_end_stream() && self.chunk().await.is_some() {}
    }

    /// The recorded beginning and the number of bytes that arrived.
    pub(crate) fn recorded(&mut self) -> (Bytes, u64) {
        (self.recorded.split().freeze(), self.length)
    }
}
