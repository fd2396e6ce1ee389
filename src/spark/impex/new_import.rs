//! What is to be imported, and where to.

use super::Import;
use crate::error::{Error, Result};
use crate::progress::{Event, Listener};
use crate::spark::models::{ImportCreate, ImportInputs, ServiceMapping};
use crate::spark::services::options::SOURCE_SYSTEM;
use crate::spark::variants::unhurried;
use crate::spark::{Client, ExistingServices, VersionDifference};
use crate::transfer::{Content, Form, Upload};
use crate::transport::call::call;

/// The package's name, which the platform does not look at.
const PACKAGE: &str = "package.zip";

/// Where a service of a package goes. A text is the service's place before and after.
///
/// ```
/// use longhaul::spark::{Destination, VersionDifference};
/// let same = Destination::from("my-folder/my-service");
/// let moved = Destination::from("my-folder/my-service")
///     .to("other-folder/copy")
///     .upgrade(VersionDifference::Patch);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    source: String,
    target: Option<String>,
    upgrade: VersionDifference,
}

impl Destination {
    /// Its place in this tenant, as folder/service.
    #[must_use]
    pub fn to(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// Which part of the version's number goes up where the service exists; `minor` by default.
    #[must_use]
    pub fn upgrade(mut self, difference: impl Into<VersionDifference>) -> Self {
        self.upgrade = difference.into();
        self
    }

    fn mapping(&self) -> Result<ServiceMapping> {
        let target = self.target.as_ref().unwrap_or(&self.source);
        for text in [&self.source, target] {
            if text.trim().is_empty() {
                return Err(Error::invalid("a service to import has no empty name"));
            }
        }
        Ok(ServiceMapping {
            service_uri_source: self.source.clone(),
            service_uri_destination: Some(target.clone()),
            update_version_type: Some(self.upgrade.clone()),
        })
    }
}

impl From<&str> for Destination {
    fn from(service: &str) -> Self {
        Self::from(service.to_owned())
    }
}

impl From<String> for Destination {
    fn from(source: String) -> Self {
        Self { source, target: None, upgrade: VersionDifference::Minor }
    }
}

/// What is said of an import beside its package.
#[derive(Clone, Debug)]
pub(super) struct ImportSettings {
    pub(super) destinations: Vec<Destination>,
    pub(super) existing: ExistingServices,
    source_system: String,
    correlation_id: Option<String>,
}

impl Default for ImportSettings {
    fn default() -> Self {
        Self {
            destinations: Vec::new(),
            existing: ExistingServices::AddVersion,
            source_system: SOURCE_SYSTEM.to_owned(),
            correlation_id: None,
        }
    }
}

impl ImportSettings {
    pub(super) fn check(&self) -> Result<()> {
        self.request().map(drop)
    }

    /// As the platform wants them.
    fn request(&self) -> Result<ImportCreate> {
        if self.destinations.is_empty() {
            return Err(Error::invalid("name a destination for the services to import"));
        }
        let mappings: Result<_> = self.destinations.iter().map(Destination::mapping).collect();
        Ok(ImportCreate {
            inputs: ImportInputs { services_modify: mappings? },
            services_existing: self.existing.clone(),
            source_system: Some(self.source_system.clone()),
            correlation_id: self.correlation_id.clone(),
        })
    }
}

/// The setters of whatever imports.
macro_rules! import_setters {
    () => {
        /// Where a service goes; may be given several times.
        pub fn destination(mut self, destination: impl Into<$crate::spark::Destination>) -> Self {
            self.settings.destinations.push(destination.into());
            self
        }

        /// Where several services go.
        pub fn destinations(
            mut self,
            destinations: impl IntoIterator<Item = impl Into<$crate::spark::Destination>>,
        ) -> Self {
            self.settings.destinations.extend(destinations.into_iter().map(Into::into));
            self
        }

        /// What happens to services that exist: `abort`, `replace` or, by default, `add_version`.
        pub fn if_present(mut self, then: impl Into<$crate::spark::ExistingServices>) -> Self {
            self.settings.existing = then.into();
            self
        }
    };
}
pub(super) use import_setters;

/// An import that is to be made; `.await` uploads the package, which starts it, and gives the
/// [`Import`].
///
/// The package is streamed; the platform takes 200 MiB by default (source: Coherent Spark API
/// documentation).
#[must_use = "nothing is imported until it is awaited"]
pub struct NewImport {
    client: Client,
    package: Content,
    settings: ImportSettings,
    listener: Option<Listener>,
}

impl NewImport {
    pub(super) fn new(client: &Client, package: Content) -> Self {
        Self::with(client, package, ImportSettings::default())
    }

    pub(super) fn with(client: &Client, package: Content, settings: ImportSettings) -> Self {
        Self { client: client.clone(), package, settings, listener: None }
    }

    import_setters!();

    /// The name of the calling system in the platform's log; `longhaul` by default.
    pub fn source_system(mut self, name: impl Into<String>) -> Self {
        self.settings.source_system = name.into();
        self
    }

    /// An id of yours, which the job repeats.
    pub fn correlation_id(mut self, id: impl Into<String>) -> Self {
        self.settings.correlation_id = Some(id.into());
        self
    }

    /// Is told how much was sent: [`Event::Bytes`].
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    async fn send(self) -> Result<Import> {
        let entity = serde_json::to_string(&self.settings.request()?).expect("texts and lists");
        let raw = unhurried(self.client.raw());
        let form = Form::new().field("importRequestEntity", entity);
        let mut upload = Upload::form(PACKAGE, form.file("file", PACKAGE, self.package));
        if let Some(listener) = self.listener {
            upload = upload.on_event(listener);
        }
        let sent = upload.send(async |body, content_type| {
            call(raw.create_import().content_type(content_type).body(body).send()).await
        });
        Import::started(&self.client, sent.await?)
    }
}

impl std::fmt::Debug for NewImport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewImport")
            .field("package", &self.package)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

crate::awaits::awaits!(NewImport => Import, send);
