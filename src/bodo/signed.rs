//! Signed links to storage: used without a credential, and known to expire.

use reqwest::Url;

use super::session::Session;
use crate::error::{Error, Result};
use crate::transfer::Link;
use crate::values::Secret;

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

/// How storage services refuse a link, above all one that has expired (source: Amazon S3, error
/// responses: 403 `AccessDenied`, 400 `ExpiredToken`; Azure Blob Storage: 403
/// `AuthenticationFailed`).
pub(super) fn is_refusal(error: &Error) -> bool {
    matches!(error.status(), Some(400 | 401 | 403))
}
