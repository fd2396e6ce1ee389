//! Tokens: fetched for a pair of keys, and what they say of themselves.

use std::pin::Pin;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use serde::Deserialize;

use super::calls::hiding;
use super::models::{Token as Answer, TokenRequest};
use super::settings::{Keys, Kind};
use crate::error::{Error, ErrorKind, Result};
use crate::raw;
use crate::transport::auth::{ProviderError, Token, TokenProvider};
use crate::transport::call::call;
use crate::values::Secret;

/// Fetches tokens for a pair of keys from the token service.
pub(super) struct Exchange {
    /// Without a credential of its own.
    pub(super) raw: raw::bodo::Client,
    pub(super) keys: Keys,
    pub(super) kind: Kind,
}

impl Exchange {
    async fn token(&self) -> Result<Token> {
        let client_id = self.keys.client_id.value.clone();
        let body = TokenRequest { client_id, secret: self.keys.secret_key.clone().into() };
        let answer = call(self.raw.create_token().body(body).send()).await.and_then(with_token);
        let answer = answer.map_err(|error| self.explained(error))?;
        let lifetime = lifetime(&answer, SystemTime::now());
        let token = Token::new(SecretString::from(answer.access_token));
        Ok(match lifetime {
            Some(lifetime) => token.expires_in(lifetime),
            None => token,
        })
    }

    fn explained(&self, error: Error) -> Error {
        let id = &self.keys.client_id;
        let message = format!(
            "no token for the client id `{}` from {}: {}",
            id.value,
            id.origin,
            error.message()
        );
        let refused =
            error.kind() == ErrorKind::Status && matches!(error.status(), Some(400..=404));
        let secret = Secret::from(self.keys.secret_key.clone());
        hiding(error.reworded(message), [&secret]).with_advice_if(refused, self.kind.advice())
    }
}

/// Refuses an answer whose token is none: it would be sent all the same.
fn with_token(answer: Answer) -> Result<Answer> {
    match answer.access_token.expose().trim() {
        "" => Err(Error::protocol("the server answered without a token")
            .with_operation("bodo", "create_token")),
        _ => Ok(answer),
    }
}

impl TokenProvider for Exchange {
    fn fetch(&self) -> Pin<Box<dyn Future<Output = Result<Token, ProviderError>> + Send + '_>> {
        Box::pin(async { Ok(self.token().await?) })
    }
}

/// What a token says of itself. The signature is the server's business.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Claims {
    exp: Option<f64>,
    iat: Option<f64>,
    /// In a workspace's token, the workspace's id.
    #[serde(rename = "tenantId")]
    pub(super) tenant: Option<String>,
}

impl Claims {
    /// `None` when the text is no JSON Web Token.
    pub(super) fn of(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&payload).ok()
    }

    /// From issue to end where both are told, which needs no clock that is right.
    fn lifetime(&self, now: SystemTime) -> Option<Duration> {
        let end = self.exp?;
        let begin = self
            .iat
            .or_else(|| Some(now.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs_f64()))?;
        seconds(end - begin)
    }
}

/// How long a token is good: the shorter of what the token says and what the service says.
/// `None` when neither tells: then it is used until the server rejects it.
fn lifetime(answer: &Answer, now: SystemTime) -> Option<Duration> {
    let told = answer.expires_in.and_then(|told| seconds(told as f64));
    let claimed = Claims::of(answer.access_token.expose()).and_then(|claims| claims.lifetime(now));
    told.into_iter().chain(claimed).min()
}

fn seconds(seconds: f64) -> Option<Duration> {
    // No longer than anybody waits, so that it can be added to a moment.
    const LONGEST: f64 = 100.0 * 365.0 * 24.0 * 3600.0;
    (seconds > 0.0).then(|| Duration::from_secs_f64(seconds.min(LONGEST)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt(claims: &str) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims))
    }

    fn good_for(token: &str, told: Option<i64>) -> Option<u64> {
        let answer = Answer {
            access_token: token.into(),
            expires: None,
            expires_in: told,
            refresh_token: None,
        };
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
        lifetime(&answer, now).map(|life| life.as_secs())
    }

    #[test]
    fn the_shorter_lifetime_counts() {
        assert_eq!(good_for(&jwt(r#"{"exp":1600}"#), Some(86400)), Some(600));
        assert_eq!(good_for(&jwt(r#"{"exp":1600}"#), Some(60)), Some(60));
        assert_eq!(good_for(&jwt(r#"{"exp":900,"iat":800}"#), None), Some(100));
    }

    #[test]
    fn a_token_without_an_end_is_good_until_it_is_rejected() {
        assert_eq!(good_for(&jwt(r#"{"tenantId":"t"}"#), None), None);
        assert_eq!(good_for("opaque", None), None);
        assert_eq!(good_for(&jwt(r#"{"exp":900}"#), None), None, "the clock here may be wrong");
    }

    #[test]
    fn the_tenant_is_read_and_odd_tokens_are_none() {
        let claims = Claims::of(&jwt(r#"{"tenantId":"0b0d","exp":1.5,"more":[]}"#)).unwrap();
        assert_eq!(claims.tenant.as_deref(), Some("0b0d"));
        for odd in ["", "a.b", "a.b.c.d", "a.!!.c"] {
            assert!(Claims::of(odd).is_none(), "{odd}");
        }
    }
}
