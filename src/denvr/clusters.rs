//! Clusters, and asking each of them.

use super::Client;
use crate::batch::{Report, batch};
use crate::error::{Error, Result};

/// The clusters.
#[derive(Clone, Debug)]
pub struct Clusters {
    client: Client,
}

/// What a cluster holds. Nothing may be because there is no such cluster, of which the platform
/// says nothing.
///
/// # Errors
/// When the client's cluster is not among those that there are.
pub(super) async fn of_known_cluster<T>(client: &Client, found: Vec<T>) -> Result<Vec<T>> {
    if !found.is_empty() {
        return Ok(found);
    }
    let (cluster, names) = (client.cluster(), client.clusters().list().await?);
    if names.is_empty() || names.iter().any(|name| name == cluster) {
        return Ok(found);
    }
    let names = names.join(", ");
    Err(Error::invalid(format!("there is no cluster `{cluster}`; the clusters are {names}")))
}

impl Clusters {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// Their names, such as `Hou1` and `Msc1`.
    ///
    /// # Errors
    /// As any call.
    pub async fn list(&self) -> Result<Vec<String>> {
        let sent = self.client.raw().list_clusters().send();
        Ok(self.client.send("list_clusters", sent).await?.unwrap_or_default())
    }

    /// Does the same in each cluster, with a client for it. A cluster that fails does not hide the
    /// answers of the others: the report has it by its name.
    ///
    /// ```
    /// # async fn f(denvr: longhaul::denvr::Client) -> longhaul::Result<()> {
    /// let report = denvr
    ///     .clusters()
    ///     .each(|denvr| async move { denvr.virtual_servers().availability().await })
    ///     .await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When the clusters cannot be listed.
    pub async fn each<T, F, Fut>(&self, ask: F) -> Result<Report<String, T>>
    where
        T: Send,
        F: Fn(Client) -> Fut + Send,
        Fut: Future<Output = Result<T>> + Send,
    {
        let (names, client) = (self.list().await?, self.client.clone());
        Ok(batch(names, move |name| ask(client.with_cluster(name))).await)
    }
}
