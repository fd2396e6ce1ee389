//! An object as a source of ranges, with what the platform says in its own way put as HTTP has it.

use std::ops::Range;

use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderValue};
use tokio::sync::OnceCell;

use super::Object;
use crate::error::Result;
use crate::transfer::{Incoming, Source, Wanted};
use crate::transport::call::call_streamed;
use crate::v3io::revision::VERIFIER;

/// The content of an object.
#[derive(Debug)]
pub struct ObjectSource {
    object: Object,
    /// Asked for only when an answer does not tell it.
    size: OnceCell<u64>,
}

impl ObjectSource {
    pub(super) fn new(object: &Object) -> Self {
        Self { object: object.clone(), size: OnceCell::new() }
    }

    async fn size(&self) -> Result<u64> {
        let asked = self.size.get_or_try_init(async || Ok(self.object.head().await?.size));
        asked.await.copied()
    }

    /// The platform's reference promises no Content-Range with a part.
    async fn add_content_range(&self, headers: &mut HeaderMap, asked: &Range<u64>) -> Result<()> {
        let length =
            headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let Some(length) = length.filter(|length: &u64| *length > 0) else { return Ok(()) };
        let (last, size) = (asked.start + length - 1, self.size().await?);
        let range = HeaderValue::try_from(format!("bytes {}-{last}/{size}", asked.start));
        headers.insert(CONTENT_RANGE, range.expect("digits"));
        Ok(())
    }
}

impl Source for ObjectSource {
    async fn open(&self, wanted: Wanted) -> Result<Incoming> {
        let (container, path) = self.object.place.checked("object")?;
        let mut request = self.object.client.raw().get_object().container(container).path(path);
        if let Some(range) = wanted.range.as_ref().and_then(range_header) {
            request = request.range(range);
        }
        let answer = call_streamed(request.send()).await?;
        let (status, mut headers) = (answer.status().as_u16(), answer.headers().clone());
        if let (206, Some(asked)) = (status, &wanted.range)
            && !headers.contains_key(CONTENT_RANGE)
        {
            self.add_content_range(&mut headers, asked).await?;
        }
        name_version(&mut headers);
        Ok(Incoming::from(answer).with_headers(headers))
    }
}

/// Without an end, the platform wants the first byte alone (source: v3io-py,
/// v3io/dataplane/request.py). A server that does not know this form sends the whole object.
fn range_header(range: &Range<u64>) -> Option<String> {
    match (range.start, range.end) {
        (0, u64::MAX) => None,
        (start, u64::MAX) => Some(format!("bytes={start}")),
        (start, end) => Some(format!("bytes={start}-{}", end.saturating_sub(1))),
    }
}

/// The platform's entity tags are not reliable (source: V3IO web-API reference, known issues); the
/// time of the last change names the version instead.
fn name_version(headers: &mut HeaderMap) {
    headers.remove(ETAG);
    let verifier = headers.get(VERIFIER).and_then(|value| value.to_str().ok());
    if let Some(verifier) = verifier
        && let Ok(tag) = HeaderValue::try_from(format!("\"{verifier}\""))
    {
        headers.insert(ETAG, tag);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_written_as_the_platform_reads_them() {
        assert_eq!(range_header(&(0..u64::MAX)), None);
        assert_eq!(range_header(&(4..u64::MAX)).unwrap(), "bytes=4");
        assert_eq!(range_header(&(4..7)).unwrap(), "bytes=4-6");
        assert_eq!(range_header(&(0..1)).unwrap(), "bytes=0-0");
    }

    #[test]
    fn the_time_of_the_last_change_names_the_version() {
        let mut headers = HeaderMap::new();
        headers.insert(ETAG, HeaderValue::from_static("\"7\""));
        name_version(&mut headers);
        assert_eq!(headers.get(ETAG), None);
        headers.insert(VERIFIER, HeaderValue::from_static("__mtime_secs==1"));
        name_version(&mut headers);
        assert_eq!(headers[ETAG], "\"__mtime_secs==1\"");
    }
}
