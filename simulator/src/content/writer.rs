//! Receives an upload: hashed on the way, in memory while small, on disk when large.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha512};

use super::{Content, hex};

/// Above this many bytes an upload moves to a temporary file.
const MEMORY_LIMIT: usize = 1 << 20;
/// The same where there may be many uploads of a middle size, each with a file of its own.
const UNHASHED_MEMORY_LIMIT: usize = 8 << 20;

/// How much of a content is copied at a time.
const CHUNK: usize = 1 << 18;

/// Takes bytes in order and becomes a [`Content`].
#[derive(Debug)]
pub(crate) struct Writer {
    memory: Vec<u8>,
    disk: Option<File>,
    length: u64,
    limit: usize,
    digest: Option<Sha512>,
}

impl Default for Writer {
    fn default() -> Self {
        Self { digest: Some(Sha512::new()), limit: MEMORY_LIMIT, ..Self::unhashed() }
    }
}

impl Writer {
    /// Computes no digest, for platforms that never tell one.
    pub(crate) fn unhashed() -> Self {
        Self {
            memory: Vec::new(),
            disk: None,
            length: 0,
            limit: UNHASHED_MEMORY_LIMIT,
            digest: None,
        }
    }

    pub(crate) fn len(&self) -> u64 {
        self.length
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        if let Some(digest) = &mut self.digest {
            digest.update(bytes);
        }
        self.length += bytes.len() as u64;
        if let Some(file) = &mut self.disk {
            return file.write_all(bytes);
        }
        self.memory.extend_from_slice(bytes);
        if self.memory.len() > self.limit { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> std::io::Result<()> {
        let mut file = tempfile::tempfile()?;
        file.write_all(&std::mem::take(&mut self.memory))?;
        self.disk = Some(file);
        Ok(())
    }

    pub(super) fn copy(&mut self, content: &Content) -> std::io::Result<()> {
        each_chunk(content, |chunk| self.write(chunk))
    }

    pub(crate) fn finish(self) -> Content {
        let digest = self.digest.map(|digest| hex(&digest.finalize()));
        match self.disk {
            Some(file) => Content::Disk(Arc::new(Mutex::new(file)), self.length, digest),
            None => Content::Memory(self.memory.into(), digest),
        }
    }
}

/// Writes a content into a file from an offset on.
pub(super) fn extend(file: &Mutex<File>, offset: u64, tail: &Content) -> std::io::Result<()> {
    let mut end = offset;
    each_chunk(tail, |chunk| {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(end))?;
        end += chunk.len() as u64;
        file.write_all(chunk)
    })
}

fn each_chunk(
    content: &Content,
    mut take: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut offset = 0;
    while offset < content.len() {
        let chunk = content.read(offset, content.len(), CHUNK)?;
        offset += chunk.len() as u64;
        take(&chunk)?;
    }
    Ok(())
}
