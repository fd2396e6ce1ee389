//! Ids of chunks that tell which run they belong to, and which chunk of it they are.

use super::super::chunk::uuid;

/// A run's own ids: UUIDs of version 8, in which 48 bits are the run's and 48 the chunk's number.
/// So nothing has to be remembered to know a chunk again, not even after a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ids {
    run: u64,
}

const NUMBERS: u64 = (1 << 48) - 1;

impl Ids {
    pub(super) fn random() -> Self {
        Self::of(fastrand::u64(..))
    }

    pub(super) fn of(run: u64) -> Self {
        Self { run: run & NUMBERS }
    }

    pub(super) fn run(self) -> u64 {
        self.run
    }

    pub(super) fn id(self, number: u64) -> String {
        uuid(u128::from(self.run) << 80 | u128::from(number & NUMBERS), 8)
    }

    /// The number of the chunk with this id, if it is one of this run.
    pub(super) fn number(self, id: &str) -> Option<u64> {
        let low = id.rsplit('-').next()?;
        let number = u64::from_str_radix(low, 16).ok()?;
        id.eq_ignore_ascii_case(&self.id(number)).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_known_by_its_id_in_its_run_alone() {
        let (ids, others) = (Ids::of(0x1234_5678_9abc), Ids::of(1));
        assert_eq!(ids.id(0xff), "12345678-9abc-8000-8000-0000000000ff");
        for number in [0, 1, 99_999, NUMBERS] {
            assert_eq!(ids.number(&ids.id(number)), Some(number));
            assert_eq!(ids.number(&ids.id(number).to_uppercase()), Some(number));
            assert_eq!(others.number(&ids.id(number)), None);
        }
        assert_eq!(ids.number("uuid"), None);
    }
}
