//! Files that remember what was done: lines are only added, by one program at a time, and are on
//! disk before anything is done that they tell of.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fs4::TryLockError;

use crate::error::{Error, Result};

/// A lock may be held a moment longer than the work that was dropped or killed.
const PATIENCE: Duration = Duration::from_secs(2);

/// A journal that this program alone writes.
#[derive(Debug)]
pub(crate) struct JournalFile {
    file: File,
    path: PathBuf,
    /// Where the last whole line ends.
    length: u64,
}

impl JournalFile {
    /// Opens or makes the file and keeps other programs away from it. Nothing can be added before
    /// [`keep`](JournalFile::keep) has said how much of it is good.
    ///
    /// # Errors
    /// When it cannot be opened, or another program has it.
    pub(crate) fn open(path: PathBuf) -> Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let opened = options.open(&path);
        let file = opened
            .map_err(|error| Error::io(format!("open the journal `{}`", path.display()), error))?;
        lock(&file, &path)?;
        Ok(Self { file, path, length: 0 })
    }

    /// Keeps so many bytes, which end with a whole line, and cuts off the rest.
    pub(crate) fn keep(&mut self, length: u64) -> Result<()> {
        self.length = length;
        self.cut()
    }

    /// Adds whole lines, which are on disk when this returns. What cannot be written leaves no
    /// trace.
    pub(crate) fn append(&mut self, lines: &[u8]) -> Result<()> {
        let written = self.file.write_all(lines).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            self.cut()?;
            return Err(self.failed("write", error));
        }
        self.length += lines.len() as u64;
        Ok(())
    }

    /// Adds the first line of a new journal, whose name is on disk as well when this returns.
    pub(crate) fn begin(&mut self, line: &[u8]) -> Result<()> {
        self.append(line)?;
        sync_folder(&self.path).map_err(|error| self.failed("sync the folder of", error))
    }

    /// A second look at the file, with a place of its own in it.
    pub(crate) fn reader(&self) -> Result<File> {
        File::open(&self.path).map_err(|error| self.failed("read", error))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    pub(crate) fn failed(&self, doing: &str, error: std::io::Error) -> Error {
        Error::io(format!("{doing} the journal `{}`", self.path.display()), error)
    }

    fn cut(&mut self) -> Result<()> {
        let cut = self.file.set_len(self.length);
        let moved = cut.and_then(|()| self.file.seek(SeekFrom::Start(self.length)));
        moved.map(drop).map_err(|error| self.failed("write", error))
    }
}

/// A file system without locks is used without one.
fn lock(file: &File, path: &Path) -> Result<()> {
    let started = Instant::now();
    let path = path.display();
    loop {
        match fs4::FileExt::try_lock(file) {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => {
                tracing::warn!(%path, %error, "no lock: start no second batch with this journal");
                return Ok(());
            }
            Err(TryLockError::WouldBlock) if started.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(TryLockError::WouldBlock) => {
                let message = format!("another batch is using the journal `{path}`; wait for it");
                return Err(Error::invalid(message));
            }
        }
    }
}

/// A new name survives a power cut only when its folder is written. Only Unix lets a folder be
/// opened for that.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
