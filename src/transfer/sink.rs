//! Where fetched bytes go: into the pipeline in blocks, or into memory.

use std::mem::take;

use bytes::{Bytes, BytesMut};

use super::fetch::{Sink, Stop};
use super::pipeline::{BLOCK, Block, Pipeline};
use super::plan::{PartSet, Plan};

/// Gathers bytes into blocks that do not cross the border of a part.
///
/// They are copied, because a received chunk may keep a buffer alive that is many times larger, and
/// blocks can wait for long.
pub(super) struct Blocks<'a> {
    pipeline: &'a Pipeline,
    plan: Plan,
    /// Parts that are done already; their bytes are dropped.
    finished: &'a PartSet,
    offset: u64,
    gathered: BytesMut,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(pipeline: &'a Pipeline, plan: Plan, finished: &'a PartSet) -> Self {
        Self { pipeline, plan, finished, offset: 0, gathered: BytesMut::new() }
    }

    /// Hands on what has gathered.
    pub(super) async fn flush(&mut self) -> Result<(), Stop> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let part = self.plan.part_at(self.offset);
        let bytes = take(&mut self.gathered).freeze();
        let end = self.offset + bytes.len() as u64;
        let ends_part = end == self.plan.range(part).end;
        Ok(self.pipeline.put(Block { part, offset: self.offset, bytes, ends_part }).await?)
    }

    async fn put_in_part(&mut self, part: u64, offset: u64, bytes: &[u8]) -> Result<(), Stop> {
        if self.finished.contains(part) {
            return Ok(());
        }
        let range = self.plan.range(part);
        if self.gathered.is_empty() {
            self.offset = offset;
            let room = (range.end - offset).min(BLOCK as u64);
            self.gathered.reserve(room as usize);
        }
        self.gathered.extend_from_slice(bytes);
        let end = offset + bytes.len() as u64;
        if self.gathered.len() >= BLOCK || end == range.end {
            self.flush().await?;
        }
        Ok(())
    }
}

impl Sink for Blocks<'_> {
    async fn put(&mut self, mut offset: u64, mut bytes: Bytes) -> Result<(), Stop> {
        while !bytes.is_empty() {
            let part = self.plan.part_at(offset);
            let left = self.plan.range(part).end - offset;
            let room = (BLOCK - self.gathered.len()) as u64;
            let now = left.min(room).min(bytes.len() as u64);
            self.put_in_part(part, offset, &bytes.split_to(now as usize)).await?;
            offset += now;
        }
        Ok(())
    }
}

/// Keeps everything, for ranges that are small.
#[derive(Debug, Default)]
pub(super) struct Collect {
    pub(super) bytes: BytesMut,
}

impl Sink for Collect {
    async fn put(&mut self, _: u64, bytes: Bytes) -> Result<(), Stop> {
        self.bytes.extend_from_slice(&bytes);
        Ok(())
    }
}
