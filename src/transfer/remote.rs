//! What is known of a remote file before its first byte.

use std::fmt;

use crate::error::{Error, Result};

/// What is known of a remote file before its first byte.
///
/// ```
/// use longhaul::transfer::{Algorithm, Checksum, Remote};
/// let empty = "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce\
///              47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e";
/// let remote = Remote::new("results/pressure.csv")
///     .size(0)
///     .checksum(Checksum::new(Algorithm::Sha512, empty)?);
/// # Ok::<(), longhaul::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    pub(super) name: String,
    pub(super) size: Option<u64>,
    pub(super) checksum: Option<Checksum>,
}

impl Remote {
    /// A file with the name that the server gives it. Only a safe part of the name is used.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), size: None, checksum: None }
    }

    /// The size in bytes. Without it, the size is learned from the first answer.
    #[must_use]
    pub fn size(mut self, bytes: impl Into<Option<u64>>) -> Self {
        self.size = bytes.into();
        self
    }

    /// The checksum that the server declares. Without it, a download cannot be verified.
    #[must_use]
    pub fn checksum(mut self, checksum: impl Into<Option<Checksum>>) -> Self {
        self.checksum = checksum.into();
        self
    }
}

/// A way to compute a checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// SHA-256 of FIPS 180-4.
    Sha256,
    /// SHA-512 of FIPS 180-4.
    Sha512,
}

impl Algorithm {
    /// Reads a name in any spelling: `sha512`, `SHA-512`, `SHA_512`. `None` for another algorithm.
    pub fn from_name(name: &str) -> Option<Self> {
        let plain: String = name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect();
        match plain.as_str() {
            "sha256" => Some(Self::Sha256),
            "sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    fn hex_digits(self) -> usize {
        match self {
            Self::Sha256 => 64,
            Self::Sha512 => 128,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Sha256 => "SHA-256",
            Self::Sha512 => "SHA-512",
        })
    }
}

/// A checksum of a whole file. Equal checksums are equal whatever the case of their digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Checksum {
    algorithm: Algorithm,
    hex: String,
}

impl Checksum {
    /// A checksum in hexadecimal digits of either case.
    ///
    /// # Errors
    /// `InvalidInput` when the digits are no checksum of this algorithm.
    pub fn new(algorithm: Algorithm, hex: &str) -> Result<Self> {
        let hex = hex.trim().to_ascii_lowercase();
        let well_formed = hex.bytes().all(|digit| digit.is_ascii_hexdigit());
        if !well_formed || hex.len() != algorithm.hex_digits() {
            let digits = algorithm.hex_digits();
            let message = format!("a {algorithm} checksum has {digits} hexadecimal digits");
            return Err(Error::invalid(message));
        }
        Ok(Self { algorithm, hex })
    }

    /// The strongest usable checksum of those that a server lists as pairs of name and digits, or
    /// `None`. The order of the list does not matter.
    pub fn choose<'a>(listed: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<Self> {
        let usable = listed.into_iter().filter_map(|(name, hex)| {
            let checksum = Self::new(Algorithm::from_name(name)?, hex).ok();
            if checksum.is_none() {
                tracing::warn!(name, "the server declares a malformed checksum");
            }
            checksum
        });
        usable.max_by_key(|checksum| checksum.algorithm)
    }

    /// How it is computed.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Its digits in lower case.
    pub fn hex(&self) -> &str {
        &self.hex
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.algorithm, self.hex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_known_checksum_is_chosen_whatever_the_order() {
        let weak = ("SHA-256", "AB".repeat(32));
        let strong = ("Sha512", "cd".repeat(64));
        let foreign = ("md5", "00".repeat(16));
        let malformed = ("sha512", "xy".to_owned());
        let all = [&foreign, &malformed, &strong, &weak];
        let chosen = Checksum::choose(all.map(|(name, hex)| (*name, hex.as_str()))).unwrap();
        assert_eq!(chosen, Checksum::new(Algorithm::Sha512, &strong.1).unwrap());
        let chosen = Checksum::choose([&foreign, &weak].map(|(name, hex)| (*name, hex.as_str())));
        assert_eq!(chosen.unwrap().hex(), "ab".repeat(32));
        assert_eq!(Checksum::choose([("md5", "00")]), None);
    }

    #[test]
    fn spellings_and_cases_are_one() {
        for name in ["sha512", "SHA512", "SHA-512", "Sha_512"] {
            assert_eq!(Algorithm::from_name(name), Some(Algorithm::Sha512), "{name}");
        }
        assert_eq!(Algorithm::from_name("sha3-512"), None);
        let lower = Checksum::new(Algorithm::Sha256, &"ab".repeat(32)).unwrap();
        let upper = Checksum::new(Algorithm::Sha256, &"AB".repeat(32)).unwrap();
        assert_eq!(lower, upper);
        assert!(Checksum::new(Algorithm::Sha512, lower.hex()).is_err());
    }
}
