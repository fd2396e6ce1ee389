//! Job templates: jobs that are described once and run often.

mod create;
mod group;
mod template;
mod update;

use super::Workspace;
use super::jobs::NewJob;
use super::lists::{Ascending, paged_list};
use crate::error::Result;
use crate::ids::id_type;
use crate::page::List;

pub use create::CreateJobTemplate;
pub use template::JobTemplate;
pub use update::UpdateJobTemplate;

id_type! {
    /// A job template's id, a UUID.
    JobTemplateId
}

paged_list! {
    /// The job templates of a workspace.
    JobTemplateQuery of Workspace: JobTemplate = list_job_templates {
        always order: Ascending = order,
        /// Only these templates, by their ids.
        many ids: String = uuid,
        /// Only templates with these names.
        many names: String = name,
        custom tags: String = tag,
    } |client, data| JobTemplate::with_data(client, data)
}

impl List<JobTemplateQuery> {
    /// Only templates with this tag. Given several times, a template has to have all of them.
    pub fn tag(mut self, key: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let tag = format!("{}:{}", key.as_ref(), value.as_ref());
        self.query.tags.extend([tag]);
        self
    }
}

/// The job templates of a workspace.
#[derive(Clone, Debug)]
pub struct JobTemplates {
    workspace: Workspace,
}

impl Workspace {
    /// The job templates of the workspace.
    pub fn job_templates(&self) -> JobTemplates {
        JobTemplates { workspace: self.clone() }
    }

    /// A job template by its id, without asking the server.
    pub fn job_template(&self, id: impl Into<JobTemplateId>) -> JobTemplate {
        JobTemplate::new(self, id.into())
    }
}

impl JobTemplates {
    /// All templates, in pages of 100; narrow with `ids`, `names` and `tag`.
    pub fn list(&self) -> List<JobTemplateQuery> {
        JobTemplateQuery::list(&self.workspace)
    }

    /// A template by its id, as the server has it now.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) when there is none; otherwise as any call.
    pub async fn get(&self, id: impl Into<JobTemplateId>) -> Result<JobTemplate> {
        let mut template = self.workspace.job_template(id);
        template.refresh().await?;
        Ok(template)
    }

    /// Creates a template of a job under a name that no other template of the workspace has.
    ///
    /// The job's [`on_temporary_cluster`](NewJob::on_temporary_cluster) is the cluster that each
    /// run brings along; without it, every run needs one.
    ///
    /// ```no_run
    /// # async fn f(workspace: longhaul::bodo::Workspace) -> longhaul::Result<()> {
    /// use longhaul::bodo::{ClusterConfig, NewJob};
    /// let job = NewJob::sql("SELECT 1").catalog("MyCatalog");
    /// let job = job.on_temporary_cluster(ClusterConfig::new("c5.xlarge", 1));
    /// let template = workspace.job_templates().create("My template", job).await?;
    /// let first = template.run().await?;
    /// let second = template.run().exec_text("SELECT 2").await?;
    /// let larger = ClusterConfig::partial().instance_type("c5.2xlarge");
    /// let third = template.run().on_temporary_cluster(larger).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Before anything is sent: an empty name, a job with a name, a cluster or a template of its
    /// own, and what no job can be.
    pub fn create(&self, name: impl Into<String>, job: NewJob) -> CreateJobTemplate {
        CreateJobTemplate::new(&self.workspace, name.into(), job)
    }
}
