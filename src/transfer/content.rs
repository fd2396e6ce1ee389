//! What is uploaded: bytes, a file or a stream, each with a length that is known beforehand and
//! each sent again from its start as often as it takes.

use std::fmt;
use std::future::ready;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use bytes::{Buf, Bytes, BytesMut};
use futures_core::Stream;
use futures_util::{StreamExt, stream};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt, SeekFrom};

use crate::error::{Error, Result};

/// How much of a file is read at once.
const BLOCK: usize = 256 * 1024;

/// Bytes on their way out.
pub(super) type Outgoing = Pin<Box<dyn Stream<Item = Result<Bytes>> + Send + Sync>>;

/// Makes the same stream again.
type Reopen = Arc<dyn Fn() -> Outgoing + Send + Sync>;

/// What is uploaded. Its length is known beforehand, and it can be sent again from its start.
#[derive(Clone)]
pub struct Content(Kind);

#[derive(Clone)]
enum Kind {
    Bytes(Bytes),
    File { path: PathBuf, size: u64 },
    Stream { size: u64, reopen: Reopen },
    Part { whole: Box<Content>, range: Range<u64> },
}

impl Content {
    /// Bytes from memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self(Kind::Bytes(bytes.into()))
    }

    /// A file, read while it is sent. It must keep the size that it has now.
    ///
    /// # Errors
    /// `Io` when it cannot be opened for reading, `InvalidInput` when it is no file.
    pub async fn file(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        let metadata = open(&path).await?.metadata().await;
        let metadata = metadata.map_err(|error| failed(&path, error))?;
        if !metadata.is_file() {
            return Err(Error::invalid(format!("`{}` is no file to upload", path.display())));
        }
        let size = metadata.len();
        Ok(Self(Kind::File { path, size }))
    }

    /// A stream of exactly `size` bytes. `reopen` makes it, once for each time that it is sent, and
    /// always with the same bytes.
    pub fn stream<S>(size: u64, reopen: impl Fn() -> S + Send + Sync + 'static) -> Self
    where
        S: Stream<Item = std::io::Result<Bytes>> + Send + Sync + 'static,
    {
        let reopen: Reopen = Arc::new(move || {
            let stream = reopen();
            Box::pin(stream.map(|chunk| {
                chunk.map_err(|error| Error::io("read what is to be uploaded", error))
            }))
        });
        Self(Kind::Stream { size, reopen })
    }

    /// A part of it, for platforms that take large contents in parts.
    ///
    /// # Errors
    /// `InvalidInput` when the range does not lie within the content.
    pub fn part(&self, range: Range<u64>) -> Result<Self> {
        if range.start > range.end || range.end > self.size() {
            let (size, Range { start, end }) = (self.size(), range);
            let message = format!("a content of {size} bytes has no part from {start} to {end}");
            return Err(Error::invalid(message));
        }
        if range == (0..self.size()) {
            return Ok(self.clone());
        }
        Ok(Self(match &self.0 {
            Kind::Bytes(bytes) => {
                Kind::Bytes(bytes.slice(range.start as usize..range.end as usize))
            }
            _ => Kind::Part { whole: Box::new(self.clone()), range },
        }))
    }

    /// The bytes, when they are in memory.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Kind::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Its length in bytes.
    pub fn size(&self) -> u64 {
        match &self.0 {
            Kind::Part { range, .. } => range.end - range.start,
            Kind::Bytes(bytes) => bytes.len() as u64,
            Kind::File { size, .. } | Kind::Stream { size, .. } => *size,
        }
    }

    /// The name of the file, without its folder; `None` if it is no file.
    pub fn file_name(&self) -> Option<String> {
        match &self.0 {
            Kind::File { path, .. } => {
                path.file_name().map(|name| name.to_string_lossy().into_owned())
            }
            _ => None,
        }
    }

    /// All of it, from the start, and an error where it is not as long as it should be.
    pub(super) fn open(&self) -> Outgoing {
        match self.0.clone() {
            Kind::Bytes(bytes) => Box::pin(stream::iter((!bytes.is_empty()).then_some(Ok(bytes)))),
            Kind::File { path, size } => read_file(path, size, 0),
            Kind::Stream { size, reopen } => exactly(size, reopen()),
            Kind::Part { whole, range } => cut(whole.open_at(range.start), range.end - range.start),
        }
    }

    /// All of it but the first bytes.
    fn open_at(&self, start: u64) -> Outgoing {
        match &self.0 {
            Kind::File { path, size } => read_file(path.clone(), *size, start),
            _ => skip(self.open(), start),
        }
    }
}

/// Things that are content as they are.
macro_rules! from_bytes {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Content {
            fn from(bytes: $kind) -> Self {
                Self::bytes(bytes)
            }
        }
    )*};
}

from_bytes!(Bytes, Vec<u8>, String, &'static str, &'static [u8]);

impl<const N: usize> From<&'static [u8; N]> for Content {
    fn from(bytes: &'static [u8; N]) -> Self {
        Self::bytes(bytes.as_slice())
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Content");
        if let Kind::File { path, .. } = &self.0 {
            debug.field("path", path);
        }
        debug.field("size", &self.size()).finish_non_exhaustive()
    }
}

async fn open(path: &Path) -> Result<File> {
    let mut file = File::open(path).await.map_err(|error| failed(path, error))?;
    file.set_max_buf_size(BLOCK);
    Ok(file)
}

fn failed(path: &Path, error: std::io::Error) -> Error {
    Error::io(format!("read `{}`", path.display()), error)
}

/// A file that is being read.
struct Reading {
    path: PathBuf,
    file: Option<File>,
    size: u64,
    reached: u64,
}

fn read_file(path: PathBuf, size: u64, start: u64) -> Outgoing {
    let reading = Reading { path, file: None, size, reached: start };
    Box::pin(stream::try_unfold(reading, |mut reading| async move {
        let block = reading.block().await?;
        Ok(block.map(|block| (block, reading)))
    }))
}

impl Reading {
    /// The next bytes. Before the last ones are given out, the size is looked at again: a server
    /// must not take a file for complete that grew meanwhile.
    async fn block(&mut self) -> Result<Option<Bytes>> {
        if self.file.is_none() {
            let mut file = open(&self.path).await?;
            let sought = file.seek(SeekFrom::Start(self.reached)).await;
            sought.map_err(|error| failed(&self.path, error))?;
            self.file = Some(file);
        }
        if self.reached == self.size {
            return Ok(None);
        }
        let length = (BLOCK as u64).min(self.size - self.reached) as usize;
        let mut block = BytesMut::with_capacity(length);
        let file = self.file.as_mut().expect("opened above");
        while block.len() < length {
            let mut rest = (&mut *file).take((length - block.len()) as u64);
            let read = rest.read_buf(&mut block).await;
            if read.map_err(|error| failed(&self.path, error))? == 0 {
                return Err(self.changed());
            }
        }
        self.reached += length as u64;
        if self.reached == self.size {
            let metadata = file.metadata().await.map_err(|error| failed(&self.path, error))?;
            if metadata.len() != self.size {
                return Err(self.changed());
            }
        }
        Ok(Some(block.freeze()))
    }

    fn changed(&self) -> Error {
        Error::invalid(format!(
            "`{}` no longer has {} bytes; upload it once nobody writes it any more",
            self.path.display(),
            self.size
        ))
    }
}

/// Ends with an error where a stream is longer or shorter than announced. Nobody asks for more
/// after the last announced byte, so what follows it is looked at before.
fn exactly(size: u64, stream: Outgoing) -> Outgoing {
    let wrong = move || Error::invalid(format!("the stream to upload does not have {size} bytes"));
    Box::pin(stream::try_unfold((stream, size), move |(mut stream, left)| async move {
        let Some(chunk) = stream.next().await.transpose()? else {
            return if left > 0 { Err(wrong()) } else { Ok(None) };
        };
        let left = left.checked_sub(chunk.len() as u64).ok_or_else(wrong)?;
        if left == 0 && stream.next().await.is_some() {
            return Err(wrong());
        }
        Ok(Some((chunk, (stream, left))))
    }))
}

/// Drops the first bytes of a stream.
fn skip(stream: Outgoing, bytes: u64) -> Outgoing {
    let rest = stream.scan(bytes, |left, chunk| {
        let chunk = chunk.map(|mut chunk| {
            let skipped = chunk.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
            *left -= skipped as u64;
            chunk.advance(skipped);
            chunk
        });
        ready(Some(chunk))
    });
    Box::pin(rest.filter(|chunk| ready(!matches!(chunk, Ok(chunk) if chunk.is_empty()))))
}

/// Ends a stream after so many bytes.
fn cut(stream: Outgoing, bytes: u64) -> Outgoing {
    Box::pin(stream.scan(bytes, |left, chunk| {
        if *left == 0 {
            return ready(None);
        }
        let chunk = chunk.map(|mut chunk| {
            chunk.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
            *left -= chunk.len() as u64;
            chunk
        });
        ready(Some(chunk))
    }))
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;

    use super::*;

    async fn all(content: &Content) -> Result<Vec<u8>> {
        let chunks: Vec<Bytes> = content.open().try_collect().await?;
        Ok(chunks.concat())
    }

    #[tokio::test]
    async fn a_file_is_read_whole_and_as_often_as_wanted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        for size in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7] {
            let bytes: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
            std::fs::write(&path, &bytes).unwrap();
            let content = Content::file(&path).await.unwrap();
            assert_eq!(content.size(), size as u64);
            for _ in 0..2 {
                assert!(all(&content).await.unwrap() == bytes);
            }
        }
    }

    #[tokio::test]
    async fn a_file_that_changes_its_size_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, vec![1; 1000]).unwrap();
        let content = Content::file(&path).await.unwrap();
        for size in [999, 1001, 0] {
            std::fs::write(&path, vec![1; size]).unwrap();
            let error = all(&content).await.unwrap_err();
            assert!(error.to_string().contains("no longer has 1000 bytes"), "{error}");
        }
        std::fs::remove_file(&path).unwrap();
        assert!(all(&content).await.is_err());
        let error = Content::file(dir.path()).await.unwrap_err();
        assert!(error.to_string().contains("is no file"), "{error}");
    }

    #[tokio::test]
    async fn a_stream_must_have_its_length() {
        let of = |size| {
            Content::stream(size, || stream::iter([Ok(Bytes::from("abc")), Ok(Bytes::from("de"))]))
        };
        assert_eq!(all(&of(5)).await.unwrap(), b"abcde");
        assert!(all(&of(3)).await.is_err());
        assert!(all(&of(4)).await.is_err());
        assert!(all(&of(6)).await.is_err());
    }
    #[tokio::test]
    async fn parts_make_up_the_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, "abcdefgh").unwrap();
        let chunks = || stream::iter(["abc", "de", "fgh"].map(|text| Ok(Bytes::from(text))));
        let file = Content::file(&path).await.unwrap();
        for content in [Content::bytes("abcdefgh"), file, Content::stream(8, chunks)] {
            for middle in 0..=8 {
                let parts = [content.part(0..middle).unwrap(), content.part(middle..8).unwrap()];
                assert_eq!(parts[0].size() + parts[1].size(), 8);
                let both = [all(&parts[0]).await.unwrap(), all(&parts[1]).await.unwrap()];
                assert_eq!(both.concat(), b"abcdefgh", "{middle}");
            }
            assert!(content.part(3..9).unwrap_err().to_string().contains("8 bytes has no part"));
        }
    }
}
