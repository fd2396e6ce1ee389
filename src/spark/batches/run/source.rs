//! Where the records of a run come from.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};

/// Inputs, one after the other.
pub(super) trait Source: Send {
    /// Adds the JSON text of the next record; `None` at the end.
    fn poll_append(&mut self, cx: &mut Context<'_>, text: &mut Vec<u8>)
    -> Poll<Option<Result<()>>>;
}

/// Inputs that come as a stream.
pub(super) struct Records<S>(Pin<Box<S>>);

impl<S> Records<S> {
    pub(super) fn new(stream: S) -> Self {
        Self(Box::pin(stream))
    }
}

impl<S, T, E> Source for Records<S>
where
    S: Stream<Item = Result<T, E>> + Send,
    T: Serialize,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn poll_append(
        &mut self,
        cx: &mut Context<'_>,
        text: &mut Vec<u8>,
    ) -> Poll<Option<Result<()>>> {
        Poll::Ready(ready!(self.0.as_mut().poll_next(cx)).map(|record| {
            match record {
                Ok(record) => serde_json::to_writer(text, &record).map_err(|error| {
                    Error::invalid(format!("an input cannot be written: {error}"))
                }),
                Err(cause) => {
                    let kind = ErrorKind::InvalidInput;
                    Err(Error::caused(kind, "an input could not be read", cause))
                }
            }
        }))
    }
}
