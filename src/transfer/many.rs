//! Many downloads into one folder, with shared limits.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use futures_core::Stream;
use futures_util::{StreamExt, stream};
use tokio::sync::Semaphore;

use super::download::{Downloaded, MOST_CONNECTIONS, Settings, download_setters};
use super::hasher::Memory;
use super::meter::Meter;
use super::name::{Names, relative_path};
use super::remote::Remote;
use super::run::Run;
use super::source::Source;
use super::target::Target;
use crate::error::Result;
use crate::progress::{Event, Listener, SharedListener};

/// The download of many files into a folder.
///
/// A server's name may have folders in it; it is reduced to a safe path below the folder. A name
/// that comes twice gets a number: `a.txt`, `a (2).txt`. All downloads share the connections.
#[must_use = "downloads do nothing until they run"]
pub struct Downloads {
    folder: PathBuf,
    pub(crate) settings: Settings,
    listener: Option<Listener>,
}

/// One of many downloads that has ended, well or not.
#[derive(Debug)]
#[non_exhaustive]
pub struct Ended<I> {
    /// Its place among the inputs.
    pub index: usize,
    /// What the caller gave along with it.
    pub input: I,
    /// The file or why there is none.
    pub outcome: Result<Downloaded>,
}

impl Downloads {
    /// Downloads into a folder, which is made when it is missing.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), settings: Settings::default(), listener: None }
    }

    download_setters!(settings);

    /// Tells how far each file is ([`Event::Bytes`]).
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Runs the downloads, and gives each as it ends. The next inputs are taken when there is room.
    ///
    /// Dropping the stream stops all that run.
    pub fn run<I, S: Source>(
        self,
        files: impl Stream<Item = (I, S, Remote)>,
    ) -> impl Stream<Item = Ended<I>> {
        let at_once = self.settings.parallel.clamp(1, MOST_CONNECTIONS);
        let shared = Shared {
            folder: self.folder,
            settings: self.settings,
            connections: Arc::new(Semaphore::new(at_once)),
            memory: Arc::default(),
            listener: SharedListener::new(self.listener),
        };
        let mut names = Names::default();
        let started = files.enumerate().map(move |(index, (input, source, remote))| {
            let path = names.distinct(relative_path(&remote.name));
            let target = Target::below(&shared.folder, &path);
            let one = shared.one(source, remote, target);
            async move { Ended { index, input, outcome: one.await } }
        });
        started.buffer_unordered(at_once)
    }
}

impl fmt::Debug for Downloads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Downloads")
            .field("folder", &self.folder)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// What all downloads of a call have in common.
struct Shared {
    folder: PathBuf,
    settings: Settings,
    connections: Arc<Semaphore>,
    memory: Arc<Memory>,
    listener: SharedListener,
}

impl Shared {
    fn one<S: Source>(
        &self,
        source: S,
        remote: Remote,
        target: Target,
    ) -> impl Future<Output = Result<Downloaded>> + use<S> {
        let run = Run {
            source: Arc::new(source),
            remote,
            target,
            settings: self.settings,
            connections: self.connections.clone(),
            memory: self.memory.clone(),
            meter: Arc::new(Meter::default()),
        };
        let mut listener = self.listener.for_one();
        async move {
            run.settings.check()?;
            run.run(&mut listener).await
        }
    }
}

/// Inputs that are at hand, as the stream that [`Downloads::run`] takes.
pub fn inputs<T>(files: impl IntoIterator<Item = T>) -> impl Stream<Item = T> {
    stream::iter(files)
}
