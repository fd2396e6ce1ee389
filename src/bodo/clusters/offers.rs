//! What clusters can be made of: types of machines, images, versions of Bodo.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::Clusters;
use crate::bodo::Workspace;
use crate::bodo::models::{BodoImage, InstanceType};
use crate::error::{Error, Result};

/// How long the latest version of Bodo is taken for the latest.
const FRESH: Duration = Duration::from_secs(600);

/// The latest version of Bodo as it was when somebody asked, shared by all clones of a client.
#[derive(Default)]
pub(in crate::bodo) struct LatestVersion(Mutex<Option<(Instant, String)>>);

/// A question for the types of machines; `.await` asks.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until it is awaited"]
pub struct ListInstanceTypes {
    workspace: Workspace,
    accelerated: bool,
}

impl ListInstanceTypes {
    /// Only those with accelerated networking, which is on by default where it is supported.
    pub fn accelerated_networking(mut self) -> Self {
        self.accelerated = true;
        self
    }

    async fn run(self) -> Result<Vec<InstanceType>> {
        let Self { workspace, accelerated } = self;
        let id = workspace.id().await?;
        let sent = workspace.raw().list_available_instances().workspace(id.as_str()).send();
        let groups = workspace.session.call(sent).await?;
        let options = groups.into_iter().flat_map(|group| group.options.unwrap_or_default());
        let types = options.filter_map(|option| option.label);
        Ok(types.filter(|kind| !accelerated || kind.accelerated_networking == Some(true)).collect())
    }
}

crate::awaits::awaits!(ListInstanceTypes => Vec<InstanceType>, run);

impl Clusters {
    /// The types of machines that the workspace's cloud has.
    pub fn instance_types(&self) -> ListInstanceTypes {
        ListInstanceTypes { workspace: self.workspace.clone(), accelerated: false }
    }

    /// The images that clusters can start from, the latest first.
    ///
    /// # Errors
    /// As any call.
    pub async fn images(&self) -> Result<Vec<BodoImage>> {
        let id = self.workspace.id().await?;
        let sent = self.workspace.raw().list_available_images().workspace(id.as_str()).send();
        let groups = self.workspace.session.call(sent).await?;
        let options = groups.into_iter().flat_map(|group| group.options.unwrap_or_default());
        Ok(options.filter_map(|option| option.label).collect())
    }

    /// The versions of Bodo that clusters can have, the latest first.
    ///
    /// # Errors
    /// As any call.
    pub async fn bodo_versions(&self) -> Result<Vec<String>> {
        let images = self.images().await?.into_iter();
        Ok(images.filter_map(|image| image.bodo_version).collect())
    }

    /// The latest version of Bodo, which new clusters get unless told otherwise.
    ///
    /// # Errors
    /// As any call, and when the platform offers none.
    pub async fn latest_bodo_version(&self) -> Result<String> {
        let first = self.bodo_versions().await?.into_iter().next();
        first.ok_or_else(|| {
            Error::protocol("the platform offers no version of Bodo: give one with `bodo_version`")
                .with_doubt(false)
        })
    }

    /// The latest version as of a few minutes ago, asked for once however many want to know.
    pub(super) async fn remembered_version(&self) -> Result<String> {
        let mut remembered = self.workspace.session.latest_version.0.lock().await;
        if let Some((when, version)) = &*remembered
            && when.elapsed() < FRESH
        {
            return Ok(version.clone());
        }
        let version = self.latest_bodo_version().await?;
        *remembered = Some((Instant::now(), version.clone()));
        Ok(version)
    }
}
