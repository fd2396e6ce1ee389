//! The batches of a tenant.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::super::tenant::lock;
use super::super::{errors, inferred};
use super::life::{Batch, Tally};
use crate::clock::Moment;
use crate::http::Reply;

/// With so many batches, those that ended more than an hour ago are forgotten.
const KEPT: usize = 1_000;

/// The batches of a tenant. Each has a lock of its own, which nobody holds while chunks are read.
#[derive(Debug, Default)]
pub(in crate::spark) struct Batches(Mutex<HashMap<String, Arc<Mutex<Batch>>>>);

impl Batches {
    pub(super) fn find(&self, id: &str) -> Result<Arc<Mutex<Batch>>, Box<Reply>> {
        let (status, code) = inferred::NO_BATCH;
        let missing = || errors::v4(status, code, "The batch is not found");
        lock(&self.0).get(id).cloned().ok_or_else(missing)
    }

    pub(super) fn add(&self, batch: Batch, now: Moment) {
        let mut batches = lock(&self.0);
        if batches.len() >= KEPT {
            batches.retain(|_, batch| {
                let mut batch = lock(batch);
                batch.advance(now);
                !batch.status.is_final() || batch.updated + inferred::RECENT > now
            });
        }
        batches.insert(batch.id.clone(), Arc::new(Mutex::new(batch)));
    }

    /// Looks at all batches as of now, oldest first.
    pub(super) fn each(&self, now: Moment, mut look: impl FnMut(&Batch)) {
        let mut batches: Vec<_> = lock(&self.0).values().cloned().collect();
        batches.sort_by_cached_key(|batch| lock(batch).created);
        for batch in batches {
            let mut batch = lock(&batch);
            batch.advance(now);
            look(&batch);
        }
    }

    pub(in crate::spark) fn live(&self, now: Moment) -> Vec<String> {
        let mut ids = Vec::new();
        self.each(now, |batch| {
            if !batch.status.is_final() {
                ids.push(batch.id.clone());
            }
        });
        ids
    }

    pub(in crate::spark) fn records_computed(&self, now: Moment) -> u64 {
        let mut records = 0;
        self.each(now, |batch| records += batch.pipeline.counts.records_completed);
        records
    }

    pub(in crate::spark) fn chunks(&self, id: &str, now: Moment) -> Option<HashMap<String, Tally>> {
        let batch = self.find(id).ok()?;
        let mut batch = lock(&batch);
        batch.advance(now);
        Some(batch.tally.iter().map(|(id, tally)| (id.to_string(), *tally)).collect())
    }

    pub(in crate::spark) fn status(&self, id: &str, now: Moment) -> Option<&'static str> {
        let batch = self.find(id).ok()?;
        let mut batch = lock(&batch);
        batch.advance(now);
        Some(batch.status.name())
    }
}
