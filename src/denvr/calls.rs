//! Sending calls as the client's holder, and ending the session.

use std::time::Duration;

use progenitor_client::{Error as RawError, ResponseValue};

use super::client::{Client, Holder};
use super::envelope::{self, Envelope};
use crate::arguments::filled;
use crate::error::{Error, Result};
use crate::raw;
use crate::transport::auth::Credential;
use crate::transport::call::call;

impl Client {
    /// Ends the session: the server forgets the access token, and the client both tokens. The next
    /// call logs in again. Sends nothing when nobody is logged in.
    ///
    /// # Errors
    /// As any call; and with an API key, which has no session.
    pub async fn log_out(&self) -> Result<()> {
        let Holder::User(session) = &self.shared.holder else {
            return Err(Error::invalid("an API key has no session that could be ended"));
        };
        session.end();
        let Some((header, generation)) = self.shared.credential.at_hand() else { return Ok(()) };
        self.shared.credential.reject(generation);
        // With the token that is to end, and never with a new one.
        let raw = &self.shared.raw;
        let inner = raw.inner.with_credential(Credential::Fixed(header));
        let raw = raw::denvr::Client { inner, ..raw.clone() };
        match call(raw.log_out().send()).await {
            // The session had ended before.
            Err(error) if error.status() == Some(401) => Ok(()),
            outcome => outcome,
        }
    }

    /// Sends a generated operation and opens the envelope of its answer.
    pub(super) async fn send<E: Envelope>(
        &self,
        operation: &'static str,
        sent: impl Future<Output = Result<ResponseValue<E>, RawError<()>>>,
    ) -> Result<Option<E::Result>> {
        let outcome = envelope::open(self.raw(), operation, sent).await;
        outcome.map_err(|error| self.explained(error))
    }

    fn explained(&self, error: Error) -> Error {
        match &self.shared.holder {
            Holder::Key(origin) if error.status() == Some(401) => {
                error.with_advice(format!("check the API key, which came from {origin}"))
            }
            Holder::Key(_) => error,
            Holder::User(session) => session.hidden(error),
        }
    }

    /// The client's cluster, for a request that goes there.
    pub(super) fn target(&self) -> Result<&str> {
        filled("the name of the cluster", self.cluster())
    }

    /// The generated client with a single attempt per call, for waits.
    pub(super) fn single_attempt(&self, limit: Duration) -> raw::denvr::Client {
        let raw = &self.shared.raw;
        raw::denvr::Client { inner: raw.inner.single_attempt(limit), ..raw.clone() }
    }
}
