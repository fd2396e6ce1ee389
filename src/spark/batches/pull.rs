//! Pulls: outputs out of a batch.

use super::pipeline::Pipeline;
use super::result::ChunkResult;
use super::wire;
use crate::awaits::awaits;
use crate::error::{Error, ErrorKind, Result};
use crate::spark::models::BatchProgress;

/// The most chunks that the platform gives at once (source: Coherent-Partners/spark-openapi,
/// Postman collection).
pub(super) const MOST_CHUNKS: usize = 100;

/// What the caller has to know when the answer to a pull is lost.
pub(super) const LOST: &str =
    "chunks of a lost answer do not come again: push what is missing once all others are there";

/// A pull; `.await` sends it. Made by [`Pipeline::pull`].
///
/// # Errors
/// A pull hands every chunk out once, so it is never repeated when an answer may have been lost;
/// [`Error::may_have_happened`](crate::Error::may_have_happened) says so.
#[derive(Debug)]
#[must_use = "a pull does nothing until it is awaited"]
pub struct Pull {
    pipeline: Pipeline,
    max_chunks: usize,
}

/// What was pulled.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Pulled {
    /// The chunks, none when nothing was there yet.
    pub chunks: Vec<ChunkResult>,
    /// How far the batch is.
    pub status: BatchProgress,
}

impl Pull {
    pub(super) fn new(pipeline: &Pipeline) -> Self {
        Self { pipeline: pipeline.clone(), max_chunks: MOST_CHUNKS }
    }

    /// The most chunks to pull, 1 to 100; 100 by default.
    pub fn max_chunks(mut self, chunks: usize) -> Self {
        self.max_chunks = chunks;
        self
    }

    async fn send(self) -> Result<Pulled> {
        let Self { pipeline, max_chunks } = self;
        if !(1..=MOST_CHUNKS).contains(&max_chunks) {
            let message = format!("{max_chunks} chunks cannot be pulled at once, but 1 to 100");
            return Err(Error::invalid(message));
        }
        pipeline.tracker.check_not_cancelled(pipeline.id())?;
        let pulled = wire::pull(pipeline.client.raw(), pipeline.id(), max_chunks).await;
        let pulled = pulled.map_err(|error| {
            let lost = error.may_have_happened();
            error.with_advice_if(lost, LOST)
        })?;
        pipeline.tracker.note(&pulled.progress);
        pipeline.tracker.lock().stats.chunks_pulled += pulled.chunks.len() as u64;
        let chunks = pulled.chunks.iter().map(|text| decoded(text)).collect::<Result<_>>()?;
        Ok(Pulled { chunks, status: pulled.progress })
    }
}

awaits!(Pull => Pulled, send);

/// Reads the text of a chunk.
pub(super) fn decoded(text: &[u8]) -> Result<ChunkResult> {
    let mut json = serde_json::Deserializer::from_slice(text);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let message =
            format!("a chunk could not be read, at `{}`: {}", error.path(), error.inner());
        Error::new(ErrorKind::Decode, message).with_operation("spark", "pull_chunks")
    })
}
