//! Writing attributes.

use progenitor_client::ResponseValue;
use serde::Serialize;

use super::expression::check_expression;
use super::{Item, UpdateMode};
use crate::error::{Error, Result};
use crate::transport::call::call_with_head;
use crate::v3io::models::{PutItemConditionallyRequest, PutItemRequest};
use crate::v3io::response::sends;
use crate::v3io::{Attribute, Attributes, Revision, to_attributes};

/// The writing of an item; `.await` does it and gives the new version, where the platform says it.
///
/// Without a condition it is safe to repeat and is repeated after failures that may pass. With one
/// it is sent once: the repeat of a write that succeeded would find its own condition false.
#[derive(Debug)]
#[must_use = "nothing is written until it is awaited"]
pub struct PutItem {
    item: Item,
    attributes: Attributes,
    condition: Option<String>,
    mode: Option<UpdateMode>,
    /// What could not become attributes.
    refused: Option<Error>,
}

impl PutItem {
    pub(super) fn new(item: &Item, mode: Option<UpdateMode>) -> Self {
        let attributes = Attributes::default();
        Self { item: item.clone(), attributes, condition: None, mode, refused: None }
    }

    /// Sets an attribute.
    pub fn set(mut self, name: impl Into<String>, value: impl Into<Attribute>) -> Self {
        self.attributes.insert(name, value);
        self
    }

    /// Sets several attributes.
    pub fn attributes<N: Into<String>, V: Into<Attribute>>(
        mut self,
        attributes: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        for (name, value) in attributes {
            self.attributes.insert(name, value);
        }
        self
    }

    /// Sets an attribute for every field of a struct or entry of a map. What is `None` is left
    /// out.
    pub fn fields<T: Serialize>(mut self, value: &T) -> Self {
        match to_attributes(value) {
            Ok(attributes) => self.attributes(attributes),
            Err(error) => {
                self.refused.get_or_insert(error);
                self
            }
        }
    }

    /// Writes only if this holds for the item as it is, such as `age > 40`, or for its
    /// [`Revision`]. A missing item has no attributes.
    ///
    /// When it does not hold, the error's [`code`](Error::code) is
    /// [`CONDITION_FALSE`](crate::v3io::codes::CONDITION_FALSE).
    pub fn condition(mut self, expression: impl Into<String>) -> Self {
        self.condition = Some(expression.into());
        self
    }

    /// Writes only if there is no such item.
    ///
    /// When there is one, the error's [`code`](Error::code) is
    /// [`ITEM_EXISTS`](crate::v3io::codes::ITEM_EXISTS).
    pub fn only_new(self) -> Self {
        self.mode(UpdateMode::CreateNewItemOnly)
    }

    /// How attributes that the item has already are treated.
    pub fn mode(mut self, mode: UpdateMode) -> Self {
        self.mode = Some(mode);
        self
    }

    async fn send(self) -> Result<ResponseValue<Option<Revision>>> {
        if let Some(error) = self.refused {
            return Err(error);
        }
        self.attributes.check()?;
        check_expression(self.condition.as_deref())?;
        let (container, path) = self.item.place.checked("item")?;
        let raw = self.item.client.raw();
        let item = self.attributes.into();
        let conditional =
            self.condition.is_some() || self.mode == Some(UpdateMode::CreateNewItemOnly);
        let answer = if conditional {
            let body = PutItemConditionallyRequest {
                condition_expression: self.condition,
                item,
                key: None,
                table_name: None,
                update_mode: self.mode,
            };
            let request = raw.put_item_conditionally().container(container).path(path);
            call_with_head(request.body(body).send()).await?
        } else {
            let body = PutItemRequest { item, key: None, table_name: None, update_mode: self.mode };
            call_with_head(raw.put_item().container(container).path(path).body(body).send()).await?
        };
        let revision = Revision::of(answer.headers());
        answer.map(|()| revision)
    }
}

sends!(PutItem => Option<Revision>);
