//! Values that platforms spell in more than one way, read leniently and written back as they came.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDateTime};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

#[cfg(feature = "v3io")]
mod attribute;
#[cfg(feature = "v3io")]
mod base64;

#[cfg(feature = "v3io")]
pub(crate) use attribute::UNIX_TIME;
#[cfg(feature = "v3io")]
pub use attribute::{Attribute, Number, UnixTime};
#[cfg(feature = "v3io")]
pub use base64::Base64;

/// A moment as a platform wrote it.
///
/// The text is kept, so that a round trip changes nothing and an odd spelling never fails a call;
/// [`Timestamp::datetime`] reads it as RFC 3339, with a space for the `T` and with UTC for a
/// missing offset.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Timestamp(String);

impl Timestamp {
    /// The moment, or `None` when the text is no date that is known.
    pub fn datetime(&self) -> Option<DateTime<FixedOffset>> {
        DateTime::parse_from_rfc3339(&self.0).ok().or_else(|| self.without_offset())
    }

    fn without_offset(&self) -> Option<DateTime<FixedOffset>> {
        let text = self.0.replacen(' ', "T", 1);
        NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f")
            .ok()
            .map(|naive| naive.and_utc().fixed_offset())
    }

    /// The text as the server wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A decimal number that arrives as a JSON number or as text; kept as text, so nothing is rounded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal(String);

impl Decimal {
    /// The nearest `f64`, or `None` when the text is no number.
    pub fn to_f64(&self) -> Option<f64> {
        self.0.trim().parse().ok()
    }

    /// The digits as the server wrote them.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Decimal {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(Self(match NumberOrText::deserialize(d)? {
            NumberOrText::Number(number) => number.to_string(),
            NumberOrText::Text(text) => text,
        }))
    }
}

/// A size in bytes that arrives as a JSON number or as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct ByteCount(pub u64);

impl fmt::Display for ByteCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for ByteCount {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let parsed = match NumberOrText::deserialize(d)? {
            NumberOrText::Number(number) => number.as_u64(),
            NumberOrText::Text(text) => text.trim().parse().ok(),
        };
        parsed
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("a size in bytes is not a whole number"))
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum NumberOrText {
    Number(serde_json::Number),
    Text(String),
}

/// A secret that a platform sent or wants: wiped on drop, never printed. Where a platform sends JSON
/// that is no string, the secret is the text of that, and goes back as it came.
///
/// It is written out when it is serialized, because a secret in a request body must reach the
/// platform; do not serialize models that hold secrets into logs.
#[derive(Clone)]
pub struct Secret {
    text: SecretString,
    /// The text is JSON that is no string.
    is_json: bool,
}

impl Secret {
    /// The secret itself. Take care where it goes.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        SecretString::from(text).into()
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        SecretString::from(text).into()
    }
}

impl From<Secret> for SecretString {
    fn from(secret: Secret) -> Self {
        secret.text
    }
}

impl From<SecretString> for Secret {
    fn from(text: SecretString) -> Self {
        Self { text, is_json: false }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_str::<Value>(self.expose()) {
            Ok(json) if self.is_json => json.serialize(s),
            _ => s.serialize_str(self.expose()),
        }
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(d)? {
            Value::String(text) => Self::from(text),
            Value::Null => return Err(serde::de::Error::custom("a secret is null")),
            json => Self { text: json.to_string().into(), is_json: true },
        })
    }
}

#[cfg(feature = "schemars")]
mod schemas {
    #[cfg(feature = "v3io")]
    use super::{Attribute, Base64};
    use super::{ByteCount, Decimal, Secret};

    macro_rules! schema {
        ($name:ident, $($json:tt)+) => {
            impl schemars::JsonSchema for $name {
                fn schema_name() -> std::borrow::Cow<'static, str> {
                    stringify!($name).into()
                }
                fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                    schemars::json_schema!($($json)+)
                }
            }
        };
    }

    schema!(Decimal, { "type": ["number", "string"], "format": "decimal" });
    schema!(ByteCount, { "type": ["integer", "string"], "format": "bytes" });
    schema!(Secret, { "type": "string", "format": "password" });
    #[cfg(feature = "v3io")]
    schema!(Attribute, {
        "type": "object",
        "properties": {
            "S": { "type": "string" },
            "N": { "type": "string", "format": "decimal" },
            "BOOL": { "type": "boolean" },
            "B": { "type": "string", "format": "byte" },
            "TS": { "type": "string", "examples": ["1706933106:500000000"] },
        },
    });
    #[cfg(feature = "v3io")]
    schema!(Base64, { "type": "string", "format": "byte" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_read_in_every_known_spelling() {
        let year = |text: &str| Timestamp::from(text).datetime().map(|d| d.to_rfc3339());
        let noon = Some("2026-01-02T12:00:00.500+00:00".to_owned());
        assert_eq!(year("2026-01-02T12:00:00.500Z"), noon);
        assert_eq!(year("2026-01-02T12:00:00.500+00:00"), noon);
        assert_eq!(year("2026-01-02T12:00:00.500"), noon);
        assert_eq!(year("2026-01-02 12:00:00.5"), noon);
        assert_eq!(year("yesterday"), None);
    }

    #[test]
    fn numbers_and_their_texts_are_the_same() {
        let price = |json: &str| serde_json::from_str::<Decimal>(json).unwrap().to_f64();
        assert_eq!(price("0.061"), price("\"0.061\""));
        let size = |json: &str| serde_json::from_str::<ByteCount>(json).unwrap();
        assert_eq!(size("42"), size("\"42\""));
        assert!(serde_json::from_str::<ByteCount>("\"4.5\"").is_err());
    }

    #[test]
    fn secrets_do_not_print() {
        let secret = Secret::from("hunter2");
        assert_eq!(format!("{secret:?}"), "***");
        assert_eq!(serde_json::to_string(&secret).unwrap(), "\"hunter2\"");
    }

    #[test]
    fn secrets_of_any_form_are_read_and_written_back() {
        for (json, text) in [("\"12\"", "12"), ("12", "12"), ("{\"a\":[true]}", "{\"a\":[true]}")] {
            let secret: Secret = serde_json::from_str(json).unwrap();
            assert_eq!(secret.expose(), text);
            assert_eq!(serde_json::to_string(&secret).unwrap(), json);
        }
        assert!(serde_json::from_str::<Secret>("null").is_err());
    }
}
