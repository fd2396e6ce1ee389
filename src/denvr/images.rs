//! Images of operating systems.

use super::Client;
use super::models::OperatingSystemImage;
use crate::error::Result;

/// The images that virtual servers can be made from.
#[derive(Clone, Debug)]
pub struct Images {
    client: Client,
}

impl Images {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// All of them. The name, such as `Ubuntu 22.04.4 LTS`, is what a new server takes; servers
    /// show it with underscores.
    ///
    /// # Errors
    /// As any call.
    pub async fn list(&self) -> Result<Vec<OperatingSystemImage>> {
        let sent = self.client.raw().list_operating_system_images().send();
        let list = self.client.send("list_operating_system_images", sent).await?;
        Ok(list.and_then(|list| list.items).unwrap_or_default())
    }
}
