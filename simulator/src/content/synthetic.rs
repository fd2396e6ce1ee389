//! Contents of any size that cost no memory: every byte is a pure function of its offset.
//!
//! The bytes look like base64 text: lines of 64 characters and a line feed. The first eleven
//! characters of a line are its number, scrambled reversibly, so no two lines and no two blocks
//! of 64 KiB are alike; the rest is copied from a table, which keeps pace with memory.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use bytes::Bytes;
use sha2::{Digest, Sha512};
use tokio::sync::OnceCell;

use super::hex;

const LINE: usize = 65;
const STAMP: usize = 11;
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const TABLE: usize = 4096;
/// Bytes hashed at a time.
const BLOCK: usize = 1 << 18;

type Digests = Mutex<HashMap<Synthetic, Arc<OnceCell<Arc<str>>>>>;

static FILLER: LazyLock<[u8; TABLE + LINE]> =
    LazyLock::new(|| std::array::from_fn(|i| ALPHABET[(scramble(i as u64) >> 58) as usize]));
static DIGESTS: LazyLock<Digests> = LazyLock::new(Digests::default);

/// A synthetic content: the seed decides the bytes, the size where they end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Synthetic {
    seed: u64,
    size: u64,
}

impl Synthetic {
    /// The same name and size always give the same bytes.
    pub(crate) fn new(name: &str, size: u64) -> Self {
        let seed = name.bytes().fold(size, |seed, byte| scramble(seed ^ u64::from(byte)));
        Self { seed, size }
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    pub(crate) fn bytes(&self, offset: u64, count: usize) -> Bytes {
        let first = offset / LINE as u64;
        let skip = (offset % LINE as u64) as usize;
        let mut buffer = vec![b'\n'; (skip + count).div_ceil(LINE) * LINE];
        for (number, line) in (first..).zip(buffer.chunks_exact_mut(LINE)) {
            self.line(number, line);
        }
        Bytes::from(buffer).slice(skip..skip + count)
    }

    fn line(&self, number: u64, line: &mut [u8]) {
        let stamp = scramble(number ^ self.seed);
        for (i, character) in line[..STAMP].iter_mut().enumerate() {
            *character = ALPHABET[(stamp >> (6 * i) & 63) as usize];
        }
        let from = stamp as usize % TABLE;
        line[STAMP..LINE - 1].copy_from_slice(&FILLER[from..from + LINE - 1 - STAMP]);
    }

    /// Computed once per process for each content, off the server's thread.
    pub(crate) async fn sha512(self) -> Arc<str> {
        let cell =
            DIGESTS.lock().unwrap_or_else(PoisonError::into_inner).entry(self).or_default().clone();
        cell.get_or_init(|| async move {
            tokio::task::spawn_blocking(move || self.digest()).await.unwrap_or_default()
        })
        .await
        .clone()
    }

    fn digest(self) -> Arc<str> {
        let mut digest = Sha512::new();
        for offset in (0..self.size).step_by(BLOCK) {
            let count = (self.size - offset).min(BLOCK as u64) as usize;
            digest.update(self.bytes(offset, count));
        }
        hex(&digest.finalize())
    }
}

/// A bijection of 64-bit numbers that mixes well (splitmix64's finaliser).
pub(crate) fn scramble(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_range_is_a_slice_of_the_whole() {
        let content = Synthetic::new("a", 10_000);
        let whole = content.bytes(0, 10_000);
        for (offset, count) in [(0, 1), (63, 3), (64, 1), (130, 65), (9_999, 1), (1, 9_999)] {
            assert_eq!(
                content.bytes(offset, count),
                whole[offset as usize..offset as usize + count]
            );
        }
    }

    #[test]
    fn blocks_differ_from_each_other_and_from_other_files() {
        let (a, b) = (Synthetic::new("a", 1 << 26), Synthetic::new("b", 1 << 26));
        let blocks = (0..1024).flat_map(|i| [a.bytes(i << 16, 1 << 16), b.bytes(i << 16, 1 << 16)]);
        let distinct: std::collections::HashSet<Bytes> = blocks.collect();
        assert_eq!(distinct.len(), 2048);
    }
}
