//! What is done with several jobs at once.

use std::collections::HashSet;

use super::Job;
use crate::bodo::clusters::Cluster;
use crate::bodo::group::GroupAction;
use crate::bodo::{Group, JobStatus};

impl Group<Job> {
    /// Cancels every job. One that has ended is a failure in the report and does not stop the
    /// others.
    pub fn cancel(&self) -> GroupAction<Job> {
        let cancel = |mut job: Job| async move {
            job.cancel().await?;
            Ok(job)
        };
        self.act(cancel, JobStatus::Cancelled)
    }

    /// The clusters that the jobs run on, each once, temporary ones too, as of the jobs' last data.
    pub fn clusters(&self) -> Group<Cluster> {
        let mut seen = HashSet::new();
        let ids = self.iter().filter(|job| job.cluster_id().is_some_and(|id| seen.insert(id)));
        ids.filter_map(Job::cluster).collect()
    }
}
