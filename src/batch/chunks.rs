//! Long inputs in pieces.

use crate::error::{Error, Result};

/// A piece of a longer input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk<'a, T> {
    /// The chunk's place among the chunks, from 0: the same for the same input and size.
    pub index: usize,
    /// Its part of the input.
    pub items: &'a [T],
}

/// Splits the input evenly into as few chunks of at most `size` items as possible; their lengths
/// differ by one at most. The input stays as it is.
///
/// # Errors
/// When `size` is 0.
pub fn chunks<T>(input: &[T], size: usize) -> Result<impl Iterator<Item = Chunk<'_, T>>> {
    if size == 0 {
        return Err(Error::invalid("a chunk must hold at least 1 item, not 0"));
    }
    let count = input.len().div_ceil(size);
    let start = move |index: usize| {
        let (short, longer) = (input.len() / count.max(1), input.len() % count.max(1));
        index * short + index.min(longer)
    };
    Ok((0..count).map(move |index| Chunk { index, items: &input[start(index)..start(index + 1)] }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_chunk_size_of_nothing_is_refused() {
        assert!(chunks(&[1], 0).err().unwrap().to_string().contains("at least 1"));
        assert_eq!(chunks::<u8>(&[], 5).unwrap().count(), 0);
    }

    proptest! {
        #[test]
        fn chunks_are_even_and_concatenate_to_the_input(
            input in prop::collection::vec(any::<u16>(), 0..300),
            size in 1usize..50,
        ) {
            let all: Vec<_> = chunks(&input, size).unwrap().collect();
            let lengths: Vec<_> = all.iter().map(|chunk| chunk.items.len()).collect();
            prop_assert_eq!(all.len(), input.len().div_ceil(size));
            prop_assert!(lengths.iter().all(|n| *n <= size));
            let spread = lengths.iter().max().unwrap_or(&0) - lengths.iter().min().unwrap_or(&0);
            prop_assert!(spread <= 1);
            let joined: Vec<_> = all.iter().flat_map(|chunk| chunk.items.iter().copied()).collect();
            prop_assert_eq!(joined, input.clone());
            prop_assert!(all.iter().enumerate().all(|(at, chunk)| chunk.index == at));
        }
    }
}
