//! Describing a job before it runs.

use std::fmt;

use tokio::time::Instant;

use super::place::{Place, place_setters};
use super::setters::work_setters;
use super::work::Work;
use crate::arguments::usable;
use crate::bodo::clusters::ClusterId;
use crate::bodo::models::{JobConfig, JobRunCreate, JobTemplate};
use crate::bodo::templates::JobTemplateId;
use crate::bodo::{ClusterStatus, Workspace};
use crate::error::{Error, Result};
use crate::raw::bodo::enums::{CodeType, JobType};

/// A job to run: code, and a cluster to run it on.
///
/// ```
/// use longhaul::bodo::{ClusterConfig, NewJob};
/// let job = NewJob::python("test.py")
///     .args("--year 2024")
///     .on_temporary_cluster(ClusterConfig::new("c5.large", 1));
/// ```
#[derive(Clone)]
#[must_use]
pub struct NewJob {
    pub(in crate::bodo) name: Option<String>,
    pub(in crate::bodo) template: Option<JobTemplateId>,
    pub(in crate::bodo) place: Place,
    pub(in crate::bodo) work: Work,
}

impl NewJob {
    /// A Python program, by its file.
    pub fn python(file: impl Into<String>) -> Self {
        Self::of(Work::file(CodeType::Python, file.into()))
    }

    /// A notebook, by its file.
    pub fn notebook(file: impl Into<String>) -> Self {
        Self::of(Work::file(CodeType::Ipynb, file.into()))
    }

    /// The statements of a file. Unless told otherwise, the result is kept for download.
    pub fn sql_file(file: impl Into<String>) -> Self {
        Self::of(Work::file(CodeType::Sql, file.into()))
    }

    /// A query. Unless told otherwise, its result is kept for download.
    pub fn sql(query: impl Into<String>) -> Self {
        Self::of(Work::text(query.into()))
    }

    /// What a template describes. What is set here takes the place of what the template has.
    pub fn template(template: impl Into<JobTemplateId>) -> Self {
        Self { template: Some(template.into()), ..Self::of(Work::default()) }
    }

    fn of(work: Work) -> Self {
        Self { name: None, template: None, place: Place::default(), work }
    }

    /// A name to know the job by; the platform makes one by default.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Runs on a cluster that was in this status at this moment.
    pub(in crate::bodo) fn on_cluster_seen(
        mut self,
        cluster: impl Into<ClusterId>,
        seen: Option<(ClusterStatus, Instant)>,
    ) -> Self {
        self.place.seen = seen;
        self.on_cluster(cluster)
    }

    place_setters!(|job| job.place);
    work_setters!(|job| job.work);

    /// Refuses what cannot run. `template` is its template, where that is at hand.
    fn check(&self, template: Option<&JobTemplate>) -> Result<()> {
        if self.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
            return Err(Error::invalid("the name of the job is empty"));
        }
        if let Some(id) = &self.template {
            usable("job template", id.as_str())?;
        }
        self.place.check(self.has_cluster(template))?;
        let of_template = template.and_then(|template| template.config.as_ref()?.type_.as_ref());
        let kind = self.work.config.type_.as_ref().or(of_template);
        let checked = self.work.check(kind, self.template.is_some());
        checked.map_err(|error| match template {
            Some(template) => {
                let name = template.name.as_deref().unwrap_or(&template.uuid);
                error.reworded(format!(
                    "the template `{name}` has no such thing to override: {}",
                    error.message()
                ))
            }
            None => error,
        })
    }

    /// Whether a template has a cluster, or might.
    fn has_cluster(&self, template: Option<&JobTemplate>) -> bool {
        match template {
            Some(template) => template.cluster_config.is_some(),
            None => self.template.is_some(),
        }
    }

    /// The request as it is sent, once everything in it is known to be in order.
    pub(super) async fn into_request(
        mut self,
        workspace: &Workspace,
        template: Option<&JobTemplate>,
    ) -> Result<JobRunCreate> {
        self.check(template)?;
        let supplied = self.has_cluster(template);
        let mut job_config = std::mem::take(&mut self.work).into_config()?;
        if self.template.is_none() {
            complete(&mut job_config);
        }
        let (cluster_uuid, cluster_config) = self.place.send(workspace, supplied).await?;
        Ok(JobRunCreate {
            name: self.name,
            type_: Some(JobType::Batch),
            cluster_uuid,
            cluster_config,
            job_template_uuid: self.template.map(String::from),
            job_config,
        })
    }
}

/// What the official client always sends, and never a template's run here: it would take the place
/// of what the template has.
fn complete(config: &mut JobConfig) {
    let is_sql = config.type_ == Some(CodeType::Sql);
    config.store_result.get_or_insert(is_sql);
    if is_sql {
        config.sql_query_parameters.get_or_insert_default();
    }
}

/// Arguments and values are left out: they may be secrets.
impl fmt::Debug for NewJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let config = &self.work.config;
        f.debug_struct("NewJob")
            .field("name", &self.name)
            .field("template", &self.template)
            .field("type", &config.type_)
            .field("exec_file", &config.source_location)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}
