//! Making an application from an image.

use super::{Application, common_setters, rules};
use crate::arguments::filled;
use crate::denvr::Client;
use crate::denvr::creation::Creation;
use crate::denvr::envelope::required;
use crate::denvr::models::{CustomApplicationCreate, ImageRepository, SecurityContext};
use crate::error::{Error, Result};
use crate::values::Secret;

/// An application about to be made from an image; `.await` makes it and gives it, before it is
/// online.
///
/// It is sent once: when the answer is lost, the error says so, and the list of applications tells
/// whether it is there.
#[derive(Clone, Debug)]
#[must_use = "nothing is created until it is awaited"]
pub struct CreateCustomApplication {
    client: Client,
    request: CustomApplicationCreate,
}

impl CreateCustomApplication {
    pub(super) fn new(
        client: &Client,
        name: String,
        hardware_package_name: String,
        image_url: String,
    ) -> Self {
        let request = CustomApplicationCreate {
            name,
            hardware_package_name,
            image_url,
            cluster: client.cluster().to_owned(),
            resource_pool: Some(client.rpool().to_owned()),
            environment_variables: None,
            image_cmd_override: None,
            image_repository: None,
            persist_direct_attached_storage: None,
            personal_shared_storage: None,
            proxy_api_keys: None,
            proxy_port: None,
            readiness_watcher_port: None,
            security_context: None,
            selected_node: None,
            tenant_shared_storage: None,
            user_scripts: None,
        };
        Self { client: client.clone(), request }
    }

    /// The command in place of the image's own, in parts.
    pub fn image_cmd_override<P: Into<String>>(self, parts: impl IntoIterator<Item = P>) -> Self {
        let parts = parts.into_iter().map(Into::into).collect();
        self.edit(|request| request.image_cmd_override = Some(parts))
    }

    /// The host of the image's registry, such as `https://index.docker.io/v1/`; the platform takes
    /// it from the image by default.
    pub fn image_repository(self, hostname: impl Into<String>) -> Self {
        self.edit(|request| repository(request).hostname = Some(hostname.into()))
    }

    /// Who may read the image in its registry.
    pub fn image_credentials(
        self,
        username: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Self {
        self.edit(|request| {
            let repository = repository(request);
            repository.username = Some(username.into());
            repository.password = Some(password.into());
        })
    }

    common_setters!(CustomApplicationCreate);

    /// The port of the program that the platform's reverse proxy opens to users; not 443.
    pub fn proxy_port(self, port: u16) -> Self {
        self.edit(|request| request.proxy_port = Some(port.into()))
    }

    /// The port that tells by answering that the application is online.
    pub fn readiness_watcher_port(self, port: u16) -> Self {
        self.edit(|request| request.readiness_watcher_port = Some(port.into()))
    }

    /// A script by its file name, to be found in `/etc/script/user-scripts`. May be given several
    /// times.
    pub fn user_script(self, name: impl Into<String>, content: impl Into<String>) -> Self {
        let (name, content) = (name.into(), Some(content.into()));
        self.edit(|request| {
            request.user_scripts.get_or_insert_default().insert(name, content);
        })
    }

    /// Runs the container as root.
    pub fn run_as_root(self) -> Self {
        self.edit(|request| {
            let context = SecurityContext { run_as_root: Some(true), ..Default::default() };
            request.security_context = Some(context);
        })
    }

    /// Runs the container as this user and group.
    pub fn run_as(self, uid: u32, gid: u32) -> Self {
        self.edit(|request| {
            request.security_context = Some(SecurityContext {
                run_as_root: Some(false),
                container_uid: Some(uid.into()),
                container_gid: Some(gid.into()),
            });
        })
    }

    fn check(&self) -> Result<()> {
        let request = &self.request;
        filled("the name of the application", &request.name)?;
        filled("the cluster of the application", &request.cluster)?;
        filled("the hardware package", &request.hardware_package_name)?;
        filled("the URL of the image", &request.image_url)?;
        rules::environment_variables(request.environment_variables.as_ref())?;
        rules::user_scripts(request.user_scripts.as_ref())?;
        if let Some(port) = request.readiness_watcher_port {
            rules::port("the readiness port", port)?;
        }
        check_user(request.security_context.as_ref())?;
        rules::proxy(request.proxy_port, request.proxy_api_keys.as_ref())
    }

    async fn run(self) -> Result<Application> {
        self.check()?;
        let Self { client, request } = self;
        let repository = request.image_repository.as_ref();
        let password = repository.and_then(|repository| repository.password.as_ref());
        let keys = request.proxy_api_keys.iter().flatten().chain(password).cloned();
        let creation = Creation::of("applications().list()", &request.name, &request.cluster);
        let creation = creation.hiding(keys);
        let client = client.with_cluster(&request.cluster);
        let sent = client.raw().create_custom_application().body(request).send();
        let made = client.send("create_custom_application", sent).await;
        let made = made.and_then(|made| required(made, "the new application"));
        let data = made.map_err(|error| creation.told(error))?;
        Ok(Application::with_data(&client, data))
    }
}

fn repository(request: &mut CustomApplicationCreate) -> &mut ImageRepository {
    request.image_repository.get_or_insert_default()
}

/// Without root the platform wants to be told the user and the group.
fn check_user(context: Option<&SecurityContext>) -> Result<()> {
    let Some(context) = context else { return Ok(()) };
    let named = context.container_uid.is_some() && context.container_gid.is_some();
    match context.run_as_root == Some(true) || named {
        true => Ok(()),
        false => Err(Error::invalid("a container that does not run as root needs a uid and a gid")),
    }
}

crate::awaits::awaits!(CreateCustomApplication => Application, run);
