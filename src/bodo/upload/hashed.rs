//! The digest of an upload on its way, and what the storage says that it received.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use md5::{Digest, Md5};
use reqwest::header::{ETAG, HeaderMap, HeaderName};

use crate::error::{Error, ErrorKind, Result};

/// What Azure's storage received (source: Azure Blob Storage, Put Blob).
const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

/// How S3 encrypts. The entity tag is the digest of the content unless a key of the key service is
/// used (source: Amazon S3, checking object integrity).
const ENCRYPTION: HeaderName = HeaderName::from_static("x-amz-server-side-encryption");

/// A body whose digest is taken while it is sent.
pub(super) struct Hashed {
    body: reqwest::Body,
    digest: SentDigest,
}

/// The digest of what was sent.
#[derive(Clone, Default)]
pub(super) struct SentDigest(Arc<Mutex<Md5>>);

impl Hashed {
    pub(super) fn of(body: reqwest::Body) -> (reqwest::Body, SentDigest) {
        let digest = SentDigest::default();
        let hashed = Self { body, digest: digest.clone() };
        (reqwest::Body::wrap(hashed), digest)
    }
}

impl SentDigest {
    fn add(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).update(bytes);
    }

    /// Compares what was sent with what the storage says that it received, if it does.
    ///
    /// # Errors
    /// `Integrity` when they differ.
    pub(super) fn compare(self, answer: &HeaderMap) -> Result<()> {
        let Some(received) = received(answer) else { return Ok(()) };
        let sent = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().finalize();
        if sent.as_slice() == received {
            return Ok(());
        }
        let message = "the storage received other bytes than were sent; upload the file again";
        Err(Error::new(ErrorKind::Integrity, message))
    }
}

/// The MD5 that a storage service tells of what it stored.
fn received(answer: &HeaderMap) -> Option<Vec<u8>> {
    let text = |name: &HeaderName| answer.get(name)?.to_str().ok();
    if let Some(digest) = text(&CONTENT_MD5) {
        return STANDARD.decode(digest).ok();
    }
    if text(&ENCRYPTION).is_some_and(|encryption| encryption != "AES256") {
        return None;
    }
    let tag = text(&ETAG)?.strip_prefix('"')?.strip_suffix('"')?;
    let digits = (tag.len() == 32).then(|| u128::from_str_radix(tag, 16).ok()).flatten()?;
    Some(digits.to_be_bytes().to_vec())
}

impl Body for Hashed {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(bytes) = frame.data_ref()
        {
            self.digest.add(bytes);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "d41d8cd98f00b204e9800998ecf8427e";

    fn answer(headers: &[(HeaderName, &str)]) -> HeaderMap {
        headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    fn agrees(headers: &[(HeaderName, &str)]) -> bool {
        SentDigest::default().compare(&answer(headers)).is_ok()
    }

    #[test]
    fn what_the_storage_received_is_compared_where_it_says_so() {
        let wrong = EMPTY.replace('d', "0");
        assert!(agrees(&[(ETAG, &format!("\"{EMPTY}\""))]));
        assert!(!agrees(&[(ETAG, &format!("\"{wrong}\""))]));
        assert!(agrees(&[(CONTENT_MD5, "1B2M2Y8AsgTpgAmY7PhCfg==")]));
        assert!(!agrees(&[(CONTENT_MD5, "AAAAAAAAAAAAAAAAAAAAAA==")]));
    }

    #[test]
    fn a_tag_that_is_no_digest_says_nothing() {
        let wrong = format!("\"{}\"", EMPTY.replace('d', "0"));
        assert!(agrees(&[]));
        assert!(agrees(&[(ETAG, "\"0x8D4BCC2E4835CD0\"")]));
        assert!(agrees(&[(ETAG, "\"d41d8cd98f00b204e9800998ecf8427e-2\"")]));
        assert!(agrees(&[(ETAG, &wrong), (ENCRYPTION, "aws:kms")]));
        assert!(!agrees(&[(ETAG, &wrong), (ENCRYPTION, "AES256")]));
    }
}
