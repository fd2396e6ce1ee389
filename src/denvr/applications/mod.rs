//! Applications: listing, making, and what there is to make them of.

mod application;
mod catalog;
mod custom;
mod destroy;
mod rules;

use super::Client;
use super::clusters::of_known_cluster;
use super::models::{self, ApplicationAvailability, ApplicationConfiguration, CatalogItem};
use crate::error::Result;
use crate::ids::id_type;

pub use application::Application;
pub use catalog::CreateCatalogApplication;
pub use custom::CreateCustomApplication;
pub use destroy::DestroyApplication;

/// The setters that both kinds of new applications have, for a builder with a field `request`.
macro_rules! common_setters {
    ($request:ty) => {
        /// The cluster, where it is not the client's.
        pub fn cluster(self, name: impl Into<String>) -> Self {
            self.edit(|request| request.cluster = name.into())
        }

        /// The resource pool, where it is not the client's.
        pub fn resource_pool(self, name: impl Into<String>) -> Self {
            self.edit(|request| request.resource_pool = Some(name.into()))
        }

        /// Leaves the resource pool to the platform.
        pub fn default_resource_pool(self) -> Self {
            self.edit(|request| request.resource_pool = None)
        }

        /// An environment variable of the application; kept like a secret.
        pub fn env(self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
            let (name, value) = (name.into(), Some(value.into()));
            self.edit(|request| {
                request.environment_variables.get_or_insert_default().insert(name, value);
            })
        }

        /// A key that the reverse proxy wants from users. Up to 10 may be given.
        pub fn proxy_api_key(self, key: impl Into<Secret>) -> Self {
            self.edit(|request| request.proxy_api_keys.get_or_insert_default().push(key.into()))
        }

        /// The node by its host name, in resource pools other than `on-demand`.
        pub fn selected_node(self, name: impl Into<String>) -> Self {
            self.edit(|request| request.selected_node = Some(name.into()))
        }

        /// Keeps the directly attached storage over a stop.
        pub fn persist_direct_attached_storage(self, wanted: bool) -> Self {
            self.edit(|request| request.persist_direct_attached_storage = Some(wanted))
        }

        /// Mounts the user's shared storage.
        pub fn personal_shared_storage(self, wanted: bool) -> Self {
            self.edit(|request| request.personal_shared_storage = Some(wanted))
        }

        /// Mounts the tenant's shared storage.
        pub fn tenant_shared_storage(self, wanted: bool) -> Self {
            self.edit(|request| request.tenant_shared_storage = Some(wanted))
        }

        /// The request as it will be sent, to set what has no setter here.
        pub fn edit(mut self, change: impl FnOnce(&mut $request)) -> Self {
            change(&mut self.request);
            self
        }
    };
}
use common_setters;

id_type! {
    /// The id of an application, which is its name.
    ApplicationId
}

/// Applications: of the catalogue, and containers of your own.
#[derive(Clone, Debug)]
pub struct Applications {
    client: Client,
}

impl Applications {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// Those of the client's cluster.
    ///
    /// # Errors
    /// As any call, and when there is no such cluster.
    pub async fn list(&self) -> Result<Vec<Application>> {
        let mut all = self.list_all().await?;
        all.retain(|application| application.cluster() == self.client.cluster());
        of_known_cluster(&self.client, all).await
    }

    /// Those of every cluster, which the platform gives in one answer.
    ///
    /// # Errors
    /// As any call.
    pub async fn list_all(&self) -> Result<Vec<Application>> {
        let sent = self.client.raw().list_applications().send();
        let list = self.client.send("list_applications", sent).await?;
        let items = list.and_then(|list| list.items).unwrap_or_default();
        let application = |data: models::Application| Application::with_data(&self.client, data);
        Ok(items.into_iter().map(application).collect())
    }

    /// One of the client's cluster by its id, as the platform has it now.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(&self, id: impl Into<ApplicationId>) -> Result<Application> {
        let mut application = Application::new(&self.client, id.into());
        application.refresh().await?;
        Ok(application)
    }

    /// A new application of the catalogue on a hardware package: an item and its version, such as
    /// `jupyter-notebook` and `python-3.11.9`.
    pub fn create_catalog(
        &self,
        name: impl Into<String>,
        hardware_package: impl Into<String>,
        item: impl Into<String>,
        version: impl Into<String>,
    ) -> CreateCatalogApplication {
        let (hardware, item, version) = (hardware_package.into(), item.into(), version.into());
        CreateCatalogApplication::new(&self.client, name.into(), hardware, item, version)
    }

    /// A new application that runs an image of yours on a hardware package.
    pub fn create_custom(
        &self,
        name: impl Into<String>,
        hardware_package: impl Into<String>,
        image_url: impl Into<String>,
    ) -> CreateCustomApplication {
        let (hardware, image) = (hardware_package.into(), image_url.into());
        CreateCustomApplication::new(&self.client, name.into(), hardware, image)
    }

    /// The hardware packages, with their prices per hour and the clusters that have them.
    ///
    /// # Errors
    /// As any call.
    pub async fn configurations(&self) -> Result<Vec<ApplicationConfiguration>> {
        let sent = self.client.raw().list_application_configurations().send();
        let list = self.client.send("list_application_configurations", sent).await?;
        Ok(list.and_then(|list| list.items).unwrap_or_default())
    }

    /// How many applications can be made on each hardware package now, in the client's cluster and
    /// resource pool.
    ///
    /// # Errors
    /// As any call.
    pub async fn availability(&self) -> Result<Vec<ApplicationAvailability>> {
        let request = self.client.raw().list_application_availability();
        let sent = request.cluster(self.client.target()?).resource_pool(self.client.rpool()).send();
        let list = self.client.send("list_application_availability", sent).await?;
        Ok(list.and_then(|list| list.items).unwrap_or_default())
    }

    /// The items of the catalogue with their versions.
    ///
    /// # Errors
    /// As any call.
    pub async fn catalog(&self) -> Result<Vec<CatalogItem>> {
        let sent = self.client.raw().list_catalog_items().send();
        let list = self.client.send("list_catalog_items", sent).await?;
        Ok(list.and_then(|list| list.items).unwrap_or_default())
    }
}
