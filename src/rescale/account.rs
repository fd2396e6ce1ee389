//! The user, the projects, the organisation.

use super::Client;
use super::lists::paged_list;
use super::models::{self, Project, WorkspaceBilling, WorkspaceCustomFields};
use crate::error::{Error, Result};
use crate::transport::call::call;

/// The user whose key it is.
///
/// Version 3 of the API knows the workspace and the default storage, version 2 the projects; this
/// is version 2 (source: rescale-labs/Api_UserAPI_Reference, README.ipynb).
pub type User = models::MeV2;

impl User {
    pub(super) async fn current(client: &Client) -> Result<Self> {
        call(client.raw().get_current_user().send()).await
    }
}

pub(super) async fn check_credentials(client: &Client) -> Result<bool> {
    match call(client.raw().check_credentials().send()).await {
        Ok(()) => Ok(true),
        Err(error) if error.status() == Some(401) => Ok(false),
        Err(error) if error.status().is_some() => Ok(true),
        Err(error) => Err(error),
    }
}

paged_list! {
    /// The projects that the user may charge.
    ProjectQuery: Project = list_projects() {} |_client, project| project
}

/// An organisation and one of its workspaces.
///
/// ```no_run
/// # async fn f(rescale: longhaul::rescale::Client) -> longhaul::Result<()> {
/// let months = rescale.organization().await?.billing("2026-01", "2026-03").await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Organization {
    client: Client,
    code: String,
    workspace: String,
}

impl Organization {
    pub(super) async fn of_current_user(client: &Client) -> Result<Self> {
        let user = call(client.raw().get_current_user_v3().send()).await?;
        let code = user.company.and_then(|company| company.code);
        let workspace = user.workspace.and_then(|workspace| workspace.id);
        match (code, workspace) {
            (Some(code), Some(workspace)) => Ok(Self { client: client.clone(), code, workspace }),
            _ => Err(Error::invalid("the user's record names no organisation and workspace")),
        }
    }

    /// The organisation's code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The id of the user's workspace.
    pub fn workspace(&self) -> &str {
        &self.workspace
    }

    /// The same organisation with another workspace.
    #[must_use]
    pub fn in_workspace(mut self, id: impl Into<String>) -> Self {
        self.workspace = id.into();
        self
    }

    /// The fields that the workspace adds to jobs.
    ///
    /// # Errors
    /// As any call.
    pub async fn custom_fields(&self) -> Result<WorkspaceCustomFields> {
        let request = self.client.raw().get_workspace_custom_fields();
        call(request.org_code(&self.code).workspace(&self.workspace).send()).await
    }

    /// What the workspace spent from one month to another, each as `YYYY-MM`.
    ///
    /// # Errors
    /// When a month is not written like `2026-01`, and as any call.
    pub async fn billing(&self, from: &str, to: &str) -> Result<WorkspaceBilling> {
        let (start_year, start_month) = month(from)?;
        let (end_year, end_month) = month(to)?;
        let request = self.client.raw().get_workspace_billing();
        let request = request
            .org_code(&self.code)
            .workspace(&self.workspace)
            .start_year(start_year)
            .start_month(start_month)
            .end_year(end_year)
            .end_month(end_month);
        call(request.send()).await
    }

    /// Charges a job to a project.
    ///
    /// # Errors
    /// As any call.
    pub async fn assign_project(
        &self,
        job: impl Into<super::JobId>,
        project: impl Into<String>,
    ) -> Result<()> {
        let job = job.into();
        let body = models::ProjectAssignment { project_id: project.into() };
        let request = self.client.raw().assign_job_project();
        call(request.org_code(&self.code).job(job.as_str()).body(body).send()).await
    }
}

fn month(text: &str) -> Result<(&str, &str)> {
    let number = |part: &str, digits: usize| {
        part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    match text.split_once('-') {
        Some((year, month))
            if number(year, 4) && number(month, 2) && ("01"..="12").contains(&month) =>
        {
            Ok((year, month))
        }
        _ => Err(Error::invalid(format!("`{text}` is no month; write it like 2026-01"))),
    }
}
