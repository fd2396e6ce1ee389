//! Pushes: chunks into a batch, in as many requests as they need.

use bytes::Bytes;
use std::collections::BTreeSet;

use super::chunk::{Chunk, new_id};
use super::pipeline::Pipeline;
use super::state::{Buffer, Inner};
use super::wire;
use crate::awaits::awaits;
use crate::error::{Error, Result};
use crate::spark::models::{self, BatchProgress};

/// No request is larger, unless a single chunk is.
const LARGEST: u64 = 8 << 20;

/// A chunk below this is pushed without asking for the size of the buffer first.
const SMALL: u64 = 1 << 20;

/// What becomes of a chunk whose id was pushed before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DuplicateIds {
    /// It is pushed under a new id.
    #[default]
    Replace,
    /// It is left out.
    Ignore,
    /// Nothing is pushed, and the error names the id.
    Refuse,
}

/// A push; `.await` sends it and tells how far the batch is. Made by [`Pipeline::push_chunks`] and
/// its relatives.
///
/// More than a request or the input buffer can hold is sent in several requests, in order.
///
/// # Errors
/// Before anything is sent: a pipeline that takes no more chunks, chunks without inputs, larger
/// than the input buffer or with an empty id. Later ones say how many chunks went before. A push
/// whose answer is lost is never repeated: the platform would calculate its chunks twice.
#[derive(Debug)]
#[must_use = "a push does nothing until it is awaited"]
pub struct Push {
    pipeline: Pipeline,
    chunks: Vec<Chunk>,
    duplicates: DuplicateIds,
}

/// A chunk as it is sent.
struct Ready {
    id: String,
    records: u64,
    text: Vec<u8>,
}

impl Push {
    pub(super) fn new(pipeline: &Pipeline, chunks: Vec<Chunk>) -> Self {
        Self { pipeline: pipeline.clone(), chunks, duplicates: DuplicateIds::default() }
    }

    /// What becomes of a chunk whose id was pushed before through this pipeline object or its
    /// clones, or twice in this push; [`DuplicateIds::Replace`] by default.
    pub fn if_chunk_id_duplicated(mut self, policy: DuplicateIds) -> Self {
        self.duplicates = policy;
        self
    }

    async fn send(self) -> Result<BatchProgress> {
        let Self { pipeline, chunks, duplicates } = self;
        pipeline.tracker.check_open(pipeline.id())?;
        let chunks: Vec<_> = chunks.into_iter().map(Chunk::prepare).collect::<Result<_>>()?;
        if chunks.is_empty() {
            return Err(Error::invalid("there are no chunks to push"));
        }
        let chunks = distinct(chunks, duplicates, &pipeline.tracker.lock())?;
        let chunks: Vec<_> = chunks.into_iter().map(Ready::new).collect::<Result<_>>()?;
        if chunks.is_empty() {
            return pipeline.status().await;
        }
        check_sizes(&pipeline, &chunks).await?;
        push_in_turn(&pipeline, chunks).await
    }
}

awaits!(Push => BatchProgress, send);

/// Sees to it that no id comes twice.
fn distinct(
    chunks: Vec<models::Chunk>,
    policy: DuplicateIds,
    known: &Inner,
) -> Result<Vec<models::Chunk>> {
    let mut seen = BTreeSet::new();
    let mut kept = Vec::with_capacity(chunks.len());
    for mut chunk in chunks {
        if known.stats.chunks.contains_key(&chunk.id) || seen.contains(&chunk.id) {
            match policy {
                DuplicateIds::Replace => chunk.id = new_id(),
                DuplicateIds::Ignore => continue,
                DuplicateIds::Refuse => {
                    let message = format!("the chunk id `{}` was pushed before", chunk.id);
                    return Err(Error::invalid(message));
                }
            }
        }
        seen.insert(chunk.id.clone());
        kept.push(chunk);
    }
    Ok(kept)
}

impl Ready {
    fn new(chunk: models::Chunk) -> Result<Self> {
        let text = serde_json::to_vec(&chunk)
            .map_err(|error| Error::invalid(format!("a chunk cannot be written: {error}")))?;
        let records = chunk.size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0);
        Ok(Self { id: chunk.id, records, text })
    }

    fn size(&self) -> u64 {
        self.text.len() as u64
    }
}

/// Refuses a chunk that the input buffer can never take.
async fn check_sizes(pipeline: &Pipeline, chunks: &[Ready]) -> Result<()> {
    let Some(largest) = chunks.iter().max_by_key(|chunk| chunk.size()) else { return Ok(()) };
    let known = pipeline.tracker.lock().input;
    if known.is_none() && largest.size() > SMALL {
        pipeline.status().await?;
    }
    match pipeline.tracker.lock().input {
        Some(buffer) if buffer.size < largest.size() => {
            let (id, size, room) = (&largest.id, largest.size(), buffer.size);
            let message = format!("the chunk `{id}` has {size} bytes, the input buffer {room}");
            Err(Error::invalid(message).with_advice("make smaller chunks or a larger buffer"))
        }
        _ => Ok(()),
    }
}

async fn push_in_turn(pipeline: &Pipeline, chunks: Vec<Ready>) -> Result<BatchProgress> {
    let all = chunks.len();
    let mut rest = chunks.as_slice();
    loop {
        let room = pipeline.tracker.lock().input;
        let (now, later) = rest.split_at(fitting(rest, room));
        let before = all - rest.len();
        let pushed = push_once(pipeline, now).await;
        let progress = pushed.map_err(|error| {
            error.with_advice_if(all > 1, format!("{before} of {all} chunks were pushed before"))
        })?;
        if later.is_empty() {
            return Ok(progress);
        }
        rest = later;
    }
}

/// How many of the chunks go into the next request: at least one, because what is known of the
/// room may be old.
fn fitting(chunks: &[Ready], room: Option<Buffer>) -> usize {
    let limit = room.map_or(LARGEST, |buffer| buffer.free.min(LARGEST));
    let mut sum = 0;
    let fit = chunks.iter().take_while(|chunk| {
        sum += chunk.size();
        sum <= limit
    });
    fit.count().max(1)
}

async fn push_once(pipeline: &Pipeline, chunks: &[Ready]) -> Result<BatchProgress> {
    let texts: Vec<_> = chunks.iter().map(|chunk| chunk.text.as_slice()).collect();
    let body = [b"{\"chunks\":[", texts.join(&b","[..]).as_slice(), b"]}"].concat();
    let progress =
        wire::push(pipeline.client.raw(), pipeline.id(), Bytes::from(body).into()).await?;
    pipeline.tracker.note(&progress);
    let stats = &mut pipeline.tracker.lock().stats;
    for chunk in chunks {
        stats.chunks.insert(chunk.id.clone(), chunk.records);
        stats.chunks_pushed += 1;
        stats.records_pushed += chunk.records;
    }
    Ok(progress)
}
