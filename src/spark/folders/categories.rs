//! The categories of folders.

use super::usable;
use crate::error::{Error, Result};
use crate::spark::Client;
use crate::spark::envelope::{delete, open};
use crate::spark::models::{Category, CategorySave, SavedCategoriesData};

/// The categories of folders.
#[derive(Clone, Debug)]
pub struct Categories {
    client: Client,
}

impl Categories {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// All categories.
    ///
    /// # Errors
    /// As any call.
    pub async fn list(&self) -> Result<Vec<Category>> {
        let raw = self.client.raw_origin();
        let opened = open(raw, "list_categories", raw.list_categories().send()).await?;
        Ok(opened.data.unwrap_or_default())
    }

    /// Makes a category of this name and gives all categories. Its key is made up.
    ///
    /// # Errors
    /// As any call.
    pub async fn save(&self, name: impl Into<String>) -> Result<Vec<Category>> {
        let key = format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        self.save_as(name, key).await
    }

    /// Makes or replaces the category with this key and gives all categories.
    ///
    /// # Errors
    /// As any call.
    pub async fn save_as(
        &self,
        name: impl Into<String>,
        key: impl Into<String>,
    ) -> Result<Vec<Category>> {
        let (value, key) = (name.into(), key.into());
        if value.trim().is_empty() || key.trim().is_empty() {
            return Err(Error::invalid("a category has a name and a key"));
        }
        let icon = Some("other.svg".to_owned());
        let raw = self.client.raw_origin();
        let request = raw.save_category().body(CategorySave { value, key, icon });
        let opened = open(raw, "save_category", request.send()).await?;
        Ok(listed(opened.data))
    }

    /// Deletes the category with this key and gives those that are left.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(&self, key: impl AsRef<str>) -> Result<Vec<Category>> {
        let raw = self.client.raw_origin();
        let request = raw.delete_category().key(usable(key.as_ref(), "category's key")?);
        let left = delete(raw, "delete_category", request.send()).await?;
        Ok(listed(left))
    }
}

/// The platform writes the members in capitals here and in small letters elsewhere.
fn listed(saved: Option<SavedCategoriesData>) -> Vec<Category> {
    let saved = saved.and_then(|data| data.metadata_product_categories).unwrap_or_default();
    let small = |saved: crate::spark::models::SavedCategory| Category {
        key: saved.key,
        value: saved.value,
        icon: saved.icon,
    };
    saved.into_iter().map(small).collect()
}
