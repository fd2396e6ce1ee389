//! Looking at services.

use serde_json::{Map, Value};

use super::locate::{located, names, no_proxy, read, without_version};
use super::{GetSwagger, SearchQuery, ServiceQuery, Services};
use crate::error::{Error, Result};
use crate::page::List;
use crate::spark::ServiceLocator;
use crate::spark::envelope::{missing, open, open_any};
use crate::spark::locator::Target;
use crate::spark::models::{ResponseMeta, ServiceVersion};

/// What a workbook tells about itself.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Metadata {
    /// The values by their names, such as `Metadata.Title`.
    pub outputs: Map<String, Value>,
    /// The call's id and the version that was used.
    pub meta: ResponseMeta,
}

impl Services {
    /// Whether there is such a service or version.
    ///
    /// # Errors
    /// As any call.
    pub async fn exists(
        &self,
        service: impl TryInto<ServiceLocator, Error: Into<Error>>,
    ) -> Result<bool> {
        let (locator, raw) = (read(service)?, self.client.raw());
        without_version(&locator)?;
        let opened = match &locator.target {
            Target::Named { folder, service, .. } => {
                let request = raw.check_service().folder(folder.as_str()).service(service.as_str());
                open(raw, "check_service", request.send()).await
            }
            Target::Service { id, .. } => {
                let request = raw.check_service_by_id().service_id(id.as_str());
                open(raw, "check_service_by_id", request.send()).await
            }
            Target::Version { id } => {
                let request = raw.check_version().version_id(id.as_str());
                open(raw, "check_version", request.send()).await
            }
            Target::Proxy { .. } => Err(no_proxy(&locator)),
        }?;
        let exists = opened.data.and_then(|data| data.is_exists);
        exists.ok_or_else(|| missing("whether the service exists"))
    }

    /// What the workbook tells about itself.
    ///
    /// # Errors
    /// As any call.
    pub async fn get_metadata(
        &self,
        service: impl TryInto<ServiceLocator, Error: Into<Error>>,
    ) -> Result<Metadata> {
        let (locator, raw) = (read(service)?, self.client.raw());
        without_version(&locator)?;
        let opened = located!(
            raw,
            locator,
            [get_service_metadata, get_service_by_id_metadata, get_version_metadata],
            [
                get_public_service_metadata,
                get_public_service_by_id_metadata,
                get_public_version_metadata
            ],
            |request, operation| open(raw, operation, request.send()).await
        )?;
        let outputs = opened.data.and_then(|data| data.outputs).unwrap_or_default();
        Ok(Metadata { outputs: outputs.into_iter().collect(), meta: opened.meta })
    }

    /// The inputs, outputs and properties of a service, by its name or a version's id, as the
    /// platform writes them.
    ///
    /// # Errors
    /// As any call; a service's id alone is refused.
    pub async fn get_schema(
        &self,
        service: impl TryInto<ServiceLocator, Error: Into<Error>>,
    ) -> Result<Value> {
        let locator = read(service)?;
        if let Target::Version { id } = &locator.target {
            let raw = self.client.raw();
            let request = raw.get_version_schema().version_id(id.as_str());
            return open_any(raw, "get_version_schema", request.send()).await;
        }
        let (folder, service) = names(&locator)?;
        let raw = self.client.raw_origin();
        let request = raw.get_service_schema().folder(folder).service(service);
        open_any(raw, "get_service_schema", request.send()).await
    }

    /// All versions of a service.
    ///
    /// # Errors
    /// As any call.
    pub async fn get_versions(
        &self,
        service: impl TryInto<ServiceLocator, Error: Into<Error>>,
    ) -> Result<Vec<ServiceVersion>> {
        let (locator, raw) = (read(service)?, self.client.raw_origin());
        let (folder, service) = names(&locator)?;
        let request = raw.list_service_versions().folder(folder).service(service);
        let opened = open(raw, "list_service_versions", request.send()).await?;
        Ok(opened.data.unwrap_or_default())
    }

    /// The Swagger document of a service.
    pub fn get_swagger(
        &self,
        service: impl TryInto<ServiceLocator, Error: Into<Error>>,
    ) -> GetSwagger {
        GetSwagger::new(&self.client, read(service))
    }

    /// The services of the tenant; narrow with `filter`.
    pub fn search(&self) -> List<SearchQuery> {
        SearchQuery::list(&self.client)
    }

    /// The services of a folder.
    pub fn list(&self, folder: impl Into<String>) -> List<ServiceQuery> {
        ServiceQuery::list(&self.client, folder.into())
    }
}
