//! How much of each hardware is free, in each pool of each cluster.

use serde_json::{Value, json};

use super::catalog::{HARDWARE, Hardware};
use super::inferred;
use super::options::Denvr;
use super::server::Server;
use super::state::State;
use crate::clock::Moment;
use crate::glob;

/// The pool that every tenant has.
pub(super) const ON_DEMAND: &str = "on-demand";

/// Hardware at its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slot {
    pub(super) cluster: String,
    pub(super) pool: String,
    pub(super) hardware: &'static Hardware,
}

/// The pools of the tenant; the first one is the default.
pub(super) fn pools(options: &Denvr) -> [String; 2] {
    [format!("reserved-{}", options.tenant), ON_DEMAND.to_owned()]
}

impl Slot {
    fn capacity(&self, options: &Denvr) -> u64 {
        let names = [self.hardware.name, self.hardware.package];
        let fits = |pattern: &str| names.iter().any(|name| glob::matches(pattern, name));
        let set = options.capacities.iter().rev().find(|(pattern, _)| fits(pattern));
        set.map_or(inferred::CAPACITY, |(_, count)| *count)
    }

    pub(super) fn free(&self, options: &Denvr, state: &State, now: Moment) -> u64 {
        self.capacity(options).saturating_sub(state.used(self, now))
    }

    /// The availability under this name; nobody counts unless asked to.
    fn describe(&self, name: &str, options: &Denvr, free: u64, is_counted: bool) -> Value {
        let is_reserved = self.pool != ON_DEMAND;
        let mut item = json!({
            "configuration": name, "cluster": self.cluster, "rpool": self.pool,
            "price": self.hardware.price, "available": free > 0,
            "count": if is_counted { free } else { 0 },
            "maxCount": if is_reserved { self.capacity(options) } else { 0 },
        });
        if is_reserved && is_counted {
            item["availableNodeNames"] = inferred::NODES.into();
        }
        item
    }
}

/// What is available in a cluster, in one pool or in all.
pub(super) fn describe(
    server: &Server,
    (cluster, pool): (&str, Option<&str>),
    name: fn(&Hardware) -> &'static str,
    is_counted: bool,
) -> Vec<Value> {
    let (options, state) = (&server.options, server.state());
    let mut items = Vec::new();
    for pool in pools(options).iter().filter(|known| pool.is_none_or(|pool| pool == *known)) {
        for hardware in &HARDWARE {
            let slot = Slot { cluster: cluster.to_owned(), pool: pool.clone(), hardware };
            let free = slot.free(options, &state, server.now());
            items.push(slot.describe(name(hardware), options, free, is_counted));
        }
    }
    items
}
