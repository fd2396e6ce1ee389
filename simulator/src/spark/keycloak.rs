//! Keycloak: the token endpoint for client credentials, and the keys of a realm.

use std::collections::HashMap;

use hyper::StatusCode;
use serde_json::json;

use super::errors;
use super::server::Server;
use crate::http::{Call, Outcome, Reply};

/// A public RSA key whose private half does not exist any more.
const MODULUS: &str = "\
    7Ufziu74QVtR6mEQIufwX6RzLy-b2D3NU4_kZ0Ebqv94lt_RQnty-XzmdImQs3kqNvwkrS4hD0ml5QuOCGSDCJ\
    O0rfg_gFTcMMxWyXjvvIvj1vXAe0s-S8AJgiVDZIShOxzDDGjiqll0mxMdvLZtwJTcqdjhsiWKNv5WM9lINwam\
    G-lDOGOvNZWcmAWILUiegBpkoHNyYA7NTjuyJGKHsE8ahaaUhaHQzcRLgWIQYZCl6u3IUf2lgaDBnZLMEanuDu\
    msNHSPRZzjqqLKnZ3zPXfHYHxNOidPSZr2j7a2uQL0D0rNphRocdPkm14AFq5hStUMdaA7yTI1ZEpRJpbg0w";

pub(super) fn token(server: &Server, call: &Call<'_>) -> Outcome {
    let realm = call.param(0);
    if !server.gate.knows(realm) {
        return Err(refused(StatusCode::NOT_FOUND, "Realm does not exist", ""));
    }
    let form: HashMap<_, _> = form_urlencoded::parse(&call.body).collect();
    let field = |name: &str| form.get(name).map_or("", |value| &**value);
    if field("grant_type") != "client_credentials" {
        return Err(refused(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "Unsupported grant_type",
        ));
    }
    if !server.gate.knows_client(field("client_id"), field("client_secret")) {
        let reason = "Invalid client or Invalid client credentials";
        return Err(refused(StatusCode::UNAUTHORIZED, "unauthorized_client", reason));
    }
    let token = format!("issued-{}-{}", server.ids.next(), server.ids.next());
    server.gate.issue(&token, realm, server.now());
    Ok(Reply::ok(&json!({
        "access_token": token, "expires_in": server.gate.lifetime().as_secs(), "refresh_expires_in": 0,
        "token_type": "Bearer", "not-before-policy": 0, "scope": "email profile",
    })))
}

fn refused(status: StatusCode, error: &str, description: &str) -> Box<Reply> {
    Box::new(errors::keycloak(status, error, description))
}

/// The keys that tokens are signed with. Issued tokens are opaque, so nothing needs them.
pub(super) fn certificates(server: &Server, call: &Call<'_>) -> Outcome {
    if !server.gate.knows(call.param(0)) {
        return Err(refused(StatusCode::NOT_FOUND, "Realm does not exist", ""));
    }
    Ok(Reply::ok(&json!({"keys": [{
        "kid": "simulated", "kty": "RSA", "alg": "RS256", "use": "sig", "e": "AQAB", "n": MODULUS,
    }]})))
}
