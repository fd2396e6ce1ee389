//! Who may ask: pairs of keys, and the tokens that they are exchanged for.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::StatusCode;
use hyper::header::AUTHORIZATION;
use serde_json::{Value, json};

use super::fields::Fields;
use super::jwt::Claims;
use super::options::Bodo;
use super::server::Server;
use super::{errors, inferred};
use crate::clock::Moment;
use crate::content::scramble;
use crate::http::{Call, Outcome, Reply, Request};

/// The client id and the secret of the workspace.
pub const KEYS: (&str, &str) =
    ("00000000-0000-4000-8000-00000000fa4e", "fake-workspace-secret-not-real");

/// The client id and the secret of the organisation.
pub const ORGANIZATION_KEYS: (&str, &str) =
    ("00000000-0000-4000-8000-0000000fa4e0", "fake-org-secret-not-real");

/// The id of the workspace that the keys belong to.
pub const WORKSPACE: &str = "0b0d0000-0000-4000-8000-000000000001";

/// The id of the organisation.
pub const ORGANIZATION: &str = "0b0d0000-0000-4000-8000-00000000000a";

/// How many tokens are kept; older ones are forgotten.
const KEPT: usize = 10_000;

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Workspace,
    Organization,
}

impl Scope {
    fn tenant(self) -> &'static str {
        match self {
            Self::Workspace => WORKSPACE,
            Self::Organization => ORGANIZATION,
        }
    }
}

/// Exchanges keys for tokens and lets requests pass that bring one.
#[derive(Debug)]
pub(super) struct Gate {
    keys: Vec<(Scope, String, String)>,
    tokens: Mutex<Tokens>,
}

/// The tokens that were issued.
#[derive(Debug)]
pub(super) struct Tokens {
    next: u64,
    held: HashMap<String, (Scope, Moment)>,
    order: VecDeque<String>,
}

impl Gate {
    /// The seed keeps the tokens of one run apart from those of the next.
    pub(super) fn new(options: &Bodo, seed: u64) -> Self {
        let tokens = Tokens { next: scramble(seed), held: HashMap::new(), order: VecDeque::new() };
        Self { keys: options.keys.clone(), tokens: Mutex::new(tokens) }
    }

    fn recognise(&self, id: &str, secret: &str) -> Option<Scope> {
        self.keys.iter().find(|key| key.1 == id && key.2 == secret).map(|key| key.0)
    }

    /// What the token of the request is good for.
    pub(super) fn scope(&self, request: &Request, now: Moment) -> Option<Scope> {
        let (scheme, token) = request.header(AUTHORIZATION)?.split_once(' ')?;
        let tokens = self.tokens();
        let (scope, expires) = tokens.held.get(token)?;
        (scheme.eq_ignore_ascii_case("bearer") && *expires > now).then_some(*scope)
    }

    pub(super) fn revoke_all(&self) {
        let mut tokens = self.tokens();
        tokens.held.clear();
        tokens.order.clear();
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tokens {
    fn issue(
        &mut self,
        scope: Scope,
        claims: impl FnOnce(u64) -> Claims,
        expires: Moment,
    ) -> String {
        if self.order.len() == KEPT {
            let oldest = self.order.pop_front();
            oldest.and_then(|token| self.held.remove(&token));
        }
        self.next = self.next.wrapping_add(1);
        let token = claims(scramble(self.next)).encode();
        self.held.insert(token.clone(), (scope, expires));
        self.order.push_back(token.clone());
        token
    }
}

/// The exchange of the token service as it is today.
pub(super) fn exchange(server: &Server, call: &Call<'_>) -> Outcome {
    let granted = grant(server, call)?;
    Ok(Reply::ok(&json!({
        "access_token": granted["token"], "refresh_token": granted["refresh"],
        "expires_in": granted["seconds"], "expires": granted["expires"],
    })))
}

/// The exchange of its first version.
pub(super) fn exchange_v1(server: &Server, call: &Call<'_>) -> Outcome {
    let granted = grant(server, call)?;
    Ok(Reply::ok(&json!({
        "accessToken": granted["token"], "refreshToken": granted["refresh"],
        "expiresIn": granted["seconds"], "expires": granted["expires"],
    })))
}

fn grant(server: &Server, call: &Call<'_>) -> Result<Value, Box<Reply>> {
    let mut fields = Fields::of_body(call)?;
    let (id, secret) = (fields.text("clientId"), fields.text("secret"));
    let scope = server.gate.recognise(&id, &secret);
    let refuse = || errors::identity(StatusCode::UNAUTHORIZED, inferred::WRONG_KEYS);
    let scope = scope.ok_or_else(refuse)?;
    let (now, lifetime) = (server.now(), server.token_lifetime());
    // A whole second, rounded up: the claim may be late, never early.
    let expires = now + lifetime;
    let exp = expires.micros().div_ceil(1_000_000);
    let claims = |number| Claims {
        number,
        subject: id,
        tenant: scope.tenant(),
        issued: now.micros() / 1_000_000,
        expires: server.options.exp_claim.then_some(exp),
    };
    let mut tokens = server.gate.tokens();
    let token = tokens.issue(scope, claims, expires);
    Ok(json!({
        "token": token, "refresh": inferred::refresh_token(tokens.next),
        "seconds": lifetime.as_secs() + u64::from(lifetime.subsec_nanos() > 0),
        "expires": inferred::time(expires),
    }))
}
