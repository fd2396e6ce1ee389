//! One attribute as the platform writes it: an object with one member, named by the kind.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::array::{self, Array};
use super::{Attribute, Number, UnixTime};
use crate::values::base64;

impl Serialize for Attribute {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::String(text) => member(s, "S", text),
            Self::Number(number) => member(s, "N", &Text(number)),
            Self::Bool(flag) => member(s, "BOOL", flag),
            Self::Blob(bytes) => member(s, "B", &base64::Text(bytes)),
            Self::Timestamp(moment) => member(s, "TS", &Text(moment)),
            Self::Integers(values) => {
                member(s, "B", &base64::Text(&array::encode_integers(values)))
            }
            Self::Doubles(values) => member(s, "B", &base64::Text(&array::encode_doubles(values))),
            Self::Other { kind, value } if kind.is_empty() => value.serialize(s),
            Self::Other { kind, value } => member(s, kind, value),
        }
    }
}

fn member<S: Serializer>(s: S, kind: &str, value: &impl Serialize) -> Result<S::Ok, S::Error> {
    let mut map = s.serialize_map(Some(1))?;
    map.serialize_entry(kind, value)?;
    map.end()
}

/// Written as its `Display`.
struct Text<'a, T>(&'a T);

impl<T: fmt::Display> Serialize for Text<'_, T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Attribute {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(AttributeVisitor { member: None })
    }
}

/// The type members that are known.
#[derive(Clone, Copy)]
enum Known {
    S,
    N,
    Bool,
    B,
    Ts,
}

/// The name of a type member; unknown names are kept.
enum Kind {
    Known(Known),
    Unknown(String),
}

impl Kind {
    fn of(name: &str) -> Self {
        Self::Known(match name {
            "S" => Known::S,
            "N" => Known::N,
            "BOOL" => Known::Bool,
            "B" => Known::B,
            "TS" => Known::Ts,
            _ => return Self::Unknown(name.to_owned()),
        })
    }

    fn name(self) -> String {
        let known = match self {
            Self::Unknown(name) => return name,
            Self::Known(known) => known,
        };
        match known {
            Known::S => "S",
            Known::N => "N",
            Known::Bool => "BOOL",
            Known::B => "B",
            Known::Ts => "TS",
        }
        .to_owned()
    }

    /// What cannot be read as its kind is kept as it is.
    fn other(self, value: impl Into<Value>) -> Attribute {
        Attribute::Other { kind: self.name(), value: value.into() }
    }

    fn text(self, text: &str) -> Attribute {
        let read = match self {
            Self::Known(Known::S) => Some(text.into()),
            Self::Known(Known::N) => Number::parse(text).map(Attribute::Number),
            Self::Known(Known::B) => base64::decode(text).map(blob),
            Self::Known(Known::Ts) => UnixTime::parse(text).map(Attribute::Timestamp),
            _ => None,
        };
        read.unwrap_or_else(|| self.other(text))
    }

    /// Numbers are written as text; a bare one is understood.
    fn number(self, number: impl Into<Number> + Into<Value>) -> Attribute {
        match self {
            Self::Known(Known::N) => Attribute::Number(number.into()),
            _ => self.other(number),
        }
    }

    fn flag(self, flag: bool) -> Attribute {
        match self {
            Self::Known(Known::Bool) => Attribute::Bool(flag),
            _ => self.other(flag),
        }
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_str(KindVisitor)
    }
}

struct KindVisitor;

impl Visitor<'_> for KindVisitor {
    type Value = Kind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the kind of an attribute")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Kind, E> {
        Ok(Kind::of(name))
    }
}

/// Reads a whole attribute, or the value of one of its type members.
struct AttributeVisitor {
    member: Option<Kind>,
}

impl AttributeVisitor {
    /// Something in the place of an attribute that is no object has no kind.
    fn kind(self) -> Kind {
        self.member.unwrap_or(Kind::Unknown(String::new()))
    }
}

impl<'de> DeserializeSeed<'de> for AttributeVisitor {
    type Value = Attribute;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Attribute, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AttributeVisitor {
    type Value = Attribute;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Attribute, E> {
        Ok(self.kind().text(text))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Attribute, E> {
        Ok(self.kind().flag(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Attribute, E> {
        Ok(self.kind().number(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Attribute, E> {
        Ok(self.kind().number(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Attribute, E> {
        Ok(self.kind().number(number))
    }

    fn visit_unit<E: Error>(self) -> Result<Attribute, E> {
        Ok(self.kind().other(()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Attribute, A::Error> {
        let value = Value::deserialize(SeqAccessDeserializer::new(list))?;
        Ok(self.kind().other(value))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Attribute, A::Error> {
        if self.member.is_none() {
            return first_readable(map);
        }
        let value = Value::deserialize(MapAccessDeserializer::new(map))?;
        Ok(self.kind().other(value))
    }
}

/// The platform sends exactly one type member. Should there be more, the first that can be read
/// counts, and should there be none, the empty object is kept.
fn first_readable<'de, A: MapAccess<'de>>(mut map: A) -> Result<Attribute, A::Error> {
    let mut first = None;
    while let Some(kind) = map.next_key()? {
        if !matches!(first, None | Some(Attribute::Other { .. })) {
            map.next_value::<IgnoredAny>()?;
            continue;
        }
        let next = map.next_value_seed(AttributeVisitor { member: Some(kind) })?;
        if first.is_none() || !matches!(next, Attribute::Other { .. }) {
            first = Some(next);
        }
    }
    let empty = || Kind::Unknown(String::new()).other(serde_json::Map::new());
    Ok(first.unwrap_or_else(empty))
}

fn blob(bytes: Vec<u8>) -> Attribute {
    match array::decode(&bytes) {
        Some(Array::Integers(values)) => Attribute::Integers(values),
        Some(Array::Doubles(values)) => Attribute::Doubles(values),
        None => Attribute::from(bytes),
    }
}
