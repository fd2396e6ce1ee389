//! Forms: `multipart/form-data` and `application/x-www-form-urlencoded`.

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::CONTENT_TYPE;
use serde_json::Value;

use super::server::Server;
use super::{errors, inferred};
use crate::http::multipart::{Malformed, Multipart};
use crate::http::{Reply, Request};

/// The fields of a form, in their order.
#[derive(Debug, Default)]
pub(super) struct Form(Vec<Field>);

#[derive(Debug)]
struct Field {
    name: String,
    file_name: Option<String>,
    content: Bytes,
}

/// Why a form was not read.
enum Failure {
    Malformed,
    TooLarge,
}

impl From<Malformed> for Failure {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

impl Form {
    /// Reads the body; a field may have `limit` bytes.
    pub(super) async fn read(
        server: &Server,
        request: &mut Request,
        limit: usize,
    ) -> Result<Self, Box<Reply>> {
        let content_type = request.header(CONTENT_TYPE).unwrap_or_default().to_owned();
        if let Some(parts) = Multipart::new(&content_type, &mut request.body) {
            return fields(parts, limit).await.map_err(|failure| failure.reply(request));
        }
        let body = server.body(request).await?;
        let field = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| Field {
            name: name.into_owned(),
            file_name: None,
            content: value.into_owned().into(),
        };
        Ok(Self(form_urlencoded::parse(&body).map(field).collect()))
    }

    fn find(&self, name: &str) -> Option<&Field> {
        self.0.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.find(name).map(|field| String::from_utf8_lossy(&field.content).into_owned())
    }

    /// A field that holds JSON as text.
    pub(super) fn json(&self, name: &str) -> Option<Value> {
        self.find(name).and_then(|field| serde_json::from_slice(&field.content).ok())
    }

    /// The name and the bytes of a file.
    pub(super) fn file(&self, name: &str) -> Option<(&str, &Bytes)> {
        let field = self.find(name)?;
        Some((field.file_name.as_deref().unwrap_or_default(), &field.content))
    }
}

async fn fields(mut parts: Multipart<'_>, limit: usize) -> Result<Form, Failure> {
    let mut fields = Vec::new();
    while let Some(part) = parts.next_part().await? {
        let mut content = Vec::new();
        while let Some(chunk) = parts.chunk().await? {
            content.extend_from_slice(&chunk);
            if content.len() > limit {
                return Err(Failure::TooLarge);
            }
        }
        let content = content.into();
        fields.push(Field { name: part.name, file_name: part.filename, content });
    }
    Ok(Form(fields))
}

impl Failure {
    fn reply(self, request: &Request) -> Box<Reply> {
        let (status, message) = match self {
            Self::Malformed => (StatusCode::BAD_REQUEST, inferred::MALFORMED),
            Self::TooLarge => (StatusCode::INTERNAL_SERVER_ERROR, "EXCEEDED_FILE_SIZE"),
        };
        Box::new(errors::of_path(request.path(), status, message))
    }
}
