//! Signed links to storage: used without a credential, patiently, and known to expire.

use reqwest::Url;

use super::session::Session;
use crate::error::{Error, Result};
use crate::transfer::{Incoming, Link, Source, Wanted};
use crate::transport::backoff::Backoff;
use crate::values::Secret;

/// How often a file is asked for before the trouble is the caller's.
const TRIES: u32 = 4;

/// What a signed link leads to. The link is not shown where it is none.
///
/// # Errors
/// `Protocol` when it is no address of the web.
pub(super) fn link(session: &Session, signed: &Secret) -> Result<Link> {
    let url = Url::parse(signed.expose().trim()).ok().filter(is_usable);
    let url = url.ok_or_else(|| Error::protocol("a signed link is no http or https address"))?;
    Ok(Link::new(session.raw.client.clone(), url).stall_timeout(session.options.stall_timeout))
}

fn is_usable(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some()
}

/// Asks again while the storage is in trouble.
pub(super) async fn patiently(link: &Link, wanted: &Wanted) -> Result<Incoming> {
    let mut backoff = Backoff::new();
    for _ in 1..TRIES {
        match link.open(wanted.clone()).await {
            Err(error) if error.is_retryable() => {
                let pause = error.retry_after().unwrap_or_default().max(backoff.next_wait());
                tracing::debug!(%error, ?pause, "will ask the storage again");
                tokio::time::sleep(pause).await;
            }
            outcome => return outcome,
        }
    }
    link.open(wanted.clone()).await
}

/// How storage services refuse a link, above all one that has expired (source: Amazon S3, error
/// responses: 403 `AccessDenied`, 400 `ExpiredToken`; Azure Blob Storage: 403
/// `AuthenticationFailed`).
pub(super) fn is_refusal(error: &Error) -> bool {
    matches!(error.status(), Some(400 | 401 | 403))
}
