//! The body of an answer on its way out, with the marks of faults.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Frame, SizeHint};

use super::line::{Ending, Line};
use crate::fault::{Cut, Shape};
use crate::http::Payload;

/// How much of a content is produced at a time.
const CHUNK: usize = 1 << 18;

/// A body that is sent as its shape says.
#[derive(Debug)]
pub(super) struct Outbound {
    payload: Payload,
    sent: u64,
    length: u64,
    shape: Shape,
    line: Arc<Line>,
}

impl Outbound {
    pub(super) fn new(payload: Payload, shape: Shape, line: Arc<Line>) -> Self {
        let length = payload.len();
        Self { payload, sent: 0, length, shape, line }
    }

    fn next(&mut self, limit: usize) -> io::Result<Bytes> {
        let chunk = match &mut self.payload {
            Payload::Bytes(bytes) => bytes.split_to(limit.min(bytes.len())),
            Payload::Content(content, start, end) => {
                content.read(*start + self.sent, *end, limit.min(CHUNK))?
            }
        };
        let chunk = self.corrupted(chunk);
        self.sent += chunk.len() as u64;
        Ok(chunk)
    }

    fn corrupted(&self, chunk: Bytes) -> Bytes {
        let offset = self.shape.corrupt.and_then(|offset| offset.checked_sub(self.sent));
        let Some(offset) = offset.filter(|&offset| offset < chunk.len() as u64) else {
            return chunk;
        };
        let mut copy = BytesMut::from(&chunk[..]);
        copy[offset as usize] ^= 1;
        copy.freeze()
    }

    fn is_complete(&self) -> bool {
        self.sent == self.length && self.shape.cut.is_none()
    }
}

impl Body for Outbound {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let limit = match &self.shape.cut {
            Some((at, cut)) if *at == self.sent => {
                if let Cut::End(ending) = cut {
                    self.line.end_when_flushed(ending.clone());
                }
                return Poll::Pending;
            }
            Some((at, _)) => (*at - self.sent) as usize,
            None => usize::MAX,
        };
        if self.is_complete() {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(self.next(limit).map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.is_complete()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length - self.sent)
    }
}

/// hyper lets go of a body once its last byte is on the way.
impl Drop for Outbound {
    fn drop(&mut self) {
        if let Some((_, Cut::End(ending))) = &self.shape.cut {
            self.line.end_when_flushed(ending.clone());
        } else if self.shape.close {
            self.line.end_when_flushed(Ending::Close);
        }
    }
}
