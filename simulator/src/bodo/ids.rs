//! Ids: random-looking UUIDs that no two runs share.

use crate::content::scramble;

/// Makes ids, one after the other.
#[derive(Debug)]
pub(super) struct Ids(u64);

impl Ids {
    pub(super) fn new(seed: u64) -> Self {
        Self(scramble(seed))
    }

    /// The next id, in the form of a version 4 UUID.
    pub(super) fn next(&mut self) -> String {
        self.0 = self.0.wrapping_add(1);
        let (high, low) = (scramble(self.0), scramble(!self.0));
        let variant = low >> 48 & 0x3fff | 0x8000;
        format!(
            "{:08x}-{:04x}-4{:03x}-{variant:04x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xfff,
            low & 0xffff_ffff_ffff
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the text has the form of a UUID.
    fn is_uuid(text: &str) -> bool {
        let lengths = [8, 4, 4, 4, 12];
        let groups: Vec<&str> = text.split('-').collect();
        let is_hex = |group: &&str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
        groups.iter().map(|group| group.len()).eq(lengths) && groups.iter().all(is_hex)
    }

    #[test]
    fn ids_are_uuids_and_differ() {
        let mut ids = Ids::new(7);
        let (first, second) = (ids.next(), ids.next());
        assert!(is_uuid(&first) && is_uuid(&second) && first != second, "{first} {second}");
        assert!(!is_uuid("no") && !is_uuid(&first.replace('-', "")));
    }
}
