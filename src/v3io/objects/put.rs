//! Writing an object, whole or at its end.

use std::ops::Range;
use std::path::PathBuf;

use progenitor_client::ResponseValue;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::Object;
use crate::error::{Error, Result};
use crate::progress::{Event, Listener};
use crate::raw;
use crate::transfer::{Content, Upload};
use crate::transport::call::call_with_head;
use crate::v3io::Revision;
use crate::v3io::response::{replaced, sends};

/// The most that the platform takes at once (source: V3IO web-API reference, PutObject), and how
/// larger contents are divided.
const LARGEST_PUT: u64 = 5_000_000_000;
const PART: u64 = 4 * 1024 * 1024 * 1024;

/// The writing of an object; `.await` does it and gives the new version, where the platform says
/// it.
///
/// Contents above 5 GB, which the platform does not take at once, are written in parts: the first
/// replaces the object, the others are appended, and until the last is there the object is
/// incomplete.
#[must_use = "nothing is written until it is awaited"]
pub struct PutObject {
    object: Object,
    content: Origin,
    part_size: Option<u64>,
    listener: Option<Listener>,
}

enum Origin {
    Content(Content),
    File(PathBuf),
}

impl PutObject {
    pub(super) fn new(object: &Object, content: Content) -> Self {
        Self::of(object, Origin::Content(content))
    }

    pub(super) fn from_file(object: &Object, path: PathBuf) -> Self {
        Self::of(object, Origin::File(path))
    }

    fn of(object: &Object, content: Origin) -> Self {
        Self { object: object.clone(), content, part_size: None, listener: None }
    }

    /// Writes a larger content in parts of so many bytes; by default one above 5 GB goes in parts
    /// of 4 GiB. A part that breaks off is sent again alone.
    pub fn part_size(mut self, bytes: u64) -> Self {
        self.part_size = Some(bytes);
        self
    }

    /// Is told how much was sent: [`Event::Bytes`]. A content from memory tells nothing.
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    async fn send(self) -> Result<ResponseValue<Option<Revision>>> {
        self.object.place.checked("object")?;
        let content = match self.content {
            Origin::Content(content) => content,
            Origin::File(path) => Content::file(path).await?,
        };
        let size = content.size();
        let part = part_size(self.part_size, size)?;
        let mut written = part.min(size);
        let mut answer = put(&self.object, content.part(0..written)?, self.listener).await?;
        while written < size {
            let end = size.min(written + part);
            answer = append_once(&self.object, &content, written..end).await?;
            written = end;
        }
        let revision = Revision::of(answer.headers());
        Ok(replaced(&answer, revision))
    }
}

sends!(PutObject => Option<Revision>);

impl std::fmt::Debug for PutObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PutObject").field("object", &self.object).finish_non_exhaustive()
    }
}

/// Adding to the end of an object; `.await` does it and gives the new version, where the platform
/// says it.
#[derive(Debug)]
#[must_use = "nothing is written until it is awaited"]
pub struct AppendObject {
    object: Object,
    content: Content,
}

impl AppendObject {
    pub(super) fn new(object: &Object, content: Content) -> Self {
        Self { object: object.clone(), content }
    }

    async fn send(self) -> Result<ResponseValue<Option<Revision>>> {
        let size = self.content.size();
        if size > LARGEST_PUT {
            let message =
                format!("{size} bytes are more than the 5 GB that can be appended at once");
            return Err(Error::invalid(message));
        }
        let answer = append(&self.object, self.content).await?;
        let revision = Revision::of(answer.headers());
        Ok(replaced(&answer, revision))
    }
}

sends!(AppendObject => Option<Revision>);

fn part_size(wanted: Option<u64>, size: u64) -> Result<u64> {
    match wanted {
        Some(bytes) if bytes == 0 || bytes > LARGEST_PUT => {
            let message = format!("a part must have from 1 byte to 5 GB, not {bytes} bytes");
            Err(Error::invalid(message))
        }
        Some(bytes) => Ok(bytes),
        None if size > LARGEST_PUT => Ok(PART),
        None => Ok(size),
    }
}

async fn put(
    object: &Object,
    content: Content,
    listener: Option<Listener>,
) -> Result<ResponseValue<()>> {
    let (container, path) = object.place.checked("object")?;
    let send = async |raw: &raw::v3io::Client, body: reqwest::Body| {
        call_with_head(raw.put_object().container(container).path(path).body(body).send()).await
    };
    if let Some(bytes) = content.as_bytes() {
        return send(object.client.raw(), bytes.clone().into()).await;
    }
    let mut upload = Upload::plain(path, content).repeatable();
    if let Some(listener) = listener {
        upload = upload.on_event(listener);
    }
    let raw = object.client.unhurried();
    upload.send(async |body, _| send(&raw, body).await).await
}

async fn append(object: &Object, content: Content) -> Result<ResponseValue<()>> {
    let (container, path) = object.place.checked("object")?;
    let send = async |raw: &raw::v3io::Client, body: reqwest::Body| {
        let request = raw.append_object().container(container).path(path).range("-1");
        call_with_head(request.body(body).send()).await
    };
    if let Some(bytes) = content.as_bytes() {
        return send(object.client.raw(), bytes.clone().into()).await;
    }
    let raw = object.client.unhurried();
    Upload::plain(path, content).send(async |body, _| send(&raw, body).await).await
}

/// Appends a part whose place is known: when nobody knows what became of a request, the size tells.
async fn append_once(
    object: &Object,
    content: &Content,
    range: Range<u64>,
) -> Result<ResponseValue<()>> {
    let mut tries = 0;
    loop {
        tries += 1;
        let error = match append(object, content.part(range.clone())?).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        if tries > 3 || !error.is_retryable() {
            return Err(error);
        }
        let size = object.head().await?.size;
        if size == range.end {
            return Ok(ResponseValue::new((), StatusCode::OK, HeaderMap::new()));
        }
        if size != range.start {
            let message = format!("the object has {size} bytes after an append broke off");
            return Err(error.with_advice(message).with_advice("write it again"));
        }
    }
}
