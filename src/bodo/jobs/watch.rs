//! What a wait sees of a job, and why a job ended badly.

use std::time::Duration;

use super::Job;
use crate::bodo::JobStatus;
use crate::error::Result;
use crate::wait::Watch;

/// How much of the end of a failed job's stderr its error carries, in bytes.
const STDERR_END: usize = 2048;

/// How long that may take: the failure itself is what matters.
const STDERR_LIMIT: Duration = Duration::from_secs(15);

impl Watch for Job {
    type Status = JobStatus;
    const LIMIT: Duration = Duration::from_secs(24 * 3600);

    fn name(&self) -> String {
        format!("job {}", self.id())
    }

    async fn look(&mut self, limit: Duration) -> Result<JobStatus> {
        let raw = self.workspace().session.single_attempt(limit);
        let request = raw.get_job().job(self.target()?);
        let data = self.workspace().session.call(request.send()).await?;
        self.keep(data);
        Ok(self.last_status())
    }

    fn has_been(&self, status: &JobStatus) -> bool {
        let has_run = self.last_status() == JobStatus::Succeeded;
        has_run && matches!(status, JobStatus::Pending | JobStatus::Running)
    }

    async fn reason(&mut self, status: &JobStatus) -> Option<String> {
        let said = self.data().and_then(|data| data.reason.clone());
        let said = said.filter(|reason| !reason.trim().is_empty());
        let words = match status {
            JobStatus::Failed | JobStatus::Timeout => self.last_words().await,
            _ => None,
        };
        let words = words.map(|text| format!("the end of stderr:\n{text}"));
        match (said, words) {
            (Some(said), Some(words)) => Some(format!("{said}; {words}")),
            (said, words) => said.or(words),
        }
    }
}

impl Job {
    /// The end of stderr, as far as it can be had in time.
    async fn last_words(&self) -> Option<String> {
        let end = tokio::time::timeout(STDERR_LIMIT, self.stderr().tail(STDERR_END)).await;
        match end {
            Ok(Ok(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Ok(Err(error)) => {
                tracing::debug!(%error, "the stderr of the job could not be read");
                None
            }
            Err(_) => None,
        }
    }
}
