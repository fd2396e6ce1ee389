//! The file beside an incomplete one that says what is done, and keeps other processes away.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fs4::TryLockError;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A lock may be held a moment longer than the download that was dropped or killed.
const PATIENCE: Duration = Duration::from_secs(1);

/// No line of ours is longer.
const LONGEST_LINE: u64 = 64 * 1024;

/// What the parts are parts of. A leftover is of use only if all of it is still true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) version: u32,
    pub(super) size: u64,
    pub(super) part_size: u64,
    pub(super) etag: Option<String>,
    pub(super) checksum: Option<String>,
}

/// A finished part, with a check of its bytes, because a power cut can lose them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) part: u64,
    pub(super) crc32: u32,
}

/// One JSON object in each line: the header, then a record for every finished part.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    path: PathBuf,
}

impl Journal {
    /// Opens or makes the journal and takes the target for this download alone.
    ///
    /// # Errors
    /// When the folder cannot be written, or another download has the same target.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let started = Instant::now();
        loop {
            let file = open_regular(path)?;
            if lock(&file, path)? && is_still_at(&file, path) {
                return Ok(Self { file, path: path.to_owned() });
            }
            if started.elapsed() > PATIENCE {
                let path = path.display();
                let message = format!("another download writes the same file and holds `{path}`");
                return Err(
                    Error::invalid(message).with_advice("wait for it or choose another name")
                );
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What an earlier download left, as far as it can be read. Whatever follows the first line
    /// that cannot is cut off.
    pub(super) fn load(&mut self) -> Result<Option<(Header, Vec<Record>)>> {
        self.at(0)?;
        let mut reader = BufReader::new(&self.file);
        let mut line = Vec::new();
        let mut good = 0;
        let mut header = None;
        let mut records = Vec::new();
        while let Some(length) = read_line(&mut reader, &mut line) {
            match &header {
                None => match serde_json::from_slice(&line) {
                    Ok(first) => header = Some(first),
                    Err(_) => break,
                },
                Some(_) => match serde_json::from_slice(&line) {
                    Ok(record) => records.push(record),
                    Err(_) => break,
                },
            }
            good += length;
        }
        self.cut(good)?;
        Ok(header.map(|header| (header, records)))
    }

    /// Forgets everything and begins with a header.
    pub(super) fn begin(&mut self, header: &Header) -> Result<()> {
        self.cut(0)?;
        self.write(header)
    }

    pub(super) fn record(&mut self, record: Record) -> Result<()> {
        self.write(&record)
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) -> Result<()> {
        self.cut(0)
    }

    /// A line goes out in a single write, so that a killed process leaves whole lines.
    fn write(&mut self, line: &impl Serialize) -> Result<()> {
        let mut text = serde_json::to_vec(line).expect("numbers and text");
        text.push(b'\n');
        self.file.write_all(&text).map_err(|error| self.failed(error))
    }

    fn at(&mut self, offset: u64) -> Result<()> {
        let moved = self.file.seek(SeekFrom::Start(offset));
        moved.map(drop).map_err(|error| self.failed(error))
    }

    fn cut(&mut self, length: u64) -> Result<()> {
        self.file.set_len(length).map_err(|error| self.failed(error))?;
        self.at(length)
    }

    fn failed(&self, error: std::io::Error) -> Error {
        Error::io(format!("write `{}`", self.path.display()), error)
    }
}

/// A link in the place of the journal or of the incomplete file would lead out of the folder.
pub(super) fn refuse_irregular(path: &Path) -> Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => Err(Error::invalid(format!(
            "`{}` is in the way of the download; remove it",
            path.display()
        ))),
        _ => Ok(()),
    }
}

fn open_regular(path: &Path) -> Result<File> {
    refuse_irregular(path)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let opened = options.open(path);
    opened.map_err(|error| Error::io(format!("open `{}` for writing", path.display()), error))
}

/// Whether the lock was free. A file system without locks is used without one.
fn lock(file: &File, path: &Path) -> Result<bool> {
    match fs4::FileExt::try_lock(file) {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => {
            let path = path.display();
            tracing::warn!(%path, %error, "no lock: start no second download of this file");
            Ok(true)
        }
    }
}

/// Whoever had the lock before may have removed the file that was locked.
#[cfg(unix)]
fn is_still_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |found: fs::Metadata| (found.dev(), found.ino());
    let here = fs::symlink_metadata(path).map(id).ok();
    here.is_some() && here == file.metadata().map(id).ok()
}

#[cfg(not(unix))]
fn is_still_at(_: &File, path: &Path) -> bool {
    path.is_file()
}

/// Reads a line that is complete; `None` at the end or at what cannot be a line.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> Option<u64> {
    line.clear();
    let length = reader.take(LONGEST_LINE).read_until(b'\n', line).ok()?;
    (line.pop() == Some(b'\n')).then_some(length as u64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn header() -> Header {
        Header { version: 1, size: 100, part_size: 10, etag: Some("\"a\"".into()), checksum: None }
    }

    fn records() -> Vec<Record> {
        (0..5).map(|part| Record { part, crc32: part as u32 * 7 }).collect()
    }

    fn written(path: &Path) -> Vec<u8> {
        let mut journal = Journal::open(path).unwrap();
        journal.begin(&header()).unwrap();
        records().into_iter().for_each(|record| journal.record(record).unwrap());
        fs::read(path).unwrap()
    }

    #[test]
    fn every_prefix_gives_the_records_that_were_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("j");
        let bytes = written(&path);
        let first = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        for length in 0..=bytes.len() {
            fs::write(&path, &bytes[..length]).unwrap();
            let mut journal = Journal::open(&path).unwrap();
            let lines = bytes[..length].iter().filter(|byte| **byte == b'\n').count();
            match journal.load().unwrap() {
                None => assert!(length <= first, "{length}"),
                Some((found, kept)) => {
                    assert_eq!((found, kept.as_slice()), (header(), &records()[..lines - 1]));
                }
            }
            journal.record(Record { part: 9, crc32: 1 }).unwrap();
            if lines > 0 {
                let again = journal.load().unwrap().unwrap().1;
                assert_eq!(again.last().unwrap().part, 9, "what is added later is found");
            }
        }
    }

    proptest! {
        #[test]
        fn no_garbage_panics(garbage in proptest::collection::vec(any::<u8>(), 0..300)) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("j");
            fs::write(&path, &garbage).unwrap();
            let loaded = Journal::open(&path).unwrap().load().unwrap();
            let plausible = garbage.first() == Some(&b'{');
            prop_assert!(loaded.is_none() || plausible);
        }
    }

    #[test]
    fn a_second_one_is_kept_away_until_the_first_ends() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("j");
        let first = Journal::open(&path).unwrap();
        let error = Journal::open(&path).unwrap_err();
        assert!(error.to_string().contains("another download"), "{error}");
        let waiting = std::thread::spawn({
            let path = path.clone();
            move || Journal::open(&path).map(drop)
        });
        fs::remove_file(&path).unwrap();
        drop(first);
        waiting.join().unwrap().unwrap();
        assert!(path.exists(), "the second made its own, because the first was removed");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_its_place_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("j");
        fs::write(dir.path().join("victim"), "mine").unwrap();
        std::os::unix::fs::symlink(dir.path().join("victim"), &path).unwrap();
        assert!(Journal::open(&path).is_err());
        assert_eq!(fs::read(dir.path().join("victim")).unwrap(), b"mine");
    }
}
