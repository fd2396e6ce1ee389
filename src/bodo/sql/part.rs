//! One Parquet file of a result, in memory when it is small and else in an anonymous file.

use std::fs::File;
use std::io::{BufReader, Read, Write};

use bytes::{Bytes, BytesMut};
use parquet::errors::Result as ParquetResult;
use parquet::file::reader::{ChunkReader, Length};

use super::links;
use crate::blocking::blocking;
use crate::error::{Error, Result};
use crate::transfer::Reader;

/// Parts up to this size stay in memory; larger ones are written in blocks of it.
pub(super) const MOST_IN_MEMORY: usize = 4 << 20;

/// One Parquet file of a result.
#[derive(Debug)]
pub(super) enum Part {
    Memory(Bytes),
    /// A file of the system's folder for such files that has no name, so that nothing is left of it
    /// when it is closed.
    Disk(File),
}

impl Part {
    /// Receives a file whole. An answer that breaks off is gone on with.
    pub(super) async fn fetch(file: links::File) -> Result<Self> {
        let mut reader = Reader::open(file, 0, None).await?;
        let (mut received, mut disk) = (BytesMut::new(), None);
        while let Some(chunk) = reader.try_next().await? {
            if received.len() + chunk.len() > MOST_IN_MEMORY {
                disk = Some(append(disk, received.split().freeze()).await?);
            }
            received.extend_from_slice(&chunk);
        }
        match disk {
            None => Ok(Self::Memory(received.freeze())),
            disk => append(disk, received.freeze()).await.map(Self::Disk),
        }
    }
}

async fn append(file: Option<File>, bytes: Bytes) -> Result<File> {
    blocking(move |_| {
        let failed = |cause| Error::io("keep a part of the result in the temporary folder", cause);
        let mut file = file.map_or_else(tempfile::tempfile, Ok).map_err(failed)?;
        file.write_all(&bytes).map_err(failed)?;
        Ok(file)
    })
    .await
}

impl Length for Part {
    fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::Disk(file) => Length::len(file),
        }
    }
}

/// Reads a stretch of a part.
pub(super) enum Stretch {
    Memory(bytes::buf::Reader<Bytes>),
    Disk(BufReader<File>),
}

impl Read for Stretch {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Memory(reader) => reader.read(buffer),
            Self::Disk(reader) => reader.read(buffer),
        }
    }
}

impl ChunkReader for Part {
    type T = Stretch;

    fn get_read(&self, start: u64) -> ParquetResult<Stretch> {
        match self {
            Self::Memory(bytes) => bytes.get_read(start).map(Stretch::Memory),
            Self::Disk(file) => file.get_read(start).map(Stretch::Disk),
        }
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        match self {
            Self::Memory(bytes) => bytes.get_bytes(start, length),
            Self::Disk(file) => file.get_bytes(start, length),
        }
    }
}
