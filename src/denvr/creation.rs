//! What is to be said when something was not made, or may have been.

use super::envelope::refusal;
use crate::error::Error;
use crate::transport::redact;
use crate::values::Secret;

/// A creation, for the error it may end with.
pub(super) struct Creation {
    /// How to find out whether it is there.
    look: String,
    secrets: Vec<Secret>,
}

impl Creation {
    /// `list` is the call that shows it.
    pub(super) fn of(list: &str, name: &str, cluster: &str) -> Self {
        let look = format!("`{list}` tells whether `{name}` is in the cluster `{cluster}`");
        Self { look, secrets: Vec::new() }
    }

    /// Takes the secrets of the request out of the error, too.
    pub(super) fn hiding(mut self, secrets: impl IntoIterator<Item = Secret>) -> Self {
        self.secrets.extend(secrets);
        self
    }

    /// The error with what can be done about it. A refusal by the platform itself leaves no doubt,
    /// although it comes with 500, as most refusals do, or with 503 where there is no capacity.
    pub(super) fn told(self, error: Error) -> Error {
        let hide = |text: &str| {
            self.secrets
                .iter()
                .fold(text.to_owned(), |text, secret| redact::hide(&text, secret.expose()))
        };
        let error = error.redacted(hide);
        match (error.status(), refusal(&error)) {
            (Some(status @ (500 | 503)), Some(why)) => {
                let message = format!("the server answered {status}: {why}");
                no_capacity(error.reworded(message).with_doubt(false))
            }
            _ if error.may_have_happened() => no_capacity(error.with_advice(self.look)),
            _ => error,
        }
    }
}

/// What 503 means for what needs machines (source: the platform's OpenAPI document of 2024-09,
/// CreateServer and StartServer).
pub(super) fn no_capacity(error: Error) -> Error {
    let advice = "503 is how the platform says that it has no capacity: try again in a few \
                  minutes, or with another configuration, resource pool or cluster that \
                  `availability` shows";
    let lacking = error.status() == Some(503);
    error.with_advice_if(lacking, advice)
}
