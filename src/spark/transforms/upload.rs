//! Uploading a transform as a file.

use super::{SavedTransform, saved, usable};
use crate::error::{Error, Result};
use crate::spark::Client;
use crate::spark::variants::unhurried;
use crate::transfer::{Content, Form, Upload};
use crate::transport::call::call;

/// How the file's name has to end (source: Coherent-Partners/spark-openapi, postman).
const ENDING: &str = "_transform.json";

/// The upload of a transform; `.await` does it.
#[derive(Debug)]
#[must_use = "nothing is uploaded until it is awaited"]
pub struct UploadTransform {
    client: Client,
    folder: String,
    file_name: String,
    content: Content,
}

impl UploadTransform {
    pub(super) fn new(
        client: &Client,
        folder: String,
        file_name: String,
        content: Content,
    ) -> Self {
        Self { client: client.clone(), folder, file_name, content }
    }

    async fn send(self) -> Result<SavedTransform> {
        let Self { client, folder, file_name, content } = self;
        let (folder, name) = usable(&folder, &file_name)?;
        if !name.ends_with(ENDING) || name == ENDING {
            return Err(Error::invalid(format!("the name `{name}` must be NAME{ENDING}")));
        }
        let raw = unhurried(client.raw());
        let form = Form::new().file("file", name, content);
        let sent = Upload::form(name, form).send(async |body, content_type| {
            let request = raw.upload_transform().transform_folder(folder);
            call(request.content_type(content_type).body(body).send()).await
        });
        Ok(saved(sent.await?.outputs))
    }
}

crate::awaits::awaits!(UploadTransform => SavedTransform, send);
