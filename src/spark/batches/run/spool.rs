//! Chunks that are not answered yet, in a file without a name: they may have to be pushed again,
//! and there may be more of them than memory should hold.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream;

use crate::blocking::blocking;
use crate::error::{Error, Result};
use crate::transfer::Content;

/// How much is read at once.
const BLOCK: u64 = 256 * 1024;

/// A place in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    at: u64,
    pub(super) length: u64,
}

/// Which places are free. The file does not grow beyond what was in use at once, and gaps.
#[derive(Debug, Default)]
pub(super) struct Space {
    /// Free places by where they begin, never side by side.
    free: BTreeMap<u64, u64>,
    end: u64,
}

impl Space {
    pub(super) fn take(&mut self, length: u64) -> Extent {
        let found = self.free.iter().find(|(_, free)| **free >= length);
        let Some((&at, &free)) = found else {
            self.end += length;
            return Extent { at: self.end - length, length };
        };
        self.free.remove(&at);
        if free > length {
            self.free.insert(at + length, free - length);
        }
        Extent { at, length }
    }

    pub(super) fn give_back(&mut self, extent: Extent) {
        let Extent { mut at, mut length } = extent;
        if let Some(after) = self.free.remove(&(at + length)) {
            length += after;
        }
        if let Some((&before, &free)) = self.free.range(..at).next_back()
            && before + free == at
        {
            self.free.remove(&before);
            (at, length) = (before, length + free);
        }
        if at + length == self.end {
            self.end = at;
        } else {
            self.free.insert(at, length);
        }
    }
}

/// The file; it is gone when the last clone is.
#[derive(Clone, Debug)]
pub(super) struct Spool(Arc<Mutex<File>>);

impl Spool {
    pub(super) async fn new() -> Result<Self> {
        let file = blocking(|_| tempfile::tempfile().map_err(failed)).await?;
        Ok(Self(Arc::new(Mutex::new(file))))
    }

    pub(super) async fn write(&self, extent: Extent, text: Vec<u8>) -> Result<()> {
        let spool = self.clone();
        blocking(move |_| {
            let mut file = spool.0.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(extent.at))
                .and_then(|_| file.write_all(&text))
                .map_err(failed)
        })
        .await
    }

    /// The body of a push of these chunks.
    pub(super) fn push_body(&self, chunks: &[Extent]) -> Content {
        let mut parts = vec![Part::Text("{\"chunks\":[")];
        for (index, chunk) in chunks.iter().enumerate() {
            if index > 0 {
                parts.push(Part::Text(","));
            }
            parts.extend(blocks(*chunk).map(Part::Chunk));
        }
        parts.push(Part::Text("]}"));
        let size = parts.iter().map(Part::length).sum();
        let spool = self.clone();
        Content::stream(size, move || spool.clone().read_all(parts.clone()))
    }

    fn read_all(
        self,
        parts: Vec<Part>,
    ) -> impl Stream<Item = std::io::Result<Bytes>> + Send + Sync {
        stream::try_unfold((self, parts.into_iter()), |(spool, mut parts)| async move {
            let bytes = match parts.next() {
                None => return Ok(None),
                Some(Part::Text(text)) => Bytes::from_static(text.as_bytes()),
                Some(Part::Chunk(extent)) => spool.read(extent).await?,
            };
            Ok(Some((bytes, (spool, parts))))
        })
    }

    async fn read(&self, extent: Extent) -> std::io::Result<Bytes> {
        let spool = self.clone();
        let read = tokio::task::spawn_blocking(move || {
            let mut block = vec![0; extent.length as usize];
            let mut file = spool.0.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(extent.at))?;
            file.read_exact(&mut block)?;
            Ok(block.into())
        });
        read.await.map_err(std::io::Error::other)?
    }
}

#[derive(Clone, Copy)]
enum Part {
    Text(&'static str),
    Chunk(Extent),
}

impl Part {
    fn length(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::Chunk(extent) => extent.length,
        }
    }
}

fn blocks(extent: Extent) -> impl Iterator<Item = Extent> {
    let starts = (0..extent.length).step_by(BLOCK as usize);
    starts.map(move |start| Extent {
        at: extent.at + start,
        length: BLOCK.min(extent.length - start),
    })
}

fn failed(error: std::io::Error) -> Error {
    Error::io("keep chunks in a temporary file", error)
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn places_never_overlap_and_all_come_back(
            steps in prop::collection::vec((1u64..50, any::<bool>(), any::<usize>()), 1..100),
        ) {
            let mut space = Space::default();
            let mut taken: Vec<Extent> = Vec::new();
            let mut most = 0;
            for (length, give_back, which) in steps {
                if give_back && !taken.is_empty() {
                    space.give_back(taken.swap_remove(which % taken.len()));
                } else {
                    taken.push(space.take(length));
                }
                taken.sort_by_key(|extent| extent.at);
                prop_assert!(taken.windows(2).all(|two| two[0].at + two[0].length <= two[1].at));
                most = most.max(space.end);
            }
            taken.into_iter().for_each(|extent| space.give_back(extent));
            prop_assert_eq!((space.end, space.free.len()), (0, 0));
            prop_assert!(most <= 50 * 100);
        }
    }

    #[tokio::test]
    async fn a_body_has_its_chunks_in_order() {
        let (spool, mut space) = (Spool::new().await.unwrap(), Space::default());
        let mut extents = Vec::new();
        for text in ["{\"long\":1}".repeat(60_000), "{}".to_owned()] {
            let extent = space.take(text.len() as u64);
            spool.write(extent, text.into_bytes()).await.unwrap();
            extents.push(extent);
        }
        extents.reverse();
        let content = spool.push_body(&extents);
        let parts = vec![Part::Text("<"), Part::Chunk(extents[0]), Part::Text(">")];
        let read: Vec<_> = spool.read_all(parts).try_collect().await.unwrap();
        assert_eq!(read.concat(), b"<{}>");
        assert_eq!(content.size(), 600_000 + 2 + 11 + 1 + 2);
    }
}
