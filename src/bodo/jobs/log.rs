//! What a job wrote to its standard output or error.

use std::fmt;
use std::future::IntoFuture;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::stream;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderValue};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::Mutex;

use super::{Follow, Job};
use crate::bodo::signed;
use crate::error::{Error, ErrorKind, Result};
use crate::transfer::{Download, Incoming, Link, Reader, Remote, Source, Wanted, open_patiently};

/// One of the two streams that a job writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LogStream {
    /// The standard output.
    Stdout,
    /// The standard error.
    Stderr,
}

impl fmt::Display for LogStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        })
    }
}

/// What a job has written to its standard output or error so far: `.await` gives all of it as
/// text.
///
/// Each of its methods asks the platform for the present log. A log that is not there yet is empty;
/// one that cannot be had is an error and never empty. Bytes that are no UTF-8 become `U+FFFD` in
/// texts; [`write_to`](Log::write_to) and [`download_to`](Log::download_to) keep them.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked for until it is awaited or one of its methods is"]
pub struct Log {
    job: Job,
    stream: LogStream,
}

impl Log {
    pub(super) fn new(job: &Job, stream: LogStream) -> Self {
        Self { job: job.clone(), stream }
    }

    pub(super) fn job(&self) -> &Job {
        &self.job
    }

    pub(super) fn stream(&self) -> LogStream {
        self.stream
    }

    /// The log as bytes in order, as they come.
    ///
    /// # Errors
    /// As any call.
    pub async fn reader(&self) -> Result<Reader> {
        Reader::open(self.source(), 0, None).await
    }

    /// Writes the log to a file in memory, a socket or the like, and says how many bytes it had.
    ///
    /// # Errors
    /// `Io` when the writer fails; otherwise as any call. Then a part of the log may have been
    /// written.
    pub async fn write_to(&self, mut writer: impl AsyncWrite + Send + Unpin) -> Result<u64> {
        let failed = |cause| Error::io(format!("write the {} of the job", self.stream), cause);
        let (mut reader, mut written) = (self.reader().await?, 0);
        while let Some(chunk) = reader.try_next().await? {
            writer.write_all(&chunk).await.map_err(failed)?;
            written += chunk.len() as u64;
        }
        writer.flush().await.map_err(failed)?;
        Ok(written)
    }

    /// Downloads the log to a path; into a folder, it is named `ID.stdout.txt` after the job's id.
    /// Meant for a job that has ended: a log that is written meanwhile is another file.
    pub fn download_to(&self, path: impl Into<PathBuf>) -> Download<LogSource> {
        let name = format!("{}.{}.txt", self.job.id(), self.stream);
        Download::new(self.source(), Remote::new(name), path)
    }

    /// The last bytes of the log as text, at most so many.
    ///
    /// # Errors
    /// As any call.
    pub async fn tail(&self, bytes: usize) -> Result<String> {
        let size = self.size().await?;
        let wanted = bytes as u64;
        let mut reader = Reader::open(self.source(), size.saturating_sub(wanted), None).await?;
        let mut end = Vec::new();
        while let Some(chunk) = reader.try_next().await? {
            end.extend_from_slice(&chunk);
            end.drain(..end.len().saturating_sub(bytes));
        }
        let split = end.iter().take(3).take_while(|byte| is_continuation(**byte)).count();
        let split = if size > wanted { split } else { 0 };
        Ok(String::from_utf8_lossy(&end[split..]).into_owned())
    }

    /// The log as it appears: what there is, and what the job adds until it has ended.
    pub fn follow(&self) -> Follow {
        Follow::new(self.clone())
    }

    pub(super) fn source(&self) -> LogSource {
        LogSource { log: self.clone(), link: Arc::default() }
    }

    /// How long the log is now.
    async fn size(&self) -> Result<u64> {
        match Reader::open(self.source(), 0, Some(1)).await {
            Ok(reader) => Ok(reader.file_size().unwrap_or_default()),
            // There is no first byte.
            Err(error) if error.status() == Some(416) => Ok(0),
            Err(error) => Err(error),
        }
    }

    async fn text(self) -> Result<String> {
        let limit = self.job.workspace().session.options.max_response_bytes;
        let all = self.reader().await?.collect_up_to(limit).await.map_err(|error| {
            let advice = "`write_to` and `download_to` take logs of any size";
            let too_large = error.kind() == ErrorKind::Protocol;
            error.with_advice_if(too_large, advice)
        })?;
        Ok(String::from_utf8_lossy(&all).into_owned())
    }

    /// Asks for a link to the log; `None` when there is no log yet, which the platform may say as
    /// if there were no such job.
    async fn ask(&self) -> Result<Option<Link>> {
        let links = match self.job.log_links().await {
            Err(error) if error.is_not_found() => {
                self.job.clone().refresh().await?;
                return Ok(None);
            }
            links => links?,
        };
        let signed = match self.stream {
            LogStream::Stdout => links.stdout_url,
            LogStream::Stderr => links.stderr_url,
        };
        let signed = signed.filter(|link| !link.expose().trim().is_empty());
        signed.map(|link| signed::link(&self.job.workspace().session, &link)).transpose()
    }
}

/// The middle of a character in UTF-8.
fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

impl IntoFuture for Log {
    type Output = Result<String>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.text())
    }
}

/// A log to be read or downloaded. It outlives its link: a refused one is asked for again.
#[derive(Clone, Debug)]
pub struct LogSource {
    log: Log,
    link: Arc<Mutex<Option<Link>>>,
}

impl LogSource {
    /// The link in use, or a new one.
    async fn link(&self, renew: bool) -> Result<Option<Link>> {
        let mut link = self.link.lock().await;
        if renew || link.is_none() {
            *link = self.log.ask().await?;
        }
        Ok(link.clone())
    }

    async fn fetch(&self, wanted: &Wanted, renew: bool) -> Result<Incoming> {
        let Some(link) = self.link(renew).await? else { return Ok(nothing()) };
        match open_patiently(&link, wanted).await {
            Err(error) if error.is_not_found() => Ok(nothing()),
            outcome => outcome,
        }
    }
}

impl Source for LogSource {
    async fn open(&self, wanted: Wanted) -> Result<Incoming> {
        let outcome = match self.fetch(&wanted, false).await {
            Err(error) if signed::is_refusal(&error) => {
                tracing::debug!(%error, "a link to a log is refused, asking for a new one");
                self.fetch(&wanted, true).await
            }
            outcome => outcome,
        };
        outcome.map_err(|error| {
            let name = format!("the {} of job {}", self.log.stream, self.log.job.id());
            error.with_advice(format!("{name} could not be read"))
        })
    }
}

/// The answer to a request for a log that is not there yet.
fn nothing() -> Incoming {
    let headers = HeaderMap::from_iter([(CONTENT_LENGTH, HeaderValue::from(0))]);
    Incoming::new(200, headers, stream::empty())
}
