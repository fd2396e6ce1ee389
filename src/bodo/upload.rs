//! Putting a file into the workspace, where jobs find it.

mod hashed;

use std::fmt;
use std::path::PathBuf;

use futures_util::TryStreamExt;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use self::hashed::Hashed;
use super::signed;
use super::{CloudProvider, Workspace, WorkspaceId};
use crate::arguments::filled;
use crate::error::{Error, Result};
use crate::progress::{Event, Listener, SharedListener};
use crate::transfer::{Content, Link, Upload};
use crate::transport::call::{call_streamed, stream_error};
use crate::values::Secret;

/// What Azure's storage wants to be told of a new file (source: Azure Blob Storage, Put Blob).
const BLOB_TYPE: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-ms-blob-type"), HeaderValue::from_static("BlockBlob"));

/// The longest answer that may be a link.
const LONGEST_LINK: usize = 64 * 1024;

impl Workspace {
    /// Uploads a local file to a place in the workspace, such as `/test.py`. `.await` does it; a
    /// file that is there is replaced.
    ///
    /// ```no_run
    /// # async fn f(workspace: longhaul::bodo::Workspace) -> longhaul::Result<()> {
    /// workspace.upload_file("scripts/test.py", "test.py").await?;
    /// let job = longhaul::bodo::NewJob::python("test.py");
    /// # Ok(()) }
    /// ```
    pub fn upload_file(
        &self,
        path: impl Into<PathBuf>,
        destination: impl Into<String>,
    ) -> UploadFile {
        UploadFile::new(self, Origin::Path(path.into()), destination.into())
    }

    /// Uploads bytes or a stream to a place in the workspace, as
    /// [`upload_file`](Workspace::upload_file).
    pub fn upload(
        &self,
        content: impl Into<Content>,
        destination: impl Into<String>,
    ) -> UploadFile {
        UploadFile::new(self, Origin::Content(content.into()), destination.into())
    }

    /// The cloud that the workspace is in, asked for once.
    async fn provider(&self) -> Result<&CloudProvider> {
        let ask = || async {
            let data = self.data().await?;
            let provider = data.cloud_config.and_then(|config| config.provider);
            provider.ok_or_else(|| {
                Error::protocol("the platform does not say which cloud the workspace is in")
            })
        };
        self.session.provider.get_or_try_init(ask).await
    }
}

/// An upload into the workspace; `.await` does it.
///
/// The content is streamed, and sent again from its start when that can help: an upload replaces
/// what is there. The platform's link is used without the client's credential, and asked for again
/// once when the storage refuses it. Where the storage says what it received, that is compared with
/// what was sent.
#[must_use = "nothing is uploaded until it is awaited"]
pub struct UploadFile {
    workspace: Workspace,
    origin: Origin,
    destination: String,
    listener: Option<Listener>,
}

enum Origin {
    Path(PathBuf),
    Content(Content),
}

impl UploadFile {
    fn new(workspace: &Workspace, origin: Origin, destination: String) -> Self {
        Self { workspace: workspace.clone(), origin, destination, listener: None }
    }

    /// Is told how much was sent: [`Event::Bytes`].
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    async fn send(self) -> Result<()> {
        let Self { workspace, origin, destination, listener } = self;
        check(&destination)?;
        let content = match origin {
            Origin::Path(path) => Content::file(path).await?,
            Origin::Content(content) => content,
        };
        let listener = SharedListener::new(listener);
        let put = || put(&workspace, &content, &destination, listener.for_one());
        match put().await {
            Err(error) if signed::is_refusal(&error) && error.operation().is_none() => {
                tracing::debug!(%error, "the link for an upload is refused, asking for a new one");
                put().await
            }
            outcome => outcome,
        }
    }
}

crate::awaits::awaits!(UploadFile => (), send);

fn check(destination: &str) -> Result<()> {
    filled("the place in the workspace for the upload", destination)?;
    if destination.ends_with('/') {
        let message = format!("`{destination}` is a folder: name the file that is to be there");
        return Err(Error::invalid(message));
    }
    Ok(())
}

/// Sends a content with a new link.
async fn put(
    workspace: &Workspace,
    content: &Content,
    destination: &str,
    listener: Option<Listener>,
) -> Result<()> {
    let headers = match workspace.provider().await? {
        CloudProvider::Azure => HeaderMap::from_iter([BLOB_TYPE]),
        _ => HeaderMap::new(),
    };
    let link = link(workspace, destination).await?;
    let mut upload = Upload::plain(destination, content.clone()).repeatable();
    if let Some(mut listener) = listener {
        upload = upload.on_event(move |event| listener(event));
    }
    upload.send(async |body, _| attempt(&link, &headers, body).await).await
}

async fn attempt(link: &Link, headers: &HeaderMap, body: reqwest::Body) -> Result<()> {
    let (body, digest) = Hashed::of(body);
    let received = link.put(body, headers.clone()).await?;
    digest.compare(&received)
}

/// Asks for a link to a place in the workspace: the answer is the link as plain text.
async fn link(workspace: &Workspace, destination: &str) -> Result<Link> {
    let id: WorkspaceId = workspace.id().await?;
    let request = workspace.session.raw.get_upload_url().workspace(id.as_str());
    let answer = call_streamed(request.object_key(destination).send()).await;
    let answer = answer.map_err(|error| workspace.session.explained(error))?;
    let mut stream = answer.into_inner_stream();
    let mut text = Vec::new();
    while let Some(chunk) = stream.try_next().await.map_err(stream_error)? {
        text.extend_from_slice(&chunk);
        if text.len() > LONGEST_LINK {
            return Err(Error::protocol("the answer is too long for a link"));
        }
    }
    let text = String::from_utf8_lossy(&text);
    signed::link(&workspace.session, &Secret::from(text.trim().trim_matches('"')))
}

impl fmt::Debug for UploadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadFile").field("destination", &self.destination).finish_non_exhaustive()
    }
}
