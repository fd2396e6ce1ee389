//! Containers as resources. What is in them belongs to the data plane.

use super::models::{
    ContainerAttributes, ContainerCreateAttributes, ContainerCreateDocument,
    ContainerCreateResource, ResourceId,
};
use super::resource::{Resource, collection, unwraps};
use crate::arguments::usable;
use crate::awaits::awaits;
use crate::error::{Error, Result};
use crate::ids::id_type;
use crate::raw::v3io::enums::ResourceType;

/// The longest name (source: V3IO web-API reference).
const LONGEST_NAME: usize = 128;

id_type! {
    /// The id of a container, a number. It is not the container's name.
    ContainerId
}

impl From<i64> for ContainerId {
    fn from(number: i64) -> Self {
        Self::from(number.to_string())
    }
}

/// A container, as the control plane sees it.
pub type Container = Resource<ContainerId, ContainerAttributes>;

unwraps!(ContainerResource, ContainerDocument => Container);

collection! {
    /// The containers of the platform.
    Containers
}

impl Containers {
    /// All of them.
    ///
    /// # Errors
    /// As any call.
    pub async fn list(&self) -> Result<Vec<Container>> {
        let listed = self.client.send(self.client.raw().list_container_resources().send()).await?;
        Ok(listed.data.into_iter().map(Container::from).collect())
    }

    /// Creates a container. The data plane may need some seconds to know it (source: v3io-go,
    /// pkg/controlplane/test).
    pub fn create(&self, name: impl Into<String>) -> CreateContainer {
        CreateContainer { containers: self.clone(), name: name.into(), id: None }
    }

    /// Deletes a container with all that is in it.
    ///
    /// # Errors
    /// As any call; [`is_not_found`](Error::is_not_found) where there is no such container.
    pub async fn delete(&self, id: impl Into<ContainerId>) -> Result<()> {
        let id = id.into();
        let raw = self.client.raw().delete_container().id(usable("container", id.as_str())?);
        self.client.send(raw.send()).await
    }
}

/// Creates a container when it is awaited.
///
/// # Errors
/// Refuses a name that is empty, longer than 128 characters or has others than lower-case letters,
/// digits, hyphens and underscores; else as any call.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct CreateContainer {
    containers: Containers,
    name: String,
    id: Option<i64>,
}

impl CreateContainer {
    /// The container's id; the platform chooses one by default.
    pub fn id(mut self, id: i64) -> Self {
        self.id = Some(id);
        self
    }

    async fn send(self) -> Result<Container> {
        check_name(&self.name)?;
        let data = ContainerCreateResource {
            id: self.id.map(ResourceId::from),
            type_: ResourceType::Container,
            attributes: ContainerCreateAttributes { name: self.name },
        };
        let client = &self.containers.client;
        let raw = client.raw().create_container().body(ContainerCreateDocument { data });
        Ok(client.send(raw.send()).await?.into())
    }
}

awaits!(CreateContainer => Container, send);

fn check_name(name: &str) -> Result<()> {
    let fits = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_')
    };
    let why = match name {
        "" => return Err(Error::invalid("the name of the new container is empty")),
        _ if name.len() > LONGEST_NAME => "is longer than 128 characters",
        _ if name.chars().all(fits) => return Ok(()),
        _ => "has other characters than lower-case letters, digits, hyphens and underscores",
    };
    Err(Error::invalid(format!("the container name `{name}` {why}")))
}
