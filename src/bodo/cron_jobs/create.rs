//! Making a cron job.

use super::CronJob;
use crate::arguments::{filled, usable};
use crate::bodo::Workspace;
use crate::bodo::calls::in_doubt;
use crate::bodo::clusters::{ClusterConfig, ClusterId};
use crate::bodo::jobs::Place;
use crate::bodo::models::CronJobCreate;
use crate::bodo::templates::JobTemplateId;
use crate::error::{Error, Result};

/// What the official client sends when no time zone is given (source: bodosdk 2.3.2,
/// api/cron_job.py).
const TIMEZONE: &str = "Etc/GMT";

/// How many jobs of a cron job may run at a time (source: the documentation of bodosdk 2.3.2).
const MOST_RUNS: u32 = 10;

/// A cron job about to be made; `.await` makes it and gives the [`CronJob`].
///
/// It is sent once: when the answer is lost, the error says so, and the list of cron jobs tells
/// whether it is there.
#[derive(Debug)]
#[must_use = "nothing is created until it is awaited"]
pub struct CreateCronJob {
    workspace: Workspace,
    name: String,
    schedule: String,
    template: JobTemplateId,
    description: Option<String>,
    timezone: String,
    max_concurrent_runs: u32,
    place: Place,
}

impl CreateCronJob {
    pub(super) fn new(
        workspace: &Workspace,
        name: String,
        schedule: String,
        template: JobTemplateId,
    ) -> Self {
        Self {
            workspace: workspace.clone(),
            name,
            schedule,
            template,
            description: None,
            timezone: TIMEZONE.to_owned(),
            max_concurrent_runs: 1,
            place: Place::default(),
        }
    }

    /// Longer text, for people.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// The time zone of the schedule by its name, such as `Europe/Berlin`; `Etc/GMT` by default.
    pub fn timezone(mut self, name: impl Into<String>) -> Self {
        self.timezone = name.into();
        self
    }

    /// How many of its jobs may run at a time, 1 to 10; 1 by default.
    pub fn max_concurrent_runs(mut self, jobs: u32) -> Self {
        self.max_concurrent_runs = jobs;
        self
    }

    /// Runs its jobs on this cluster, in place of that of the template. How the cluster is now does
    /// not matter.
    pub fn on_cluster(mut self, cluster: impl Into<ClusterId>) -> Self {
        self.place.cluster = Some(cluster.into());
        self
    }

    /// Runs each job on a cluster that is made for it and ends with it.
    /// [`ClusterConfig::partial`] leaves the rest as the template's cluster has it.
    pub fn on_temporary_cluster(mut self, config: ClusterConfig) -> Self {
        self.place.temporary = Some(config);
        self
    }

    fn check(&self) -> Result<()> {
        filled("the name of the cron job", &self.name)?;
        filled("the time zone of the cron job", &self.timezone)?;
        usable("job template", self.template.as_str())?;
        let (schedule, runs) = (&self.schedule, self.max_concurrent_runs);
        let fields = schedule.split_whitespace().count();
        if fields != 5 {
            return Err(Error::invalid(format!(
                "a schedule has five fields, such as `30 1 * * *`, and `{schedule}` has {fields}"
            )));
        }
        if !(1..=MOST_RUNS).contains(&runs) {
            let message = format!("a cron job runs 1 to {MOST_RUNS} jobs at a time, not {runs}");
            return Err(Error::invalid(message));
        }
        self.place.check(true)
    }

    async fn send(self) -> Result<CronJob> {
        self.check()?;
        let Self { workspace, name, schedule, template, description, timezone, .. } = self;
        let look = format!("`cron_jobs().list()` tells whether `{name}` is there");
        let (cluster_uuid, cluster_config) = self.place.fill(&workspace, true).await?;
        let body = CronJobCreate {
            name,
            description,
            schedule,
            timezone: Some(timezone),
            max_concurrent_runs: Some(self.max_concurrent_runs.into()),
            job_template_uuid: template.into(),
            cluster_uuid,
            cluster_config,
            job_config: None,
        };
        let sent = workspace.session.raw.create_cron_job().body(body).send();
        let data = workspace.session.call(sent).await;
        let data = data.map_err(|error| in_doubt(error, look))?;
        Ok(CronJob::with_data(&workspace, data))
    }
}

crate::awaits::awaits!(CreateCronJob => CronJob, send);
