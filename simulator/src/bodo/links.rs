//! Pre-signed links: the signature covers the method, the key and the time of issue.

use std::sync::atomic::Ordering;
use std::time::Duration;

use hyper::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::server::Server;
use super::{inferred, storage};
use crate::clock::Moment;
use crate::content::scramble;
use crate::http::Request;

/// Everything but what may stand in a path as it is.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
const SIGNATURE: &str = "X-Amz-Signature";

/// Why a link does not open.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Missing,
    Wrong,
    Expired,
}

/// A link that is good for one method, one key and a while.
pub(super) fn sign(server: &Server, request: &Request, method: &Method, key: &str) -> String {
    let (issued, seconds) = (server.now(), whole_seconds(server.options.url_lifetime));
    let path = utf8_percent_encode(key, PATH);
    let parameters = inferred::link_parameters(issued, seconds);
    let signature = signature(server.secret, method, key, issued);
    format!("{}{}{path}?{parameters}&{SIGNATURE}={signature}", request.origin(), storage::ROOT)
}

/// When a link that is issued now stops being good.
pub(super) fn expiry(server: &Server) -> Moment {
    server.now() + server.options.url_lifetime
}

pub(super) fn check(server: &Server, request: &Request, key: &str) -> Result<(), Refused> {
    let given = request.query(SIGNATURE).ok_or(Refused::Missing)?;
    let issued = given.get(..16).and_then(|hex| u64::from_str_radix(hex, 16).ok());
    let issued = Moment::from_micros(issued.ok_or(Refused::Wrong)?);
    if signature(server.secret, &request.method, key, issued) != given {
        return Err(Refused::Wrong);
    }
    let revoked = Moment::from_micros(server.links_from.load(Ordering::Relaxed));
    match issued < revoked || issued + server.options.url_lifetime <= server.now() {
        true => Err(Refused::Expired),
        false => Ok(()),
    }
}

/// 64 hexadecimal digits, of which the first 16 are the time of issue.
fn signature(secret: u64, method: &Method, key: &str, issued: Moment) -> String {
    let text = method.as_str().bytes().chain(key.bytes());
    let start = secret ^ scramble(issued.micros());
    let hash = text.fold(start, |hash, byte| scramble(hash ^ u64::from(byte)));
    let more = [1, 2].map(|n| format!("{:016x}", scramble(hash.wrapping_add(n))));
    format!("{:016x}{hash:016x}{}{}", issued.micros(), more[0], more[1])
}

fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
