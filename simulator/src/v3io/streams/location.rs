//! The opaque text that marks a place in a shard.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const VERSION: u32 = 1;

/// Sixteen bytes: a version, the index of a record, and zeros.
pub(super) fn encode(index: u64) -> String {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&VERSION.to_le_bytes());
    bytes[4..12].copy_from_slice(&index.to_le_bytes());
    STANDARD.encode(bytes)
}

/// None for what is no location.
pub(super) fn decode(text: &str) -> Option<u64> {
    let bytes: [u8; 16] = STANDARD.decode(text).ok()?.try_into().ok()?;
    let index = u64::from_le_bytes(bytes[4..12].try_into().ok()?);
    (encode(index) == text).then_some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_can_be_read_back() {
        for index in [0, 2, u64::from(u32::MAX), u64::MAX] {
            assert_eq!(decode(&encode(index)), Some(index));
        }
        assert_eq!(encode(2), "AQAAAAIAAAAAAAAAAAAAAA==");
        assert_eq!(decode("AQAAAA=="), None);
    }
}
