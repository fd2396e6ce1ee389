//! Jobs, which do in the background what takes time.

use std::time::Duration;

use super::models::{JobAttributes, JobDocument};
use super::resource::{Resource, unwraps};
use super::{Client, JobState};
use crate::arguments::usable;
use crate::error::{Error, Result};
use crate::ids::id_type;
use crate::raw;
use crate::status::{Phase, Status};
use crate::wait::{Targets, Wait, Watch, wait_for_status};

id_type! {
    /// The id of a job.
    JobId
}

unwraps!(JobResource, JobDocument => Resource<JobId, JobAttributes>);

impl Status for JobState {
    /// As the official client judges it (source: v3io-go, pkg/controlplane/http).
    fn phase(&self) -> Phase {
        match self {
            Self::Completed => Phase::Done,
            Self::Failed | Self::Canceled => Phase::Failed,
            _ => Phase::Moving,
        }
    }
}

/// A job of the platform.
#[derive(Clone, Debug)]
pub struct Job {
    client: Client,
    id: JobId,
    data: JobAttributes,
}

impl Job {
    pub(super) fn new(client: &Client, id: JobId) -> Self {
        Self { client: client.clone(), id, data: JobAttributes::default() }
    }

    /// The job that an answer is about.
    pub(super) fn started(client: &Client, answer: JobDocument) -> Result<Self> {
        let Resource { id, attributes } = answer.into();
        match id.as_str() {
            "" => Err(unnamed()),
            _ => Ok(Self { client: client.clone(), id, data: attributes }),
        }
    }

    /// The job's id.
    pub fn id(&self) -> &JobId {
        &self.id
    }

    /// What the server said last; nothing before the first [`get`](Job::get) or wait.
    pub fn data(&self) -> &JobAttributes {
        &self.data
    }

    /// Asks the server for the job as it is now.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(&mut self) -> Result<&JobAttributes> {
        self.refresh(self.client.raw().clone()).await?;
        Ok(&self.data)
    }

    /// Waits until the job has one of the states. Failed and canceled jobs end the wait for any
    /// other with an error that has the job's result. At most 1 h unless told otherwise.
    pub fn wait_for_status(&mut self, targets: impl Into<Targets<JobState>>) -> Wait<'_, Self> {
        wait_for_status(self, targets)
    }

    async fn refresh(&mut self, raw: raw::v3io::Client) -> Result<()> {
        let id = usable("job", self.id.as_str())?;
        let answer = self.client.send(raw.get_job().id(id).send()).await?;
        self.data = Resource::from(answer).attributes;
        Ok(())
    }
}

impl Watch for Job {
    type Status = JobState;
    const LIMIT: Duration = Duration::from_secs(3600);

    fn name(&self) -> String {
        format!("job {}", self.id)
    }

    async fn look(&mut self, limit: Duration) -> Result<JobState> {
        self.refresh(self.client.single_attempt(limit)).await?;
        Ok(self.data.state.clone().unwrap_or_else(|| JobState::from("unknown")))
    }

    async fn reason(&mut self, _status: &JobState) -> Option<String> {
        self.data.result.clone().filter(|result| !result.trim().is_empty())
    }
}

/// The error of an answer that says that there is a job, and not which.
pub(super) fn unnamed() -> Error {
    Error::protocol("the server started a job and did not name it").with_doubt(true)
}
