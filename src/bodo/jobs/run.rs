//! Sending a job off.

use super::place::place_setters;
use super::setters::work_setters;
use super::work::secrets;
use super::{Job, NewJob};
use crate::bodo::calls::{hiding, in_doubt};
use crate::bodo::{Workspace, models};
use crate::error::Result;

/// A job about to be sent; `.await` sends it and gives the [`Job`], before it has run.
///
/// It is sent once: when the answer is lost, the error says so, and the list of jobs tells whether
/// it runs.
#[derive(Debug)]
#[must_use = "nothing runs until it is awaited"]
pub struct RunJob {
    workspace: Workspace,
    job: NewJob,
    template: Option<Template>,
}

/// A template whose data is at hand. It may hold secrets and is not printed.
struct Template(Box<models::JobTemplate>);

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Template").field(&self.0.name).finish()
    }
}

impl RunJob {
    pub(in crate::bodo) fn new(workspace: &Workspace, job: NewJob) -> Self {
        Self { workspace: workspace.clone(), job, template: None }
    }

    /// With the template's data, against which what is set is checked.
    pub(in crate::bodo) fn of(mut self, template: Option<models::JobTemplate>) -> Self {
        self.template = template.map(|template| Template(Box::new(template)));
        self
    }

    /// A name to know the job by; the platform makes one by default.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.job = self.job.name(name);
        self
    }

    place_setters!(|run| run.job.place);
    work_setters!(|run| run.job.work);

    async fn send(self) -> Result<Job> {
        let Self { workspace, job, template } = self;
        let template = template.as_ref().map(|template| &*template.0);
        let request = job.into_request(&workspace, template).await?;
        let secrets = secrets(&request.job_config);
        let sent = workspace.session.raw.create_job().body(request).send();
        let data = workspace.session.call(sent).await.map_err(|error| {
            let error = hiding(error, &secrets);
            in_doubt(error, "`jobs().list()` tells whether the job runs")
        })?;
        Ok(Job::with_data(&workspace, data))
    }
}

crate::awaits::awaits!(RunJob => Job, send);
