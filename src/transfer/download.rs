//! The download of one file, as a caller sees it.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::Semaphore;

use super::hasher::Memory;
use super::meter::Meter;
use super::remote::{Checksum, Remote};
use super::run::Run;
use super::source::Source;
use super::target::Target;
use crate::error::{Error, Result};
use crate::progress::{Event, Listener};

/// How a download is done, whatever is downloaded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) parallel: usize,
    pub(crate) part_size: u64,
    pub(crate) verify: bool,
    pub(crate) overwrite: bool,
    pub(crate) keep_existing: bool,
    pub(crate) sync: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            parallel: 10,
            part_size: 1024 * 1024,
            verify: true,
            overwrite: false,
            keep_existing: false,
            sync: true,
        }
    }
}

impl Settings {
    pub(super) fn check(&self) -> Result<()> {
        if self.parallel == 0 {
            return Err(Error::invalid("a download needs at least one connection"));
        }
        if self.part_size == 0 {
            return Err(Error::invalid("the part size of a download must be above 0 bytes"));
        }
        Ok(())
    }
}

/// The setters that all downloads have, for one file and for many. The path leads from the builder to
/// its [`Settings`].
macro_rules! download_setters {
    ($($path:ident).+) => {
        /// How many connections to use at most, and for many files how many are under way at once;
        /// 10 by default. 0 is an error.
        pub fn parallel(mut self, connections: usize) -> Self {
            self.$($path).+.parallel = connections;
            self
        }

        /// How many bytes to ask for in one request; 1 MiB by default. 0 is an error.
        pub fn part_size(mut self, bytes: u64) -> Self {
            self.$($path).+.part_size = bytes;
            self
        }

        /// Whether to compare the checksum that the server declares; `true` by default. A file
        /// without one is never an error: see
        /// [`Downloaded::is_verified`]($crate::transfer::Downloaded::is_verified).
        pub fn verify(mut self, verify: bool) -> Self {
            self.$($path).+.verify = verify;
            self
        }

        /// Whether to replace a file that exists under the final name; `false` by default, which
        /// makes it an error before any request.
        pub fn overwrite(mut self, overwrite: bool) -> Self {
            self.$($path).+.overwrite = overwrite;
            self
        }

        /// Whether a file that exists under the final name is taken for done if it has the declared
        /// size and checksum; `false` by default. One that differs, or of which neither is
        /// declared, is treated as without this setting. With it, a run that was broken off can be
        /// repeated as it was.
        pub fn keep_existing(mut self, keep: bool) -> Self {
            self.$($path).+.keep_existing = keep;
            self
        }

        /// Whether to wait until the disk has the file before it gets its name; `true` by default.
        /// Without it, a power cut shortly after the download can leave a damaged file; an ended
        /// process cannot.
        pub fn sync(mut self, sync: bool) -> Self {
            self.$($path).+.sync = sync;
            self
        }
    };
}
pub(crate) use download_setters;

/// The download of one file: parallel, verified and resumable. Made by a client's `download_to`,
/// or with [`Download::new`] from any [`Source`]; sent by `.await`.
///
/// The file is fetched in parts over several connections. Each answer must be exactly what was
/// asked for, of the version that the first answer had. Bytes go to `NAME.part` beside the target;
/// `NAME.part.journal` says which parts are done. The checksum is computed while the bytes arrive.
/// Only a complete file gets its final name, and where the server declares a checksum, only a
/// right one: if it is not, all parts are fetched again and compared, and what differs is replaced.
///
/// The same download, made again after an error, a drop or a kill, goes on where it was, provided
/// that the server gave an entity tag or a checksum by which the file can be known again.
///
/// Dropping the future stops it and all its requests.
#[must_use = "a download does nothing until it is awaited"]
pub struct Download<S> {
    source: S,
    remote: Remote,
    to: PathBuf,
    file_name: Option<String>,
    settings: Settings,
    listener: Option<Listener>,
}

impl<S: Source> Download<S> {
    /// Downloads what the source has, to a path:
    ///
    /// - an existing folder, or a path that ends in a separator: into that folder, under the
    ///   server's name for the file, reduced to a safe one;
    /// - any other path: exactly there.
    ///
    /// Missing folders are made.
    pub fn new(source: S, remote: Remote, to: impl Into<PathBuf>) -> Self {
        Self {
            source,
            remote,
            to: to.into(),
            file_name: None,
            settings: Settings::default(),
            listener: None,
        }
    }

    download_setters!(settings);

    /// A name for the file, instead of the server's. The path is then always a folder. A name that
    /// is a path or no name is an error.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Tells how far the download is ([`Event::Bytes`]): at its start, at most every 100 ms, and at
    /// its end.
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    async fn send(mut self) -> Result<Downloaded> {
        self.settings.check()?;
        let name = self.file_name.as_deref();
        let target = Target::choose(&self.to, name, &self.remote.name)?;
        let run = Run {
            connections: Arc::new(Semaphore::new(self.settings.parallel.min(MOST_CONNECTIONS))),
            source: Arc::new(self.source),
            remote: self.remote,
            target,
            settings: self.settings,
            memory: Arc::new(Memory::default()),
            meter: Arc::new(Meter::default()),
        };
        run.run(&mut self.listener).await
    }
}

/// More are never of use, and a semaphore has a limit.
pub(super) const MOST_CONNECTIONS: usize = 4096;

impl<S: Source> IntoFuture for Download<S> {
    type Output = Result<Downloaded>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<Downloaded>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<S> fmt::Debug for Download<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("remote", &self.remote)
            .field("to", &self.to)
            .field("file_name", &self.file_name)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// A file that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Downloaded {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// The checksum that the server declared and the file has; `None` if the server declared none
    /// or none was to be compared.
    pub checksum: Option<Checksum>,
    /// How many of the bytes were there from an earlier download.
    pub resumed_bytes: u64,
    /// How many parts (of at most 1 MiB) were wrong at first and were replaced.
    pub repaired_parts: u64,
}

impl Downloaded {
    /// Whether the bytes are known to be those that the server declared.
    pub fn is_verified(&self) -> bool {
        self.checksum.is_some()
    }
}
