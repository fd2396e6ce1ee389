//! Links to next pages, which are read and never followed.

use reqwest::Url;

use super::Cursor;
use crate::error::{Error, Result};
use crate::transport::{origin, redact};

/// The page number that a `next` link names. The link is not followed: it only tells where the
/// next page begins.
///
/// # Errors
/// When the link leads to another server, or names no page.
pub(crate) fn numbered(link: Option<&str>, base: &Url) -> Result<Option<Cursor>> {
    let Some(link) = link.filter(|link| !link.is_empty()) else { return Ok(None) };
    let refuse = |why: &str| Error::protocol(format!("the server's link to the next page {why}"));
    let url = base.join(link).map_err(|_| refuse("is no URL"))?;
    if !origin::same(&url, base) {
        let target = origin::name(&url);
        return Err(refuse(&format!("leads to {target} and was not followed")));
    }
    // The first page has no number in its link.
    let page = url.query_pairs().find(|(name, _)| name == "page");
    let number = page.map_or(Ok(1), |(_, value)| value.parse());
    let number = number.map_err(|_| refuse(&format!("names no page: {}", redact::url(&url))))?;
    Ok(Some(Cursor::Number(number)))
}
