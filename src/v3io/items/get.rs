//! Reading attributes.

use progenitor_client::ResponseValue;
use serde::de::DeserializeOwned;

use super::Item;
use super::names::Names;
use crate::error::Result;
use crate::transport::call::call_with_head;
use crate::v3io::models::GetItemRequest;
use crate::v3io::response::sends;
use crate::v3io::{Attributes, from_attributes};

/// The reading of an item; `.await` gives its attributes, [`decode`](GetItem::decode) a value of
/// yours.
///
/// Without a choice it gives the attributes that users made. Any object is an item: one without
/// attributes gives none.
#[derive(Clone, Debug)]
#[must_use = "nothing is read until it is awaited"]
pub struct GetItem {
    item: Item,
    names: Names,
}

impl GetItem {
    pub(super) fn new(item: &Item) -> Self {
        Self { item: item.clone(), names: Names::default() }
    }

    /// Only these attributes, system attributes such as `__size` included. What the item lacks is
    /// left out.
    pub fn attributes<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.names = Names::listed(names);
        self
    }

    /// System attributes, too.
    pub fn all_attributes(mut self) -> Self {
        self.names = Names::All;
        self
    }

    /// Reads the item into a struct, by the names of its fields.
    ///
    /// ```no_run
    /// # async fn f(users: longhaul::v3io::Container) -> longhaul::Result<()> {
    /// #[derive(serde::Deserialize)]
    /// struct Person {
    ///     age: u8,
    ///     feature: Option<String>,
    /// }
    /// let bob: Person = users.table("/bobs-burgers").item("bob").get().decode().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As any call; and when an attribute is missing or of another type, which the error names.
    pub async fn decode<T: DeserializeOwned>(self) -> Result<T> {
        let attributes = self.output().await?;
        from_attributes(attributes).map_err(|error| error.with_operation("v3io", "get_item"))
    }

    async fn send(self) -> Result<ResponseValue<Attributes>> {
        let (container, path) = self.item.place.checked("item")?;
        let attributes_to_get = self.names.text()?;
        let body = GetItemRequest { attributes_to_get, key: None, table_name: None };
        let request = self.item.client.raw().get_item().container(container).path(path);
        let answer = call_with_head(request.body(body).send()).await?;
        answer.map(|answer| answer.item.unwrap_or_default().into())
    }
}

sends!(GetItem => Attributes);
