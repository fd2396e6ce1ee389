//! Arrays of numbers, which are blobs with a header.

use super::value::Number;

const MAGIC: u32 = 11_223_344;
const VERSION: u32 = 1;
const INTEGERS: u32 = 259;
const DOUBLES: u32 = 261;
const HEADER: usize = 16;

/// Numbers of one kind.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub(in crate::v3io) enum Array {
    Ints(Vec<i64>),
    Doubles(Vec<f64>),
}

impl Array {
    /// None for a blob that is no array.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (header, values) = bytes.split_at_checked(HEADER)?;
        let field =
            |n: usize| u32::from_le_bytes(header[n * 4..n * 4 + 4].try_into().unwrap_or_default());
        if (field(0), field(1), field(2) as usize) != (MAGIC, VERSION, values.len()) {
            return None;
        }
        let words = values.chunks_exact(8).map(|word| word.try_into().unwrap_or_default());
        match (field(3), values.len() % 8) {
            (INTEGERS, 0) => Some(Self::Ints(words.map(i64::from_le_bytes).collect())),
            (DOUBLES, 0) => Some(Self::Doubles(words.map(f64::from_le_bytes).collect())),
            _ => None,
        }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let (kind, words): (u32, Vec<[u8; 8]>) = match self {
            Self::Ints(values) => (INTEGERS, values.iter().map(|v| v.to_le_bytes()).collect()),
            Self::Doubles(values) => (DOUBLES, values.iter().map(|v| v.to_le_bytes()).collect()),
        };
        let header = [MAGIC, VERSION, (words.len() * 8) as u32, kind];
        let header = header.into_iter().flat_map(u32::to_le_bytes);
        header.chain(words.into_iter().flatten()).collect()
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Ints(values) => values.len(),
            Self::Doubles(values) => values.len(),
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<Number> {
        match self {
            Self::Ints(values) => values.get(index).map(|&value| Number::Int(value.into())),
            Self::Doubles(values) => Number::double(*values.get(index)?),
        }
    }

    /// None when the index is outside or the number does not fit.
    pub(super) fn set(&mut self, index: usize, number: Number) -> Option<()> {
        match self {
            Self::Ints(values) => *values.get_mut(index)? = number.as_i64()?,
            Self::Doubles(values) => *values.get_mut(index)? = number.as_f64(),
        }
        Some(())
    }

    /// The end is included.
    pub(super) fn slice(&self, first: usize, last: usize) -> Option<Self> {
        let end = last.checked_add(1)?;
        match self {
            Self::Ints(values) => values.get(first..end).map(|part| Self::Ints(part.to_vec())),
            Self::Doubles(values) => {
                values.get(first..end).map(|part| Self::Doubles(part.to_vec()))
            }
        }
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = Number> {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_headers_make_an_array() {
        let array = Array::Ints(vec![1, -2]);
        let bytes = array.encode();
        assert_eq!(Array::decode(&bytes), Some(array));
        assert_eq!(Array::decode(&bytes[..bytes.len() - 1]), None);
        assert_eq!(Array::decode(b"short"), None);
        assert_eq!(
            Array::decode(&Array::Doubles(Vec::new()).encode()),
            Some(Array::Doubles(Vec::new()))
        );
    }
}
