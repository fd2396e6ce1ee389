//! Bodies that are compressed on their way.

use std::io::{Read, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::read::{GzDecoder, ZlibDecoder};
use flate2::write::{GzEncoder, ZlibEncoder};
use reqwest::Request;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

use crate::error::{Error, Result};

/// How a body is compressed on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// As gzip (RFC 1952).
    Gzip,
    /// As zlib (RFC 1950), which HTTP calls `deflate`.
    Deflate,
}

impl Encoding {
    /// Its name in a header.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
        }
    }

    fn named(headers: &HeaderMap) -> Option<Self> {
        let name = headers.get(CONTENT_ENCODING)?.to_str().ok()?.trim();
        let all = [Self::Gzip, Self::Deflate];
        all.into_iter().find(|one| name.eq_ignore_ascii_case(one.as_str()))
    }

    fn compressed(self, body: &[u8]) -> Vec<u8> {
        let written = match self {
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(body).and_then(|()| encoder.finish())
            }
            Self::Deflate => {
                let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(body).and_then(|()| encoder.finish())
            }
        };
        written.expect("a vector takes everything")
    }
}

/// Compresses the body of a request whose headers say that it is.
pub(super) fn apply(request: &mut Request) {
    let Some(encoding) = Encoding::named(request.headers()) else { return };
    let body = request.body().and_then(reqwest::Body::as_bytes);
    if let Some(compressed) = body.map(|body| encoding.compressed(body)) {
        *request.body_mut() = Some(compressed.into());
    }
}

/// An answer as it was before it was compressed; some platforms answer in the encoding of the
/// request, whatever else was asked for.
///
/// # Errors
/// When it is damaged, or larger than the limit.
pub(super) fn unpacked(headers: &HeaderMap, body: Bytes, limit: usize) -> Result<Bytes> {
    let unpacked = match Encoding::named(headers) {
        None => return Ok(body),
        Some(Encoding::Gzip) => read(GzDecoder::new(&body[..]), limit),
        Some(Encoding::Deflate) => read(ZlibDecoder::new(&body[..]), limit),
    };
    unpacked.map_err(|error| error.with_doubt(true))
}

fn read(decoder: impl Read, limit: usize) -> Result<Bytes> {
    let mut unpacked = Vec::new();
    let done = decoder.take(limit as u64 + 1).read_to_end(&mut unpacked);
    match done {
        Err(_) => Err(Error::protocol("the answer is compressed and damaged")),
        Ok(_) if unpacked.len() > limit => {
            Err(Error::protocol(format!("the answer is larger than the allowed {limit} bytes")))
        }
        Ok(_) => Ok(unpacked.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(CONTENT_ENCODING, name.parse().unwrap())])
    }

    #[test]
    fn what_was_compressed_is_unpacked_within_the_limit() {
        for encoding in [Encoding::Gzip, Encoding::Deflate] {
            let packed = Bytes::from(encoding.compressed(&[7; 1000]));
            let unpack = |body, limit| unpacked(&headers(encoding.as_str()), body, limit);
            assert_eq!(unpack(packed.clone(), 1000).unwrap(), vec![7; 1000]);
            assert!(unpack(packed.clone(), 999).unwrap_err().to_string().contains("999 bytes"));
            let damaged = unpack(packed.slice(..packed.len() / 2), 1000).unwrap_err();
            assert!(damaged.to_string().contains("damaged"), "{damaged}");
        }
        assert_eq!(unpacked(&headers("identity"), "abc".into(), 1).unwrap(), "abc");
    }
}
