//! Time zones: those with a fixed offset by their name, all others taken for UTC.

/// A zone, by its offset from UTC in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Zone(pub(super) i64);

impl Zone {
    /// `Etc/GMT-2` is two hours east of Greenwich. A zone of a region is known to exist; its offset
    /// is not.
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "UTC" | "GMT" | "Etc/UTC" | "Etc/GMT" | "Z" => return Some(Self(0)),
            _ => {}
        }
        if let Some(hours) = name.strip_prefix("Etc/GMT") {
            let hours: i64 = hours.parse().ok()?;
            return (-14..=12).contains(&hours).then_some(Self(-60 * hours));
        }
        let (region, city) = name.split_once('/')?;
        (is_word(region) && city.split('/').all(is_word)).then_some(Self(0))
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+'))
}

#[cfg(test)]
mod tests {
    use super::Zone;

    #[test]
    fn offsets_are_read_the_wrong_way_round_as_posix_wants() {
        let offset = |name| Zone::parse(name).map(|zone| zone.0);
        assert_eq!(offset("Etc/GMT"), Some(0));
        assert_eq!(offset("Etc/GMT-2"), Some(120));
        assert_eq!(offset("Etc/GMT+5"), Some(-300));
        assert_eq!(offset("Europe/Berlin"), Some(0));
        assert_eq!([offset("nonsense"), offset("Etc/GMT+40"), offset("/")], [None; 3]);
    }
}
