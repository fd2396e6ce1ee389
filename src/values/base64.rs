//! Bytes that travel as base64 text.

use std::fmt;

use ::base64::alphabet::STANDARD;
use ::base64::display::Base64Display;
use ::base64::engine::Engine;
use ::base64::engine::general_purpose::{GeneralPurpose, PAD_INDIFFERENT};
use bytes::Bytes;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, ErrorKind, Result};

/// Written with padding, read with or without.
const ENGINE: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, PAD_INDIFFERENT.with_decode_allow_trailing_bits(true));

/// The bytes behind a base64 text, or `None` when it is none.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    ENGINE.decode(text).ok()
}

/// Borrowed bytes that are written as base64 text.
pub(super) struct Text<'a>(pub(super) &'a [u8]);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&Base64Display::new(self.0, &ENGINE))
    }
}

/// Bytes that a platform sends and takes as base64 text, padded or not.
///
/// A text that is no base64 does not fail the call that brought it: it is kept, so that one
/// damaged value does not hide its neighbours, and [`Base64::bytes`] has nothing for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Base64(Content);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Content {
    Bytes(Bytes),
    Malformed(String),
}

impl Base64 {
    /// The bytes, or `None` when the server sent no base64.
    pub fn bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Content::Bytes(bytes) => Some(bytes),
            Content::Malformed(_) => None,
        }
    }

    /// The text that the server sent and that is no base64.
    pub fn malformed(&self) -> Option<&str> {
        match &self.0 {
            Content::Bytes(_) => None,
            Content::Malformed(text) => Some(text),
        }
    }

    /// The bytes, or an [`ErrorKind::Decode`] error when the server sent no base64.
    pub fn into_bytes(self) -> Result<Bytes> {
        match self.0 {
            Content::Bytes(bytes) => Ok(bytes),
            Content::Malformed(text) => Err(Error::new(
                ErrorKind::Decode,
                format!("the server sent {} bytes of text that are not base64", text.len()),
            )),
        }
    }
}

impl From<Bytes> for Base64 {
    fn from(bytes: Bytes) -> Self {
        Self(Content::Bytes(bytes))
    }
}

impl From<Vec<u8>> for Base64 {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from(Bytes::from(bytes))
    }
}

impl From<&[u8]> for Base64 {
    fn from(bytes: &[u8]) -> Self {
        Self::from(bytes.to_vec())
    }
}

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Content::Bytes(bytes) => Text(bytes).serialize(s),
            Content::Malformed(text) => s.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_str(Base64Visitor)
    }
}

struct Base64Visitor;

impl Visitor<'_> for Base64Visitor {
    type Value = Base64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("base64 text")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Base64, E> {
        let malformed = || Base64(Content::Malformed(text.to_owned()));
        Ok(decode(text).map_or_else(malformed, Base64::from))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Base64 {
        serde_json::from_value(text.into()).unwrap()
    }

    #[test]
    fn padding_may_be_missing() {
        assert_eq!(read("YmE=").bytes().unwrap().as_ref(), b"ba");
        assert_eq!(read("YmE"), read("YmE="));
        assert_eq!(read("").bytes().unwrap().len(), 0);
    }

    #[test]
    fn other_text_is_kept_and_written_back() {
        let odd = read("no base64!");
        assert_eq!((odd.bytes(), odd.malformed()), (None, Some("no base64!")));
        assert_eq!(serde_json::to_string(&odd).unwrap(), "\"no base64!\"");
        let error = odd.into_bytes().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains("10 bytes of text"), "{error}");
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes: Vec<u8>) {
            let text = serde_json::to_string(&Base64::from(bytes.clone())).unwrap();
            let back: Base64 = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(back.into_bytes().unwrap().to_vec(), bytes);
        }
    }
}
