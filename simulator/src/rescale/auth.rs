//! Credentials: API keys and short-lived session tokens.

use hyper::header::AUTHORIZATION;

use super::inferred;
use crate::http::Request;

/// The API key that is accepted by default: `Authorization: Token KEY`.
pub const API_KEY: &str = "fake00000000000000000000000000000000key1";

/// The session token that is accepted by default: `Authorization: Bearer TOKEN`.
pub const SESSION_TOKEN: &str =
    "eyJmYWtlIjoiaGVhZGVyIn0.eyJmYWtlIjoicGF5bG9hZCJ9.ZmFrZS1zaWduYXR1cmU";

/// Why a request is turned away with 401; `None` for a good credential.
pub(super) fn refusal(request: &Request, keys: &[String]) -> Option<&'static str> {
    let Some(credential) = request.header(AUTHORIZATION) else {
        return Some(inferred::UNAUTHENTICATED);
    };
    let accepted = match credential.split_once(' ') {
        Some(("Token", key)) => !is_session_token(key) && keys.iter().any(|known| known == key),
        Some(("Bearer", token)) => {
            is_session_token(token) && keys.iter().any(|known| known == token)
        }
        _ => false,
    };
    (!accepted).then_some(inferred::INVALID_CREDENTIAL)
}

/// A JSON Web Token has three parts and begins with an encoded brace.
fn is_session_token(credential: &str) -> bool {
    credential.starts_with("ey") && credential.split('.').count() == 3
}
