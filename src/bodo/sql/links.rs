//! The pre-signed links of one result, asked for again when they have expired.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::Mutex;

use crate::bodo::Job;
use crate::bodo::signed::{is_refusal, link};
use crate::error::{Error, ErrorKind, Result};
use crate::transfer::{Incoming, Link, Source, Wanted, open_patiently};

/// How often the links are asked for again for one file. Each time the file has come further.
const RENEWALS: u32 = 10;

/// The links of one result: the first leads to what is known of it, the others to its parts.
#[derive(Debug)]
pub(super) struct Links {
    job: Job,
    files: usize,
    signed: Mutex<Signed>,
}

/// Links as they were signed together.
#[derive(Debug)]
struct Signed {
    round: u32,
    links: Vec<Link>,
}

impl Links {
    /// # Errors
    /// What keeps the links from coming, and links that are none.
    pub(super) async fn ask(job: &Job) -> Result<Arc<Self>> {
        let links = signed(job).await?;
        if links.is_empty() {
            let message = format!("the query {} has no result, not even an empty one", job.id());
            return Err(failed(ErrorKind::Protocol, message));
        }
        let files = links.len();
        let signed = Mutex::new(Signed { round: 0, links });
        Ok(Arc::new(Self { job: job.clone(), files, signed }))
    }

    /// How many files the result has, the one with the metadata included.
    pub(super) fn files(&self) -> usize {
        self.files
    }

    /// One of the files.
    pub(super) fn file(self: &Arc<Self>, index: usize) -> File {
        File { links: self.clone(), index, renewals: AtomicU32::new(0) }
    }

    /// The present link of a file, and the round in which it was signed.
    async fn link(&self, index: usize) -> (Link, u32) {
        let signed = self.signed.lock().await;
        (signed.links[index].clone(), signed.round)
    }

    /// Asks for new links, unless somebody has since the refused ones were signed.
    async fn renew(&self, refused: u32) -> Result<()> {
        let mut signed_links = self.signed.lock().await;
        if signed_links.round != refused {
            return Ok(());
        }
        let links = signed(&self.job).await?;
        if links.len() != self.files {
            let (now, before) = (links.len(), self.files);
            let message = format!("the result has {now} files and had {before} before");
            return Err(failed(ErrorKind::Protocol, message));
        }
        *signed_links = Signed { round: refused + 1, links };
        Ok(())
    }
}

async fn signed(job: &Job) -> Result<Vec<Link>> {
    let links = job.result_links().await?;
    links.iter().map(|signed| link(&job.workspace().session, signed)).collect()
}

/// One file of a result. It outlives its link.
#[derive(Debug)]
pub(super) struct File {
    links: Arc<Links>,
    index: usize,
    renewals: AtomicU32,
}

impl Source for File {
    async fn open(&self, wanted: Wanted) -> Result<Incoming> {
        let (link, round) = self.links.link(self.index).await;
        let refused = match open_patiently(&link, &wanted).await {
            Err(error) if is_refusal(&error) => error,
            outcome => return outcome,
        };
        if self.renewals.fetch_add(1, Ordering::Relaxed) >= RENEWALS {
            return Err(refused.with_advice("links to it expire faster than it can be read"));
        }
        tracing::debug!(file = self.index, "a link to the result is refused, asking for new ones");
        self.links.renew(round).await?;
        let (link, _) = self.links.link(self.index).await;
        open_patiently(&link, &wanted).await.map_err(|error| {
            let again = is_refusal(&error);
            error.with_advice_if(again, "it was a new link, so that asking again is of no use")
        })
    }
}

pub(super) fn failed(kind: ErrorKind, message: impl Into<String>) -> Error {
    Error::new(kind, message).with_operation("bodo", "get_job_result")
}
