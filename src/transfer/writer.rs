//! Writing received bytes to their places on disk.

use std::collections::HashMap;
use std::fs::File;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use super::journal::Record;
use super::meter::Meter;
use super::pipeline::Block;
use super::stage::{SharedStage, lock};
use crate::error::Result;

/// How many bytes are written before the disk is told to begin with them.
const FLUSH: u64 = 64 * 1024 * 1024;

/// Writes blocks, records the parts that they complete, and hands them on.
pub(super) struct Writer {
    stage: SharedStage,
    meter: Arc<Meter>,
    hasher: Option<mpsc::Sender<Block>>,
    /// The checks of the parts that are being received.
    checks: HashMap<u64, crc32fast::Hasher>,
    flusher: Option<Flusher>,
}

impl Writer {
    pub(super) fn new(
        stage: SharedStage,
        meter: Arc<Meter>,
        hasher: Option<mpsc::Sender<Block>>,
        flush: bool,
    ) -> Self {
        let flusher = flush.then(Flusher::default);
        Self { stage, meter, hasher, checks: HashMap::new(), flusher }
    }

    pub(super) fn run(mut self, mut blocks: mpsc::Receiver<Block>) -> Result<()> {
        while let Some(block) = blocks.blocking_recv() {
            self.write(&block)?;
            self.meter.add(block.bytes.len() as u64);
            let Some(hasher) = &self.hasher else { continue };
            if hasher.blocking_send(block).is_err() {
                // The hasher tells itself why it ended.
                return Ok(());
            }
        }
        Ok(())
    }

    fn write(&mut self, block: &Block) -> Result<()> {
        let mut stage = lock(&self.stage);
        let check = self.checks.entry(block.part).or_default();
        stage.write_at(block.offset, &block.bytes)?;
        check.update(&block.bytes);
        if block.ends_part
            && let Some(check) = self.checks.remove(&block.part)
        {
            let crc32 = check.finalize();
            stage.record(Record { part: block.part, crc32 })?;
        }
        if let Some(flusher) = &mut self.flusher {
            flusher.wrote(block.bytes.len() as u64, || stage.second_handle());
        }
        Ok(())
    }
}

/// Has the disk write while the network still receives, so that the last sync is short.
#[derive(Default)]
struct Flusher {
    pending: u64,
    running: Option<JoinHandle<()>>,
}

impl Flusher {
    fn wrote(&mut self, bytes: u64, file: impl FnOnce() -> Option<File>) {
        self.pending += bytes;
        let idle = self.running.as_ref().is_none_or(JoinHandle::is_finished);
        if self.pending >= FLUSH && idle {
            self.pending = 0;
            // A failure shows again in the last sync, which is checked.
            self.running = file().map(|file| spawn_blocking(move || drop(file.sync_data())));
        }
    }
}
