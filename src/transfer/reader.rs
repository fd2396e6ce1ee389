//! A remote file read in order as a stream, resumed where an answer breaks off.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes, BytesMut};
use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use reqwest::header::HeaderMap;
use tokio::sync::Semaphore;

use super::fetch::{Fetcher, Opened, Stop, Tries};
use super::head::Head;
use super::source::{Incoming, Source, Wanted};
use crate::error::{Error, ErrorKind, Result};

/// The bytes of a remote file or of a part of it, in order, as they come.
///
/// Memory is bounded by what the connection delivers at once. An answer that breaks off is gone on
/// with from the byte that it reached, as long as the file is still the same version.
pub struct Reader {
    chunks: BoxStream<'static, Result<Bytes>>,
    status: u16,
    headers: HeaderMap,
    size: Option<u64>,
}

impl Reader {
    /// Asks for the bytes from `start` up to `end`, or to the end of the file where there is none,
    /// and returns once the head of the answer is there. A range beyond the end of the file gives
    /// what there is of it.
    ///
    /// # Errors
    /// What keeps the answer from coming, and an answer that is not what was asked for.
    pub async fn open(source: impl Source, start: u64, end: Option<u64>) -> Result<Self> {
        let fetcher = Fetcher {
            source: Arc::new(source),
            connections: Arc::new(Semaphore::new(1)),
            size: None,
            etag: None,
            whole: start == 0 && end.is_none(),
        };
        let mut reading = Reading { fetcher, reached: start, end, opened: None, skip: 0 };
        reading.open().await.map_err(failure)?;
        let opened = reading.opened.as_ref().expect("opened above");
        let (status, headers, size) = (opened.status, opened.headers.clone(), opened.head.size());
        let chunks = stream::try_unfold(reading, Reading::next).boxed();
        Ok(Self { chunks, status, headers, size })
    }

    /// Reads an answer that is here already, and only that.
    pub(crate) fn of_answer(answer: Incoming) -> Self {
        let Incoming { status, headers, body } = answer;
        Self { chunks: body.boxed(), status, headers, size: None }
    }

    /// The HTTP status of the first answer.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers of the first answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How large the whole file is, of which this may be a part; `None` if the server did not say.
    pub fn file_size(&self) -> Option<u64> {
        self.size
    }

    /// The next bytes; `None` at the end.
    pub async fn try_next(&mut self) -> Result<Option<Bytes>> {
        self.chunks.next().await.transpose()
    }

    /// All bytes that are left, at most `limit` of them.
    ///
    /// # Errors
    /// When there are more, and whatever ends the stream.
    pub async fn collect_up_to(mut self, limit: usize) -> Result<Bytes> {
        let first = self.try_next().await?.unwrap_or_default();
        let Some(second) = self.try_next().await? else { return within(first, limit) };
        let mut all = BytesMut::from(first);
        let mut next = Some(second);
        while let Some(chunk) = next {
            all.extend_from_slice(&chunk);
            if all.len() > limit {
                break;
            }
            next = self.try_next().await?;
        }
        within(all.freeze(), limit)
    }
}

fn within(bytes: Bytes, limit: usize) -> Result<Bytes> {
    if bytes.len() <= limit {
        return Ok(bytes);
    }
    let message = format!("the content is larger than the allowed {limit} bytes; read it in parts");
    Err(Error::protocol(message))
}

impl Stream for Reader {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.chunks.poll_next_unpin(cx)
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("status", &self.status).finish_non_exhaustive()
    }
}

/// How far a reader is.
struct Reading<S> {
    fetcher: Fetcher<S>,
    reached: u64,
    /// Where to stop, once it is known.
    end: Option<u64>,
    opened: Option<Opened>,
    /// Bytes at the start of the answer that were not asked for.
    skip: u64,
}

impl<S: Source> Reading<S> {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>> {
        let mut tries = Tries::new();
        loop {
            match self.try_next().await {
                Ok(chunk) => return Ok(chunk.map(|chunk| (chunk, self))),
                Err(stop) => {
                    self.opened = None;
                    tries.after(stop).await.map_err(failure)?;
                }
            }
        }
    }

    async fn try_next(&mut self) -> Result<Option<Bytes>, Stop> {
        loop {
            if self.end == Some(self.reached) {
                return Ok(None);
            }
            let Some(opened) = &mut self.opened else {
                self.open().await?;
                continue;
            };
            match opened.body.next().await {
                Some(chunk) => {
                    let chunk = chunk.map_err(|error| self.fetcher.judge(error))?;
                    if let Some(chunk) = self.wanted_of(chunk) {
                        return Ok(Some(chunk));
                    }
                }
                None => return self.at_the_end_of_the_answer(),
            }
        }
    }

    async fn open(&mut self) -> Result<(), Stop> {
        let everything = self.fetcher.whole && self.reached == 0;
        let range = self.reached..self.end.unwrap_or(u64::MAX);
        let opened = self.fetcher.open((!everything).then_some(range)).await?;
        self.fetcher.etag = self.fetcher.etag.take().or_else(|| opened.etag.clone());
        if let Some(size) = opened.head.size() {
            self.fetcher.size = Some(size);
            let end = self.end.map_or(size, |end| end.min(size));
            self.end = Some(end.max(self.reached));
        }
        self.skip = match opened.head {
            Head::Part { .. } => 0,
            Head::Whole { .. } => self.reached,
        };
        self.opened = Some(opened);
        Ok(())
    }

    /// The part of a chunk that is wanted, if there is one.
    fn wanted_of(&mut self, mut chunk: Bytes) -> Option<Bytes> {
        let skipped = self.skip.min(chunk.len() as u64);
        self.skip -= skipped;
        chunk.advance(skipped as usize);
        if let Some(end) = self.end {
            chunk.truncate(usize::try_from(end - self.reached).unwrap_or(usize::MAX));
        }
        self.reached += chunk.len() as u64;
        (!chunk.is_empty()).then_some(chunk)
    }

    /// An answer without a known length has ended well when its stream has.
    fn at_the_end_of_the_answer(&self) -> Result<Option<Bytes>, Stop> {
        match self.end {
            Some(end) if self.fetcher.size.is_some() => {
                let missing = end - self.reached;
                let message = format!("the answer ended {missing} bytes before its end");
                Err(Stop::Try(Error::new(ErrorKind::Interrupted, message)))
            }
            _ => Ok(None),
        }
    }
}

/// Opens a source that does not repeat by itself what failed in a way that may pass.
#[cfg(feature = "bodo")]
pub(crate) async fn open_patiently(source: &impl Source, wanted: &Wanted) -> Result<Incoming> {
    let mut tries = Tries::new();
    loop {
        match source.open(wanted.clone()).await {
            Err(error) if error.is_retryable() => {
                tries.after(Stop::Try(error)).await.map_err(failure)?;
            }
            outcome => return outcome,
        }
    }
}

fn failure(stop: Stop) -> Error {
    match stop {
        Stop::Try(error) | Stop::Final(error) => error,
        Stop::Changed => Error::protocol("the file was changed while it was being read"),
        Stop::Ignored | Stop::NoRanges | Stop::Stopped => {
            Error::protocol("the server does not serve ranges of the file")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG};

    use super::*;
    use crate::transfer::{Incoming, Wanted};

    const TEXT: &str = "0123456789";

    /// Serves [`TEXT`]; each answer breaks off after so many bytes, the last ones do not.
    struct Flaky {
        breaks: Mutex<Vec<usize>>,
        versions: Mutex<Vec<&'static str>>,
        ranges: bool,
    }

    impl Flaky {
        fn breaking_at(breaks: &[usize]) -> Self {
            let breaks = Mutex::new(breaks.iter().rev().copied().collect());
            Self { breaks, versions: Mutex::default(), ranges: true }
        }
    }

    impl Source for Flaky {
        async fn open(&self, wanted: Wanted) -> Result<Incoming> {
            let mut headers = HeaderMap::new();
            let version = self.versions.lock().unwrap().pop().unwrap_or("\"v1\"");
            headers.insert(ETAG, version.parse().unwrap());
            let range = wanted.range.filter(|range| self.ranges && range.start < 10);
            let (status, part) = match range {
                None => (200, 0..10),
                Some(range) => (206, range.start as usize..range.end.min(10) as usize),
            };
            if status == 206 {
                let range = format!("bytes {}-{}/10", part.start, part.end - 1);
                headers.insert(CONTENT_RANGE, range.parse().unwrap());
            }
            let body = Bytes::from_static(&TEXT.as_bytes()[part.clone()]);
            headers.insert(CONTENT_LENGTH, body.len().into());
            let broken = self.breaks.lock().unwrap().pop();
            let chunks: Vec<_> = match broken {
                None => vec![Ok(body)],
                Some(after) => {
                    let error = Error::new(ErrorKind::Interrupted, "the answer broke off");
                    vec![Ok(body.slice(..after.min(body.len()))), Err(error)]
                }
            };
            Ok(Incoming::new(status, headers, stream::iter(chunks)))
        }
    }

    async fn read(source: Flaky, start: u64, end: Option<u64>) -> Result<Bytes> {
        Reader::open(source, start, end).await?.collect_up_to(100).await
    }

    #[tokio::test(start_paused = true)]
    async fn broken_answers_are_gone_on_with_where_they_broke() {
        for (start, end) in [(0, None), (3, None), (0, Some(7)), (2, Some(9)), (0, Some(50))] {
            let wanted = &TEXT[start as usize..end.unwrap_or(10).min(10) as usize];
            let got = read(Flaky::breaking_at(&[1, 0, 2]), start, end).await.unwrap();
            assert_eq!(got, wanted.as_bytes(), "{start}..{end:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_range_beyond_the_end_is_empty() {
        assert_eq!(read(Flaky::breaking_at(&[]), 10, Some(12)).await.unwrap(), "");
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_without_ranges_sends_the_whole_and_the_rest_is_skipped() {
        let source = Flaky { ranges: false, ..Flaky::breaking_at(&[6]) };
        assert_eq!(read(source, 4, None).await.unwrap(), "456789");
    }

    #[tokio::test(start_paused = true)]
    async fn another_version_is_not_mixed_in() {
        let source = Flaky::breaking_at(&[3]);
        *source.versions.lock().unwrap() = vec!["\"v2\"", "\"v1\""];
        let error = read(source, 0, None).await.unwrap_err();
        assert!(error.to_string().contains("changed while it was being read"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_never_delivers_is_given_up() {
        let error = read(Flaky::breaking_at(&[0; 9]), 0, None).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
    }

    #[tokio::test]
    async fn more_than_the_limit_is_an_error() {
        let reader = Reader::open(Flaky::breaking_at(&[]), 0, None).await.unwrap();
        let error = reader.collect_up_to(9).await.unwrap_err();
        assert!(error.to_string().contains("allowed 9 bytes"), "{error}");
    }
}
