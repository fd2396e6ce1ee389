//! The document store: files behind links that carry their own permission and do not last.

use std::sync::Mutex;
use std::time::Duration;

use hyper::StatusCode;

use super::errors;
use super::kept::Kept;
use super::server::Server;
use super::tenant::lock;
use crate::clock::Moment;
use crate::content::Content;
use crate::http::{Call, Outcome, Reply, Request, range};

/// Documented for links to logs: they live about five minutes.
const LIFETIME: Duration = Duration::from_secs(300);

/// The files that have a link.
#[derive(Debug, Default)]
pub(super) struct Documents(Mutex<Kept<Document>>);

#[derive(Debug)]
struct Document {
    content: Content,
    expires: Moment,
}

impl Server {
    /// Stores a file and gives the link to it.
    pub(super) fn link(&self, request: &Request, name: &str, content: Content) -> String {
        let token = self.ids.next();
        let url = format!(
            "{}/docstore/api/v1/documents/versions/tokens/{token}/{name}",
            request.origin()
        );
        let expires = self.now() + LIFETIME;
        lock(&self.documents.0).add(token, Document { content, expires });
        url
    }
}

/// Serves a file; the link is all the permission that is asked for.
pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    let content = {
        let documents = lock(&server.documents.0);
        let valid = documents.get(call.param(0)).filter(|d| d.expires > server.now());
        valid.map(|document| document.content.clone())
    };
    let missing = || errors::of_path(call.request.path(), StatusCode::NOT_FOUND, "Not Found");
    let content = content.ok_or_else(|| Box::new(missing()))?;
    Ok(file(content, call.param(1)))
}

/// A file as a download.
pub(super) fn file(content: Content, name: &str) -> Reply {
    use hyper::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
    let content_type = match name.rsplit('.').next() {
        Some("zip") => "application/zip",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    };
    range::whole(content)
        .with(CONTENT_TYPE, content_type)
        .with(CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
}
