//! Which chunks were cut, and where each of them is until it is answered.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use tokio::time::Instant;

use super::feed::Cut;
use super::spool::{Extent, Space};

/// Numbers, most of them side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers(BTreeMap<u64, u64>);

impl Numbers {
    /// Whether it is new.
    pub(super) fn insert(&mut self, number: u64) -> bool {
        if self.contains(number) {
            return false;
        }
        let end = self.0.remove(&(number + 1)).unwrap_or(number + 1);
        match self.0.range_mut(..number).next_back() {
            Some((_, before)) if *before == number => *before = end,
            _ => drop(self.0.insert(number, end)),
        }
        true
    }

    pub(super) fn contains(&self, number: u64) -> bool {
        self.0.range(..=number).next_back().is_some_and(|(_, end)| number < *end)
    }
}

/// A chunk that is not answered.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) first: u64,
    pub(super) records: u64,
    pub(super) extent: Extent,
    place: Place,
    /// How often it was lost.
    pub(super) losses: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// About to be pushed, or waiting for that.
    Here,
    /// On its way.
    Leaving,
    /// Given to the batch, as far as is known, at this time.
    There(Instant),
}

/// All chunks of a run.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    open: BTreeMap<u64, Entry>,
    pub(super) done: Numbers,
    /// Chunks to be pushed again.
    again: VecDeque<u64>,
    pub(super) space: Space,
    /// The size of all chunks that are not answered.
    pub(super) bytes: u64,
}

impl Ledger {
    /// One in which these chunks are answered.
    pub(super) fn with_done(done: Numbers) -> Self {
        Self { done, ..Self::default() }
    }

    /// Takes in a chunk and says where its text is to be kept.
    pub(super) fn add(&mut self, cut: &Cut, length: u64) -> Extent {
        let extent = self.space.take(length);
        let Cut { number, first, records, .. } = *cut;
        self.open.insert(number, Entry { first, records, extent, place: Place::Here, losses: 0 });
        self.bytes += length;
        extent
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Chunks to be pushed again, up to so many bytes, and at least one if there are any.
    pub(super) fn take_again(&mut self, bytes: u64) -> Vec<u64> {
        let mut taken = Vec::new();
        let mut sum = 0;
        while let Some(&number) = self.again.front() {
            if let Some(entry) = self.open.get(&number) {
                sum += entry.extent.length;
                if sum > bytes && !taken.is_empty() {
                    break;
                }
                taken.push(number);
            }
            self.again.pop_front();
        }
        taken
    }

    pub(super) fn has_again(&self) -> bool {
        !self.again.is_empty()
    }

    /// The chunks leave. Those that were answered meanwhile stay out.
    pub(super) fn leave(&mut self, numbers: &mut Vec<u64>) -> (Vec<Extent>, u64) {
        numbers.retain(|number| self.open.contains_key(number));
        let mut records = 0;
        let extents = numbers.iter().filter_map(|number| {
            let entry = self.open.get_mut(number)?;
            entry.place = Place::Leaving;
            records += entry.records;
            Some(entry.extent)
        });
        (extents.collect(), records)
    }

    /// The batch has the chunks, or may have.
    pub(super) fn arrive(&mut self, numbers: &[u64], now: Instant) {
        for number in numbers {
            if let Some(entry) = self.open.get_mut(number) {
                entry.place = Place::There(now);
            }
        }
    }

    /// The chunks did not get there and are pushed again.
    pub(super) fn come_back(&mut self, numbers: &[u64]) {
        for number in numbers.iter().rev() {
            if let Some(entry) = self.open.get_mut(number) {
                entry.place = Place::Here;
                self.again.push_front(*number);
            }
        }
    }

    /// The first record and the size of a chunk that is larger than this.
    pub(super) fn larger_than(&self, bytes: u64, numbers: &[u64]) -> Option<(u64, u64)> {
        let mut entries = numbers.iter().filter_map(|number| self.open.get(number));
        let large = entries.find(|entry| entry.extent.length > bytes)?;
        Some((large.first, large.extent.length))
    }

    /// A result came; `None` when the chunk was answered before.
    pub(super) fn finish(&mut self, number: u64) -> Option<Entry> {
        let entry = self.open.remove(&number)?;
        self.space.give_back(entry.extent);
        self.bytes -= entry.extent.length;
        self.done.insert(number);
        Some(entry)
    }

    /// The batch has nothing left: what it was given before this time is lost and pushed again.
    /// Tells how many chunks that are and how often the unluckiest was lost.
    pub(super) fn lose(&mut self, before: Instant) -> (u64, u32) {
        let (mut count, mut worst) = (0, 0);
        for (number, entry) in &mut self.open {
            if matches!(entry.place, Place::There(since) if since <= before) {
                entry.place = Place::Here;
                entry.losses += 1;
                self.again.push_back(*number);
                (count, worst) = (count + 1, worst.max(entry.losses));
            }
        }
        (count, worst)
    }

    /// The records of all chunks that are not answered.
    pub(super) fn unanswered(&self) -> Vec<Range<u64>> {
        let mut ranges: Vec<Range<u64>> = Vec::new();
        for Entry { first, records, .. } in self.open.values() {
            match ranges.last_mut() {
                Some(last) if last.end == *first => last.end += records,
                _ => ranges.push(*first..first + records),
            }
        }
        ranges
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_a_set(all in prop::collection::vec(0u64..40, 0..80)) {
            let (mut numbers, mut expected) = (Numbers::default(), BTreeSet::new());
            for number in all {
                prop_assert_eq!(numbers.insert(number), expected.insert(number));
            }
            prop_assert!((0..41).all(|n| numbers.contains(n) == expected.contains(&n)));
            let gaps = (0..41).filter(|n| expected.contains(n) && !expected.contains(&(n + 1)));
            prop_assert_eq!(numbers.0.len(), gaps.count());
        }
    }

    fn ledger(chunks: u64) -> Ledger {
        let mut ledger = Ledger::default();
        for number in 0..chunks {
            ledger.add(&Cut { number, first: number * 10, records: 10, crc32: 0 }, 100);
        }
        ledger
    }

    #[test]
    fn only_what_the_batch_had_before_is_lost() {
        let mut ledger = ledger(4);
        let then = Instant::now();
        let later = then + std::time::Duration::from_secs(1);
        ledger.arrive(&[0], then);
        ledger.leave(&mut vec![1]);
        ledger.arrive(&[2], later);
        assert_eq!(ledger.lose(then), (1, 1));
        assert_eq!(ledger.take_again(0), [0]);
        assert!(!ledger.has_again());
        assert_eq!(ledger.lose(later), (1, 1), "the first is here and not lost again");
    }

    #[test]
    fn what_is_answered_is_neither_pushed_again_nor_unanswered() {
        let mut ledger = ledger(5);
        assert_eq!(ledger.finish(2).unwrap().first, 20);
        assert!(ledger.finish(2).is_none() && ledger.done.contains(2));
        assert_eq!(ledger.unanswered(), [0..20, 30..50]);
        ledger.come_back(&[0, 1, 3]);
        ledger.finish(1);
        assert_eq!(ledger.take_again(100), [0]);
        assert_eq!(ledger.take_again(1000), [3]);
        assert_eq!(ledger.bytes, 300);
        let mut numbers = vec![1, 4];
        assert_eq!(ledger.leave(&mut numbers).1, 10);
        assert_eq!(numbers, [4]);
    }
}
