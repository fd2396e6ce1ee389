//! Compressed bodies: what comes in gzip or deflate is answered in the same way.

use std::io::{Read, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::read::{GzDecoder, ZlibDecoder};
use flate2::write::{GzEncoder, ZlibEncoder};
use hyper::StatusCode;
use hyper::header::CONTENT_ENCODING;

use super::errors;
use crate::http::{Payload, Reply, Request};

/// Bodies may have this many bytes, before and after they are unpacked.
pub(super) const BODY_LIMIT: usize = 512 << 20;

/// The encoding of a request that is neither absent nor `identity`.
fn encoding(request: &Request) -> Option<&str> {
    request.header(CONTENT_ENCODING).filter(|name| !name.eq_ignore_ascii_case("identity"))
}

/// The body as it was before it was compressed.
pub(super) fn decode(request: &Request, body: Bytes) -> Result<Bytes, Box<Reply>> {
    let unpacked = match encoding(request).map(str::to_ascii_lowercase).as_deref() {
        None => return Ok(body),
        Some("gzip") => unpack(GzDecoder::new(&body[..])),
        Some("deflate") => unpack(ZlibDecoder::new(&body[..])),
        Some(other) => {
            let message = format!("unsupported content encoding {other:?}");
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Box::new(errors::of_path(request.path(), status, &message)));
        }
    };
    unpacked.ok_or_else(|| {
        let message = "the compressed body is damaged or too large";
        Box::new(errors::of_path(request.path(), StatusCode::BAD_REQUEST, message))
    })
}

fn unpack(reader: impl Read) -> Option<Bytes> {
    let mut unpacked = Vec::new();
    let limit = BODY_LIMIT as u64 + 1;
    reader.take(limit).read_to_end(&mut unpacked).ok()?;
    (unpacked.len() <= BODY_LIMIT).then(|| unpacked.into())
}

/// The reply, compressed as the request was.
pub(super) fn encode(request: &Request, mut reply: Reply) -> Reply {
    let Payload::Bytes(body) = &reply.payload else { return reply };
    let packed = match encoding(request).map(str::to_ascii_lowercase).as_deref() {
        Some("gzip") => pack(GzEncoder::new(Vec::new(), Compression::fast()), body)
            .and_then(|encoder| encoder.finish().ok()),
        Some("deflate") => pack(ZlibEncoder::new(Vec::new(), Compression::fast()), body)
            .and_then(|encoder| encoder.finish().ok()),
        _ => None,
    };
    let (Some(packed), Some(name)) = (packed, encoding(request)) else { return reply };
    reply.payload = Payload::Bytes(packed.into());
    reply.with(CONTENT_ENCODING, name)
}

fn pack<W: Write>(mut encoder: W, body: &[u8]) -> Option<W> {
    encoder.write_all(body).ok().map(|()| encoder)
}
