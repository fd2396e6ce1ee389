//! Comparing the checksum, and mending what is wrong.

use super::fetch::Stop;
use super::plan::Plan;
use super::remote::Checksum;
use super::repair::Repair;
use super::run::{Complete, Run, State};
use super::source::Source;
use super::stage::{SharedStage, on_stage};
use crate::error::{Error, ErrorKind, Result};

/// How often wrong bytes are fetched again.
const ROUNDS: u32 = 3;

impl<S: Source> Run<S> {
    /// Compares the checksum, and mends what is wrong.
    pub(super) async fn verified(
        &self,
        complete: Complete,
        stage: &SharedStage,
        state: &mut State,
    ) -> Result<Complete, Stop> {
        let expected = self.remote.checksum.as_ref().filter(|_| self.settings.verify);
        let mut complete = complete;
        while complete.checksum.as_ref() != expected {
            let expected = expected.expect("a checksum is computed only to be compared");
            let actual = complete.checksum.as_ref().unwrap_or(expected);
            tracing::warn!(%expected, %actual, "the file is damaged, fetching it again");
            let failed = self.mismatch(expected, actual);
            state.rounds += 1;
            if state.rounds > ROUNDS {
                on_stage(stage, |stage, _| stage.discard()).await?;
                return Err(failed.into());
            }
            if !complete.in_ranges {
                let unit = Plan::new(complete.size, self.settings.part_size)?;
                state.repaired = unit.count();
                on_stage(stage, |stage, _| stage.discard()).await?;
                complete = self.pass(stage, state).await?;
                continue;
            }
            let replaced = self.repair(stage, complete.size, state).await?;
            if replaced == 0 {
                on_stage(stage, |stage, _| stage.discard()).await?;
                return Err(failed.into());
            }
            state.repaired += replaced;
            let digest = self.digest().expect("there is a checksum to compare");
            let size = complete.size;
            let again = on_stage(stage, move |stage, stop| stage.digest(digest, size, stop));
            complete.checksum = Some(again.await?);
        }
        Ok(complete)
    }

    async fn repair(&self, stage: &SharedStage, size: u64, state: &State) -> Result<u64, Stop> {
        let fetcher = self.fetcher(Some(size), state);
        let repair = Repair { fetcher: &fetcher, stage, connections: self.settings.parallel };
        repair.round(size, self.settings.part_size).await
    }

    fn mismatch(&self, expected: &Checksum, actual: &Checksum) -> Error {
        Error::new(
            ErrorKind::Integrity,
            format!(
                "`{}` has the {} {} although the server declares {}; it sends these bytes again \
                 and again, and nothing was kept; turn verification off to take them as they are",
                self.target.path.display(),
                actual.algorithm(),
                actual.hex(),
                expected.hex()
            ),
        )
    }
}
