//! The client of one workspace.

use std::fmt;
use std::sync::Arc;

use reqwest::Url;

use super::builder::{Builder, Connected};
use super::clusters::{Cluster, ClusterId, Clusters};
use super::models;
use super::session::Session;
use super::settings::Kind;
use crate::error::{Error, Result};
use crate::ids::id_type;
use crate::raw;

id_type! {
    /// A workspace's id, a UUID.
    WorkspaceId
}

/// A client for one workspace. Clones are cheap and share connections and the token. Making one
/// sends nothing: the first call fetches a token.
#[derive(Clone)]
pub struct Workspace {
    pub(super) session: Arc<Session>,
}

impl fmt::Debug for Workspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Workspace").field(&self.session.raw.inner).finish()
    }
}

impl Connected for Workspace {
    const KIND: Kind = Kind::Workspace;

    fn connected(session: Session) -> Self {
        Self { session: Arc::new(session) }
    }
}

impl Workspace {
    /// A builder that reads nothing but what it is told.
    ///
    /// ```
    /// # fn main() -> longhaul::Result<()> {
    /// let workspace = longhaul::bodo::Workspace::builder()
    ///     .client_id("0b0d0000-0000-4000-8000-000000000001")
    ///     .secret_key("0123-4567")
    ///     .build()?;
    /// assert_eq!(workspace.api_url().as_str(), "https://api.bodo.ai/api");
    /// # Ok(()) }
    /// ```
    pub fn builder() -> Builder<Self> {
        Builder::new()
    }

    /// Reads `BODO_CLIENT_ID` and `BODO_SECRET_KEY`, and `BODO_API_URL` and `BODO_AUTH_URL`, which
    /// are variables of this crate only.
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

    /// The workspace's id, which its token names. Fetches a token when there is none.
    ///
    /// # Errors
    /// When no token can be had, or it names no workspace.
    pub async fn id(&self) -> Result<WorkspaceId> {
        let tenant = self.session.tenant().await?;
        tenant.map(WorkspaceId::from).ok_or_else(|| {
            let message = "the token names no workspace in its claim `tenantId`; check that it is \
                one of a workspace";
            Error::config(message).with_doubt(false)
        })
    }

    /// What the platform knows of the workspace: its name, region and cloud.
    ///
    /// # Errors
    /// As any call.
    pub async fn data(&self) -> Result<models::Workspace> {
        let id = self.id().await?;
        self.session.call(self.raw().get_workspace().workspace(id.as_str()).send()).await
    }

    /// The clusters of the workspace, and what there is to create them of.
    pub fn clusters(&self) -> Clusters {
        Clusters::of(self)
    }

    /// One cluster by its id, without asking the platform.
    pub fn cluster(&self, id: impl Into<ClusterId>) -> Cluster {
        Cluster::new(self, id.into())
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
