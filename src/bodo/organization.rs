//! The client of an organisation.

use std::fmt;
use std::sync::Arc;

use reqwest::Url;

use super::builder::{Builder, Connected};
use super::models;
use super::session::Session;
use super::settings::Kind;
use crate::error::Result;
use crate::raw;

/// A client for an organisation: its workspaces and cloud configurations. Clones are cheap and
/// share connections and the token. Making one sends nothing: the first call fetches a token.
#[derive(Clone)]
pub struct Organization {
    pub(super) session: Arc<Session>,
}

impl fmt::Debug for Organization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Organization").field(&self.session.raw.inner).finish()
    }
}

impl Connected for Organization {
    const KIND: Kind = Kind::Organization;

    fn connected(session: Session) -> Self {
        Self { session: Arc::new(session) }
    }
}

impl Organization {
    /// A builder that reads nothing but what it is told.
    pub fn builder() -> Builder<Self> {
        Builder::new()
    }

    /// Reads `BODO_ORG_CLIENT_ID` and `BODO_ORG_SECRET_KEY`, which are other keys than a
    /// workspace's, and `BODO_API_URL` and `BODO_AUTH_URL`, which are variables of this crate only.
    ///
    /// # Errors
    /// When a key is missing or a URL is not usable.
    pub fn from_env() -> Result<Self> {
        Self::builder().environment().build()
    }

    /// The generated client that this one uses, for what it does not cover.
    pub fn raw(&self) -> &raw::bodo::Client {
        &self.session.raw
    }

    /// Where the API is.
    pub fn api_url(&self) -> &Url {
        self.session.raw.inner.base()
    }

    /// Whether the platform still supports the release of its own client whose ways this crate
    /// follows.
    ///
    /// # Errors
    /// As any call.
    pub async fn sdk_version(&self) -> Result<models::SdkVersion> {
        self.session.sdk_version().await
    }
}
