//! Makes a field a timestamp attribute: `#[serde(with = "longhaul::v3io::timestamp")]`.
//!
//! For fields that are `chrono::DateTime<Utc>` or `std::time::SystemTime`, exact to the
//! nanosecond; a field that is a [`UnixTime`] is a timestamp without it. Without it, a `DateTime`
//! goes as the text that chrono writes.
//!
//! ```
//! # fn main() -> longhaul::Result<()> {
//! use longhaul::v3io::{timestamp, to_attributes};
//! use std::time::{Duration, SystemTime};
//!
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Reading {
//!     #[serde(with = "timestamp")]
//!     taken: SystemTime,
//!     #[serde(with = "timestamp::option", default)]
//!     checked: Option<SystemTime>,
//! }
//! let taken = SystemTime::UNIX_EPOCH + Duration::from_millis(1500);
//! let attributes = to_attributes(&Reading { taken, checked: None })?;
//! assert_eq!(attributes.get_timestamp("taken").unwrap().to_string(), "1:500000000");
//! # Ok(())
//! # }
//! ```

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::values::UnixTime;

/// Writes a moment as a timestamp attribute.
pub fn serialize<T, S>(moment: &T, s: S) -> Result<S::Ok, S::Error>
where
    T: Clone + Into<UnixTime>,
    S: Serializer,
{
    moment.clone().into().serialize(s)
}

/// Reads a moment from a timestamp attribute.
pub fn deserialize<'de, T, D>(d: D) -> Result<T, D::Error>
where
    T: TryFrom<UnixTime, Error: fmt::Display>,
    D: Deserializer<'de>,
{
    T::try_from(UnixTime::deserialize(d)?).map_err(serde::de::Error::custom)
}

/// The same for optional fields, which need `default` as well:
/// `#[serde(with = "longhaul::v3io::timestamp::option", default)]`.
pub mod option {
    use super::*;

    /// Writes a moment as a timestamp attribute; `None` is left out.
    pub fn serialize<T, S>(moment: &Option<T>, s: S) -> Result<S::Ok, S::Error>
    where
        T: Clone + Into<UnixTime>,
        S: Serializer,
    {
        moment.clone().map(Into::into).serialize(s)
    }

    /// Reads a moment from a timestamp attribute.
    pub fn deserialize<'de, T, D>(d: D) -> Result<Option<T>, D::Error>
    where
        T: TryFrom<UnixTime, Error: fmt::Display>,
        D: Deserializer<'de>,
    {
        let moment = Option::<UnixTime>::deserialize(d)?;
        moment.map(T::try_from).transpose().map_err(serde::de::Error::custom)
    }
}
