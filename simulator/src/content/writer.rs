//! Receives an upload: hashed on the way, in memory while small, on disk when large.

use std::io::Write;
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha512};

use super::{Content, hex};

/// Above this many bytes an upload moves to a temporary file.
const MEMORY_LIMIT: usize = 1 << 20;

/// Takes bytes in order and becomes a [`Content`].
#[derive(Debug, Default)]
pub(crate) struct Writer {
    memory: Vec<u8>,
    disk: Option<std::fs::File>,
    length: u64,
    digest: Sha512,
}

impl Writer {
    pub(crate) fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.digest.update(bytes);
        self.length += bytes.len() as u64;
        if let Some(file) = &mut self.disk {
            return file.write_all(bytes);
        }
        self.memory.extend_from_slice(bytes);
        if self.memory.len() > MEMORY_LIMIT { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> std::io::Result<()> {
        let mut file = tempfile::tempfile()?;
        file.write_all(&std::mem::take(&mut self.memory))?;
        self.disk = Some(file);
        Ok(())
    }

    pub(crate) fn finish(self) -> Content {
        let digest = hex(&self.digest.finalize());
        match self.disk {
            Some(file) => Content::Disk(Arc::new(Mutex::new(file)), self.length, digest),
            None => Content::Memory(self.memory.into(), digest),
        }
    }
}
