//! Transforms, which make the inputs of services of any JSON, and any JSON of their outputs.

mod content;
mod list;
mod upload;

pub use content::Transform;
pub use list::TransformQuery;
pub use upload::UploadTransform;

use serde::Serialize;
use serde_json::Value;

use super::Client;
use super::envelope::missing;
use super::models::{TransformOutputs, TransformProblem, TransformSave};
use super::services::options::json;
use crate::error::{Error, Result};
use crate::page::List;
use crate::transfer::Content;
use crate::transport::call::call;

/// The transforms of a tenant.
#[derive(Clone, Debug)]
pub struct Transforms {
    client: Client,
}

impl Client {
    /// The transforms of the tenant.
    pub fn transforms(&self) -> Transforms {
        Transforms { client: self.clone() }
    }
}

/// A transform as it was stored or deleted.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct SavedTransform {
    /// Its name.
    pub name: Option<String>,
    /// Its place, as folder/name.
    pub uri: Option<String>,
}

/// What the platform thinks of a transform.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct TransformValidation {
    /// Whether it can be used.
    pub is_valid: bool,
    /// What is wrong with it.
    pub errors: Vec<TransformProblem>,
}

impl Transforms {
    /// The transforms of a folder.
    pub fn list(&self, folder: impl Into<String>) -> List<TransformQuery> {
        TransformQuery::list(&self.client, folder.into())
    }

    /// A transform.
    ///
    /// # Errors
    /// As any call; 404 when there is none.
    pub async fn get(&self, folder: impl AsRef<str>, name: impl AsRef<str>) -> Result<Transform> {
        let (folder, name) = usable(folder.as_ref(), name.as_ref())?;
        let request = self.client.raw().get_transform().transform_folder(folder).transform(name);
        let outputs = call(request.send()).await?.outputs.unwrap_or_default();
        let text = outputs.transform_document.ok_or_else(|| missing("the transform"))?;
        text.parse()
    }

    /// Stores a transform, as a new version if there is one of this name.
    ///
    /// # Errors
    /// As any call.
    pub async fn save(
        &self,
        folder: impl AsRef<str>,
        name: impl AsRef<str>,
        transform: &Transform,
    ) -> Result<SavedTransform> {
        let (folder, name) = usable(folder.as_ref(), name.as_ref())?;
        let body = TransformSave { transform_content: transform.checked_text()? };
        let request = self.client.raw().save_transform().transform_folder(folder).transform(name);
        Ok(saved(call(request.body(body).send()).await?.outputs))
    }

    /// Asks the platform whether a transform can be used; nothing is stored.
    ///
    /// # Errors
    /// As any call. A transform that cannot be used is none.
    pub async fn validate(&self, transform: &Transform) -> Result<TransformValidation> {
        let body = TransformSave { transform_content: transform.text() };
        let answer = call(self.client.raw().validate_transform().body(body).send()).await?;
        let outputs = answer.outputs.unwrap_or_default();
        let is_valid = outputs.is_valid.ok_or_else(|| missing("whether the transform is valid"))?;
        Ok(TransformValidation { is_valid, errors: outputs.error.unwrap_or_default() })
    }

    /// Uploads a transform as a file, whose name ends in `_transform.json`.
    pub fn upload(
        &self,
        folder: impl Into<String>,
        file_name: impl Into<String>,
        content: impl Into<Content>,
    ) -> UploadTransform {
        UploadTransform::new(&self.client, folder.into(), file_name.into(), content.into())
    }

    /// Deletes a transform.
    ///
    /// # Errors
    /// As any call; 404 when there is none.
    pub async fn delete(
        &self,
        folder: impl AsRef<str>,
        name: impl AsRef<str>,
    ) -> Result<SavedTransform> {
        let (folder, name) = usable(folder.as_ref(), name.as_ref())?;
        let request = self.client.raw().delete_transform().transform_folder(folder).transform(name);
        match call(request.send()).await {
            Ok(answer) => Ok(saved(answer.outputs)),
            // A repeated deletion that found nothing any more.
            Err(error) if error.status() == Some(204) => Ok(SavedTransform::default()),
            Err(error) => Err(error),
        }
    }

    /// Runs a transform that names its service itself. To execute a service through a transform,
    /// see [`Services::transform`](super::Services::transform).
    ///
    /// # Errors
    /// As any call.
    pub async fn run(
        &self,
        folder: impl AsRef<str>,
        name: impl AsRef<str>,
        inputs: impl Serialize,
    ) -> Result<Value> {
        let (folder, name) = usable(folder.as_ref(), name.as_ref())?;
        let request = self.client.raw().run_transform().transform_folder(folder).transform(name);
        call(request.body(json(&inputs)?).send()).await
    }
}

fn saved(outputs: Option<TransformOutputs>) -> SavedTransform {
    let outputs = outputs.unwrap_or_default();
    SavedTransform { name: outputs.name, uri: outputs.transform_uri }
}

/// Refuses names that cannot stand in a path, and those that lead to other operations.
fn usable<'a>(folder: &'a str, name: &'a str) -> Result<(&'a str, &'a str)> {
    for (what, text) in [("a folder of transforms", folder), ("a transform", name)] {
        if matches!(text.trim(), "" | "." | "..") {
            return Err(Error::invalid(format!("`{text}` is no name of {what}")));
        }
    }
    match folder {
        "list" | "validation" => Err(Error::invalid(format!(
            "transforms in a folder named `{folder}` cannot be reached"
        ))),
        _ => Ok((folder, name)),
    }
}
