//! The application services of the tenant.

use super::jobs::Job;
use super::models::{
    AppServicesManifestAttributes, AppServicesManifestUpdateAttributes,
    AppServicesManifestUpdateDocument, AppServicesManifestUpdateResource,
};
use super::resource::{Resource, collection, unwraps};
use crate::error::Result;
use crate::ids::id_type;
use crate::raw::v3io::enums::ResourceType;

id_type! {
    /// The id of a manifest.
    AppServicesManifestId
}

/// The application services of a tenant and their settings.
pub type AppServicesManifest = Resource<AppServicesManifestId, AppServicesManifestAttributes>;

unwraps!(AppServicesManifestResource => AppServicesManifest);

collection! {
    /// The application services of the tenant.
    AppServicesManifests
}

impl AppServicesManifests {
    /// Those that the credential may see.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(&self) -> Result<Vec<AppServicesManifest>> {
        let raw = self.client.raw().get_app_services_manifests();
        let listed = self.client.send(raw.send()).await?;
        Ok(listed.data.into_iter().map(AppServicesManifest::from).collect())
    }

    /// Starts to set the application services of the tenant, and gives the job that does it.
    ///
    /// # Errors
    /// As any call.
    pub async fn update(&self, manifest: AppServicesManifestUpdateAttributes) -> Result<Job> {
        let type_ = ResourceType::AppServicesManifest;
        let data = AppServicesManifestUpdateResource { id: None, type_, attributes: manifest };
        let raw = self.client.raw().update_app_services_manifests();
        let sent = raw.body(AppServicesManifestUpdateDocument { data }).send();
        let started = self.client.send(sent).await?;
        Job::started(&self.client, started)
    }
}
