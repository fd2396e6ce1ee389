//! What a test may look at from inside.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;

use super::batch::Tally;
use super::server::Server;
use crate::handle::Handle;

/// A look into a running simulated Coherent Spark, over all its tenants.
pub struct Watch<'a>(&'a Server);

impl Handle {
    /// A look inside, when it is Coherent Spark that is simulated.
    pub fn spark(&self) -> Option<Watch<'_>> {
        let backend: &dyn Any = self.backend();
        backend.downcast_ref().map(Watch)
    }
}

impl Watch<'_> {
    /// How many records were computed in batches; those of a chunk that was sent twice count twice.
    pub fn records_computed(&self) -> u64 {
        self.0.tenants().map(|tenant| tenant.batches.records_computed(self.0.now())).sum()
    }

    /// The ids of the batches that have not ended.
    pub fn live_batches(&self) -> Vec<String> {
        self.0.tenants().flat_map(|tenant| tenant.batches.live(self.0.now())).collect()
    }

    /// The status of a batch, such as `in_progress`; `None` when there is no such batch.
    pub fn batch_status(&self, id: &str) -> Option<&'static str> {
        self.0.tenants().find_map(|tenant| tenant.batches.status(id, self.0.now()))
    }

    /// How often each chunk id of a batch was pushed, computed and pulled; empty when there is no
    /// such batch.
    pub fn chunks(&self, batch: &str) -> HashMap<String, Tally> {
        let found = self.0.tenants().find_map(|t| t.batches.chunks(batch, self.0.now()));
        found.unwrap_or_default()
    }

    /// From now on, no token that was issued so far is valid.
    pub fn expire_tokens(&self) {
        self.0.gate.expire_all();
    }
}

impl fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}
