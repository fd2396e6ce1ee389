//! Credentials: access keys in their three forms, and user names with passwords.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{AUTHORIZATION, HeaderName};

use super::options::V3io;
use crate::http::Request;

/// An access key that is never accepted; any other one is, unless keys are named.
pub const INVALID_KEY: &str = "invalid-key";

/// The user name and password that are accepted by default.
pub const LOGIN: (&str, &str) = ("iguazio", "fake-password");

const SESSION_KEY: HeaderName = HeaderName::from_static("x-v3io-session-key");

/// Who may ask.
#[derive(Debug)]
pub(super) struct Gate(Mutex<Rights>);

#[derive(Debug)]
pub(super) struct Rights {
    /// Whether keys that are not known are accepted too.
    open: bool,
    /// The known keys, with the number of requests that they are still good for.
    keys: HashMap<String, Option<u64>>,
    logins: HashMap<String, String>,
}

/// What a request shows.
enum Credential<'a> {
    Key(&'a str),
    Login(String),
}

impl Gate {
    pub(super) fn new(options: &V3io) -> Self {
        let login = (LOGIN.0.to_owned(), LOGIN.1.to_owned());
        Self(Mutex::new(Rights {
            open: options.keys.values().all(Option::is_some),
            keys: options.keys.clone(),
            logins: options.logins.iter().cloned().chain([login]).collect(),
        }))
    }

    pub(super) fn rights(&self) -> MutexGuard<'_, Rights> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn admits(&self, request: &Request) -> bool {
        match credential(request) {
            Some(Credential::Key(key)) => self.rights().admits_key(key),
            Some(Credential::Login(login)) => self.rights().admits_login(&login),
            None => false,
        }
    }
}

impl Rights {
    /// Counts the request when the key lasts for a number of them.
    pub(super) fn admits_key(&mut self, key: &str) -> bool {
        match self.keys.get_mut(key) {
            Some(Some(0)) => false,
            Some(Some(left)) => {
                *left -= 1;
                true
            }
            Some(None) => true,
            None => self.open && !key.is_empty() && key != INVALID_KEY,
        }
    }

    /// A user name and a password with a colon between them.
    pub(super) fn admits_login(&self, login: &str) -> bool {
        let known = login.split_once(':').filter(|(user, _)| self.logins.contains_key(*user));
        known.is_some_and(|(user, password)| self.logins[user] == password)
    }

    pub(super) fn add_key(&mut self, key: &str) {
        self.keys.insert(key.to_owned(), None);
    }

    pub(super) fn revoke_key(&mut self, key: &str) {
        self.keys.insert(key.to_owned(), Some(0));
    }

    pub(super) fn add_login(&mut self, user: &str, password: &str) {
        self.logins.insert(user.to_owned(), password.to_owned());
    }

    pub(super) fn remove_login(&mut self, user: &str) {
        self.logins.remove(user);
    }
}

fn credential(request: &Request) -> Option<Credential<'_>> {
    if let Some(key) = request.header(SESSION_KEY) {
        return Some(Credential::Key(key));
    }
    let (scheme, value) = request.header(AUTHORIZATION)?.split_once(' ')?;
    match scheme {
        "Basic" => login(value).map(Credential::Login),
        "AWS" => Some(Credential::Key(value.split(':').next()?)),
        "AWS4-HMAC-SHA256" => {
            Some(Credential::Key(value.split_once("Credential=")?.1.split('/').next()?))
        }
        _ => None,
    }
}

fn login(encoded: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()
}
