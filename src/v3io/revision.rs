//! Versions of objects and items, for changes that must not overwrite another's.

use std::fmt;

use reqwest::header::{HeaderMap, HeaderName};

/// Sent with objects and items (source: V3IO web-API reference, since version 2.0.0).
pub(super) const VERIFIER: HeaderName = HeaderName::from_static("x-v3io-transaction-verifier");

/// The version of an object or item: a condition that holds as long as nobody changes it.
///
/// ```
/// # async fn f(users: longhaul::v3io::Container) -> longhaul::Result<()> {
/// let louise = users.table("burgers").item("louise");
/// let written = louise.put().set("age", 9).await?;
/// if let Some(revision) = written {
///     louise.update().set("age", 10).condition(&revision).await?;
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Revision(String);

impl Revision {
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(VERIFIER)?.to_str().ok()?.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// The condition expression.
    pub fn as_condition(&self) -> &str {
        &self.0
    }
}

impl From<&Revision> for String {
    fn from(revision: &Revision) -> Self {
        revision.0.clone()
    }
}

impl From<Revision> for String {
    fn from(revision: Revision) -> Self {
        revision.0
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
