//! Files of prices, behind links.

use std::path::PathBuf;

use super::Span;
use crate::bodo::{WorkspaceId, models, signed};
use crate::error::{Error, Result};
use crate::transfer::{Download, Link, Remote};

/// A question for a file of prices; `.await` gives the link to it.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until it is awaited"]
pub struct ExportPrices {
    span: Span,
    of: Priced,
}

#[derive(Clone, Copy, Debug)]
enum Priced {
    Clusters,
    Jobs,
}

impl ExportPrices {
    pub(super) fn of_clusters(span: Span) -> Self {
        Self { span, of: Priced::Clusters }
    }

    pub(super) fn of_jobs(span: Span) -> Self {
        Self { span, of: Priced::Jobs }
    }

    /// Only the prices of this workspace.
    pub fn workspace(mut self, id: impl Into<WorkspaceId>) -> Self {
        self.span.workspace = Some(id.into());
        self
    }

    async fn run(self) -> Result<PriceExport> {
        let answer = match self.of {
            Priced::Clusters => self.clusters().await?,
            Priced::Jobs => self.jobs().await?,
        };
        let url = answer.url.ok_or_else(|| {
            Error::protocol("the server answered without a link to the file of prices")
        })?;
        Ok(PriceExport { link: signed::link(&self.span.session, &url)? })
    }

    async fn clusters(&self) -> Result<models::PriceExport> {
        let Span { session, workspace, .. } = &self.span;
        let (from, to) = self.span.days()?;
        let mut request = session.raw.get_cluster_price_export().started_at(from).finished_at(to);
        if let Some(workspace) = workspace {
            request = request.workspace_uuid(workspace);
        }
        session.call(request.send()).await
    }

    async fn jobs(&self) -> Result<models::PriceExport> {
        let Span { session, workspace, .. } = &self.span;
        let (from, to) = self.span.days()?;
        let mut request = session.raw.get_job_price_export().started_at(from).finished_at(to);
        if let Some(workspace) = workspace {
            request = request.workspace_uuid(workspace);
        }
        session.call(request.send()).await
    }
}

/// A file of prices behind a link that is good for a while. The platform does not document its
/// format.
#[derive(Clone, Debug)]
pub struct PriceExport {
    link: Link,
}

impl PriceExport {
    /// Where the file is. It is asked for without the credential.
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// Downloads the file to a path: as `prices` into it when it is a folder or ends in a slash,
    /// exactly there otherwise.
    pub fn download_to(&self, path: impl Into<PathBuf>) -> Download<Link> {
        Download::new(self.link.clone(), Remote::new("prices"), path)
    }
}

crate::awaits::awaits!(ExportPrices => PriceExport, run);
