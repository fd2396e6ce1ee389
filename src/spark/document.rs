//! A file that the platform serves, to be stored or read.

use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use progenitor_client::{ByteStream, ResponseValue};
use reqwest::header::CONTENT_TYPE;

use super::envelope::refused;
use crate::error::{Error, Result};
use crate::raw;
use crate::transfer::{Download, Incoming, Reader, Remote, Source, Wanted};

/// How much of an answer is read that is no file but an error.
const ERROR_BODY: usize = 64 * 1024;

type Opening = Pin<Box<dyn Future<Output = Result<Incoming>> + Send>>;

/// A file that the platform serves: a workbook, a package, a log.
///
/// The platform declares no checksum that could be compared, so
/// [`is_verified`](crate::transfer::Downloaded::is_verified) is false for what was downloaded; a
/// broken answer is never taken for a complete file.
#[derive(Clone)]
pub struct Document {
    name: String,
    open: Arc<dyn Fn(Wanted) -> Opening + Send + Sync>,
}

impl Document {
    pub(super) fn new<F>(
        name: impl Into<String>,
        open: impl Fn(Wanted) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Incoming>> + Send + 'static,
    {
        Self { name: name.into(), open: Arc::new(move |wanted| Box::pin(open(wanted))) }
    }

    /// A file that cannot be asked for; it is an error once somebody wants it.
    pub(super) fn refused(name: impl Into<String>, error: &Error) -> Self {
        let (kind, message) = (error.kind(), error.message().to_owned());
        Self::new(name, move |_| std::future::ready(Err(Error::new(kind, message.as_str()))))
    }

    /// The name under which it is stored unless told otherwise.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Downloads it to a path: into it when it is a folder or ends in a slash, exactly there
    /// otherwise. The file gets its name only when it is complete.
    pub fn download_to(&self, path: impl Into<PathBuf>) -> Download<Self> {
        Download::new(self.clone(), Remote::new(&self.name), path)
    }

    /// Its bytes as a stream; memory does not grow with the file.
    ///
    /// # Errors
    /// As any call.
    pub async fn reader(&self) -> Result<Reader> {
        Reader::open(self.clone(), 0, None).await
    }

    /// Its bytes in memory, at most so many.
    ///
    /// # Errors
    /// When there are more; otherwise as any call.
    pub async fn bytes(&self, limit: usize) -> Result<Bytes> {
        self.reader().await?.collect_up_to(limit).await
    }
}

impl Source for Document {
    fn open(&self, wanted: Wanted) -> impl Future<Output = Result<Incoming>> + Send {
        (self.open)(wanted)
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The answer as a file, unless it is JSON: then it is the error that came instead of the file.
pub(super) async fn no_json(
    raw: &raw::spark::Client,
    operation: &'static str,
    answer: ResponseValue<ByteStream>,
) -> Result<Incoming> {
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.contains("json")) {
        return Ok(answer.into());
    }
    let body = Reader::of_answer(answer.into()).collect_up_to(ERROR_BODY).await?;
    Err(refused(raw, operation, &body))
}
