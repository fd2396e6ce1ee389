//! A log line by line, as it appears.

use bytes::BytesMut;
use futures_core::Stream;
use futures_util::stream;

use super::Follow;
use crate::error::Result;

/// How long a line may be before it is given out in pieces.
const LONGEST_LINE: usize = 1 << 20;

/// A log line by line, as it appears.
#[derive(Debug)]
#[must_use = "nothing is asked for until lines are taken"]
pub struct Lines {
    follow: Follow,
    /// What belongs to the next line.
    rest: BytesMut,
}

impl Lines {
    pub(super) fn new(follow: Follow) -> Self {
        Self { follow, rest: BytesMut::new() }
    }

    /// The next line, without its end; `None` when the job has ended and all was given out. A last
    /// line that has no end comes as it is, and one of more than 1 MiB in pieces.
    ///
    /// Dropping the future loses nothing: the next call goes on.
    ///
    /// # Errors
    /// As [`Follow::try_next`].
    pub async fn try_next(&mut self) -> Result<Option<String>> {
        let mut searched = 0;
        loop {
            if let Some(end) = self.rest[searched..].iter().position(|byte| *byte == b'\n') {
                let line = self.rest.split_to(searched + end + 1);
                return Ok(Some(text(&line)));
            }
            if self.rest.len() >= LONGEST_LINE {
                return Ok(Some(text(&self.rest.split_to(LONGEST_LINE))));
            }
            searched = self.rest.len();
            match self.follow.try_next().await? {
                Some(chunk) => self.rest.extend_from_slice(&chunk),
                None if self.rest.is_empty() => return Ok(None),
                None => return Ok(Some(text(&self.rest.split()))),
            }
        }
    }

    /// The lines as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Result<String>> + Send {
        stream::try_unfold(self, |mut lines| async move {
            Ok(lines.try_next().await?.map(|line| (line, lines)))
        })
    }
}

fn text(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    String::from_utf8_lossy(line).into_owned()
}
