//! Which bytes are asked for: ranges that tile a file, and the set of those that are done.

use std::ops::Range;

use crate::error::{Error, Result};

/// More parts than this would be bookkeeping and not a download.
const MOST_PARTS: u64 = 1 << 24;

/// A file cut into parts of one size, the last one shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    size: u64,
    part_size: u64,
}

impl Plan {
    /// # Errors
    /// `InvalidInput` when the parts would be too many to keep track of.
    pub(super) fn new(size: u64, part_size: u64) -> Result<Self> {
        let plan = Self { size, part_size };
        if plan.count() > MOST_PARTS {
            let least = size.div_ceil(MOST_PARTS);
            return Err(Error::invalid(format!(
                "a part size of {part_size} bytes cuts {size} bytes into too many parts; \
                 use at least {least} bytes"
            )));
        }
        Ok(plan)
    }

    /// One part without an end, for a body whose length nobody knows.
    pub(super) fn endless() -> Self {
        Self { size: u64::MAX, part_size: u64::MAX }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn part_size(&self) -> u64 {
        self.part_size
    }

    pub(super) fn count(&self) -> u64 {
        self.size.div_ceil(self.part_size)
    }

    pub(super) fn range(&self, part: u64) -> Range<u64> {
        let start = part * self.part_size;
        start..self.size.min(start.saturating_add(self.part_size))
    }

    pub(super) fn part_at(&self, offset: u64) -> u64 {
        offset / self.part_size
    }
}

/// A set of parts, one bit for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PartSet {
    words: Vec<u64>,
}

impl PartSet {
    pub(super) fn insert(&mut self, part: u64) {
        let word = (part / 64) as usize;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (part % 64);
    }

    pub(super) fn contains(&self, part: u64) -> bool {
        let word = self.words.get((part / 64) as usize);
        word.is_some_and(|word| word & (1 << (part % 64)) != 0)
    }

    /// The first part from `from` on that is not in the set.
    pub(super) fn next_missing(&self, from: u64, plan: &Plan) -> Option<u64> {
        (from..plan.count()).find(|part| !self.contains(*part))
    }

    /// How many parts of the plan are not in the set.
    pub(super) fn missing(&self, plan: &Plan) -> u64 {
        let present: u32 = self.words.iter().map(|word| word.count_ones()).sum();
        plan.count() - u64::from(present)
    }

    /// How many bytes the parts in the set have.
    pub(super) fn bytes(&self, plan: &Plan) -> u64 {
        let present = (0..plan.count()).filter(|part| self.contains(*part));
        present.map(|part| plan.range(part)).map(|range| range.end - range.start).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ranges_tile_the_file_exactly(size in 0_u64..100_000, part_size in 1_u64..5_000) {
            let plan = Plan::new(size, part_size).unwrap();
            let mut reached = 0;
            for part in 0..plan.count() {
                let range = plan.range(part);
                prop_assert_eq!(range.start, reached);
                prop_assert!(range.end > range.start && range.end - range.start <= part_size);
                prop_assert_eq!(plan.part_at(range.start), part);
                prop_assert_eq!(plan.part_at(range.end - 1), part);
                reached = range.end;
            }
            prop_assert_eq!(reached, size);
        }

        #[test]
        fn a_set_is_what_was_put_in(parts in proptest::collection::btree_set(0_u64..500, 0..200)) {
            let plan = Plan::new(500 * 10 - 3, 10).unwrap();
            let mut set = PartSet::default();
            parts.iter().for_each(|part| set.insert(*part));
            let missing: Vec<u64> = (0..500).filter(|part| !parts.contains(part)).collect();
            let mut found = Vec::new();
            let mut from = 0;
            while let Some(part) = set.next_missing(from, &plan) {
                found.push(part);
                from = part + 1;
            }
            prop_assert_eq!(&found, &missing);
            prop_assert_eq!(set.missing(&plan), missing.len() as u64);
            let short = if parts.contains(&499) { 3 } else { 0 };
            prop_assert_eq!(set.bytes(&plan), parts.len() as u64 * 10 - short);
        }
    }

    #[test]
    fn the_largest_files_do_not_overflow_and_too_many_parts_are_refused() {
        let plan = Plan::new(u64::MAX, u64::MAX).unwrap();
        assert_eq!((plan.count(), plan.range(0)), (1, 0..u64::MAX));
        assert!(Plan::new(1 << 60, 1 << 20).is_err());
    }
}
