//! Sessions: the cookie that every call carries, made of an access key or got by signing in.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{COOKIE, HeaderMap, SET_COOKIE};
use secrecy::{ExposeSecret, SecretString};

use super::models::{SessionCreateAttributes, SessionCreateDocument, SessionCreateResource};
use crate::error::{Error, ErrorKind, Result};
use crate::raw;
use crate::raw::v3io::enums::{Plane, ResourceType};
use crate::transport::auth::{Credential, Header, ProviderError, Token, TokenCache, TokenProvider};
use crate::transport::call::call_with_head;
use crate::transport::redact;
use crate::v3io::client::basic;

/// The beginning of the cookie (source: v3io-go, pkg/controlplane/http/session.go).
const SESSION: &str = "session=";

/// Who a client is.
pub(super) enum Identity {
    Key(SecretString),
    User(Login),
}

/// A user's name and password.
#[derive(Clone)]
pub(super) struct Login {
    pub(super) user: String,
    pub(super) password: SecretString,
}

impl Identity {
    /// What its calls carry. `connect` makes the client that signs in, which has no session.
    pub(super) fn credential(
        &self,
        connect: impl Fn(Credential) -> raw::v3io::Client,
    ) -> Result<Credential> {
        match self {
            Self::Key(key) => {
                let given = key.expose_secret().trim();
                let header = Header::new(COOKIE, SESSION, cookie_of(given))?.hiding(given.into());
                Ok(Credential::Fixed(Arc::new(header)))
            }
            Self::User(login) => {
                // The platform's own documentation signs in this way as well.
                let raw = connect(basic(&login.user, &login.password)?);
                let door = Door { raw, login: login.clone() };
                Ok(Credential::Fetched(Arc::new(TokenCache::new(COOKIE, SESSION, door))))
            }
        }
    }

    /// Takes the password out of the error of a call, which the transport does not know.
    pub(super) fn hidden(&self, error: Error) -> Error {
        match self {
            Self::Key(_) => error,
            Self::User(login) => hidden(error, login.password.expose_secret()),
        }
    }
}

impl Login {
    fn document(&self) -> SessionCreateDocument {
        let attributes = SessionCreateAttributes {
            username: self.user.clone(),
            password: self.password.clone().into(),
            plane: Plane::Control,
            interface_type: None,
        };
        let type_ = ResourceType::Session;
        SessionCreateDocument { data: SessionCreateResource { id: None, type_, attributes } }
    }

    fn not_signed_in(&self, cause: &Error) -> Error {
        let error = format!("could not sign in as `{}`: {}", self.user, cause.message());
        hidden(cause.reworded(error), self.password.expose_secret())
    }
}

/// Where one signs in.
struct Door {
    raw: raw::v3io::Client,
    login: Login,
}

impl Door {
    async fn sign_in(&self) -> Result<Token> {
        let sent = self.raw.create_session().body(self.login.document()).send();
        // Without the body, which names the session.
        let answer = call_with_head(sent).await.map_err(|error| match error.kind() {
            ErrorKind::Decode => error.with_body(None),
            _ => error,
        })?;
        token(answer.headers()).ok_or_else(|| {
            Error::protocol(format!("the server set no cookie that begins with `{SESSION}`"))
        })
    }
}

impl TokenProvider for Door {
    fn fetch(&self) -> Pin<Box<dyn Future<Output = Result<Token, ProviderError>> + Send + '_>> {
        Box::pin(async move {
            let token = self.sign_in().await.map_err(|error| self.login.not_signed_in(&error));
            Ok(token?)
        })
    }
}

/// Takes a secret out of an error that the transport does not know as one.
pub(super) fn hidden(error: Error, secret: &str) -> Error {
    error.redacted(|text| redact::hide(text, secret))
}

/// The cookie's value for an access key: `j:{"sid": "KEY"}`, escaped as a segment of a path
/// (source: v3io-go, pkg/controlplane/http/session.go).
fn cookie_of(key: &str) -> SecretString {
    let mut escaped = String::new();
    for byte in format!(r#"j:{{"sid": "{key}"}}"#).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => escaped.push(char::from(byte)),
            b'-' | b'_' | b'.' | b'~' | b'$' | b'&' | b'+' | b'=' | b':' | b'@' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped.into()
}

/// The session among the cookies that an answer sets.
fn token(headers: &HeaderMap) -> Option<Token> {
    let cookies = headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.into_iter().find_map(|cookie| {
        let mut parts = cookie.split(';').map(str::trim);
        let value = parts.next()?.strip_prefix(SESSION).filter(|value| !value.is_empty())?;
        let token = Token::new(value);
        Some(match parts.find_map(max_age) {
            Some(lifetime) => token.expires_in(lifetime),
            None => token,
        })
    })
}

fn max_age(part: &str) -> Option<Duration> {
    let (name, seconds) = part.split_once('=')?;
    let seconds = seconds.trim().parse().ok().filter(|seconds| *seconds > 0)?;
    name.trim().eq_ignore_ascii_case("max-age").then(|| Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_of_a_key_is_escaped_as_the_official_client_does() {
        let cookie = |key: &str| cookie_of(key).expose_secret().to_owned();
        assert_eq!(cookie("7f3a-11"), "j:%7B%22sid%22:%20%227f3a-11%22%7D");
        assert_eq!(cookie("a;b\u{e4}"), "j:%7B%22sid%22:%20%22a%3Bb%C3%A4%22%7D");
    }

    #[test]
    fn the_session_is_found_among_the_cookies() {
        let found = |cookies: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for cookie in cookies {
                headers.append(SET_COOKIE, cookie.parse().unwrap());
            }
            token(&headers).map(|token| format!("{token:?}"))
        };
        let plain = found(&["lang=en", "session=s%3Aabc; Path=/; HttpOnly"]).unwrap();
        assert!(plain.contains("None") && !plain.contains("abc"), "{plain}");
        assert!(found(&["session=abc; max-age=60; Secure"]).unwrap().contains("60s"));
        assert!(found(&["session=abc; Max-Age=0"]).unwrap().contains("None"));
        assert_eq!(found(&["session=; Path=/"]), None);
        assert_eq!(found(&["sessions=abc"]), None);
        assert_eq!(found(&[]), None);
    }
}
