//! Login with a password and a second factor, refresh, logout.

use std::time::Duration;

use hyper::StatusCode;
use serde_json::{Value, json};

use super::auth::Account;
use super::fields::Fields;
use super::server::Server;
use super::{envelope, errors, inferred};
use crate::http::{Call, Outcome, Reply};

/// What a login brings besides name and password.
struct SecondStep {
    code: Option<String>,
    remembered: Option<String>,
    remember: bool,
}

pub(super) fn authenticate(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call);
    let (name, password) = (fields.text("userNameOrEmailAddress"), fields.text("password"));
    fields.demand(name.len() <= 256, "userNameOrEmailAddress", "must have at most 256 characters");
    fields.demand(password.len() <= 128, "password", "must have at most 128 characters");
    let second = SecondStep {
        code: fields.maybe_text("twoFactorVerificationCode"),
        remembered: fields.maybe_text("twoFactorRememberClientToken"),
        remember: fields.flag("rememberClient"),
    };
    fields.check(server)?;
    let failed = || errors::login_failed(inferred::WRONG_PASSWORD);
    let user = server.gate.recognise(&name, &password).ok_or_else(failed)?;
    let answer = match server.gate.account(user) {
        Account::TenantAdmin | Account::Member => tokens(server, user),
        Account::PasswordReset => password_reset(user),
        Account::TwoFactor(expected) => second.answer(server, user, expected)?,
    };
    Ok(envelope::ok(&answer))
}

impl SecondStep {
    fn answer(&self, server: &Server, user: usize, expected: &str) -> Result<Value, Box<Reply>> {
        let is_remembered = self.remembered.as_deref().is_some_and(|token| {
            server.gate.remembered().holder(token, server.now()) == Some(user)
        });
        match self.code.as_deref() {
            _ if is_remembered => Ok(tokens(server, user)),
            None => Ok(second_factor(user)),
            Some(code) if code != expected => Err(errors::login_failed(inferred::WRONG_CODE)),
            Some(_) => {
                let mut answer = tokens(server, user);
                if self.remember {
                    answer["twoFactorRememberClientToken"] = remember_client(server, user);
                }
                Ok(answer)
            }
        }
    }
}

/// An answer to a login that issues nothing.
fn nothing(user: usize) -> Value {
    json!({
        "accessToken": null, "encryptedAccessToken": null, "expireInSeconds": 0,
        "shouldResetPassword": false, "passwordResetCode": null, "userId": user + 1,
        "requiresTwoFactorVerification": false, "twoFactorAuthProviders": null,
        "twoFactorRememberClientToken": null, "returnUrl": null, "refreshToken": null,
        "refreshTokenExpireInSeconds": 0, "c": null,
    })
}

fn tokens(server: &Server, user: usize) -> Value {
    let lifetime = server.options.refresh_token_lifetime;
    let mut answer = nothing(user);
    issue(server, user, &mut answer);
    answer["refreshToken"] = server.gate.refresh().issue(user, server.now() + lifetime).into();
    answer["refreshTokenExpireInSeconds"] = seconds(lifetime).into();
    answer
}

fn issue(server: &Server, user: usize, answer: &mut Value) {
    let lifetime = server.options.token_lifetime;
    answer["accessToken"] = server.gate.access().issue(user, server.now() + lifetime).into();
    answer["encryptedAccessToken"] = inferred::ENCRYPTED_TOKEN.into();
    answer["expireInSeconds"] = seconds(lifetime).into();
}

fn password_reset(user: usize) -> Value {
    let mut answer = nothing(user);
    answer["shouldResetPassword"] = true.into();
    answer["passwordResetCode"] = inferred::PASSWORD_RESET_CODE.into();
    answer
}

fn second_factor(user: usize) -> Value {
    let mut answer = nothing(user);
    answer["requiresTwoFactorVerification"] = true.into();
    answer["twoFactorAuthProviders"] = inferred::TWO_FACTOR_PROVIDERS.into();
    answer
}

fn remember_client(server: &Server, user: usize) -> Value {
    let expires = server.now() + inferred::REMEMBERED;
    server.gate.remembered().issue(user, expires).into()
}

/// Whole seconds, rounded up: none would read as no token.
fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

pub(super) fn refresh(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_query(call.request);
    let token = fields.text("refreshToken");
    fields.check(server)?;
    let user = server.gate.refresh().holder(&token, server.now());
    let user = user.ok_or_else(|| errors::user_facing(inferred::BAD_REFRESH_TOKEN))?;
    let mut answer = json!({});
    issue(server, user, &mut answer);
    Ok(envelope::ok(&answer))
}

pub(super) fn log_out(server: &Server, call: &Call<'_>) -> Outcome {
    server.user(call)?;
    server.gate.log_out(call.request);
    Ok(match server.options.empty_logout {
        true => Reply::empty(StatusCode::OK),
        false => envelope::ok(&Value::Null),
    })
}
