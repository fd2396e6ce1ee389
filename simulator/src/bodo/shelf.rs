//! Things by their id, in the order in which they were made.

use std::collections::{BTreeMap, HashMap};

/// An insertion-ordered map.
#[derive(Debug)]
pub(super) struct Shelf<T> {
    next: u64,
    numbers: HashMap<String, u64>,
    items: BTreeMap<u64, (String, T)>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { next: 0, numbers: HashMap::new(), items: BTreeMap::new() }
    }
}

impl<T> Shelf<T> {
    pub(super) fn insert(&mut self, id: String, item: T) {
        self.next += 1;
        self.numbers.insert(id.clone(), self.next);
        self.items.insert(self.next, (id, item));
    }

    pub(super) fn get(&self, id: &str) -> Option<&T> {
        self.items.get(self.numbers.get(id)?).map(|(_, item)| item)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.items.get_mut(self.numbers.get(id)?).map(|(_, item)| item)
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<T> {
        let number = self.numbers.remove(id)?;
        self.items.remove(&number).map(|(_, item)| item)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &T)> {
        self.items.values().map(|(id, item)| (id.as_str(), item))
    }

    pub(super) fn values(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.items.values().map(|(_, item)| item)
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.items.values_mut().map(|(_, item)| item)
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }
}
