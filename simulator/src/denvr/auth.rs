//! Who may ask: users, API keys and the tokens that were issued.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::header::AUTHORIZATION;

use super::errors;
use super::options::Denvr;
use super::tokens::Tokens;
use crate::clock::Moment;
use crate::http::{Reply, Request};

/// The API key that is accepted by default: `Authorization: ApiKey KEY`.
pub const API_KEY: &str = "fake-api-key-0000";

/// The name and password of the user who exists by default.
pub const USER: (&str, &str) = ("alice@example.test", "not-a-real-password");

/// The tenant that exists by default.
pub const TENANT: &str = "denvr";

/// What a user may do, and what stands between the right password and a token.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Account {
    /// May do everything.
    TenantAdmin,
    /// May do everything but see and change VPCs.
    Member,
    /// As [`TenantAdmin`](Self::TenantAdmin), but logs in with this code besides the password.
    TwoFactor(String),
    /// Gets no token before the password is changed.
    PasswordReset,
}

/// A user of the tenant.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) name: String,
    password: String,
    pub(super) account: Account,
}

impl User {
    pub(super) fn new(
        name: impl Into<String>,
        password: impl Into<String>,
        account: Account,
    ) -> Self {
        Self { name: name.into(), password: password.into(), account }
    }
}

/// Lets requests pass, or tells why not. Tokens belong to a user by the number in the list.
#[derive(Debug)]
pub(super) struct Gate {
    users: Vec<User>,
    keys: Vec<String>,
    access: Mutex<Tokens>,
    refresh: Mutex<Tokens>,
    remembered: Mutex<Tokens>,
}

impl Gate {
    /// The seed keeps the tokens of one run apart from those of the next.
    pub(super) fn new(options: &Denvr, seed: u64) -> Self {
        let tokens = |kind| Mutex::new(Tokens::new(kind, seed));
        Self {
            users: options.users.clone(),
            keys: options.keys.clone(),
            access: tokens("access"),
            refresh: tokens("refresh"),
            remembered: tokens("remembered"),
        }
    }

    /// The user who asks.
    pub(super) fn user(&self, request: &Request, now: Moment) -> Result<&User, Box<Reply>> {
        let Some(credential) = request.header(AUTHORIZATION) else {
            return Err(errors::not_logged_in());
        };
        let (scheme, secret) = credential.split_once(' ').unwrap_or((credential, ""));
        let number = match scheme.to_ascii_lowercase().as_str() {
            "apikey" => self.keys.iter().any(|key| key == secret).then_some(0),
            "bearer" => self.access().holder(secret, now),
            _ => None,
        };
        number.and_then(|n| self.users.get(n)).ok_or_else(errors::invalid_token)
    }

    /// The number of the user with this name and password.
    pub(super) fn recognise(&self, name: &str, password: &str) -> Option<usize> {
        let fits = |user: &User| user.name.eq_ignore_ascii_case(name) && user.password == password;
        self.users.iter().position(fits)
    }

    pub(super) fn account(&self, number: usize) -> &Account {
        &self.users[number].account
    }

    pub(super) fn access(&self) -> MutexGuard<'_, Tokens> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn refresh(&self) -> MutexGuard<'_, Tokens> {
        self.refresh.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tokens that stand in for the second factor.
    pub(super) fn remembered(&self) -> MutexGuard<'_, Tokens> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets the token of the request, if it has one.
    pub(super) fn log_out(&self, request: &Request) {
        if let Some((_, token)) = request.header(AUTHORIZATION).and_then(|c| c.split_once(' ')) {
            self.access().revoke(token);
        }
    }
}
