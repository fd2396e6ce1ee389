//! The file of a journal.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fs4::TryLockError;
use serde::Serialize;

use super::record::{Header, Line, State};
use crate::error::{Error, Result};

const KIND: &str = "longhaul rescale job batch";
const VERSION: u32 = 1;

/// A lock may be held a moment longer than the batch that was dropped or killed.
const PATIENCE: Duration = Duration::from_secs(2);

/// A journal that this program alone writes.
#[derive(Debug)]
pub(super) struct Store {
    file: File,
    path: PathBuf,
    /// Where the last whole line ends.
    length: u64,
}

impl Store {
    /// Opens or makes the file, and reads what is in it.
    pub(super) fn open(path: PathBuf, host: &str) -> Result<(Self, State)> {
        let file = open(&path)?;
        lock(&file, &path)?;
        let mut store = Self { file, path, length: 0 };
        let mut text = Vec::new();
        store.file.read_to_end(&mut text).map_err(|error| store.failed("read", error))?;
        let journal = parse(&text, &store.path)?;
        store.length = journal.length;
        store.cut()?;
        match journal.header {
            Some(header) => store.check_host(&header, host)?,
            None => store.begin(host)?,
        }
        Ok((store, journal.state))
    }

    /// Adds a line, which is on disk when this returns. What cannot be written leaves no trace.
    pub(super) fn append(&mut self, line: &impl Serialize) -> Result<()> {
        let mut text = serde_json::to_vec(line)
            .map_err(|error| Error::invalid(format!("a step cannot be written down: {error}")))?;
        text.push(b'\n');
        let written = self.file.write_all(&text).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            self.cut()?;
            return Err(self.failed("write", error));
        }
        self.length += text.len() as u64;
        Ok(())
    }

    fn begin(&mut self, host: &str) -> Result<()> {
        let header = Header { journal: KIND.into(), version: VERSION, host: host.into() };
        self.append(&header)?;
        sync_folder(&self.path).map_err(|error| self.failed("sync the folder of", error))
    }

    fn check_host(&self, header: &Header, host: &str) -> Result<()> {
        if header.host == host {
            return Ok(());
        }
        let (path, theirs) = (self.path.display(), &header.host);
        Err(Error::invalid(format!(
            "the journal `{path}` has jobs of {theirs}, but the client talks to {host}; use another \
             journal"
        )))
    }

    /// Cuts off what follows the last whole line.
    fn cut(&mut self) -> Result<()> {
        let cut = self.file.set_len(self.length);
        let moved = cut.and_then(|()| self.file.seek(SeekFrom::Start(self.length)));
        moved.map(drop).map_err(|error| self.failed("write", error))
    }

    fn failed(&self, doing: &str, error: std::io::Error) -> Error {
        Error::io(format!("{doing} the journal `{}`", self.path.display()), error)
    }
}

/// What is in a journal that somebody else may be writing.
pub(super) fn read(path: &Path) -> Result<State> {
    let text = std::fs::read(path);
    let text =
        text.map_err(|error| Error::io(format!("read the journal `{}`", path.display()), error))?;
    Ok(parse(&text, path)?.state)
}

struct Parsed {
    header: Option<Header>,
    state: State,
    length: u64,
}

/// Reads all whole lines. What follows the last line end was being written when the program was
/// stopped, and nothing was done after it.
fn parse(text: &[u8], path: &Path) -> Result<Parsed> {
    let mut parsed = Parsed { header: None, state: State::default(), length: 0 };
    let whole = text.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
    for (number, line) in (1..).zip(whole) {
        let corrupt = |error: &dyn std::fmt::Display| {
            let path = path.display();
            Error::invalid(format!("line {number} of the journal `{path}` cannot be read: {error}"))
                .with_advice("mend or remove the line, or use another journal")
        };
        if number == 1 {
            let header: Header = serde_json::from_slice(line).map_err(|error| corrupt(&error))?;
            if header.journal != KIND || header.version != VERSION {
                return Err(corrupt(&format!("it is not `{KIND}`, version {VERSION}")));
            }
            parsed.header = Some(header);
        } else {
            let line: Line = serde_json::from_slice(line).map_err(|error| corrupt(&error))?;
            parsed.state.apply(line);
        }
        parsed.length += line.len() as u64;
    }
    Ok(parsed)
}

fn open(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let opened = options.open(path);
    opened.map_err(|error| Error::io(format!("open the journal `{}`", path.display()), error))
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
