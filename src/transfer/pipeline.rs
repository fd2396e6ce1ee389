//! From received blocks to a file on disk and its checksum, each on a thread of its own.
//!
//! The checksum is the slowest step and cannot be split, so that everything else has to hide
//! behind it: blocks reach it from memory and in order, and parts that are too far ahead of it are
//! not asked for ([`Pipeline::turn_of`]).

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, spawn_blocking};

use super::digest::Digest;
use super::hasher::{Hasher, Memory};
use super::meter::Meter;
use super::plan::{PartSet, Plan};
use super::remote::Checksum;
use super::stage::SharedStage;
use super::writer::Writer;
use crate::blocking::panicked;
use crate::error::Result;

/// How many bytes travel together.
pub(super) const BLOCK: usize = 128 * 1024;

/// How many blocks wait between two steps.
const QUEUE: usize = 8;

/// How many received bytes wait in memory for the checksum; what is beyond is read back.
pub(super) const AHEAD: usize = 5 * 1024 * 1024;

/// Received bytes of one part that follow each other.
pub(super) struct Block {
    pub(super) part: u64,
    pub(super) offset: u64,
    pub(super) bytes: Bytes,
    pub(super) ends_part: bool,
}

/// Where the checksum begins.
pub(super) struct Hashing {
    pub(super) digest: Digest,
    pub(super) front: u64,
    pub(super) memory: Arc<Memory>,
}

/// The threads behind one download.
pub(super) struct Pipeline {
    blocks: mpsc::Sender<Block>,
    front: Option<watch::Receiver<u64>>,
    window: Window,
    writer: JoinHandle<Result<()>>,
    hasher: Option<JoinHandle<Result<Checksum>>>,
}

impl Pipeline {
    /// Starts the threads. They end when this is dropped and what they have is done.
    pub(super) fn start(
        stage: SharedStage,
        plan: Plan,
        finished: &PartSet,
        hashing: Option<Hashing>,
        connections: usize,
        flush: bool,
        meter: Arc<Meter>,
    ) -> Self {
        let (blocks, received) = mpsc::channel(QUEUE);
        let window = Window::new(&plan, connections, hashing.as_ref());
        let (mut to_hasher, mut hasher, mut front) = (None, None, None);
        if let Some(hashing) = hashing {
            let (sender, written) = mpsc::channel(QUEUE);
            let (reached, watched) = watch::channel(plan.part_at(hashing.front));
            let thread = Hasher::new(&stage, plan, finished, hashing, reached);
            to_hasher = Some(sender);
            hasher = Some(spawn_blocking(move || thread.run(written)));
            front = Some(watched);
        }
        let thread = Writer::new(stage, meter, to_hasher, flush);
        Self { blocks, front, window, writer: spawn_blocking(move || thread.run(received)), hasher }
    }

    /// Waits until a part is near enough to what the checksum has reached.
    ///
    /// # Errors
    /// When a thread has ended; [`Pipeline::finish`] tells why.
    pub(super) async fn turn_of(&self, part: u64) -> Result<(), Stopped> {
        let Some(mut front) = self.front.clone() else { return Ok(()) };
        front.wait_for(|front| self.window.has(part, *front)).await.map(drop).map_err(|_| Stopped)
    }

    /// Hands on a block; waits while too many are on their way.
    ///
    /// # Errors
    /// When a thread has ended; [`Pipeline::finish`] tells why.
    pub(super) async fn put(&self, block: Block) -> Result<(), Stopped> {
        self.blocks.send(block).await.map_err(|_| Stopped)
    }

    /// Waits until everything is written and gives the checksum, if one was computed.
    ///
    /// # Errors
    /// What went wrong on disk.
    pub(super) async fn finish(self) -> Result<Option<Checksum>> {
        drop(self.blocks);
        self.writer.await.map_err(panicked)??;
        match self.hasher {
            Some(hasher) => hasher.await.map_err(panicked)?.map(Some),
            None => Ok(None),
        }
    }
}

/// How far ahead of the checksum parts are asked for.
struct Window {
    narrow: u64,
    wide: u64,
    memory: Option<Arc<Memory>>,
}

impl Window {
    fn new(plan: &Plan, connections: usize, hashing: Option<&Hashing>) -> Self {
        let narrow = (AHEAD as u64 / plan.part_size()).max(connections as u64);
        let wide = narrow.max(2 * connections as u64);
        Self { narrow, wide, memory: hashing.map(|hashing| hashing.memory.clone()) }
    }

    /// While the network is the slower of the two, connections that end their parts together must
    /// not wait for the checksum. While the checksum is, more in advance would only fill memory.
    fn has(&self, part: u64, front: u64) -> bool {
        let roomy = self.memory.as_ref().is_none_or(|memory| memory.used() < AHEAD * 3 / 4);
        part < front.saturating_add(if roomy { self.wide } else { self.narrow })
    }
}

/// A thread of the pipeline has ended early.
#[derive(Debug)]
pub(super) struct Stopped;
