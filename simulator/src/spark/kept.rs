//! Things with an id, of which the latest are kept.

use std::collections::VecDeque;

/// How many are kept; older ones are forgotten.
const KEPT: usize = 1_000;

/// The latest things, oldest first.
#[derive(Debug)]
pub(super) struct Kept<T>(VecDeque<(String, T)>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T> Kept<T> {
    pub(super) fn add(&mut self, id: String, thing: T) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back((id, thing));
    }

    pub(super) fn get(&self, id: &str) -> Option<&T> {
        self.0.iter().rev().find(|(known, _)| known == id).map(|(_, thing)| thing)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.0.iter_mut().rev().find(|(known, _)| known == id).map(|(_, thing)| thing)
    }

    /// All of them, newest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().rev().map(|(id, thing)| (id.as_str(), thing))
    }
}
