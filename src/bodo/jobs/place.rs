//! Where a job runs: on a cluster, on one of its own, or on the one of its template.

use std::time::Duration;

use tokio::time::Instant;

use crate::arguments::usable;
use crate::bodo::clusters::{ClusterConfig, ClusterId};
use crate::bodo::{ClusterStatus, Workspace, models};
use crate::error::{Error, Result};

/// A cluster that was looked at so short a time ago is not looked at again.
const FRESH: Duration = Duration::from_secs(10);

/// Where a job is to run.
#[derive(Clone, Debug, Default)]
pub(in crate::bodo) struct Place {
    pub(in crate::bodo) cluster: Option<ClusterId>,
    /// How the cluster was, and when.
    pub(in crate::bodo) seen: Option<(ClusterStatus, Instant)>,
    pub(in crate::bodo) temporary: Option<ClusterConfig>,
    pub(in crate::bodo) resume: bool,
}

/// A place as it is sent: the id of a cluster, or the configuration of one to be made.
pub(in crate::bodo) type Sent = (Option<String>, Option<models::ClusterConfig>);

impl Place {
    /// Refuses a job without a cluster and one with two. `supplied` is whether a template has a
    /// cluster of its own, or might.
    pub(in crate::bodo) fn check(&self, supplied: bool) -> Result<()> {
        match (&self.cluster, &self.temporary) {
            (Some(_), Some(_)) => Err(Error::invalid(
                "a job runs on a cluster or on a temporary one, and both were given",
            )),
            (None, None) if !supplied => Err(Error::invalid(
                "this is a job without a cluster: give it one with `on_cluster` or \
                 `on_temporary_cluster`",
            )),
            (Some(id), None) => usable("cluster", id.as_str()).map(drop),
            (None, Some(config)) => config.check(),
            (None, None) => Ok(()),
        }
    }

    /// Looks at the cluster and fills in what is needed, for a job that is to run now.
    ///
    /// `supplied` is as in [`check`](Place::check): a template's cluster can be changed in part.
    pub(super) async fn send(self, workspace: &Workspace, supplied: bool) -> Result<Sent> {
        if let Some(id) = &self.cluster {
            look(workspace, id, self.seen.as_ref(), self.resume).await?;
        }
        self.fill(workspace, supplied).await
    }

    /// Fills in what is needed, for jobs that are to run later.
    pub(in crate::bodo) async fn fill(self, workspace: &Workspace, supplied: bool) -> Result<Sent> {
        let cluster = self.cluster.map(String::from);
        let Some(config) = self.temporary else { return Ok((cluster, None)) };
        let config = config.resolve(workspace).await?;
        let is_whole = config.instance_type.is_some() && config.workers_quantity.is_some();
        if !is_whole && !supplied {
            let message = "a temporary cluster needs an instance type and a number of workers";
            return Err(Error::invalid(message));
        }
        Ok((cluster, Some(config)))
    }
}

/// Looks at a cluster unless it was well a moment ago, and refuses one that takes no jobs.
async fn look(
    workspace: &Workspace,
    id: &ClusterId,
    seen: Option<&(ClusterStatus, Instant)>,
    resume: bool,
) -> Result<()> {
    let well = |(status, at): &(ClusterStatus, Instant)| {
        at.elapsed() < FRESH && refusal(status, resume).is_none()
    };
    if seen.is_some_and(well) {
        return Ok(());
    }
    let request = workspace.session.raw.get_cluster().cluster(id.as_str());
    let cluster = workspace.session.call(request.send()).await?;
    let Some(status) = &cluster.status else { return Ok(()) };
    let Some(advice) = refusal(status, resume) else { return Ok(()) };
    let name = cluster.name.as_deref().unwrap_or(id.as_str());
    Err(Error::invalid(format!("the cluster `{name}` is `{status}` and takes no job: {advice}")))
}

/// What to do about a cluster on which a job would wait for ever, or would start machines unasked.
fn refusal(status: &ClusterStatus, resume: bool) -> Option<&'static str> {
    match status {
        ClusterStatus::Failed | ClusterStatus::Terminated => Some("run the job on another cluster"),
        ClusterStatus::Stopped | ClusterStatus::Stopping if !resume => Some(
            "`restart` it first, or say `resume_cluster` to let the platform start it for the job",
        ),
        _ => None,
    }
}

/// The setters of where a job runs, for a builder: `place_setters!(|builder| builder.place)`.
macro_rules! place_setters {
    (|$builder:ident| $place:expr) => {
        /// Runs on this cluster.
        ///
        /// The cluster is looked at before the job is sent, unless that was done less than 10 s
        /// before: one that is `FAILED` or `TERMINATED` is refused, and so is a stopped one unless
        /// [`resume_cluster`](Self::resume_cluster) is said. A paused one is resumed by the
        /// platform (source: Bodo's documentation, bodo_jobs.md).
        pub fn on_cluster(mut self, cluster: impl Into<$crate::bodo::ClusterId>) -> Self {
            let $builder = &mut self;
            $place.cluster = Some(cluster.into());
            self
        }

        /// Runs on a cluster that is made for this job and ends with it.
        ///
        /// A run of a template takes what is set here in place of what the template's cluster has:
        /// [`ClusterConfig::partial`](crate::bodo::ClusterConfig::partial) leaves the rest as it
        /// is there.
        pub fn on_temporary_cluster(mut self, config: $crate::bodo::ClusterConfig) -> Self {
            let $builder = &mut self;
            $place.temporary = Some(config);
            self
        }

        /// Lets the platform start the cluster if it is `STOPPED`.
        ///
        /// That is not the default, because a stopped cluster takes minutes to start and costs
        /// money from then on, and because the platform documents it for paused ones only.
        pub fn resume_cluster(mut self) -> Self {
            let $builder = &mut self;
            $place.resume = true;
            self
        }
    };
}
pub(in crate::bodo) use place_setters;
