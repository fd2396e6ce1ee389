//! Downloads of files: one, or all that a list has.

use std::future::IntoFuture;
use std::path::PathBuf;
use std::pin::Pin;

use futures_util::{StreamExt, stream};

use super::File;
use crate::batch::{Failure, Report};
use crate::error::{Error, Result};
use crate::page::{List, Query};
use crate::progress::Event;
use crate::transfer::{
    Download, Downloaded, Downloads, Incoming, Source, Wanted, download_setters,
};
use crate::transport::call::call_streamed;

/// The content of a file on the platform.
#[derive(Clone, Debug)]
pub struct FileSource(File);

impl Source for FileSource {
    async fn open(&self, wanted: Wanted) -> Result<Incoming> {
        let mut request = self.0.client().raw().download_file().file(self.0.id().as_str());
        if let Some(range) = wanted.range_header() {
            request = request.range(range);
        }
        if let Some(tag) = wanted.if_match {
            request = request.if_match(tag);
        }
        Ok(call_streamed(request.send()).await?.into())
    }
}

impl File {
    /// Downloads the file to a path: into it when it is a folder or ends in a slash, exactly there
    /// otherwise. Parallel, resumable, and checked against the SHA-512 that the platform declares.
    ///
    /// ```no_run
    /// # async fn f(file: longhaul::rescale::File) -> longhaul::Result<()> {
    /// let done = file.download_to("out/").parallel(4).await?;
    /// println!("{}", done.path.display());
    /// # Ok(()) }
    /// ```
    pub fn download_to(&self, path: impl Into<PathBuf>) -> Download<FileSource> {
        Download::new(FileSource(self.clone()), self.remote(), path)
    }
}

/// The download of every file of a list; `.await` does it and reports on each.
///
/// A failure whose input is `None` is that of the list itself, which broke off.
#[derive(Debug)]
#[must_use = "nothing is downloaded until it is awaited"]
pub struct DownloadFiles<Q: Query<Item = File>> {
    list: List<Q>,
    downloads: Downloads,
}

impl<Q: Query<Item = File>> List<Q> {
    /// Downloads every file of the list into a folder, several at a time. Outputs keep their
    /// folders below the run's; names are made safe and stay inside.
    pub fn download_to(self, folder: impl Into<PathBuf>) -> DownloadFiles<Q> {
        DownloadFiles { list: self, downloads: Downloads::new(folder) }
    }
}

impl<Q: Query<Item = File>> DownloadFiles<Q> {
    download_setters!(downloads.settings);

    /// Is told how far each file is: [`Event::Bytes`].
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.downloads = self.downloads.on_event(listener);
        self
    }

    async fn run(self) -> Report<Option<File>, Downloaded> {
        let (mut list, mut broken) = (self.list, None);
        let files = stream::poll_fn(|cx| next_file(list.poll_next_unpin(cx), &mut broken));
        let inputs = files.map(|file| (file.clone(), FileSource(file.clone()), file.remote()));
        let ended: Vec<_> = self.downloads.run(inputs).collect().await;
        let mut report = Report { done: Vec::new(), failed: Vec::new() };
        for one in ended {
            let (index, input) = (one.index, Some(one.input));
            match one.outcome {
                Ok(file) => report.done.push((index, file)),
                Err(error) => report.failed.push(Failure { index, input, error }),
            }
        }
        report.done.sort_by_key(|(index, _)| *index);
        report.failed.sort_by_key(|failure| failure.index);
        let index = report.done.len() + report.failed.len();
        report.failed.extend(broken.map(|error| Failure { index, input: None, error }));
        report
    }
}

/// The next file; an error of the list is put aside and ends it.
fn next_file(
    next: std::task::Poll<Option<Result<File>>>,
    broken: &mut Option<Error>,
) -> std::task::Poll<Option<File>> {
    next.map(|next| match next {
        Some(Ok(file)) => Some(file),
        Some(Err(error)) => {
            *broken = Some(error);
            None
        }
        None => None,
    })
}

impl<Q: Query<Item = File>> IntoFuture for DownloadFiles<Q> {
    type Output = Report<Option<File>, Downloaded>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
