//! Making an instance role.

use super::InstanceRole;
use crate::arguments::filled;
use crate::bodo::Workspace;
use crate::bodo::calls::{arn, in_doubt};
use crate::bodo::models::{InstanceRoleCreate, InstanceRoleGrant};
use crate::error::Result;

/// An instance role about to be made; `.await` makes it and gives it.
///
/// It is sent once: when the answer is lost, the error says so, and the list of instance roles
/// tells whether it is there.
#[derive(Clone, Debug)]
#[must_use = "nothing is created until it is awaited"]
pub struct CreateInstanceRole {
    client: Workspace,
    grant: InstanceRoleGrant,
    name: Option<String>,
    description: Option<String>,
    or_existing: bool,
}

impl CreateInstanceRole {
    pub(super) fn new(client: &Workspace, grant: InstanceRoleGrant) -> Self {
        Self { client: client.clone(), grant, name: None, description: None, or_existing: false }
    }

    /// Its name; `Instance Role` and something random by default.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// A longer text, for people.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Makes none when there is one for the same role or identity, and gives that one, whatever
    /// its name: what the official client always does. Two programs that look at the same time may
    /// still both make one.
    pub fn or_existing(mut self) -> Self {
        self.or_existing = true;
        self
    }

    fn check(&self) -> Result<()> {
        let InstanceRoleGrant { role_arn, identity } = &self.grant;
        role_arn.as_deref().map_or(Ok(()), |role| arn("the role", role))?;
        identity.as_deref().map_or(Ok(""), |id| filled("the managed identity", id))?;
        let name = self.name.as_deref();
        name.map_or(Ok(""), |name| filled("the name of the instance role", name)).map(drop)
    }

    async fn run(self) -> Result<InstanceRole> {
        self.check()?;
        if let Some(existing) = self.existing().await? {
            return Ok(existing);
        }
        let Self { client, grant, name, description, .. } = self;
        let name = name.unwrap_or_else(random_name);
        let look = format!(
            "`instance_roles().list()` with `names` tells whether the instance role `{name}` is \
             there"
        );
        let request =
            InstanceRoleCreate { data: grant, description, name, status: None, uuid: None };
        let sent = client.raw().create_instance_role().body(request).send();
        let data = client.session.call(sent).await.map_err(|error| in_doubt(error, look))?;
        Ok(InstanceRole::with_data(&client, data))
    }

    /// The first one for the same role or identity, if that is wanted.
    async fn existing(&self) -> Result<Option<InstanceRole>> {
        if !self.or_existing {
            return Ok(None);
        }
        let InstanceRoleGrant { role_arn, identity } = &self.grant;
        let all = self.client.instance_roles().list();
        let mut found = match identity {
            Some(identity) => all.identities([identity]),
            None => all.role_arns(role_arn),
        };
        while let Some(role) = found.try_next().await? {
            if role.role_arn() == role_arn.as_deref() && role.identity() == identity.as_deref() {
                return Ok(Some(role));
            }
        }
        Ok(None)
    }
}

fn random_name() -> String {
    format!("Instance Role {:032x}", fastrand::u128(..))
}

crate::awaits::awaits!(CreateInstanceRole => InstanceRole, run);
