//! Reading an object, whole or in part.

use bytes::Bytes;
use progenitor_client::ResponseValue;

use super::{Object, ObjectSource};
use crate::error::{Error, Result};
use crate::transfer::Reader;
use crate::v3io::response::{made, sends};

/// The reading of an object; `.await` gives its bytes, [`reader`](GetObject::reader) a stream.
#[derive(Clone, Debug)]
#[must_use = "nothing is read until it is awaited"]
pub struct GetObject {
    object: Object,
    offset: u64,
    num_bytes: Option<u64>,
}

impl GetObject {
    pub(super) fn new(object: &Object) -> Self {
        Self { object: object.clone(), offset: 0, num_bytes: None }
    }

    /// Begins at this byte, counted from 0. Beyond the end there is nothing.
    pub fn offset(mut self, bytes: u64) -> Self {
        self.offset = bytes;
        self
    }

    /// Ends after so many bytes; without it at the end of the object.
    pub fn num_bytes(mut self, bytes: u64) -> Self {
        self.num_bytes = Some(bytes);
        self
    }

    /// The bytes as a stream, for objects of any size: memory does not grow with it. An answer
    /// that breaks off is gone on with from the byte that it reached, as long as the object is
    /// still the same.
    ///
    /// # Errors
    /// When there is no such object; otherwise as any call.
    pub async fn reader(self) -> Result<Reader> {
        self.object.place.checked("object")?;
        let end = match self.num_bytes {
            Some(0) => {
                return Err(Error::invalid("a part of an object has at least 1 byte, not 0"));
            }
            Some(bytes) => Some(self.offset.saturating_add(bytes)),
            None => None,
        };
        let source = ObjectSource::new(&self.object);
        let opened = Reader::open(source, self.offset, end).await;
        opened.map_err(|error| error.with_operation("v3io", "get_object"))
    }

    async fn send(self) -> Result<ResponseValue<Bytes>> {
        let limit = self.object.client.largest_answer();
        let reader = self.reader().await?;
        let (status, headers) = (reader.status(), reader.headers().clone());
        let bytes = reader.collect_up_to(limit).await;
        let bytes = bytes.map_err(|error| error.with_operation("v3io", "get_object"))?;
        Ok(made(status, &headers, bytes))
    }
}

sends!(GetObject => Bytes);
