//! One job template.

use std::fmt;

use super::{JobTemplateId, UpdateJobTemplate};
use crate::arguments::usable;
use crate::bodo::calls::deleted;
use crate::bodo::jobs::{JobQuery, NewJob, RunJob};
use crate::bodo::{Workspace, models};
use crate::error::Result;
use crate::page::List;

/// A job template: its last known data and a client to act on it.
///
/// `Debug` shows no configuration: it may hold the token of a repository.
#[derive(Clone)]
pub struct JobTemplate {
    workspace: Workspace,
    id: JobTemplateId,
    data: Option<Box<models::JobTemplate>>,
}

impl JobTemplate {
    pub(super) fn new(workspace: &Workspace, id: JobTemplateId) -> Self {
        Self { workspace: workspace.clone(), id, data: None }
    }

    pub(super) fn with_data(workspace: &Workspace, data: models::JobTemplate) -> Self {
        let id = JobTemplateId::from(&data.uuid);
        Self { data: Some(Box::new(data)), ..Self::new(workspace, id) }
    }

    pub(super) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// The id, for a request about the template.
    pub(super) fn target(&self) -> Result<&str> {
        usable("job template", self.id.as_str())
    }

    /// Takes what the server said last.
    pub(super) fn keep(&mut self, data: models::JobTemplate) -> &models::JobTemplate {
        self.data.insert(Box::new(data))
    }

    /// The template's id.
    pub fn id(&self) -> &JobTemplateId {
        &self.id
    }

    /// What the server said last; `None` before the first [`refresh`](JobTemplate::refresh).
    pub fn data(&self) -> Option<&models::JobTemplate> {
        self.data.as_deref()
    }

    /// The template's name, as of the last data.
    pub fn name(&self) -> Option<&str> {
        self.data()?.name.as_deref()
    }

    /// Asks the server for the template.
    ///
    /// # Errors
    /// As any call.
    pub async fn refresh(&mut self) -> Result<&models::JobTemplate> {
        let request = self.workspace.session.raw.get_job_template().job_template(self.target()?);
        let data = self.workspace.session.call(request.send()).await?;
        Ok(self.keep(data))
    }

    /// Runs a job of the template. What is set takes the place of what the template has, all else
    /// stays: also whether the result is kept. `.await` gives the job before it has run.
    ///
    /// What does not fit the type of the template is refused before anything is sent, as far as
    /// the template's data is at hand: see [`refresh`](JobTemplate::refresh).
    pub fn run(&self) -> RunJob {
        RunJob::new(&self.workspace, NewJob::template(&self.id)).of(self.data.as_deref().cloned())
    }

    /// The jobs of the template.
    pub fn jobs(&self) -> List<JobQuery> {
        self.workspace.jobs().list().template_ids([&self.id])
    }

    /// Changes the template.
    pub fn update(&mut self) -> UpdateJobTemplate<'_> {
        UpdateJobTemplate::new(self)
    }

    /// Deletes the template. Its name can then be given to another one.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(self) -> Result<()> {
        let request = self.workspace.session.raw.delete_job_template().job_template(self.target()?);
        deleted(self.workspace.session.call(request.send()).await)
    }
}

impl fmt::Debug for JobTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobTemplate")
            .field("id", &self.id)
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}
