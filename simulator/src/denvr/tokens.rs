//! Tokens of one kind, which expire and of which the latest are kept.

use std::collections::{HashMap, VecDeque};

use crate::clock::Moment;
use crate::content::scramble;

/// How many are kept; older ones are forgotten.
const KEPT: usize = 10_000;

/// Tokens with their holders.
#[derive(Debug)]
pub(super) struct Tokens {
    kind: &'static str,
    next: u64,
    held: HashMap<String, (usize, Moment)>,
    order: VecDeque<String>,
}

impl Tokens {
    pub(super) fn new(kind: &'static str, seed: u64) -> Self {
        Self { kind, next: scramble(seed), held: HashMap::new(), order: VecDeque::new() }
    }

    pub(super) fn issue(&mut self, holder: usize, expires: Moment) -> String {
        if self.order.len() == KEPT {
            let oldest = self.order.pop_front();
            oldest.and_then(|token| self.held.remove(&token));
        }
        self.next = self.next.wrapping_add(1);
        let token = format!("fake-{}-{:016x}", self.kind, scramble(self.next));
        self.held.insert(token.clone(), (holder, expires));
        self.order.push_back(token.clone());
        token
    }

    /// Whose valid token this is.
    pub(super) fn holder(&self, token: &str, now: Moment) -> Option<usize> {
        self.held.get(token).filter(|(_, expires)| *expires > now).map(|(holder, _)| *holder)
    }

    pub(super) fn revoke(&mut self, token: &str) {
        self.held.remove(token);
    }

    pub(super) fn revoke_all(&mut self) {
        self.held.clear();
        self.order.clear();
    }
}
