//! What a session knows: its secrets, and whether they are any good.

use secrecy::SecretString;
use tokio::time::Instant;

use crate::denvr::models::LoginRequest;
use crate::error::{Error, Result};
use crate::values::Secret;

/// What is known of a session.
pub(super) struct State {
    pub(super) password: Option<SecretString>,
    /// Good for one login.
    pub(super) code: Option<SecretString>,
    /// What the server gave in place of a further code.
    pub(super) remembered: Option<SecretString>,
    pub(super) refresh: Option<Refresh>,
    /// Why the server refused the password. It is not sent again: some servers lock accounts.
    pub(super) refused: Option<String>,
}

/// What refreshes a session, and until when.
#[derive(Clone)]
pub(super) struct Refresh {
    pub(super) token: SecretString,
    pub(super) until: Option<Instant>,
}

impl State {
    /// The login to send.
    ///
    /// # Errors
    /// When it was refused before, or the password was forgotten.
    pub(super) fn request(&self, user: &str) -> Result<LoginRequest> {
        if let Some(why) = &self.refused {
            let message =
                format!("not logged in again, to keep the account from being locked: {why}");
            return Err(Error::config(message));
        }
        let Some(password) = &self.password else {
            return Err(Error::config(format!(
                "the session of `{user}` has ended and the password was forgotten after the first \
                 login, as `forget_password_after_login` asks; make a new client"
            )));
        };
        let secret = |text: &Option<SecretString>| text.clone().map(Secret::from);
        Ok(LoginRequest {
            user_name_or_email_address: user.to_owned(),
            password: password.clone().into(),
            two_factor_verification_code: secret(&self.code),
            // So that a later login needs no further code.
            remember_client: self.code.as_ref().map(|_| true),
            two_factor_remember_client_token: secret(&self.remembered),
            captcha_response: None,
            return_url: None,
            single_sign_in: None,
        })
    }

    pub(super) fn secrets(&self) -> Vec<SecretString> {
        let refresh = self.refresh.as_ref().map(|refresh| refresh.token.clone());
        let all = [self.password.clone(), self.code.clone(), self.remembered.clone(), refresh];
        all.into_iter().flatten().collect()
    }
}
