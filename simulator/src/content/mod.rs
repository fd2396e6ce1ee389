//! What a stored file holds: bytes in memory, a temporary file on disk, or synthetic bytes.

mod synthetic;
mod writer;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use sha2::{Digest, Sha512};

pub(crate) use synthetic::{Synthetic, scramble};
pub(crate) use writer::Writer;

/// Bytes that can be read at any offset; a clone shares them.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// Small contents and their digest, where it is known.
    Memory(Bytes, Option<Arc<str>>),
    /// A large upload, its length and its digest, where it is known.
    Disk(Arc<Mutex<File>>, u64, Option<Arc<str>>),
    /// Bytes that are computed from their offset.
    Synthetic(Synthetic),
}

impl Content {
    pub(crate) fn of(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let digest = hex(&Sha512::digest(&bytes));
        Self::Memory(bytes, Some(digest))
    }

    /// Contents of platforms that never tell a digest.
    pub(crate) fn unhashed(bytes: impl Into<Bytes>) -> Self {
        Self::Memory(bytes.into(), None)
    }

    /// These contents followed by others; a file on disk is extended in place, and clones of it
    /// keep their length.
    pub(crate) fn append(&self, tail: &Self) -> std::io::Result<Self> {
        if let Self::Disk(file, length, _) = self {
            writer::extend(file, *length, tail)?;
            return Ok(Self::Disk(file.clone(), length + tail.len(), None));
        }
        let mut writer = Writer::unhashed();
        writer.copy(self)?;
        writer.copy(tail)?;
        Ok(writer.finish())
    }

    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes, _) => bytes.len() as u64,
            Self::Disk(_, length, _) => *length,
            Self::Synthetic(synthetic) => synthetic.size(),
        }
    }

    /// The bytes from `offset` up to `end`, at most `limit` of them.
    pub(crate) fn read(&self, offset: u64, end: u64, limit: usize) -> std::io::Result<Bytes> {
        let count = usize::try_from(end.min(self.len()).saturating_sub(offset))
            .map_or(limit, |n| n.min(limit));
        match self {
            Self::Memory(bytes, _) => Ok(bytes.slice(offset as usize..offset as usize + count)),
            Self::Disk(file, ..) => read_at(file, offset, count),
            Self::Synthetic(synthetic) => Ok(synthetic.bytes(offset, count)),
        }
    }

    /// The SHA-512 in lower-case hex; computed on first use for synthetic contents, and empty for
    /// those that were taken in without one.
    pub(crate) async fn sha512(&self) -> Arc<str> {
        match self {
            Self::Memory(_, digest) | Self::Disk(_, _, digest) => {
                digest.clone().unwrap_or_default()
            }
            Self::Synthetic(synthetic) => synthetic.sha512().await,
        }
    }
}

fn read_at(file: &Mutex<File>, offset: u64, count: usize) -> std::io::Result<Bytes> {
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    let mut buffer = vec![0; count];
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(&mut buffer)?;
    Ok(buffer.into())
}

fn hex(digest: &[u8]) -> Arc<str> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let pairs =
        digest.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]);
    pairs.map(char::from).collect::<String>().into()
}
