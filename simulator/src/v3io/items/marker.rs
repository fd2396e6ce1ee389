//! The opaque text by which a scan goes on.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Where a scan stopped. It is good for the same scan only.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Marker {
    /// What identifies the scan.
    pub(super) scan: u32,
    /// Whether the empty page that comes before each real one was told.
    pub(super) primed: bool,
    /// The last file that was looked at.
    pub(super) after: Option<String>,
}

impl Marker {
    pub(super) fn encode(&self) -> String {
        let primed = if self.primed { 'p' } else { '-' };
        let after = self.after.as_ref().map(|after| format!("/{after}")).unwrap_or_default();
        STANDARD.encode(format!("{:08x}{primed}{after}", self.scan))
    }

    /// None for what is no marker.
    pub(super) fn decode(text: &str) -> Option<Self> {
        let text = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
        let (scan, rest) = text.split_at_checked(8)?;
        let (primed, after) = rest.split_at_checked(1)?;
        let after = match after {
            "" => None,
            after => Some(after.strip_prefix('/')?.to_owned()),
        };
        Some(Self { scan: u32::from_str_radix(scan, 16).ok()?, primed: primed == "p", after })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_can_be_read_back() {
        for after in [None, Some("".to_owned()), Some("a/b".to_owned())] {
            let marker = Marker { scan: 0xdead_beef, primed: after.is_none(), after };
            assert_eq!(Marker::decode(&marker.encode()), Some(marker));
        }
        assert_eq!(Marker::decode("AAAA"), None);
        assert_eq!(Marker::decode("no marker"), None);
    }
}
