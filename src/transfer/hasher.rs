//! The checksum of bytes that arrive in any order.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use tokio::sync::{mpsc, watch};

use super::digest::Digest;
use super::pipeline::{AHEAD, BLOCK, Block, Hashing};
use super::plan::{PartSet, Plan};
use super::remote::Checksum;
use super::stage::{SharedStage, lock};
use crate::error::{Error, Result};

/// Room in memory, shared by the downloads of one call.
#[derive(Debug, Default)]
pub(super) struct Memory(AtomicUsize);

/// Bytes that are counted until they are dropped.
struct Kept {
    bytes: Bytes,
    memory: Arc<Memory>,
}

impl Memory {
    pub(super) fn used(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn keep(self: &Arc<Self>, block: Block) -> Result<Kept, usize> {
        let before = self.0.fetch_add(block.bytes.len(), Ordering::Relaxed);
        let kept = Kept { bytes: block.bytes, memory: self.clone() };
        // Dropping what does not fit gives the room back.
        let length = kept.bytes.len();
        if before + length > AHEAD { Err(length) } else { Ok(kept) }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.memory.0.fetch_sub(self.bytes.len(), Ordering::Relaxed);
    }
}

/// What waits for its turn in the checksum.
enum Waiting {
    Here(Kept),
    OnDisk(u64),
}

/// Computes a checksum in order. What is ahead waits in memory, or on disk when that is full.
pub(super) struct Hasher {
    plan: Plan,
    digest: Digest,
    front: u64,
    waiting: BTreeMap<u64, Waiting>,
    memory: Arc<Memory>,
    reached: watch::Sender<u64>,
    path: PathBuf,
    file: Option<File>,
}

impl Hasher {
    pub(super) fn new(
        stage: &SharedStage,
        plan: Plan,
        finished: &PartSet,
        hashing: Hashing,
        reached: watch::Sender<u64>,
    ) -> Self {
        let first = plan.part_at(hashing.front);
        let ahead = (first..plan.count()).filter(|part| finished.contains(*part));
        let on_disk = ahead.map(|part| plan.range(part));
        Self {
            plan,
            digest: hashing.digest,
            front: hashing.front,
            waiting: on_disk
                .map(|range| (range.start, Waiting::OnDisk(range.end - range.start)))
                .collect(),
            memory: hashing.memory,
            reached,
            path: lock(stage).target().part.clone(),
            file: None,
        }
    }

    pub(super) fn run(mut self, mut blocks: mpsc::Receiver<Block>) -> Result<Checksum> {
        while let Some(block) = blocks.blocking_recv() {
            self.take(block);
            self.advance()?;
        }
        Ok(self.digest.finish())
    }

    fn take(&mut self, block: Block) {
        if block.offset == self.front {
            self.update(&block.bytes);
            return;
        }
        let offset = block.offset;
        let waiting = match self.memory.keep(block) {
            Ok(kept) => Waiting::Here(kept),
            Err(length) => Waiting::OnDisk(length as u64),
        };
        self.waiting.insert(offset, waiting);
    }

    /// Goes on with what has waited, as far as it follows.
    fn advance(&mut self) -> Result<()> {
        while let Some(next) = self.waiting.remove(&self.front) {
            match next {
                Waiting::Here(kept) => self.update(&kept.bytes),
                Waiting::OnDisk(length) => self.read_back(length)?,
            }
        }
        Ok(())
    }

    fn update(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        self.reach(self.front + bytes.len() as u64);
    }

    fn reach(&mut self, front: u64) {
        self.front = front;
        let part = self.plan.part_at(front);
        self.reached.send_if_modified(|reached| std::mem::replace(reached, part) != part);
    }

    fn read_back(&mut self, length: u64) -> Result<()> {
        let failed = |error| Error::io(format!("read `{}`", self.path.display()), error);
        if self.file.is_none() {
            self.file = Some(File::open(&self.path).map_err(failed)?);
        }
        let mut file = self.file.as_ref().expect("opened above");
        file.seek(SeekFrom::Start(self.front)).map_err(failed)?;
        let mut buffer = vec![0; BLOCK];
        let mut left = length;
        while left > 0 {
            let now = (BLOCK as u64).min(left) as usize;
            file.read_exact(&mut buffer[..now]).map_err(failed)?;
            self.digest.update(&buffer[..now]);
            left -= now as u64;
        }
        self.reach(self.front + length);
        Ok(())
    }
}
