//! Cron jobs: templates that run by a schedule.

mod create;

use std::fmt;

use super::calls::{deleted, in_doubt};
use super::jobs::{Job, JobQuery};
use super::lists::{Ascending, Order, ordering, paged_list};
use super::models::CronJobUpdate;
use super::templates::JobTemplateId;
use super::{Workspace, models};
use crate::arguments::usable;
use crate::batch::{Batch, batch};
use crate::bodo::Group;
use crate::error::Result;
use crate::ids::id_type;
use crate::page::List;

pub use create::CreateCronJob;

id_type! {
    /// A cron job's id, a UUID.
    CronJobId
}

paged_list! {
    /// The cron jobs of a workspace.
    CronJobQuery of Workspace: CronJob = list_cron_jobs {
        always order: Ascending = order,
        custom ordering: String = ordering,
    } |client, data| CronJob::with_data(client, data)
}

impl List<CronJobQuery> {
    /// Sorts by a field as the platform spells it, such as `name`. Given several times, the first
    /// comes first.
    pub fn order_by(mut self, field: impl AsRef<str>, order: Order) -> Self {
        self.query.ordering.extend([ordering(field.as_ref(), order)]);
        self
    }
}

/// The cron jobs of a workspace.
#[derive(Clone, Debug)]
pub struct CronJobs {
    workspace: Workspace,
}

impl Workspace {
    /// The cron jobs of the workspace.
    pub fn cron_jobs(&self) -> CronJobs {
        CronJobs { workspace: self.clone() }
    }

    /// A cron job by its id, without asking the server.
    pub fn cron_job(&self, id: impl Into<CronJobId>) -> CronJob {
        CronJob::new(self, id.into())
    }
}

impl CronJobs {
    /// All cron jobs, in pages of 100.
    pub fn list(&self) -> List<CronJobQuery> {
        CronJobQuery::list(&self.workspace)
    }

    /// A cron job by its id, as the server has it now.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) when there is none; otherwise as any call.
    pub async fn get(&self, id: impl Into<CronJobId>) -> Result<CronJob> {
        let mut cron_job = self.workspace.cron_job(id);
        cron_job.refresh().await?;
        Ok(cron_job)
    }

    /// Runs a template by a schedule: five fields as in UNIX cron (minute, hour, day of the month,
    /// month, day of the week), in GMT unless told otherwise.
    ///
    /// ```no_run
    /// # async fn f(workspace: longhaul::bodo::Workspace) -> longhaul::Result<()> {
    /// let nightly = workspace.cron_jobs().create("nightly", "30 1 * * *", "985c0b1e");
    /// let cron_job = nightly.timezone("Europe/Berlin").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Before anything is sent: an empty name, a schedule without five fields, 0 or more than 10
    /// runs at a time, a cluster and a temporary one.
    pub fn create(
        &self,
        name: impl Into<String>,
        schedule: impl Into<String>,
        template: impl Into<JobTemplateId>,
    ) -> CreateCronJob {
        CreateCronJob::new(&self.workspace, name.into(), schedule.into(), template.into())
    }
}

/// A cron job: its last known data and a client to act on it.
#[derive(Clone)]
pub struct CronJob {
    workspace: Workspace,
    id: CronJobId,
    data: Option<Box<models::CronJob>>,
}

impl CronJob {
    fn new(workspace: &Workspace, id: CronJobId) -> Self {
        Self { workspace: workspace.clone(), id, data: None }
    }

    fn with_data(workspace: &Workspace, data: models::CronJob) -> Self {
        let id = CronJobId::from(&data.uuid);
        Self { data: Some(Box::new(data)), ..Self::new(workspace, id) }
    }

    fn target(&self) -> Result<&str> {
        usable("cron job", self.id.as_str())
    }

    /// The cron job's id.
    pub fn id(&self) -> &CronJobId {
        &self.id
    }

    /// What the server said last; `None` before the first [`refresh`](CronJob::refresh).
    pub fn data(&self) -> Option<&models::CronJob> {
        self.data.as_deref()
    }

    /// The cron job's name, as of the last data.
    pub fn name(&self) -> Option<&str> {
        self.data()?.name.as_deref()
    }

    /// Asks the server for the cron job.
    ///
    /// # Errors
    /// As any call.
    pub async fn refresh(&mut self) -> Result<&models::CronJob> {
        let request = self.workspace.session.raw.get_cron_job().cron_job(self.target()?);
        let data = self.workspace.session.call(request.send()).await?;
        Ok(self.data.insert(Box::new(data)))
    }

    /// Runs it now, whatever its schedule says.
    ///
    /// # Errors
    /// As any call. It is sent once: when the answer is lost, [`history`](CronJob::history) tells
    /// whether it runs.
    pub async fn run(&self) -> Result<Job> {
        let request = self.workspace.session.raw.run_cron_job().cron_job(self.target()?);
        let data = self.workspace.session.call(request.send()).await;
        let data = data.map_err(|error| in_doubt(error, "`history()` tells whether it runs"))?;
        Ok(Job::with_data(&self.workspace, data))
    }

    /// Lets the schedule rest until [`reactivate`](CronJob::reactivate).
    ///
    /// # Errors
    /// As any call.
    pub async fn deactivate(&self) -> Result<()> {
        self.rest(true).await
    }

    /// Lets the schedule count again.
    ///
    /// # Errors
    /// As any call.
    pub async fn reactivate(&self) -> Result<()> {
        self.rest(false).await
    }

    async fn rest(&self, deactivate: bool) -> Result<()> {
        let request = self.workspace.session.raw.update_cron_job().cron_job(self.target()?);
        let sent = request.body(CronJobUpdate { deactivate }).send();
        self.workspace.session.call(sent).await
    }

    /// The jobs that it has run.
    pub fn history(&self) -> List<JobQuery> {
        self.workspace.jobs().list().cron_job_ids([&self.id])
    }

    /// Deletes the cron job. Jobs that it has run stay.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(self) -> Result<()> {
        let request = self.workspace.session.raw.delete_cron_job().cron_job(self.target()?);
        deleted(self.workspace.session.call(request.send()).await)
    }
}

impl Group<CronJob> {
    /// Deletes every cron job.
    pub fn delete(&self) -> Batch<'static, CronJob, ()> {
        batch(self.to_vec(), |cron_job: CronJob| cron_job.delete())
    }
}

impl fmt::Debug for CronJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CronJob")
            .field("id", &self.id)
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}
