//! What a test may do from inside.

use std::any::Any;
use std::fmt;
use std::sync::atomic::Ordering;

use super::jobs;
use super::server::Server;
use crate::handle::Handle;

/// A hand inside a running simulated Bodo.
pub struct Watch<'a>(&'a Server);

impl Handle {
    /// A hand inside, when it is Bodo that is simulated.
    pub fn bodo(&self) -> Option<Watch<'_>> {
        let backend: &dyn Any = self.backend();
        backend.downcast_ref().map(Watch)
    }
}

impl Watch<'_> {
    /// From now on, no token that was issued so far is valid.
    pub fn expire_tokens(&self) {
        self.0.gate.revoke_all();
    }

    /// From now on, no link that was issued so far is good.
    pub fn expire_links(&self) {
        self.0.links_from.store(self.0.now().micros(), Ordering::Relaxed);
    }

    /// The ids of all job runs, in the order of their submission.
    pub fn job_ids(&self) -> Vec<String> {
        self.0.state_as_left().jobs.iter().map(|(id, _)| id.to_owned()).collect()
    }

    /// The status of a job run, such as `RUNNING`; `None` when there is no such job run.
    pub fn job_status(&self, id: &str) -> Option<String> {
        self.0.state_as_left().jobs.get(id).map(|job| job.status.to_string())
    }

    /// Ends a job run in this status for this reason.
    pub fn end_job(&self, id: &str, status: &str, reason: &str) {
        jobs::conclude(self.0, &mut self.0.state_as_left(), id, status, Some(reason), self.0.now());
    }

    /// What a job run has printed so far to its `stdout` or `stderr`; its end brings its own.
    pub fn print(&self, id: &str, stream: &str, text: &str) {
        self.0.storage().text(format!("jobs/{id}/{stream}.txt"), text.to_owned());
    }

    /// The status of a cluster, such as `RUNNING`; `None` when there is no such cluster.
    pub fn cluster_status(&self, id: &str) -> Option<String> {
        self.0.state_as_left().clusters.get(id).map(|cluster| cluster.status().to_owned())
    }

    /// What an upload was named and its bytes; `None` when there is no such file.
    pub fn uploaded(&self, path: &str) -> Option<Vec<u8>> {
        let storage = self.0.storage();
        let content = storage.content(&super::storage::workspace_key(path))?;
        let bytes = content.read(0, content.len(), usize::MAX).ok()?;
        Some(bytes.to_vec())
    }
}

impl fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}
