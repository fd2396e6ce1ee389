//! One application.

use std::time::Duration;

use super::{ApplicationId, DestroyApplication};
use crate::arguments::filled;
use crate::denvr::creation::no_capacity;
use crate::denvr::envelope::required;
use crate::denvr::models::{self, ApplicationCommand, ApplicationDetails, ApplicationInstance};
use crate::denvr::{ApplicationStatus, Client};
use crate::error::Result;
use crate::raw;
use crate::wait::{Command, Targets, Wait, Watch, wait_for_status};

/// An application: its last known data and a client to act on it.
#[derive(Clone, Debug)]
pub struct Application {
    /// For the application's cluster.
    client: Client,
    id: ApplicationId,
    data: Option<models::Application>,
    details: Option<ApplicationDetails>,
    command: Option<Command<ApplicationStatus>>,
}

impl Application {
    pub(in crate::denvr) fn new(client: &Client, id: ApplicationId) -> Self {
        Self { client: client.clone(), id, data: None, details: None, command: None }
    }

    pub(super) fn with_data(client: &Client, data: models::Application) -> Self {
        let cluster = data.cluster.as_deref().unwrap_or(client.cluster());
        let client = client.with_cluster(cluster);
        let id = ApplicationId::from(data.id.clone().unwrap_or_default());
        Self { data: Some(data), ..Self::new(&client, id) }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// The application's id.
    pub fn id(&self) -> &ApplicationId {
        &self.id
    }

    /// The cluster it runs in.
    pub fn cluster(&self) -> &str {
        self.client.cluster()
    }

    /// What the list or the creation said of it; `None` when it comes from neither.
    pub fn data(&self) -> Option<&models::Application> {
        self.data.as_ref()
    }

    /// What the platform said last; `None` before the first [`refresh`](Application::refresh) or
    /// wait. The environment variables in it are kept like secrets: some are.
    pub fn details(&self) -> Option<&ApplicationDetails> {
        self.details.as_ref()
    }

    /// Asks the platform for the application.
    ///
    /// # Errors
    /// As any call.
    pub async fn refresh(&mut self) -> Result<&ApplicationDetails> {
        let details = self.ask(self.client.raw()).await?;
        Ok(self.details.insert(details))
    }

    /// The status now; `None` right after the creation.
    ///
    /// # Errors
    /// As any call.
    pub async fn status(&mut self) -> Result<Option<ApplicationStatus>> {
        self.refresh().await?;
        Ok(self.last_status())
    }

    /// Starts the application; wait for [`ApplicationStatus::Online`].
    ///
    /// # Errors
    /// As any call; status 503 when there is no capacity.
    pub async fn start(&mut self) -> Result<()> {
        let sent = self.client.raw().start_application().body(self.command()?).send();
        self.client.send("start_application", sent).await.map_err(no_capacity)?;
        self.command = Some(Command::given(ApplicationStatus::Offline, self.last_status()));
        Ok(())
    }

    /// Stops the application; wait for [`ApplicationStatus::Offline`].
    ///
    /// # Errors
    /// As any call.
    pub async fn stop(&mut self) -> Result<()> {
        let sent = self.client.raw().stop_application().body(self.command()?).send();
        self.client.send("stop_application", sent).await?;
        self.command = Some(Command::given(ApplicationStatus::Online, self.last_status()));
        Ok(())
    }

    /// Destroys the application.
    pub fn destroy(self) -> DestroyApplication {
        DestroyApplication::new(self)
    }

    /// What the application wrote: so many entries, from the end.
    ///
    /// # Errors
    /// As any call.
    pub async fn logs(&self, entries: u32) -> Result<String> {
        let ApplicationCommand { id, cluster } = self.command()?;
        let request = self.client.raw().get_application_logs().id(id).cluster(cluster);
        let sent = request.limit(i64::from(entries)).send();
        let logs = self.client.send("get_application_logs", sent).await?;
        Ok(logs.and_then(|logs| logs.logs).unwrap_or_default())
    }

    /// Waits until the application has one of the statuses. At most 30 minutes unless told
    /// otherwise.
    ///
    /// `FAILED` ends it at once, with the platform's reason. After [`start`](Application::start)
    /// and [`stop`](Application::stop) the status from before may be shown for up to 2 minutes.
    pub fn wait_for_status(
        &mut self,
        targets: impl Into<Targets<ApplicationStatus>>,
    ) -> Wait<'_, Self> {
        wait_for_status(self, targets)
    }

    fn instance(&self) -> Option<&ApplicationInstance> {
        self.details.as_ref()?.instance_details.as_ref()
    }

    /// That of the details, and without any that of the list.
    fn last_status(&self) -> Option<ApplicationStatus> {
        match &self.details {
            Some(_) => self.instance()?.status.clone(),
            None => self.data.as_ref()?.status.clone(),
        }
    }

    /// What names the application in every request.
    pub(super) fn command(&self) -> Result<ApplicationCommand> {
        let id = filled("the id of the application", self.id.as_str())?.to_owned();
        let cluster = filled("the cluster of the application", self.cluster())?.to_owned();
        Ok(ApplicationCommand { id, cluster })
    }

    async fn ask(&self, raw: &raw::denvr::Client) -> Result<ApplicationDetails> {
        let ApplicationCommand { id, cluster } = self.command()?;
        let sent = raw.get_application().id(id).cluster(cluster).send();
        required(self.client.send("get_application", sent).await?, "the application")
    }
}

impl Watch for Application {
    type Status = ApplicationStatus;
    const LIMIT: Duration = Duration::from_secs(30 * 60);

    fn name(&self) -> String {
        format!("application {}", self.id)
    }

    async fn look(&mut self, limit: Duration) -> Result<ApplicationStatus> {
        let raw = self.client.single_attempt(limit);
        self.details = Some(self.ask(&raw).await?);
        let seen = self.last_status();
        let seen = seen.unwrap_or_else(|| ApplicationStatus::Other("not known yet".to_owned()));
        Ok(Command::settle(&mut self.command, seen))
    }

    async fn reason(&mut self, _status: &ApplicationStatus) -> Option<String> {
        let instance = self.instance()?;
        let parts = [&instance.status_reason, &instance.status_message];
        let parts: Vec<_> = parts
            .into_iter()
            .filter_map(|text| text.as_deref().map(str::trim))
            .filter(|text| !text.is_empty())
            .collect();
        (!parts.is_empty()).then(|| parts.join(": "))
    }
}
