//! Finding and replacing the wrong bytes of a file whose checksum is wrong.
//!
//! The server declares a checksum of the whole file only. So every range is fetched a second time
//! and compared with the disk. Where they differ, further copies are fetched until two agree.

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::fetch::{Fetcher, Stop};
use super::plan::Plan;
use super::sink::Collect;
use super::source::Source;
use super::stage::{SharedStage, on_stage};
use crate::error::Result;

/// Ranges are kept in memory to be compared, so they are never larger than this.
const LARGEST: u64 = 1024 * 1024;

/// How many further copies of a range are fetched to find two that agree. When every twentieth
/// answer lies, four would not suffice for one range in two hundred.
const MOST_COPIES: usize = 8;

/// A second look at a complete file.
pub(super) struct Repair<'a, S> {
    pub(super) fetcher: &'a Fetcher<S>,
    pub(super) stage: &'a SharedStage,
    pub(super) connections: usize,
}

impl<S: Source> Repair<'_, S> {
    /// Looks at everything once and returns how many ranges were replaced.
    pub(super) async fn round(&self, size: u64, part_size: u64) -> Result<u64, Stop> {
        let plan = Plan::new(size, part_size.min(LARGEST))?;
        let ranges = stream::iter(0..plan.count()).map(|part| self.mend(plan, part));
        let mended = ranges.buffer_unordered(self.connections);
        mended.try_fold(0, |sum, replaced| async move { Ok(sum + u64::from(replaced)) }).await
    }

    async fn mend(&self, plan: Plan, part: u64) -> Result<bool, Stop> {
        let mut copies: Vec<Bytes> = Vec::new();
        loop {
            let copy = self.again(plan, part).await?;
            if self.is_on_disk(&copy, plan, part).await? {
                return Ok(false);
            }
            // Without two that agree, the last one is as good as any.
            if copies.contains(&copy) || copies.len() + 1 == MOST_COPIES {
                tracing::debug!(part, "replaced");
                self.replace(copy, plan, part).await?;
                return Ok(true);
            }
            copies.push(copy);
        }
    }

    async fn again(&self, plan: Plan, part: u64) -> Result<Bytes, Stop> {
        let mut copy = Collect::default();
        self.fetcher.fetch(plan.range(part), None, &mut copy).await?;
        Ok(copy.bytes.freeze())
    }

    async fn is_on_disk(&self, copy: &Bytes, plan: Plan, part: u64) -> Result<bool> {
        let (copy, offset) = (copy.clone(), plan.range(part).start);
        on_stage(self.stage, move |stage, _| stage.has(offset, &copy)).await
    }

    async fn replace(&self, copy: Bytes, plan: Plan, part: u64) -> Result<()> {
        let offset = plan.range(part).start;
        on_stage(self.stage, move |stage, _| stage.write_at(offset, &copy)).await
    }
}
