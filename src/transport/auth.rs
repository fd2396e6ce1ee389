//! Credentials: fixed ones, and tokens that are fetched once for all who wait.

use std::collections::VecDeque;
use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout};

use crate::error::{Error, ErrorKind, Result};

/// How long fetching a token may take.
const FETCH_LIMIT: Duration = Duration::from_secs(30);
/// After a failed fetch nobody tries again for this long.
const FETCH_PAUSE: Duration = Duration::from_secs(1);
/// A token that was fetched longer ago than this may be what a platform forbids a call for.
const SUSPECT_AGE: Duration = Duration::from_secs(60);
/// A token is fetched anew when a fifth of its life is left, within these bounds.
const EARLY_LEAST: Duration = Duration::from_secs(30);
const EARLY_MOST: Duration = Duration::from_secs(300);

/// A token with the time for which it is good.
#[derive(Clone)]
pub struct Token {
    secret: SecretString,
    lifetime: Option<Duration>,
}

impl Token {
    /// A token without a known end; it is used until the server rejects it.
    pub fn new(secret: impl Into<SecretString>) -> Self {
        Self { secret: secret.into(), lifetime: None }
    }

    /// How long the token is good, counted from now.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

/// What a token provider may fail with.
pub type ProviderError = Box<dyn StdError + Send + Sync>;

/// Fetches short-lived tokens.
///
/// Implemented for closures: `|| async { Ok(Token::new(..)) }`. The client calls it when it needs
/// the first token, when a token nears its end and when the server rejects one; never twice at a
/// time, however many calls wait.
pub trait TokenProvider: Send + Sync + 'static {
    /// Fetches a new token.
    fn fetch(&self) -> Pin<Box<dyn Future<Output = Result<Token, ProviderError>> + Send + '_>>;
}

impl<F, Fut> TokenProvider for F
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Token, ProviderError>> + Send + 'static,
{
    fn fetch(&self) -> Pin<Box<dyn Future<Output = Result<Token, ProviderError>> + Send + '_>> {
        Box::pin(self())
    }
}

/// Where the value of the authorization header comes from.
#[derive(Clone)]
pub(crate) enum Credential {
    /// The same header on every request.
    Fixed(Arc<Header>),
    /// A token that ends and is fetched again.
    Fetched(Arc<TokenCache>),
}

/// A header that holds a secret.
pub(crate) struct Header {
    /// Absent where what is asked for is public.
    pair: Option<(HeaderName, HeaderValue)>,
    /// What must not be shown: the secret as it is sent, and as it was given.
    secrets: Vec<SecretString>,
}

impl Header {
    /// `prefix` stands before the secret, for example `Token `.
    ///
    /// # Errors
    /// When the secret has characters that no header may hold; the error does not show it.
    pub(crate) fn new(name: HeaderName, prefix: &str, secret: SecretString) -> Result<Self> {
        let text = format!("{prefix}{}", secret.expose_secret());
        let mut value = HeaderValue::try_from(text).map_err(|_| {
            Error::config("the credential has characters that cannot be sent, such as a line break")
        })?;
        value.set_sensitive(true);
        Ok(Self { pair: Some((name, value)), secrets: vec![secret] })
    }

    /// A further text that must not be shown, where the header holds the secret in another form.
    pub(crate) fn hiding(mut self, secret: SecretString) -> Self {
        self.secrets.push(secret);
        self
    }

    fn hide(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| {
            super::redact::hide(&text, secret.expose_secret())
        })
    }

    pub(crate) fn set(&self, headers: &mut HeaderMap) {
        if let Some((name, value)) = &self.pair {
            headers.insert(name.clone(), value.clone());
        }
    }
}

/// Which token a request carried, to tell a stale rejection from a fresh one.
pub(crate) type Generation = u64;

/// The header to send, and which token is in it.
pub(crate) type Signature = (Arc<Header>, Generation);

impl Credential {
    /// No credential, for what is public.
    pub(crate) fn none() -> Self {
        Self::Fixed(Arc::new(Header { pair: None, secrets: Vec::new() }))
    }

    /// The header, when nothing has to be fetched for it.
    pub(crate) fn at_hand(&self) -> Option<Signature> {
        match self {
            Self::Fixed(header) => Some((header.clone(), 0)),
            Self::Fetched(cache) => match cache.look(Instant::now()) {
                Look::Good(signature) => Some(signature),
                Look::Old(_) | Look::Missing => None,
            },
        }
    }

    /// The header, with a token that is fetched first when there is none that is good.
    pub(crate) async fn get(&self) -> Result<Signature> {
        match self {
            Self::Fixed(header) => Ok((header.clone(), 0)),
            Self::Fetched(cache) => cache.get().await,
        }
    }

    /// Takes note of a 401. Whether the call may be repeated with another token.
    pub(crate) fn reject(&self, generation: Generation) -> bool {
        match self {
            Self::Fixed(_) => false,
            Self::Fetched(cache) => {
                cache.reject(generation);
                true
            }
        }
    }

    /// Takes note of a 403 of a platform that answers so when a token has ended, too. Whether the
    /// call may be repeated with another token: not with one that is new, so that what is really
    /// forbidden does not fetch a token each time.
    pub(crate) fn suspect(&self, generation: Generation) -> bool {
        match self {
            Self::Fixed(_) => false,
            Self::Fetched(cache) => cache.suspect(generation),
        }
    }

    /// Replaces the secret wherever the text has it.
    pub(crate) fn hide(&self, text: &str) -> String {
        match self {
            Self::Fixed(header) => header.hide(text),
            Self::Fetched(cache) => {
                let state = cache.lock();
                let held = state.held.iter().map(|held| &held.header);
                held.chain(&state.retired).fold(text.to_owned(), |text, header| header.hide(&text))
            }
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "fixed ***",
            Self::Fetched(_) => "fetched ***",
        })
    }
}

/// Keeps one token for all calls of a client.
pub(crate) struct TokenCache {
    provider: Box<dyn TokenProvider>,
    name: HeaderName,
    prefix: &'static str,
    state: Mutex<State>,
    /// Held while a token is fetched: the others wait here and then find it.
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// The last tokens before it, which late answers may still name.
    retired: VecDeque<Arc<Header>>,
    generation: Generation,
    failed: Option<Failure>,
}

struct Held {
    header: Arc<Header>,
    fetched_at: Instant,
    refresh_at: Option<Instant>,
    expires_at: Option<Instant>,
}

impl State {
    /// How many tokens are remembered, to be taken out of texts.
    const RETIRED: usize = 4;

    fn retire(&mut self) {
        if let Some(held) = self.held.take() {
            self.retired.truncate(Self::RETIRED - 1);
            self.retired.push_front(held.header);
        }
    }
}

struct Failure {
    at: Instant,
    cause: Arc<dyn StdError + Send + Sync>,
}

impl TokenCache {
    pub(crate) fn new(
        name: HeaderName,
        prefix: &'static str,
        provider: impl TokenProvider,
    ) -> Self {
        Self {
            provider: Box::new(provider),
            name,
            prefix,
            state: Mutex::default(),
            fetching: tokio::sync::Mutex::default(),
        }
    }

    async fn get(&self) -> Result<Signature> {
        match self.look(Instant::now()) {
            Look::Good(token) => Ok(token),
            Look::Old(token) => {
                // One caller renews early; the others go on with what is still good.
                if let Ok(_fetching) = self.fetching.try_lock() {
                    return Ok(self.fetch().await.unwrap_or(token));
                }
                Ok(token)
            }
            Look::Missing => {
                let _fetching = self.fetching.lock().await;
                match self.look(Instant::now()) {
                    Look::Good(token) | Look::Old(token) => Ok(token),
                    Look::Missing => self.fetch().await,
                }
            }
        }
    }

    fn look(&self, now: Instant) -> Look {
        let state = self.lock();
        let Some(held) = &state.held else { return Look::Missing };
        let token = (held.header.clone(), state.generation);
        let passed = |moment: Option<Instant>| moment.is_some_and(|moment| moment <= now);
        let resting = state.failed.as_ref().is_some_and(|failure| now < failure.at + FETCH_PAUSE);
        if passed(held.expires_at) {
            Look::Missing
        } else if passed(held.refresh_at) && !resting {
            Look::Old(token)
        } else {
            Look::Good(token)
        }
    }

    /// To be called by the holder of `fetching` only.
    async fn fetch(&self) -> Result<Signature> {
        if let Some(failure) = &self.lock().failed
            && failure.at.elapsed() < FETCH_PAUSE
        {
            return Err(no_token(failure.cause.clone()));
        }
        let asked = Instant::now();
        let outcome = match timeout(FETCH_LIMIT, self.provider.fetch()).await {
            Ok(outcome) => outcome,
            Err(_) => Err(format!("no answer within {} s", FETCH_LIMIT.as_secs()).into()),
        };
        match outcome {
            Ok(token) => self.keep(token, asked),
            Err(cause) => Err(self.note_failure(cause)),
        }
    }

    fn keep(&self, token: Token, asked: Instant) -> Result<Signature> {
        let early = |life: Duration| (life / 5).clamp(EARLY_LEAST, EARLY_MOST).min(life / 2);
        let header = Arc::new(Header::new(self.name.clone(), self.prefix, token.secret)?);
        let mut state = self.lock();
        state.failed = None;
        state.retire();
        state.generation += 1;
        state.held = Some(Held {
            header: header.clone(),
            fetched_at: asked,
            refresh_at: token.lifetime.map(|life| asked + life - early(life)),
            expires_at: token.lifetime.map(|life| asked + life),
        });
        Ok((header, state.generation))
    }

    fn note_failure(&self, cause: ProviderError) -> Error {
        // Without the provider's own text, which may hold what it was given.
        tracing::warn!("the token provider failed");
        let (at, cause) = (Instant::now(), Arc::<dyn StdError + Send + Sync>::from(cause));
        self.lock().failed = Some(Failure { at, cause: cause.clone() });
        no_token(cause)
    }

    /// Forgets the token that the server rejected, unless it has been replaced meanwhile.
    fn reject(&self, generation: Generation) {
        let mut state = self.lock();
        if state.generation == generation {
            state.retire();
        }
    }

    fn suspect(&self, generation: Generation) -> bool {
        let mut state = self.lock();
        let is_other = state.generation != generation;
        let is_old = state.held.as_ref().is_none_or(|held| held.fetched_at.elapsed() > SUSPECT_AGE);
        if is_old && !is_other {
            state.retire();
        }
        is_old || is_other
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn no_token(cause: Arc<dyn StdError + Send + Sync>) -> Error {
    Error::caused(ErrorKind::Config, "the token provider failed, so nothing was sent", cause)
}

/// The error of a provider that is a client of ours, inside that of a call that waited for it. It
/// says more than that there is no token. The call itself was never sent.
pub(crate) fn why_no_token(error: &Error) -> Option<Error> {
    // It is shared by all who waited.
    let shared = error.source()?.downcast_ref::<Arc<dyn StdError + Send + Sync>>()?;
    let cause = shared.downcast_ref::<Error>()?;
    Some(cause.reworded(cause.message()).with_doubt(false))
}

enum Look {
    Good(Signature),
    /// Good, but near its end.
    Old(Signature),
    Missing,
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// Counts its calls; each takes a second. Answers by the given function of the count.
    fn cache(
        answer: impl Fn(u32) -> Result<Token, ProviderError> + Send + Sync + 'static,
    ) -> (Credential, Arc<AtomicU32>) {
        let calls = Arc::new(AtomicU32::new(0));
        let count = calls.clone();
        let provider = move || {
            let outcome = answer(count.fetch_add(1, Ordering::SeqCst) + 1);
            async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                outcome
            }
        };
        let cache = TokenCache::new(reqwest::header::AUTHORIZATION, "Bearer ", provider);
        (Credential::Fetched(Arc::new(cache)), calls)
    }

    fn hour(count: u32) -> Result<Token, ProviderError> {
        Ok(Token::new(format!("t{count}")).expires_in(Duration::from_secs(3600)))
    }

    async fn sent(credential: &Credential) -> Result<(String, Generation)> {
        let mut headers = HeaderMap::new();
        let (header, generation) = credential.get().await?;
        header.set(&mut headers);
        Ok((headers["authorization"].to_str().unwrap().to_owned(), generation))
    }

    #[tokio::test(start_paused = true)]
    async fn ten_thousand_calls_make_one_fetch() {
        let (credential, calls) = cache(hour);
        let all = join_all((0..10_000).map(|_| sent(&credential))).await;
        assert!(all.into_iter().all(|one| one.unwrap().0 == "Bearer t1"));
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_renewed_early_by_one_caller() {
        let (credential, calls) = cache(hour);
        sent(&credential).await.unwrap();
        tokio::time::advance(Duration::from_secs(3600 - 302)).await;
        assert_eq!(sent(&credential).await.unwrap().0, "Bearer t1");
        assert_eq!(calls.load(Ordering::SeqCst), 1);
        tokio::time::advance(Duration::from_secs(2)).await;
        let all = join_all((0..100).map(|_| sent(&credential))).await;
        assert!(all.into_iter().all(|one| one.is_ok()));
        assert_eq!(calls.load(Ordering::SeqCst), 2);
        assert_eq!(sent(&credential).await.unwrap().0, "Bearer t2");
    }

    #[tokio::test(start_paused = true)]
    async fn a_failed_renewal_keeps_the_good_token() {
        let (credential, _) = cache(|count| if count == 1 { hour(1) } else { Err("down".into()) });
        sent(&credential).await.unwrap();
        tokio::time::advance(Duration::from_secs(3500)).await;
        assert_eq!(sent(&credential).await.unwrap().0, "Bearer t1");
        tokio::time::advance(Duration::from_secs(200)).await;
        let error = sent(&credential).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_fetch_fails_all_who_wait_and_is_not_hammered() {
        let (credential, calls) = cache(|_| Err("refused".into()));
        let all = join_all((0..1000).map(|_| sent(&credential))).await;
        assert!(all.into_iter().all(|one| one.is_err()));
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn the_rejection_of_an_older_token_is_ignored() {
        let (credential, calls) = cache(hour);
        let (_, first) = sent(&credential).await.unwrap();
        assert!(credential.reject(first));
        let (text, _) = sent(&credential).await.unwrap();
        assert_eq!(text, "Bearer t2");
        assert!(credential.reject(first));
        assert_eq!(sent(&credential).await.unwrap().0, "Bearer t2");
        assert_eq!(calls.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_token_that_is_not_new_is_suspected() {
        let (credential, calls) = cache(hour);
        let (_, first) = sent(&credential).await.unwrap();
        assert!(!credential.suspect(first));
        tokio::time::advance(SUSPECT_AGE + Duration::from_secs(1)).await;
        assert!(credential.suspect(first));
        let (text, second) = sent(&credential).await.unwrap();
        assert_eq!(text, "Bearer t2");
        assert!(credential.suspect(first), "another token is there already");
        assert!(!credential.suspect(second));
        assert_eq!(sent(&credential).await.unwrap().0, "Bearer t2");
        assert_eq!(calls.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn secrets_are_not_printed() {
        let secret = SecretString::from("hunter2");
        let header = Header::new(reqwest::header::AUTHORIZATION, "Token ", secret).unwrap();
        let credential = Credential::Fixed(Arc::new(header));
        assert!(!format!("{credential:?}").contains("hunter2"));
        assert_eq!(credential.hide("key hunter2 refused"), "key *** refused");
        let error = Header::new(reqwest::header::AUTHORIZATION, "", "bad\nkey".into()).err();
        assert!(!error.unwrap().to_string().contains("bad"));
    }
}
