//! Reading on where a log was left, and seeing that it is still the same.

use bytes::{Buf, Bytes, BytesMut};

use crate::error::Result;
use crate::transfer::{Reader, Source};

/// How many of the bytes that were given out are asked for again with the next ones.
const OVERLAP: usize = 64;

/// What was given out.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// How many bytes.
    pub(super) position: u64,
    /// The last of them.
    recent: BytesMut,
}

impl Given {
    pub(super) fn add(&mut self, chunk: &[u8]) {
        self.position += chunk.len() as u64;
        self.recent.extend_from_slice(&chunk[chunk.len().saturating_sub(OVERLAP)..]);
        self.recent.advance(self.recent.len().saturating_sub(OVERLAP));
    }
}

/// An answer that is being read.
pub(super) struct Open {
    reader: Reader,
    /// What it has to bring again before it brings more.
    known: Bytes,
}

/// What comes next in an answer.
pub(super) enum Next {
    /// Bytes that were not given out before.
    News(Bytes),
    /// There are no more so far.
    End,
    /// What was given out is not what the log has there.
    Changed,
}

impl Open {
    /// Asks for what comes after what was given out, and for the last of that.
    pub(super) async fn after(given: &Given, source: impl Source) -> Result<Self> {
        let known = Bytes::copy_from_slice(&given.recent);
        let start = given.position - known.len() as u64;
        Ok(Self { reader: Reader::open(source, start, None).await?, known })
    }

    pub(super) async fn try_next(&mut self) -> Result<Next> {
        while let Some(mut chunk) = self.reader.try_next().await? {
            let again = self.known.len().min(chunk.len());
            if chunk[..again] != self.known[..again] {
                return Ok(Next::Changed);
            }
            self.known.advance(again);
            chunk.advance(again);
            if !chunk.is_empty() {
                return Ok(Next::News(chunk));
            }
        }
        Ok(if self.known.is_empty() { Next::End } else { Next::Changed })
    }
}
