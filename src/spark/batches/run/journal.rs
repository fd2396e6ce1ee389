//! What a run writes down so that it can go on after it was killed: chunks before they are pushed,
//! and results before they are handed out.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Ready;
use super::feed::Cut;
use super::ledger::Numbers;
use crate::blocking::blocking;
use crate::error::{Error, Result};
use crate::journal::JournalFile;

const KIND: &str = "longhaul spark batch run";
const VERSION: u32 = 1;

/// What a run is; a journal is of use only to the same one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    /// The base URL with the tenant.
    pub(super) tenant: String,
    /// The service with the options that make a difference to the outputs, or the batch.
    pub(super) service: String,
    /// Of what all chunks share.
    pub(super) shared: u32,
}

/// One line, as a JSON object behind its checksum.
#[derive(Default, Serialize, Deserialize)]
struct Line<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    header: Option<Header>,
    /// The batch that is used from now on.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    batch: Option<Cow<'a, str>>,
    /// Chunks that are about to be pushed for the first time: number, first record, records and
    /// checksum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chunks: Option<Vec<(u64, u64, u64, u32)>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    done: Option<Done<'a>>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    journal: String,
    version: u32,
    run: u64,
    of: Identity,
}

/// A result as the server sent it.
#[derive(Serialize, Deserialize)]
struct Done<'a> {
    chunk: u64,
    first: u64,
    records: u64,
    #[serde(borrow)]
    result: &'a RawValue,
}

/// What is in a journal.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The run's own number.
    pub(super) run: Option<u64>,
    /// The batch that was used last.
    pub(super) batch: Option<String>,
    pub(super) done: Numbers,
    /// Where the results are, by the numbers of their chunks.
    pub(super) results: Vec<(u64, u64)>,
    length: u64,
}

/// A journal that is open.
#[derive(Clone, Debug)]
pub(super) struct Journal(Arc<Mutex<JournalFile>>);

impl Journal {
    /// Opens or makes a journal. `run` is the number of a new run.
    pub(super) async fn open(
        path: PathBuf,
        of: Identity,
        run: u64,
        is_ordered: bool,
    ) -> Result<(Self, Found)> {
        blocking(move |_| {
            let mut file = JournalFile::open(path)?;
            let found = scan(&file, &of, is_ordered)?;
            file.keep(found.length)?;
            if found.run.is_none() {
                let journal = KIND.to_owned();
                let header = Header { journal, version: VERSION, run, of };
                file.begin(&written(&Line { header: Some(header), ..Line::default() })?)?;
            }
            Ok((Self(Arc::new(Mutex::new(file))), found))
        })
        .await
    }

    /// Writes down which batch is used.
    pub(super) async fn batch(&self, id: &str) -> Result<()> {
        let line = written(&Line { batch: Some(id.into()), ..Line::default() })?;
        self.append(line).await
    }

    /// Writes down chunks before they are pushed for the first time.
    pub(super) async fn chunks(&self, cuts: &[Cut]) -> Result<()> {
        let chunks = cuts.iter().map(|cut| (cut.number, cut.first, cut.records, cut.crc32));
        let line = written(&Line { chunks: Some(chunks.collect()), ..Line::default() })?;
        self.append(line).await
    }

    /// Writes down results before they are handed out.
    pub(super) async fn done(&self, results: &[Ready]) -> Result<()> {
        let mut lines = Vec::new();
        for Ready { chunk, first, records, text, .. } in results {
            let text = std::str::from_utf8(text).map_err(|error| unwritable(&error))?;
            // Line ends can only be white space between values.
            let text = text.replace(['\n', '\r'], " ");
            let result = serde_json::from_str(&text).map_err(|error| unwritable(&error))?;
            let done = Done { chunk: *chunk, first: *first, records: *records, result };
            lines.extend(written(&Line { done: Some(done), ..Line::default() })?);
        }
        self.append(lines).await
    }

    /// The lines up to where the journal ends now.
    pub(super) fn lines(&self) -> Result<Lines> {
        let file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Lines::new(&file, file.length())
    }

    async fn append(&self, lines: Vec<u8>) -> Result<()> {
        let file = self.0.clone();
        blocking(move |_| file.lock().unwrap_or_else(PoisonError::into_inner).append(&lines)).await
    }
}

fn written(line: &Line<'_>) -> Result<Vec<u8>> {
    let json = serde_json::to_string(line).map_err(|error| unwritable(&error))?;
    Ok(format!("{:08x} {json}\n", crc32fast::hash(json.as_bytes())).into_bytes())
}

fn unwritable(error: &dyn std::fmt::Display) -> Error {
    Error::invalid(format!("a line of the journal cannot be written: {error}"))
}

/// Reads a journal from its start.
#[derive(Debug)]
pub(super) struct Lines {
    reader: BufReader<File>,
    path: PathBuf,
    number: u64,
    /// Where the next line begins, and where they end.
    at: u64,
    end: u64,
    line: Vec<u8>,
}

impl Lines {
    fn new(file: &JournalFile, end: u64) -> Result<Self> {
        let (reader, path) = (BufReader::new(file.reader()?), file.path().to_owned());
        Ok(Self { reader, path, number: 0, at: 0, end, line: Vec::new() })
    }

    /// Reads the next whole line; `false` at the end. What follows the last line end was being
    /// written when the program was stopped, and nothing was done after it.
    fn advance(&mut self) -> Result<bool> {
        self.line.clear();
        let mut rest = (&mut self.reader).take(self.end.saturating_sub(self.at));
        let read = rest.read_until(b'\n', &mut self.line);
        let length = read.map_err(|error| failed(&self.path, error))?;
        if self.line.pop() != Some(b'\n') {
            return Ok(false);
        }
        self.number += 1;
        self.at += length as u64;
        Ok(true)
    }

    fn parse(&self) -> Result<Line<'_>> {
        let text = std::str::from_utf8(&self.line).map_err(|error| self.broken(&error))?;
        let (sum, json) = text.split_once(' ').unwrap_or_default();
        if u32::from_str_radix(sum, 16).ok() != Some(crc32fast::hash(json.as_bytes())) {
            return Err(self.broken(&"its checksum is wrong"));
        }
        serde_json::from_str(json).map_err(|error| self.broken(&error))
    }

    fn broken(&self, why: &dyn std::fmt::Display) -> Error {
        let (number, path) = (self.number, self.path.display());
        Error::invalid(format!("line {number} of the journal `{path}` cannot be read: {why}"))
            .with_advice("use another journal")
    }

    /// The next chunk that was pushed.
    pub(super) fn next_cuts(&mut self) -> Result<Option<Vec<Cut>>> {
        while self.advance()? {
            // Results are long and need not be read for this.
            if self.line.get(9..).is_some_and(|json| json.starts_with(b"{\"chunks\"")) {
                let chunks = self.parse()?.chunks.unwrap_or_default();
                let cut = |(number, first, records, crc32)| Cut { number, first, records, crc32 };
                return Ok(Some(chunks.into_iter().map(cut).collect()));
            }
        }
        Ok(None)
    }

    /// The next result.
    pub(super) fn next_result(&mut self) -> Result<Option<Ready>> {
        while self.advance()? {
            if let Some(done) = self.parse()?.done {
                return Ok(Some(done.into()));
            }
        }
        Ok(None)
    }

    /// The result in the line that begins here.
    pub(super) fn result_at(&mut self, at: u64) -> Result<Option<Ready>> {
        let sought = self.reader.seek(SeekFrom::Start(at));
        sought.map_err(|error| failed(&self.path, error))?;
        self.at = at;
        self.next_result()
    }
}

impl From<Done<'_>> for Ready {
    fn from(done: Done<'_>) -> Self {
        let Done { chunk, first, records, result } = done;
        let text = Bytes::copy_from_slice(result.get().as_bytes());
        Self { chunk, first, records, replayed: true, text }
    }
}

fn failed(path: &Path, error: std::io::Error) -> Error {
    Error::io(format!("read the journal `{}`", path.display()), error)
}

/// Reads everything once: whatever is wrong is found before anything is sent.
fn scan(file: &JournalFile, of: &Identity, is_ordered: bool) -> Result<Found> {
    let mut lines = Lines::new(file, u64::MAX)?;
    let mut found = Found::default();
    while lines.advance()? {
        let before = lines.at - lines.line.len() as u64 - 1;
        let line = lines.parse()?;
        if lines.number == 1 {
            found.run = Some(check(line.header, of, &lines)?);
        } else if let Some(batch) = line.batch {
            found.batch = Some(batch.into_owned());
        } else if let Some(done) = line.done {
            found.done.insert(done.chunk);
            if is_ordered {
                found.results.push((done.chunk, before));
            }
        }
        found.length = lines.at;
    }
    found.results.sort_unstable();
    Ok(found)
}

/// The run's number, when the journal is one of the same run.
fn check(header: Option<Header>, of: &Identity, lines: &Lines) -> Result<u64> {
    let header = header.filter(|header| header.journal == KIND && header.version == VERSION);
    let Some(header) = header else {
        return Err(lines.broken(&format!("it is not `{KIND}`, version {VERSION}")));
    };
    let path = lines.path.display();
    let differs = |what: &str, theirs: &str, ours: &str| {
        let message = format!("the journal `{path}` is of {what} {theirs}, not of {ours}");
        Err(Error::invalid(message).with_advice("use another journal"))
    };
    if header.of.tenant != of.tenant {
        return differs("the tenant", &header.of.tenant, &of.tenant);
    }
    if header.of.service != of.service {
        return differs("another batch or service:", &header.of.service, &of.service);
    }
    if header.of.shared != of.shared {
        let message = format!("the journal `{path}` is of a run with another header, parameters");
        return Err(Error::invalid(message + " or summary").with_advice("use another journal"));
    }
    Ok(header.run)
}
