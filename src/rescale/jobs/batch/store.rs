//! The file of a journal.

use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::record::{Header, Line, State};
use crate::error::{Error, Result};
use crate::journal::JournalFile;

const KIND: &str = "longhaul rescale job batch";
const VERSION: u32 = 1;

/// A journal that this program alone writes.
#[derive(Debug)]
pub(super) struct Store(JournalFile);

impl Store {
    /// Opens or makes the file, and reads what is in it.
    pub(super) fn open(path: PathBuf, host: &str) -> Result<(Self, State)> {
        let mut file = JournalFile::open(path)?;
        let mut text = Vec::new();
        let read = file.reader()?.read_to_end(&mut text);
        read.map_err(|error| file.failed("read", error))?;
        let journal = parse(&text, file.path())?;
        file.keep(journal.length)?;
        match journal.header {
            Some(header) => check_host(&header, host, file.path())?,
            None => {
                let header = Header { journal: KIND.into(), version: VERSION, host: host.into() };
                file.begin(&line(&header)?)?;
            }
        }
        Ok((Self(file), journal.state))
    }

    /// Adds a line, which is on disk when this returns. What cannot be written leaves no trace.
    pub(super) fn append(&mut self, step: &impl Serialize) -> Result<()> {
        self.0.append(&line(step)?)
    }
}

fn line(step: &impl Serialize) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec(step)
        .map_err(|error| Error::invalid(format!("a step cannot be written down: {error}")))?;
    text.push(b'\n');
    Ok(text)
}

fn check_host(header: &Header, host: &str, path: &Path) -> Result<()> {
    if header.host == host {
        return Ok(());
    }
    let (path, theirs) = (path.display(), &header.host);
    Err(Error::invalid(format!(
        "the journal `{path}` has jobs of {theirs}, but the client talks to {host}; use another \
         journal"
    )))
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
