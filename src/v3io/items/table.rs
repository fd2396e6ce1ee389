//! Tables: directories whose entries are items.

use serde::de::DeserializeOwned;

use super::{Field, Item, Scan, Schema};
use crate::batch::{Batch, batch};
use crate::error::{Error, ErrorKind, Result};
use crate::v3io::objects::Object;
use crate::v3io::path::Place;
use crate::v3io::{Attributes, Client, Revision};

/// Where a table's schema lies (source: v3io-py, v3io/dataplane/client.py).
const SCHEMA: &str = ".#schema";

/// A table, by its path. Making one asks nothing of the server.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    place: Place,
}

impl Table {
    pub(in crate::v3io) fn new(client: &Client, place: Place) -> Self {
        Self { client: client.clone(), place }
    }

    /// Its path in the container, without a slash at the start.
    pub fn path(&self) -> &str {
        &self.place.path
    }

    /// An item by its key. A slash at the start of the key does not lead out of the table.
    pub fn item(&self, key: impl AsRef<str>) -> Item {
        let place = match key.as_ref().trim_matches('/') {
            // An empty key stays an error: it would name the table itself.
            "" => Place::new(&self.place.container, ""),
            _ => self.place.join(key.as_ref()),
        };
        Item::new(&self.client, place)
    }

    /// Writes many items, several at a time; the report says what became of each.
    ///
    /// ```no_run
    /// # async fn f(users: longhaul::v3io::Container) -> longhaul::Result<()> {
    /// use longhaul::v3io::Attributes;
    /// let items = [("bob", 42), ("linda", 41)];
    /// let items = items.map(|(name, age)| (name.to_owned(), Attributes::from_iter([("age", age)])));
    /// users.table("/bobs-burgers").put_items(items).await.into_result()?;
    /// # Ok(()) }
    /// ```
    pub fn put_items<I>(&self, items: I) -> Batch<'static, (String, Attributes), Option<Revision>>
    where
        I: IntoIterator<Item = (String, Attributes), IntoIter: Send + 'static>,
    {
        let table = self.clone();
        batch(items, move |(key, attributes)| table.item(key).put().attributes(attributes))
    }

    /// Looks through the table's items.
    pub fn scan(&self) -> Scan {
        Scan::new(&self.client, self.place.clone())
    }

    /// Writes the schema that other tools of the platform read: the attribute that is the key,
    /// and the fields. Nothing checks items against it.
    ///
    /// # Errors
    /// As any call.
    pub async fn create_schema(
        &self,
        key: impl Into<String>,
        fields: impl IntoIterator<Item = Field>,
    ) -> Result<()> {
        let schema = Schema::new(key.into(), fields.into_iter().collect());
        self.schema_object().put(schema.to_json()).await?;
        Ok(())
    }

    /// The schema, as [`create_schema`](Table::create_schema) or another tool wrote it.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub async fn schema(&self) -> Result<Schema> {
        let text = self.schema_object().get().await?;
        decode(&text)
    }

    fn schema_object(&self) -> Object {
        Object::new(&self.client, self.place.join(SCHEMA))
    }
}

fn decode<T: DeserializeOwned>(text: &[u8]) -> Result<T> {
    serde_json::from_slice(text).map_err(|error| {
        // The parser's own text may quote what others keep there.
        let (line, column) = (error.line(), error.column());
        let place = format!("line {line}, column {column}");
        Error::new(ErrorKind::Decode, format!("the table's schema could not be read: {place}"))
    })
}
