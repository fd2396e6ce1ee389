//! Arrays of numbers as the platform keeps them: blobs with a header, little endian on every
//! system.

/// What an array blob begins with.
const MAGIC: u32 = 11_223_344;
const VERSION: u32 = 1;
const HEADER: usize = 16;
/// The kinds of values, each of 8 bytes.
const INTEGER: u32 = 259;
const DOUBLE: u32 = 261;

/// The values of an array blob.
#[derive(Debug, PartialEq)]
pub(super) enum Array {
    Integers(Vec<i64>),
    Doubles(Vec<f64>),
}

pub(super) fn encode_integers(values: &[i64]) -> Vec<u8> {
    encode(INTEGER, values.len(), values.iter().map(|value| value.to_le_bytes()))
}

pub(super) fn encode_doubles(values: &[f64]) -> Vec<u8> {
    encode(DOUBLE, values.len(), values.iter().map(|value| value.to_le_bytes()))
}

fn encode(kind: u32, count: usize, values: impl Iterator<Item = [u8; 8]>) -> Vec<u8> {
    let length = count * 8;
    let mut blob = Vec::with_capacity(HEADER + length);
    // A blob is at most 1 MB, so a length that does not fit is never accepted anyway.
    for part in [MAGIC, VERSION, u32::try_from(length).unwrap_or(u32::MAX), kind] {
        blob.extend_from_slice(&part.to_le_bytes());
    }
    blob.extend(values.flatten());
    blob
}

/// The array in a blob, or `None` when its header is not exactly right for what follows.
pub(super) fn decode(blob: &[u8]) -> Option<Array> {
    let (header, values) = blob.split_at_checked(HEADER)?;
    let word = |at: usize| header[at..at + 4].try_into().map(u32::from_le_bytes).ok();
    if word(0)? != MAGIC || word(4)? != VERSION {
        return None;
    }
    let (length, kind) = (word(8)?, word(12)?);
    let (values, rest) = values.as_chunks::<8>();
    if !rest.is_empty() || usize::try_from(length) != Ok(values.len() * 8) {
        return None;
    }
    let values = values.iter().copied();
    match kind {
        INTEGER => Some(Array::Integers(values.map(i64::from_le_bytes).collect())),
        DOUBLE => Some(Array::Doubles(values.map(f64::from_le_bytes).collect())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_header_is_as_documented() {
        let blob = encode_integers(&[-2]);
        assert_eq!(blob[..8], [0x30, 0x41, 0xAB, 0, 1, 0, 0, 0]);
        assert_eq!(blob[8..16], [8, 0, 0, 0, 3, 1, 0, 0]);
        assert_eq!(blob[16..], [0xFE, 255, 255, 255, 255, 255, 255, 255]);
        assert_eq!(encode_doubles(&[0.5])[12..], [5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0xE0, 0x3F]);
    }

    #[test]
    fn any_other_header_is_no_array() {
        let blob = encode_integers(&[1, 2]);
        for place in 0..HEADER {
            let mut damaged = blob.clone();
            damaged[place] ^= 0x40;
            assert_eq!(decode(&damaged), None, "byte {place}");
        }
        for length in 0..blob.len() {
            assert_eq!(decode(&blob[..length]), None, "cut to {length} bytes");
        }
        assert_eq!(decode(&[blob, vec![0]].concat()), None);
    }

    proptest! {
        #[test]
        fn integers_come_back(values: Vec<i64>) {
            prop_assert_eq!(decode(&encode_integers(&values)), Some(Array::Integers(values)));
        }

        #[test]
        fn doubles_come_back_to_the_bit(bits: Vec<u64>) {
            let values: Vec<_> = bits.iter().copied().map(f64::from_bits).collect();
            let Some(Array::Doubles(back)) = decode(&encode_doubles(&values)) else {
                return Err(TestCaseError::fail("no doubles"));
            };
            prop_assert_eq!(back.into_iter().map(f64::to_bits).collect::<Vec<_>>(), bits);
        }

        #[test]
        fn a_blob_that_is_an_array_is_exactly_its_encoding(
            length in 0_u32..40, kind in 255_u32..265, rest: [u8; 24], take in 0_usize..25,
        ) {
            let header = [MAGIC, VERSION, length, kind].map(u32::to_le_bytes).concat();
            let blob = [header, rest[..take].to_vec()].concat();
            match decode(&blob) {
                Some(Array::Integers(values)) => prop_assert_eq!(encode_integers(&values), blob),
                Some(Array::Doubles(values)) => prop_assert_eq!(encode_doubles(&values), blob),
                None => {}
            }
        }
    }
}
