//! Random ids in the form of a version 4 UUID, and times as the platform writes them.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock::Moment;
use crate::content::scramble;

/// A source of ids.
#[derive(Debug)]
pub(super) struct Ids(AtomicU64);

impl Ids {
    /// The seed keeps the ids of one run apart from those of the next.
    pub(super) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(scramble(seed)))
    }

    pub(super) fn next(&self) -> String {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let (a, b) = (scramble(number), scramble(!number));
        let (low, high) = (a & 0xfff | 0x4000, b >> 48 & 0x3fff | 0x8000);
        let tail = b & 0xffff_ffff_ffff;
        format!("{:08x}-{:04x}-{low:04x}-{high:04x}-{tail:012x}", a >> 32, a >> 16 & 0xffff)
    }
}

/// RFC 3339 with milliseconds and `Z`.
pub(super) fn stamp(moment: Moment) -> String {
    let mut text = moment.zulu();
    text.truncate("1970-01-01T00:00:00.000".len());
    text + "Z"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_version_4_and_differ() {
        let ids = Ids::new(7);
        let made: std::collections::HashSet<_> = (0..1000).map(|_| ids.next()).collect();
        assert_eq!(made.len(), 1000);
        assert!(made.iter().all(|id| id.len() == 36 && id.as_bytes()[14] == b'4'));
        assert_eq!(stamp(Moment::from_micros(1_234_567)), "1970-01-01T00:00:01.234Z");
    }
}
