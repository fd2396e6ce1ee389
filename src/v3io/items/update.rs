//! Changes by expressions.

use progenitor_client::ResponseValue;

use super::expression::check_expression;
use super::{Item, UpdateMode};
use crate::error::{Error, Result};
use crate::transport::call::call_with_head;
use crate::v3io::Revision;
use crate::v3io::models::UpdateItemRequest;
use crate::v3io::response::{replaced, sends};

/// A change of an item by an expression; `.await` does it and gives the new version, where the
/// platform says it.
#[derive(Clone, Debug)]
#[must_use = "nothing is changed until it is awaited"]
pub struct UpdateItem {
    item: Item,
    expression: String,
    condition: Option<String>,
    otherwise: Option<String>,
    mode: UpdateMode,
}

impl UpdateItem {
    pub(super) fn new(item: &Item, expression: String) -> Self {
        Self {
            item: item.clone(),
            expression,
            condition: None,
            otherwise: None,
            mode: UpdateMode::CreateOrReplaceAttributes,
        }
    }

    /// Changes only if this holds for the item as it is, or for its [`Revision`].
    ///
    /// When it does not hold and there is no [`otherwise`](UpdateItem::otherwise), the error's
    /// [`code`](Error::code) is [`CONDITION_FALSE`](crate::v3io::codes::CONDITION_FALSE).
    pub fn condition(mut self, expression: impl Into<String>) -> Self {
        self.condition = Some(expression.into());
        self
    }

    /// The expression to apply when the condition does not hold.
    pub fn otherwise(mut self, expression: impl Into<String>) -> Self {
        self.otherwise = Some(expression.into());
        self
    }

    /// How attributes that the item has already are treated;
    /// [`CreateOrReplaceAttributes`](UpdateMode::CreateOrReplaceAttributes) by default.
    pub fn mode(mut self, mode: UpdateMode) -> Self {
        self.mode = mode;
        self
    }

    async fn send(self) -> Result<ResponseValue<Option<Revision>>> {
        let (container, path) = self.item.place.checked("item")?;
        if self.otherwise.is_some() && self.condition.is_none() {
            let message = "an alternative expression needs a condition to be the alternative to";
            return Err(Error::invalid(message));
        }
        for text in [Some(&self.expression), self.condition.as_ref(), self.otherwise.as_ref()] {
            check_expression(text.map(String::as_str))?;
        }
        let body = UpdateItemRequest {
            alternate_update_expression: self.otherwise,
            condition_expression: self.condition,
            update_expression: Some(self.expression),
            update_mode: Some(self.mode),
            key: None,
            table_name: None,
        };
        let request = self.item.client.raw().update_item().container(container).path(path);
        let answer = call_with_head(request.body(body).send()).await?;
        let revision = Revision::of(answer.headers());
        Ok(replaced(&answer, revision))
    }
}

sends!(UpdateItem => Option<Revision>);
