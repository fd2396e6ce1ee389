//! Making an application of the catalogue.

use super::{Application, common_setters, rules};
use crate::arguments::filled;
use crate::denvr::Client;
use crate::denvr::creation::Creation;
use crate::denvr::envelope::required;
use crate::denvr::models::CatalogApplicationCreate;
use crate::error::{Error, Result};
use crate::values::Secret;

/// An application of the catalogue about to be made; `.await` makes it and gives it, before it is
/// online.
///
/// It is sent once: when the answer is lost, the error says so, and the list of applications tells
/// whether it is there.
#[derive(Clone, Debug)]
#[must_use = "nothing is created until it is awaited"]
pub struct CreateCatalogApplication {
    client: Client,
    request: CatalogApplicationCreate,
}

impl CreateCatalogApplication {
    pub(super) fn new(
        client: &Client,
        name: String,
        hardware_package_name: String,
        item: String,
        version: String,
    ) -> Self {
        let request = CatalogApplicationCreate {
            name,
            hardware_package_name,
            application_catalog_item_name: item,
            application_catalog_item_version: version,
            cluster: client.cluster().to_owned(),
            resource_pool: Some(client.rpool().to_owned()),
            environment_variables: None,
            jupyter_token: None,
            persist_direct_attached_storage: None,
            personal_shared_storage: None,
            proxy_api_keys: None,
            proxy_port: None,
            selected_node: None,
            ssh_keys: None,
            startup_commands: None,
            tenant_shared_storage: None,
        };
        Self { client: client.clone(), request }
    }

    /// The token that opens the notebook.
    pub fn jupyter_token(self, token: impl Into<Secret>) -> Self {
        self.edit(|request| request.jupyter_token = Some(token.into()))
    }

    /// A public SSH key that is let in. May be given several times.
    pub fn ssh_key(self, key: impl Into<String>) -> Self {
        self.edit(|request| request.ssh_keys.get_or_insert_default().push(key.into()))
    }

    /// A command that runs when the application starts. May be given several times; the platform
    /// joins them with semicolons.
    pub fn startup_command(self, command: impl Into<String>) -> Self {
        self.edit(|request| request.startup_commands.get_or_insert_default().push(command.into()))
    }

    common_setters!(CatalogApplicationCreate);

    /// The port of the program that the platform's reverse proxy opens to users; not 443.
    pub fn proxy_port(self, port: u16) -> Self {
        self.edit(|request| request.proxy_port = Some(port.to_string()))
    }

    fn check(&self) -> Result<()> {
        let request = &self.request;
        filled("the name of the application", &request.name)?;
        filled("the cluster of the application", &request.cluster)?;
        filled("the hardware package", &request.hardware_package_name)?;
        filled("the catalogue item", &request.application_catalog_item_name)?;
        filled("the version of the catalogue item", &request.application_catalog_item_version)?;
        rules::environment_variables(request.environment_variables.as_ref())?;
        let port = request.proxy_port.as_deref().map(|port| {
            let no_port = |_| Error::invalid(format!("the proxy port `{port}` is no number"));
            port.trim().parse().map_err(no_port)
        });
        rules::proxy(port.transpose()?, request.proxy_api_keys.as_ref())
    }

    async fn run(self) -> Result<Application> {
        self.check()?;
        let Self { client, request } = self;
        let keys = request.proxy_api_keys.iter().flatten().chain(&request.jupyter_token).cloned();
        let creation = Creation::of("applications().list()", &request.name, &request.cluster);
        let creation = creation.hiding(keys);
        let client = client.with_cluster(&request.cluster);
        let sent = client.raw().create_catalog_application().body(request).send();
        let made = client.send("create_catalog_application", sent).await;
        let made = made.and_then(|made| required(made, "the new application"));
        let data = made.map_err(|error| creation.told(error))?;
        Ok(Application::with_data(&client, data))
    }
}

crate::awaits::awaits!(CreateCatalogApplication => Application, run);
