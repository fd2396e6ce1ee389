//! The incomplete file on disk: reserved, written at offsets, read back, and put in place.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::digest::Digest;
use super::journal::{Header, Journal, Record, refuse_irregular};
use super::plan::{PartSet, Plan};
use super::remote::Checksum;
use super::target::{Target, remove};
use crate::blocking::blocking;
use crate::error::{Error, ErrorKind, Result};

/// How much is read at once.
const BLOCK: usize = 128 * 1024;

/// The version of the journal's format.
pub(super) const VERSION: u32 = 1;

/// The incomplete file and its journal, both for this download alone.
#[derive(Debug)]
pub(super) struct Stage {
    target: Target,
    journal: Journal,
    file: Option<File>,
    published: bool,
}

/// A stage that the tasks and threads of one download share; the last one lets go of the lock.
pub(super) type SharedStage = Arc<Mutex<Stage>>;

/// Locks a stage. A panic elsewhere leaves it usable, because no state is half changed.
pub(super) fn lock(stage: &SharedStage) -> MutexGuard<'_, Stage> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was found of an earlier download after its parts were checked.
pub(super) struct Found {
    pub(super) finished: PartSet,
    /// The checksum of everything before `front`.
    pub(super) digest: Option<Digest>,
    pub(super) front: u64,
}

/// Runs work with the stage on a thread that may block.
pub(super) async fn on_stage<T: Send + 'static>(
    stage: &SharedStage,
    work: impl FnOnce(&mut Stage, &AtomicBool) -> Result<T> + Send + 'static,
) -> Result<T> {
    let stage = stage.clone();
    blocking(move |cancelled| work(&mut lock(&stage), cancelled)).await
}

impl Stage {
    /// Makes the folder and takes the target, before anything is asked of a server.
    pub(super) fn open(target: &Target, overwrite: bool) -> Result<Self> {
        target.prepare(overwrite)?;
        let known = fs::symlink_metadata(&target.journal).is_ok();
        let journal = Journal::open(&target.journal)?;
        // The journal always comes first, so without one the other file is somebody else's.
        if !known && fs::symlink_metadata(&target.part).is_ok() {
            remove(&target.journal)?;
            return Err(Error::invalid(format!(
                "`{}` is in the way of the download and not from an earlier one; remove it",
                target.part.display()
            )));
        }
        let stage = Self { target: target.clone(), journal, file: None, published: false };
        // Another download may have ended while this one waited for its turn.
        target.prepare(overwrite)?;
        Ok(stage)
    }

    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    /// What an earlier download of the same bytes left, or `None` when nothing can be used.
    pub(super) fn leftover(
        &mut self,
        fits: impl Fn(&Header) -> bool,
    ) -> Result<Option<(Header, Vec<Record>)>> {
        let loaded = self.journal.load()?;
        let Some((header, records)) = loaded.filter(|(header, _)| fits(header)) else {
            return Ok(None);
        };
        refuse_irregular(&self.target.part)?;
        let opened = OpenOptions::new().read(true).write(true).open(&self.target.part);
        let Ok(file) = opened else { return Ok(None) };
        if file.metadata().map_or(0, |found| found.len()) != header.size {
            return Ok(None);
        }
        self.file = Some(file);
        Ok(Some((header, records)))
    }

    /// Forgets what there is and makes an empty file with room for `size` bytes.
    pub(super) fn begin(&mut self, header: &Header, size: Option<u64>) -> Result<()> {
        self.discard()?;
        self.journal.begin(header)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        let created = options.open(&self.target.part);
        let file = created.map_err(|error| self.failed("create", error))?;
        if let Some(size) = size {
            let reserved = reserve(&file, &self.target.part, size);
            if let Err(error) = reserved {
                self.discard()?;
                return Err(self.failed(&format!("reserve {size} bytes for"), error));
            }
        }
        self.file = Some(file);
        Ok(())
    }

    /// Removes what was received.
    pub(super) fn discard(&mut self) -> Result<()> {
        self.file = None;
        remove(&self.target.part)?;
        self.journal.clear()
    }

    pub(super) fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        let file = self.file();
        let written = file.seek(SeekFrom::Start(offset)).and_then(|_| file.write_all(bytes));
        written.map_err(|error| self.failed("write", error))
    }

    /// Says that a part is complete. Its bytes must have been written before.
    pub(super) fn record(&mut self, record: Record) -> Result<()> {
        self.journal.record(record)
    }

    /// Reads the finished parts once: whatever is not as it was written is fetched again.
    pub(super) fn check(
        &mut self,
        plan: &Plan,
        records: &[Record],
        mut digest: Option<Digest>,
        cancelled: &AtomicBool,
    ) -> Result<Found> {
        let mut recorded: Vec<_> = records.iter().filter(|r| r.part < plan.count()).collect();
        recorded.sort_by_key(|record| record.part);
        let mut finished = PartSet::default();
        let mut front = 0;
        for record in recorded {
            let range = plan.range(record.part);
            let mut crc = crc32fast::Hasher::new();
            // Bytes of a bad part must not reach the digest, so it follows a copy.
            let mut ahead = digest.as_ref().filter(|_| range.start == front).cloned();
            self.read_each(range.start, range.end, cancelled, |bytes| {
                crc.update(bytes);
                if let Some(digest) = &mut ahead {
                    digest.update(bytes);
                }
            })?;
            if crc.finalize() != record.crc32 {
                tracing::debug!(part = record.part, "what is on disk is damaged");
                continue;
            }
            finished.insert(record.part);
            if range.start == front {
                front = range.end;
                digest = ahead;
            }
        }
        Ok(Found { finished, digest, front })
    }

    /// The checksum of the first `size` bytes.
    pub(super) fn digest(
        &mut self,
        mut digest: Digest,
        size: u64,
        cancelled: &AtomicBool,
    ) -> Result<Checksum> {
        self.read_each(0, size, cancelled, |bytes| digest.update(bytes))?;
        Ok(digest.finish())
    }

    /// Whether the file has these bytes at this place.
    pub(super) fn has(&mut self, offset: u64, bytes: &[u8]) -> Result<bool> {
        let mut buffer = vec![0; bytes.len()];
        self.read_at(offset, &mut buffer)?;
        Ok(buffer == bytes)
    }

    fn read_each(
        &mut self,
        start: u64,
        end: u64,
        cancelled: &AtomicBool,
        mut each: impl FnMut(&[u8]),
    ) -> Result<()> {
        let mut buffer = vec![0; BLOCK];
        let mut offset = start;
        while offset < end {
            if cancelled.load(Ordering::Relaxed) {
                return Err(Error::new(ErrorKind::Interrupted, "the download was dropped"));
            }
            let length = (BLOCK as u64).min(end - offset) as usize;
            self.read_at(offset, &mut buffer[..length])?;
            each(&buffer[..length]);
            offset += length as u64;
        }
        Ok(())
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        let file = self.file();
        let read = file.seek(SeekFrom::Start(offset)).and_then(|_| file.read_exact(buffer));
        read.map_err(|error| self.failed("read", error))
    }

    /// A second handle, for whoever writes to the disk what was written to the cache.
    pub(super) fn second_handle(&self) -> Option<File> {
        self.file.as_ref()?.try_clone().ok()
    }

    /// Gives the complete file its name.
    pub(super) fn publish(&mut self, overwrite: bool, sync: bool) -> Result<()> {
        if let Some(file) = self.file.take().filter(|_| sync) {
            file.sync_all().map_err(|error| self.failed("sync", error))?;
        }
        self.target.publish(overwrite, sync)?;
        self.published = true;
        Ok(())
    }

    fn file(&mut self) -> &mut File {
        self.file.as_mut().expect("a stage is begun or resumed before it is used")
    }

    fn failed(&self, doing: &str, error: io::Error) -> Error {
        Error::io(format!("{doing} `{}`", self.target.part.display()), error)
    }
}

impl Drop for Stage {
    /// A journal without a file is of no use. After the file is in place, a journal under this name
    /// is already that of another download.
    fn drop(&mut self) {
        if !self.published && fs::symlink_metadata(&self.target.part).is_err() {
            let _ = remove(&self.target.journal);
        }
    }
}

/// Takes the room before the first byte, so that a full disk shows at once.
fn reserve(file: &File, path: &Path, size: u64) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // Some file systems report no free space at all, which says nothing.
    let free = fs4::available_space(folder.unwrap_or(Path::new("."))).unwrap_or(0);
    if free > 0 && size > free {
        let message = format!("the disk has {free} bytes left");
        return Err(io::Error::new(io::ErrorKind::StorageFull, message));
    }
    match fs4::FileExt::allocate(file, size) {
        Err(error) if !is_final(&error) => file.set_len(size),
        Err(error) => Err(error),
        // Where the room is there already, the length may not be.
        Ok(()) => file.set_len(size),
    }
}

/// Whether an error is about room and not about a file system that cannot reserve any.
fn is_final(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), FileTooLarge | QuotaExceeded | StorageFull)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::remote::Algorithm;

    fn header(size: u64) -> Header {
        Header { version: VERSION, size, part_size: 4, etag: Some("\"a\"".into()), checksum: None }
    }

    fn crc32(bytes: &[u8]) -> u32 {
        crc32fast::hash(bytes)
    }

    fn running() -> AtomicBool {
        AtomicBool::new(false)
    }

    #[test]
    fn finished_parts_are_used_again_and_damaged_ones_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let target = Target::below(dir.path(), Path::new("x"));
        let mut stage = Stage::open(&target, false).unwrap();
        stage.begin(&header(10), Some(10)).unwrap();
        stage.write_at(8, b"89").unwrap();
        stage.write_at(0, b"01234567").unwrap();
        for (part, bytes) in [(2, &b"89"[..]), (0, b"0123"), (1, b"4567")] {
            stage.record(Record { part, crc32: crc32(bytes) }).unwrap();
        }
        drop(stage);

        let plan = Plan::new(10, 4).unwrap();
        let mut stage = Stage::open(&target, false).unwrap();
        let (_, records) = stage.leftover(|found| *found == header(10)).unwrap().unwrap();
        let digest = Some(Digest::new(Algorithm::Sha256));
        let found = stage.check(&plan, &records, digest, &running()).unwrap();
        assert_eq!((found.finished.missing(&plan), found.front), (0, 10));
        let whole = stage.digest(Digest::new(Algorithm::Sha256), 10, &running()).unwrap();
        assert_eq!(found.digest.unwrap().finish(), whole);

        stage.write_at(5, b"X").unwrap();
        let digest = Some(Digest::new(Algorithm::Sha256));
        let found = stage.check(&plan, &records, digest, &running()).unwrap();
        assert_eq!((found.finished.next_missing(0, &plan), found.front), (Some(1), 4));
        assert!(found.finished.contains(2));
        let mut first = Digest::new(Algorithm::Sha256);
        first.update(b"0123");
        assert_eq!(found.digest.unwrap().finish(), first.finish());
    }

    #[test]
    fn a_leftover_that_does_not_fit_is_not_used() {
        let dir = tempfile::tempdir().unwrap();
        let target = Target::below(dir.path(), Path::new("x"));
        let mut stage = Stage::open(&target, false).unwrap();
        stage.begin(&header(10), Some(10)).unwrap();
        drop(stage);
        let mut stage = Stage::open(&target, false).unwrap();
        assert!(stage.leftover(|_| true).unwrap().is_some());
        assert!(stage.leftover(|found| found.size == 11).unwrap().is_none());
        OpenOptions::new().write(true).open(&target.part).unwrap().set_len(9).unwrap();
        assert!(stage.leftover(|_| true).unwrap().is_none(), "truncated");
        fs::remove_file(&target.part).unwrap();
        assert!(stage.leftover(|_| true).unwrap().is_none(), "gone");
    }

    #[test]
    fn a_stranger_s_file_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let target = Target::below(dir.path(), Path::new("x"));
        fs::write(&target.part, "mine").unwrap();
        let error = Stage::open(&target, true).unwrap_err();
        assert!(error.to_string().contains("not from an earlier one"), "{error}");
        assert_eq!(fs::read(&target.part).unwrap(), b"mine");
        assert!(!target.journal.exists());
    }

    #[test]
    fn a_file_that_cannot_fit_is_refused_and_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let target = Target::below(dir.path(), Path::new("x"));
        let mut stage = Stage::open(&target, false).unwrap();
        let error = stage.begin(&header(1 << 62), Some(1 << 62)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.to_string().contains("x.part"), "{error}");
        drop(stage);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn other_bytes_are_noticed_wherever_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let target = Target::below(dir.path(), Path::new("x"));
        let mut stage = Stage::open(&target, false).unwrap();
        stage.begin(&header(6), Some(6)).unwrap();
        stage.write_at(0, b"abcdef").unwrap();
        assert!(stage.has(1, b"bcdef").unwrap());
        assert!(!stage.has(1, b"bcdeF").unwrap());
        assert!(!stage.has(0, b"b").unwrap());
    }
}
