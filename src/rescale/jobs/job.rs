//! One job.

use std::time::Duration;

use super::{DeleteJob, JobId, NewJob, Run, RunId, RunQuery, UpdateJob};
use crate::error::{Error, ErrorKind, Result};
use crate::page::List;
use crate::rescale::lists::paged_list;
use crate::rescale::models::{self, Instance, JobStatusEntry, Tag, TagName};
use crate::rescale::status::oldest_first;
use crate::rescale::{Client, Cluster, DeviceId, File, JobStatus, Outcome};
use crate::transport::call::call;
use crate::wait::{Targets, Wait, Watch, wait_for_status};

/// The file that holds what the commands of a job wrote.
const LOG: &str = "process_output.log";

/// How many of the log's last lines the error of a failed job carries.
const LOG_LINES: usize = 10;

/// The log is listed a few seconds after the job has completed (source: rescalepy 0.4.2), so the
/// search for it is repeated this often.
const LOG_TRIES: u32 = 4;
const LOG_PAUSE: Duration = Duration::from_secs(2);

paged_list! {
    /// The input and output files of a job.
    JobFileQuery: File = list_job_files(job) {
        /// Only files with this text in the name.
        search: String
    } |client, file| File::new(client, file)
}

paged_list! {
    /// The machines of a job's cluster, while there is one.
    InstanceQuery: Instance = list_instances(job) {} |_client, instance| instance
}

/// A job: its last known data and a client to act on it.
#[derive(Clone, Debug)]
pub struct Job {
    client: Client,
    id: JobId,
    data: Option<models::Job>,
    /// Oldest first, as of the last look.
    history: Vec<JobStatusEntry>,
    submitted: bool,
}

impl Job {
    pub(in crate::rescale) fn new(client: &Client, id: JobId) -> Self {
        Self { client: client.clone(), id, data: None, history: Vec::new(), submitted: false }
    }

    pub(super) fn with_data(client: &Client, data: models::Job) -> Self {
        let id = JobId::from(&data.id);
        Self { data: Some(data), ..Self::new(client, id) }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Takes what the server said last.
    pub(super) fn keep(&mut self, data: models::Job) -> &models::Job {
        self.data.insert(data)
    }

    /// The job's id.
    pub fn id(&self) -> &JobId {
        &self.id
    }

    /// What the server said last; `None` before the first [`refresh`](Job::refresh). It has no
    /// status: see [`statuses`](Job::statuses).
    pub fn data(&self) -> Option<&models::Job> {
        self.data.as_ref()
    }

    /// The history as of the last look, oldest first.
    pub fn history(&self) -> &[JobStatusEntry] {
        &self.history
    }

    /// How the job ended, judged by the last look.
    pub fn outcome(&self) -> Outcome {
        Outcome::of(&self.history)
    }

    /// Asks the server for the job.
    ///
    /// # Errors
    /// As any call.
    pub async fn refresh(&mut self) -> Result<&models::Job> {
        let data = call(self.client.raw().get_job().job(self.id.as_str()).send()).await?;
        Ok(self.data.insert(data))
    }

    /// The history of statuses, oldest first; empty before the job is submitted.
    ///
    /// # Errors
    /// As any call.
    pub async fn statuses(&mut self) -> Result<&[JobStatusEntry]> {
        let request = self.client.raw().list_job_statuses().job(self.id.as_str());
        let page = call(request.page_size(STATUSES).send()).await?;
        self.history = oldest_first(page.results, |entry| &entry.status_date);
        Ok(&self.history)
    }

    /// The status now; `None` before the job is submitted.
    ///
    /// # Errors
    /// As any call.
    pub async fn status(&mut self) -> Result<Option<JobStatus>> {
        Ok(self.statuses().await?.last().map(|entry| entry.status.clone()))
    }

    /// Waits until the job has, or has had, one of the statuses.
    ///
    /// `Completed` is reached only by a job that did its work: a failed run is an error
    /// ([`is_wait_failed`](Error::is_wait_failed)) with the platform's reason and the last lines of
    /// `process_output.log`. At most 24 h unless told otherwise.
    pub fn wait_for_status(&mut self, targets: impl Into<Targets<JobStatus>>) -> Wait<'_, Self> {
        wait_for_status(self, targets)
    }

    /// The cluster that the job runs on.
    pub fn cluster(&self) -> Cluster {
        Cluster::new(&self.client, &self.id)
    }

    /// Starts the job.
    ///
    /// The platform answers yes and does nothing when the job was submitted before, so its history
    /// is looked at first.
    ///
    /// # Errors
    /// [`ErrorKind::NoEffect`] when the job was submitted before; otherwise as any call.
    pub async fn submit(&mut self) -> Result<()> {
        self.submit_with(None).await
    }

    /// Starts the job with options: for example, waiving the service level.
    ///
    /// # Errors
    /// As [`submit`](Job::submit).
    pub async fn submit_with(&mut self, options: Option<models::SubmitOptions>) -> Result<()> {
        if let Some(status) = self.status().await? {
            let message = format!(
                "{} was submitted before and is `{status}`, so submitting it would do nothing; \
                 create it anew with `to_new`",
                self.name()
            );
            return Err(
                Error::new(ErrorKind::NoEffect, message).with_operation("rescale", "submit_job")
            );
        }
        let request = self.client.raw().submit_job().job(self.id.as_str());
        call(request.body(options).send()).await?;
        self.submitted = true;
        Ok(())
    }

    /// Asks the platform to stop the job; it ends as `Completed` a little later.
    ///
    /// # Errors
    /// As any call.
    pub async fn stop(&self) -> Result<()> {
        call(self.client.raw().stop_job().job(self.id.as_str()).send()).await
    }

    /// Stops the job without letting it finish (known from third-party clients only).
    ///
    /// # Errors
    /// As any call.
    pub async fn force_stop(&self) -> Result<()> {
        call(self.client.raw().force_stop_job().job(self.id.as_str()).send()).await
    }

    /// Changes a job that was not submitted yet.
    pub fn update(&mut self) -> UpdateJob<'_> {
        UpdateJob::new(self)
    }

    /// Deletes the job. The platform demands that its cluster has stopped; this waits for it.
    pub fn delete(self) -> DeleteJob {
        DeleteJob::new(self)
    }

    /// A description of the same job, to edit and create anew: the platform's public API cannot
    /// clone (source: rescale-labs/Api_UserAPI_Reference, README.ipynb).
    ///
    /// # Errors
    /// As any call.
    pub async fn to_new(&mut self) -> Result<NewJob> {
        NewJob::like(self.refresh().await?)
    }

    /// The job's files, inputs and outputs; narrow with `search`.
    pub fn files(&self) -> List<JobFileQuery> {
        JobFileQuery::list(&self.client, &self.id)
    }

    /// The last lines of the job's log, when there is one.
    ///
    /// # Errors
    /// As any call.
    pub async fn log_tail(&self, lines: usize) -> Result<Option<Vec<String>>> {
        let mut found = self.files().search(LOG);
        while let Some(file) = found.try_next().await? {
            if file.name() == LOG {
                let mut all = file.lines().await?;
                let rest = all.split_off(all.len().saturating_sub(lines));
                return Ok(Some(rest));
            }
        }
        Ok(None)
    }

    /// The job's runs: one for a basic job, one per case of a design of experiments.
    pub fn runs(&self) -> List<RunQuery> {
        RunQuery::list(&self.client, &self.id)
    }

    /// One run by its id, without asking the server; a basic job has run `1`.
    pub fn run(&self, id: impl Into<RunId>) -> Run {
        Run::new(&self.client, &self.id, id.into())
    }

    /// The machines of the cluster; none before it starts and after it stops.
    pub fn instances(&self) -> List<InstanceQuery> {
        InstanceQuery::list(&self.client, &self.id)
    }

    /// How to connect to the cluster, as the platform puts it (source:
    /// rescale-labs/Rescale_Interlink).
    ///
    /// # Errors
    /// As any call; 404 without a cluster.
    pub async fn connection_details(&self) -> Result<serde_json::Map<String, serde_json::Value>> {
        call(self.client.raw().get_connection_details().job(self.id.as_str()).send()).await
    }

    /// Load of the cluster over the last hours; the platform answers 404 in practice (source:
    /// rescale-labs/Rescale_Interlink).
    ///
    /// # Errors
    /// As any call.
    pub async fn cluster_load(&self, hours: i64) -> Result<serde_json::Value> {
        let request = self.client.raw().get_cluster_load().job(self.id.as_str());
        call(request.hours(hours).send()).await
    }

    /// The job's tags.
    ///
    /// # Errors
    /// As any call.
    pub async fn tags(&self) -> Result<Vec<Tag>> {
        call(self.client.raw().list_job_tags().job(self.id.as_str()).send()).await
    }

    /// Adds a tag.
    ///
    /// # Errors
    /// As any call.
    pub async fn add_tag(&self, name: impl Into<String>) -> Result<()> {
        let body = TagName { name: name.into() };
        call(self.client.raw().add_job_tag().job(self.id.as_str()).body(body).send()).await
    }

    /// Takes a tag away.
    ///
    /// # Errors
    /// As any call.
    pub async fn remove_tag(&self, name: impl Into<String>) -> Result<()> {
        let body = TagName { name: name.into() };
        call(self.client.raw().remove_job_tag().job(self.id.as_str()).body(body).send()).await
    }

    /// The workspace's own fields with their values.
    ///
    /// # Errors
    /// As any call.
    pub async fn custom_fields(
        &self,
    ) -> Result<std::collections::BTreeMap<String, models::CustomFieldValue>> {
        call(self.client.raw().get_job_custom_fields_v3().job(self.id.as_str()).send()).await
    }

    /// Sets values of the workspace's own fields.
    ///
    /// # Errors
    /// As any call.
    pub async fn set_custom_fields(
        &self,
        values: serde_json::Map<String, serde_json::Value>,
    ) -> Result<()> {
        let request = self.client.raw().set_job_custom_fields().job(self.id.as_str());
        call(request.body(values).send()).await.map(drop)
    }

    /// Shares the job with the person of this address.
    ///
    /// # Errors
    /// As any call.
    pub async fn share(
        &self,
        email: impl Into<String>,
        message: impl Into<String>,
    ) -> Result<models::JobShareResult> {
        let body = models::JobShare { email: email.into(), message: Some(message.into()) };
        call(self.client.raw().share_job().job(self.id.as_str()).body(body).send()).await
    }

    /// Shares the job with a workspace, by its id.
    ///
    /// # Errors
    /// As any call.
    pub async fn share_with_workspace(
        &self,
        id: impl Into<String>,
        message: impl Into<String>,
    ) -> Result<()> {
        let (account, message) = (Some(id.into()), Some(message.into()));
        let body = models::JobShareV3 { account, message, ..Default::default() };
        call(self.client.raw().share_job_v3().job(self.id.as_str()).body(body).send()).await
    }

    /// Attaches a started storage device before the job is submitted.
    ///
    /// # Errors
    /// As any call.
    pub async fn attach_storage_device(&self, device: impl Into<DeviceId>) -> Result<()> {
        let id = device.into().as_str().to_owned();
        let body = models::StorageDeviceAttach { storage_device: models::StorageDeviceRef { id } };
        let request = self.client.raw().attach_storage_device().job(self.id.as_str());
        call(request.body(body).send()).await.map(drop)
    }

    /// The error of a job that completed without success.
    async fn failure(&self, reason: &str) -> Error {
        let name = Watch::name(self);
        let mut message = format!("{name} completed, but failed: {reason}");
        if let Some(lines) = self.log_when_listed().await {
            let lines: Vec<_> = lines.iter().map(|line| line.trim_end()).collect();
            message = format!("{message}; the last lines of {LOG}:\n{}", lines.join("\n"));
        }
        Error::new(ErrorKind::Failed, message)
    }

    /// The end of the log, as far as it can be had in a few seconds. A job that never ran has none.
    async fn log_when_listed(&self) -> Option<Vec<String>> {
        if !self.has_been(&JobStatus::Executing) {
            return None;
        }
        for attempt in 1..=LOG_TRIES {
            match self.log_tail(LOG_LINES).await {
                Ok(Some(lines)) => return Some(lines),
                Ok(None) if attempt < LOG_TRIES => tokio::time::sleep(LOG_PAUSE).await,
                Ok(None) => {}
                Err(error) => {
                    tracing::debug!(%error, "the log of the failed job could not be read");
                    return None;
                }
            }
        }
        None
    }
}

/// A history is short: all of it comes in one page.
const STATUSES: i64 = 1000;

impl Watch for Job {
    type Status = JobStatus;
    const LIMIT: Duration = Duration::from_secs(24 * 3600);

    fn name(&self) -> String {
        format!("job {}", self.id)
    }

    async fn look(&mut self, limit: Duration) -> Result<JobStatus> {
        let raw = self.client.single_attempt(limit);
        let request = raw.list_job_statuses().job(self.id.as_str()).page_size(STATUSES);
        let page = call(request.send()).await?;
        self.history = oldest_first(page.results, |entry| &entry.status_date);
        match self.history.last() {
            Some(entry) => Ok(entry.status.clone()),
            None if self.submitted => Ok(JobStatus::Other("not listed yet".to_owned())),
            None => {
                let message = format!("{} was never submitted; submit it first", Watch::name(self));
                Err(Error::new(ErrorKind::Failed, message))
            }
        }
    }

    fn has_been(&self, status: &JobStatus) -> bool {
        self.history.iter().any(|entry| entry.status == *status)
    }

    async fn confirm(&mut self, status: &JobStatus) -> Result<()> {
        match (status, self.outcome()) {
            (JobStatus::Completed, Outcome::Failed(reason)) => Err(self.failure(&reason).await),
            (JobStatus::Completed, Outcome::Unknown) => {
                tracing::warn!(job = %self.id, "completed without a reason; taken for a success");
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn reason(&mut self, _status: &JobStatus) -> Option<String> {
        match self.outcome() {
            Outcome::Failed(reason) => Some(reason),
            _ => None,
        }
    }
}
