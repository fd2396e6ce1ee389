//! What the platform's clusters tell of themselves.

use super::models::{
    ClusterInfoAttributes, ClusterInfoUpdateAttributes, ClusterInfoUpdateDocument,
    ClusterInfoUpdateResource, ResourceId,
};
use super::resource::{Resource, collection, unwraps};
use crate::arguments::usable;
use crate::error::Result;
use crate::ids::id_type;
use crate::raw::v3io::enums::ResourceType;

id_type! {
    /// The id of a cluster's record.
    ClusterInfoId
}

/// What a cluster tells of itself, such as where its services are reached.
pub type ClusterInfo = Resource<ClusterInfoId, ClusterInfoAttributes>;

unwraps!(ClusterInfoResource, ClusterInfoDocument => ClusterInfo);

collection! {
    /// What the platform's clusters tell of themselves.
    ClusterInfos
}

impl ClusterInfos {
    /// Sets what a cluster tells of itself.
    ///
    /// # Errors
    /// As any call.
    pub async fn update(
        &self,
        id: impl Into<ClusterInfoId>,
        info: ClusterInfoUpdateAttributes,
    ) -> Result<ClusterInfo> {
        let id = id.into();
        let data = ClusterInfoUpdateResource {
            id: Some(ResourceId::String(usable("cluster's record", id.as_str())?.to_owned())),
            type_: ResourceType::ClusterInfo,
            attributes: info,
        };
        let raw = self.client.raw().update_cluster_info().id(id.as_str());
        let raw = raw.body(ClusterInfoUpdateDocument { data });
        Ok(self.client.send(raw.send()).await?.into())
    }
}
