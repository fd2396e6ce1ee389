//! Tokens in the form of a JSON Web Token. Nobody checks the signature; it only looks like one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

/// What a token says.
#[derive(Debug)]
pub(super) struct Claims {
    /// Tells tokens apart that were issued within one second.
    pub(super) number: u64,
    pub(super) subject: String,
    pub(super) tenant: &'static str,
    /// Seconds since 1970.
    pub(super) issued: u64,
    pub(super) expires: Option<u64>,
}

impl Claims {
    /// Header, payload and signature.
    pub(super) fn encode(&self) -> String {
        let mut payload = json!({
            "sub": self.subject, "tenantId": self.tenant, "type": "tenantApiToken",
            "iat": self.issued, "jti": format!("{:016x}", self.number),
        });
        if let Some(expires) = self.expires {
            payload["exp"] = expires.into();
        }
        let signed = part(&json!({"alg": "RS256", "typ": "JWT"})) + "." + &part(&payload);
        let signature = URL_SAFE_NO_PAD.encode(Sha512::digest(&signed));
        signed + "." + &signature
    }
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}
