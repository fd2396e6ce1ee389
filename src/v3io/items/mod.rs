//! Items: objects with typed attributes, in tables.

mod expression;
mod get;
mod names;
mod parallel;
mod put;
mod scan;
mod schema;
mod table;
mod update;

use progenitor_client::ResponseValue;

use super::Client;
use super::path::Place;
use super::response::sends;
use crate::error::Result;
use crate::transport::call::call_with_head;

pub use get::GetItem;
pub use parallel::ParallelScan;
pub use put::PutItem;
pub use scan::{Row, Scan, ScanQuery};
pub use schema::{Field, FieldType, Schema};
pub use table::Table;
pub use update::UpdateItem;

/// How a write treats the attributes that an item has already.
pub use crate::raw::v3io::enums::UpdateMode;

/// An item, by its table and key. Making one asks nothing of the server.
#[derive(Clone, Debug)]
pub struct Item {
    client: Client,
    place: Place,
}

impl Item {
    pub(super) fn new(client: &Client, place: Place) -> Self {
        Self { client: client.clone(), place }
    }

    /// Its path in the container, without a slash at the start.
    pub fn path(&self) -> &str {
        &self.place.path
    }

    /// Writes the item; attributes that it has already and that are not given go.
    ///
    /// ```no_run
    /// # async fn f(users: longhaul::v3io::Container) -> longhaul::Result<()> {
    /// let bob = users.table("/bobs-burgers").item("bob");
    /// bob.put().set("age", 42).set("feature", "mustache").await?;
    /// # Ok(()) }
    /// ```
    pub fn put(&self) -> PutItem {
        PutItem::new(self, None)
    }

    /// Sets some attributes of the item and leaves the others; makes the item if it is missing.
    pub fn update(&self) -> PutItem {
        PutItem::new(self, Some(UpdateMode::CreateOrReplaceAttributes))
    }

    /// Changes attributes by an expression that the platform computes; makes the item if it is
    /// missing.
    ///
    /// A request whose answer was lost is not sent again, because `x = x + 1` twice is not once:
    /// the error says so.
    ///
    /// ```no_run
    /// # async fn f(users: longhaul::v3io::Container) -> longhaul::Result<()> {
    /// let bob = users.table("/bobs-burgers").item("bob");
    /// bob.update_expression("age = age + 1; SET seen = 1").condition("age > 40").await?;
    /// # Ok(()) }
    /// ```
    pub fn update_expression(&self, expression: impl Into<String>) -> UpdateItem {
        UpdateItem::new(self, expression.into())
    }

    /// Reads the item's attributes.
    pub fn get(&self) -> GetItem {
        GetItem::new(self)
    }

    /// Deletes the item.
    pub fn delete(&self) -> DeleteItem {
        DeleteItem { item: self.clone() }
    }
}

/// The removal of an item; `.await` does it.
#[derive(Clone, Debug)]
#[must_use = "nothing is deleted until it is awaited"]
pub struct DeleteItem {
    item: Item,
}

impl DeleteItem {
    async fn send(self) -> Result<ResponseValue<()>> {
        let (container, path) = self.item.place.checked("item")?;
        let request = self.item.client.raw().delete_object().container(container).path(path);
        call_with_head(request.send()).await
    }
}

sends!(DeleteItem => ());
