//! Making a job template.

use std::fmt;

use serde_json::{Map, Value};

use super::JobTemplate;
use crate::arguments::filled;
use crate::bodo::Workspace;
use crate::bodo::calls::{hiding, in_doubt};
use crate::bodo::jobs::{NewJob, secrets};
use crate::bodo::models::JobTemplateCreate;
use crate::error::{Error, Result};

/// A job template about to be made; `.await` makes it and gives the [`JobTemplate`].
///
/// It is sent once: when the answer is lost, the error says so, and the list of templates tells
/// whether it is there.
#[must_use = "nothing is created until it is awaited"]
pub struct CreateJobTemplate {
    workspace: Workspace,
    name: String,
    job: NewJob,
    description: Option<String>,
    tags: Option<Map<String, Value>>,
}

impl CreateJobTemplate {
    pub(super) fn new(workspace: &Workspace, name: String, job: NewJob) -> Self {
        Self { workspace: workspace.clone(), name, job, description: None, tags: None }
    }

    /// Longer text, for people.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// A tag of the template, to find it by. May be given several times.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.get_or_insert_default().insert(key.into(), value.into().into());
        self
    }

    fn check(&self) -> Result<()> {
        filled("the name of the job template", &self.name)?;
        let NewJob { name, template, place, work } = &self.job;
        let surplus = [
            (name.is_some(), "no name for its jobs: name them when they run"),
            (template.is_some(), "no template of its own"),
            (place.cluster.is_some(), "no existing cluster: say `on_cluster` when it runs"),
        ];
        if let Some((_, why)) = surplus.iter().find(|(given, _)| *given) {
            return Err(Error::invalid(format!("a job template has {why}")));
        }
        place.check(true)?;
        work.check(work.config.type_.as_ref(), false)
    }

    async fn send(self) -> Result<JobTemplate> {
        self.check()?;
        let Self { workspace, name, job, description, tags } = self;
        let look = format!("`job_templates().list()` tells whether `{name}` is there");
        let config = job.work.into_config()?;
        let secrets = secrets(&config);
        let (_, cluster_config) = job.place.fill(&workspace, false).await?;
        let body = JobTemplateCreate { name, config, cluster_config, description, tags };
        let sent = workspace.session.raw.create_job_template().body(body).send();
        let data = workspace.session.call(sent).await;
        let data = data.map_err(|error| in_doubt(hiding(error, &secrets), look))?;
        Ok(JobTemplate::with_data(&workspace, data))
    }
}

crate::awaits::awaits!(CreateJobTemplate => JobTemplate, send);

impl fmt::Debug for CreateJobTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateJobTemplate")
            .field("name", &self.name)
            .field("job", &self.job)
            .field("description", &self.description)
            .field("tags", &self.tags)
            .finish_non_exhaustive()
    }
}
