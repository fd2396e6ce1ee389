//! Where the bytes of a download come from.

use std::fmt;
use std::future::Future;
use std::ops::Range;
use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt;
use progenitor_client::{ByteStream, ResponseValue};
use reqwest::header::HeaderMap;

use crate::error::Result;
use crate::transport::call::stream_error;

/// A remote file that can be read in ranges.
pub trait Source: Send + Sync + 'static {
    /// Asks for the file or a range of it and returns once the head of the answer is there.
    ///
    /// Whoever implements it repeats what is worth repeating at once; a download asks again later
    /// and from where it was. A status that is no success may be an error or an [`Incoming`].
    ///
    /// # Errors
    /// Whatever keeps the answer from coming.
    fn open(&self, wanted: Wanted) -> impl Future<Output = Result<Incoming>> + Send;
}

/// What is asked of a [`Source`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wanted {
    /// The bytes to send, or `None` for all. An end of `u64::MAX` is the end of the file.
    pub range: Option<Range<u64>>,
    /// The entity tag that the file must still have, quotes included.
    pub if_match: Option<String>,
}

impl Wanted {
    /// The value of the `Range` header, if there is to be one.
    pub fn range_header(&self) -> Option<String> {
        let range = self.range.as_ref()?;
        if range.end == u64::MAX {
            return Some(format!("bytes={}-", range.start));
        }
        Some(format!("bytes={}-{}", range.start, range.end.saturating_sub(1)))
    }
}

/// The bytes of an answer as they come.
pub(super) type Body = Pin<Box<dyn Stream<Item = Result<Bytes>> + Send>>;

/// An answer whose head is here and whose body is on its way.
pub struct Incoming {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
}

impl Incoming {
    /// An answer made of its parts.
    pub fn new(
        status: u16,
        headers: HeaderMap,
        body: impl Stream<Item = Result<Bytes>> + Send + 'static,
    ) -> Self {
        Self { status, headers, body: Box::pin(body) }
    }

    /// The same answer with other headers, for a platform that says things in its own way.
    #[must_use]
    pub fn with_headers(self, headers: HeaderMap) -> Self {
        Self { headers, ..self }
    }
}

impl From<ResponseValue<ByteStream>> for Incoming {
    fn from(response: ResponseValue<ByteStream>) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = response.into_inner().into_inner();
        Self::new(status, headers, body.map(|chunk| chunk.map_err(stream_error)))
    }
}

impl From<reqwest::Response> for Incoming {
    fn from(response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = response.bytes_stream();
        Self::new(status, headers, body.map(|chunk| chunk.map_err(stream_error)))
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming").field("status", &self.status).finish_non_exhaustive()
    }
}
