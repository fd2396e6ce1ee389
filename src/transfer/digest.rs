//! Checksums computed piece by piece.

use sha2::Digest as _;
use sha2::{Sha256, Sha512};

use super::remote::{Algorithm, Checksum};

/// A checksum in the making.
#[derive(Clone)]
pub(super) enum Digest {
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Digest {
    pub(super) fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha256 => Self::Sha256(Sha256::new()),
            Algorithm::Sha512 => Self::Sha512(Sha512::new()),
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(state) => state.update(bytes),
            Self::Sha512(state) => state.update(bytes),
        }
    }

    pub(super) fn finish(self) -> Checksum {
        let (algorithm, hex) = match self {
            Self::Sha256(state) => (Algorithm::Sha256, hex(&state.finalize())),
            Self::Sha512(state) => (Algorithm::Sha512, hex(&state.finalize())),
        };
        Checksum::new(algorithm, &hex).expect("as many digits as the algorithm gives")
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_give_the_published_checksums() {
        let digest = |algorithm| {
            let mut digest = Digest::new(algorithm);
            digest.update(b"a");
            digest.update(b"");
            digest.update(b"bc");
            digest.finish().hex()[..16].to_owned()
        };
        assert_eq!(digest(Algorithm::Sha256), "ba7816bf8f01cfea");
        assert_eq!(digest(Algorithm::Sha512), "ddaf35a193617aba");
    }
}
