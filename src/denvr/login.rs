//! Sessions of a user with a password: signing in, refreshing, signing in again.

mod state;

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use super::envelope::{open, refusal, required, said};
use super::models::LoginResult;
use crate::error::{Error, ErrorKind, Result};
use crate::raw;
use crate::transport::auth::{ProviderError, Token, TokenProvider};
use crate::transport::redact;
use crate::values::Secret;
use state::{Refresh, State};

/// How a user signs in.
pub(super) struct Login {
    pub(super) user: String,
    pub(super) password: SecretString,
    pub(super) two_factor_code: Option<SecretString>,
    pub(super) forget_password: bool,
}

/// Where a user signs in, and what is known of the session.
pub(super) struct Session {
    /// Without a credential of its own.
    raw: raw::denvr::Client,
    user: String,
    forget_password: bool,
    state: Mutex<State>,
}

impl Session {
    pub(super) fn new(raw: raw::denvr::Client, login: Login) -> Self {
        let state = State {
            password: Some(login.password),
            code: login.two_factor_code,
            remembered: None,
            refresh: None,
            refused: None,
        };
        let (user, forget_password) = (login.user, login.forget_password);
        Self { raw, user, forget_password, state: Mutex::new(state) }
    }

    /// Forgets the refresh token, after a logout.
    pub(super) fn end(&self) {
        self.lock().refresh = None;
    }

    /// Takes the session's secrets out of an error.
    pub(super) fn hidden(&self, error: Error) -> Error {
        let secrets = self.lock().secrets();
        error.redacted(|text| {
            secrets
                .iter()
                .fold(text.to_owned(), |text, secret| redact::hide(&text, secret.expose_secret()))
        })
    }

    async fn token(&self) -> Result<Token> {
        let started = Instant::now();
        let refresh = self.lock().refresh.clone();
        if let Some(refresh) =
            refresh.filter(|refresh| refresh.until.is_none_or(|end| started < end))
        {
            match self.refresh(&refresh.token).await {
                Err(error) if is_refusal(&error) => {
                    tracing::debug!(user = self.user, "the refresh token was refused");
                    self.lock().refresh = None;
                }
                outcome => return outcome,
            }
        }
        self.log_in().await
    }

    /// By POST, as documented; by GET, as the official clients do, where the server refuses that.
    async fn refresh(&self, token: &SecretString) -> Result<Token> {
        let secret = || Secret::from(token.clone());
        let posted = self.raw.refresh_token().refresh_token(secret()).send();
        let result = match open(&self.raw, "refresh_token", posted).await {
            Err(error) if matches!(error.status(), Some(404 | 405)) => {
                let got = self.raw.refresh_token_get().refresh_token(secret()).send();
                open(&self.raw, "refresh_token_get", got).await
            }
            outcome => outcome,
        };
        let result = required(result?, "a token")?;
        token_of(result.access_token, result.expire_in_seconds)
    }

    async fn log_in(&self) -> Result<Token> {
        let request = self.lock().request(&self.user)?;
        let sent = self.raw.log_in().body(request).send();
        let outcome = open(&self.raw, "log_in", sent).await;
        let result = outcome.and_then(|result| required(result, "a token"));
        let result = result.and_then(|result| self.checked(result));
        match result {
            Ok(result) => self.keep(result),
            Err(error) => Err(self.note_refusal(error)),
        }
    }

    /// An answer that asks for more than a password is no login.
    fn checked(&self, result: LoginResult) -> Result<LoginResult> {
        if result.access_token.as_ref().is_some_and(|token| !token.expose().is_empty()) {
            return Ok(result);
        }
        let user = &self.user;
        let message = if result.requires_two_factor_verification == Some(true) {
            let ways = result.two_factor_auth_providers.unwrap_or_default().join(", ");
            let ways = if ways.is_empty() { ways } else { format!(" (by {ways})") };
            format!("`{user}` needs a two-factor code{ways}; give it with `two_factor_code`")
        } else if result.should_reset_password == Some(true) {
            format!(
                "the password of `{user}` has to be changed first, at \
                 https://console.cloud.denvrdata.com"
            )
        } else {
            return Err(Error::protocol("the server answered without a token"));
        };
        Err(Error::config(message).with_operation("denvr", "log_in").with_doubt(false))
    }

    fn keep(&self, result: LoginResult) -> Result<Token> {
        if result.should_reset_password == Some(true) {
            tracing::warn!(user = self.user, "the server asks for another password");
        }
        let mut state = self.lock();
        let given = |secret: Option<Secret>| {
            secret.filter(|secret| !secret.expose().is_empty()).map(SecretString::from)
        };
        let until =
            lifetime(result.refresh_token_expire_in_seconds).map(|life| Instant::now() + life);
        state.refresh = given(result.refresh_token).map(|token| Refresh { token, until });
        state.remembered =
            given(result.two_factor_remember_client_token).or(state.remembered.take());
        state.code = None;
        if self.forget_password {
            state.password = None;
        }
        token_of(result.access_token, result.expire_in_seconds)
    }

    /// A refused login is told as such and not tried again.
    fn note_refusal(&self, error: Error) -> Error {
        let user = &self.user;
        let message = match error.kind() {
            ErrorKind::Config => error.message().to_owned(),
            _ => format!("could not log in as `{user}`: {}", told(&error)),
        };
        // Where there is no login at all, the password was not refused.
        if !is_refusal(&error) || matches!(error.status(), Some(404 | 405)) {
            return self.hidden(error.reworded(message));
        }
        let advice = "; check the user name and the password, which are not sent again";
        let advice = if error.kind() == ErrorKind::Config { "" } else { advice };
        let error = error.reworded(format!("{message}{advice}")).with_doubt(false);
        let error = self.hidden(error);
        self.lock().refused = Some(error.message().to_owned());
        error
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Fetches the tokens of a session.
pub(super) struct Tokens(pub(super) Arc<Session>);

impl TokenProvider for Tokens {
    fn fetch(&self) -> Pin<Box<dyn Future<Output = Result<Token, ProviderError>> + Send + '_>> {
        Box::pin(async move {
            self.0.token().await.map_err(|error| ProviderError::from(self.0.hidden(error)))
        })
    }
}

/// Whether the server understood the request and said no, which it will say again. It says so by
/// 500 as well, and then with a message.
fn is_refusal(error: &Error) -> bool {
    match (error.kind(), error.status()) {
        (ErrorKind::Config, _) => true,
        (ErrorKind::Status, Some(500)) => refusal(error).is_some(),
        (ErrorKind::Status, Some(status)) => status < 500 && !matches!(status, 408 | 429),
        _ => false,
    }
}

/// What happened, without the advice for calls that may be in doubt: a login changes nothing.
fn told(error: &Error) -> String {
    match (error.status(), said(error)) {
        (Some(status), Some(message)) => format!("the server answered {status}: {message}"),
        _ => error.message().to_owned(),
    }
}

fn token_of(access_token: Option<Secret>, seconds: Option<i64>) -> Result<Token> {
    let token = access_token.filter(|token| !token.expose().is_empty());
    let token = Token::new(required(token, "a token")?);
    Ok(match lifetime(seconds) {
        Some(lifetime) => token.expires_in(lifetime),
        None => token,
    })
}

fn lifetime(seconds: Option<i64>) -> Option<Duration> {
    let seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok());
    // No longer than anybody waits, so that it can be added to a moment.
    const LONGEST: u64 = 100 * 365 * 24 * 3600;
    seconds.filter(|seconds| *seconds > 0).map(|seconds| Duration::from_secs(seconds.min(LONGEST)))
}
