//! Making a workspace.

use super::ManagedWorkspace;
use crate::arguments::filled;
use crate::bodo::calls::{arn, in_doubt};
use crate::bodo::models::{CloudConfigRef, NetworkData, WorkspaceCreate, WorkspaceData};
use crate::bodo::{CloudConfigId, Organization};
use crate::error::{Error, Result};

/// A workspace about to be made; `.await` makes it and gives it, before it is `READY`.
///
/// It is sent once: when the answer is lost, the error says so, and the list of workspaces by name
/// tells whether it is there.
///
/// Without a word about the network the platform makes one. What is said of it is sent as releases
/// 2.0 and 2.1 of the official client did; later ones accept it and leave it out.
#[derive(Clone, Debug)]
#[must_use = "nothing is created until it is awaited"]
pub struct CreateWorkspace {
    client: Organization,
    request: WorkspaceCreate,
}

impl CreateWorkspace {
    pub(super) fn new(
        client: &Organization,
        name: String,
        region: String,
        cloud_config: CloudConfigId,
    ) -> Self {
        let cloud_config = CloudConfigRef { provider: None, uuid: cloud_config.into() };
        let request = WorkspaceCreate {
            cloud_config,
            custom_tags: None,
            jupyter_is_active: Some(false),
            name,
            network_data: None,
            region,
            workspace_data: None,
        };
        Self { client: client.clone(), request }
    }

    /// A VPC that exists, in place of one that the platform makes. It needs private subnets, and
    /// access to the internet by a NAT or an internet gateway, because clusters are authorized by
    /// a service outside (source: Bodo's documentation, bodo_platform_sdk_guide.md).
    pub fn vpc_id(self, id: impl Into<String>) -> Self {
        self.network(|network| network.vpc_id = Some(id.into()))
    }

    /// The private subnets of that VPC.
    pub fn private_subnets_ids<S: Into<String>>(self, ids: impl IntoIterator<Item = S>) -> Self {
        let ids = ids.into_iter().map(Into::into).collect();
        self.network(|network| network.private_subnets_ids = Some(ids))
    }

    /// The public subnets of that VPC.
    pub fn public_subnets_ids<S: Into<String>>(self, ids: impl IntoIterator<Item = S>) -> Self {
        let ids = ids.into_iter().map(Into::into).collect();
        self.network(|network| network.public_subnets_ids = Some(ids))
    }

    /// Whether the network gets an endpoint for storage. The guide's `storage_endpoint_enabled`.
    pub fn storage_endpoint(self, enabled: bool) -> Self {
        self.network(|network| network.storage_endpoint = Some(enabled))
    }

    /// ARNs of policies to attach.
    pub fn policy_arns<S: Into<String>>(self, arns: impl IntoIterator<Item = S>) -> Self {
        let arns = arns.into_iter().map(Into::into).collect();
        self.network(|network| network.policy_arns = Some(arns))
    }

    /// The ARN of the key that encrypts the workspace's storage.
    pub fn kms_key_arn(mut self, arn: impl Into<String>) -> Self {
        let data = WorkspaceData { kms_key_arn: Some(arn.into()), ..WorkspaceData::default() };
        self.request.workspace_data = Some(data);
        self
    }

    /// A tag of what belongs to the workspace in the cloud. May be given several times.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.request.custom_tags.get_or_insert_default().insert(key.into(), value.into());
        self
    }

    fn network(mut self, set: impl FnOnce(&mut NetworkData)) -> Self {
        let region = Some(self.request.region.clone());
        let unset = || NetworkData { region, ..NetworkData::default() };
        set(self.request.network_data.get_or_insert_with(unset));
        self
    }

    fn check(&self) -> Result<()> {
        let WorkspaceCreate { name, region, cloud_config, custom_tags, .. } = &self.request;
        filled("the name of the workspace", name)?;
        filled("the region of the workspace", region)?;
        filled("the cloud config of the workspace", &cloud_config.uuid)?;
        for key in custom_tags.iter().flat_map(|tags| tags.keys()) {
            filled("the key of a tag of the workspace", key)?;
        }
        let key = self.request.workspace_data.as_ref().and_then(|data| data.kms_key_arn.as_ref());
        key.map_or(Ok(()), |key| arn("the key of the workspace", key))?;
        self.request.network_data.as_ref().map_or(Ok(()), check_network)
    }

    async fn run(self) -> Result<ManagedWorkspace> {
        self.check()?;
        let Self { client, request } = self;
        let name = request.name.clone();
        let sent = client.raw().create_workspace().body(request).send();
        let data = client.session.call(sent).await.map_err(|error| {
            let look = "`workspaces().list()` with `names` tells whether";
            in_doubt(error, format!("{look} the workspace `{name}` is there"))
        })?;
        Ok(ManagedWorkspace::with_data(&client, data))
    }
}

/// A VPC that is half described would be another one than was meant.
fn check_network(network: &NetworkData) -> Result<()> {
    let private = network.private_subnets_ids.as_deref();
    let public = network.public_subnets_ids.as_deref();
    for subnet in private.into_iter().chain(public).flatten() {
        filled("the id of a subnet of the workspace", subnet)?;
    }
    for policy in network.policy_arns.iter().flatten() {
        arn("a policy of the workspace", policy)?;
    }
    match &network.vpc_id {
        Some(id) => {
            filled("the VPC of the workspace", id)?;
            match private {
                None | Some([]) => Err(Error::invalid(format!(
                    "the workspace has the VPC `{id}` and none of its private subnets; give them \
                     with `private_subnets_ids`"
                ))),
                _ => Ok(()),
            }
        }
        None if private.is_some() || public.is_some() => {
            Err(Error::invalid("the workspace has subnets and no VPC; give it with `vpc_id`"))
        }
        None => Ok(()),
    }
}

crate::awaits::awaits!(CreateWorkspace => ManagedWorkspace, run);
