//! From a struct or a map to the attributes of an item.

use serde::ser::Impossible;
use serde::{Serialize, Serializer};

use super::Attributes;
use super::error::Error;
use super::parts::{Elements, Fields};
use crate::values::{Attribute, UNIX_TIME, UnixTime};

/// Makes the attributes of an item from a struct, or from a map with text keys.
///
/// | Rust | attribute |
/// |---|---|
/// | strings, `char`, enums without data | string |
/// | all integers and floats | number, exact |
/// | `bool` | boolean |
/// | bytes (`serialize_bytes`, as the crate `serde_bytes` does) | blob |
/// | sequences and arrays of integers, `Vec<u8>` too | array of integers |
/// | sequences and arrays of floats | array of floats |
/// | [`UnixTime`], and fields with [`timestamp`](crate::v3io::timestamp) | timestamp |
/// | `None` | none: the attribute is left out |
///
/// An empty sequence is an empty array of integers, because nothing tells what it would hold.
/// `chrono::DateTime` without [`timestamp`](crate::v3io::timestamp) is the text that chrono writes.
///
/// Attributes do not nest: a struct, map or mixed tuple in a field is an
/// [`InvalidInput`](crate::ErrorKind::InvalidInput) error that names the field, and so is what
/// [`Attributes::check`] refuses.
pub fn to_attributes<T: Serialize + ?Sized>(item: &T) -> crate::Result<Attributes> {
    let attributes = match item.serialize(ToAttribute) {
        Ok(Made::Attributes(attributes)) => attributes,
        Ok(_) => return Err(crate::Error::invalid("an item is made from a struct or a map")),
        Err(error) => return Err(crate::Error::invalid(error.to_string())),
    };
    attributes.check()?;
    Ok(attributes)
}

/// What a value becomes.
pub(super) enum Made {
    One(Attribute),
    /// A struct or a map: the whole item, never a part of it.
    Attributes(Attributes),
    /// `None`.
    Nothing,
}

/// Makes the attribute that a value is.
pub(super) struct ToAttribute;

/// A kind of value that becomes one attribute by `into()`.
macro_rules! into {
    ($($method:ident($value:ty),)+) => {$(
        fn $method(self, value: $value) -> Result<Made, Error> {
            Ok(Made::One(value.into()))
        }
    )+};
}

impl Serializer for ToAttribute {
    type Ok = Made;
    type Error = Error;
    type SerializeSeq = Elements;
    type SerializeTuple = Elements;
    type SerializeTupleStruct = Impossible<Made, Error>;
    type SerializeTupleVariant = Impossible<Made, Error>;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Impossible<Made, Error>;

    into! {
        serialize_bool(bool),
        serialize_i8(i8),
        serialize_i16(i16),
        serialize_i32(i32),
        serialize_i64(i64),
        serialize_i128(i128),
        serialize_u8(u8),
        serialize_u16(u16),
        serialize_u32(u32),
        serialize_u64(u64),
        serialize_u128(u128),
        serialize_f32(f32),
        serialize_f64(f64),
        serialize_char(char),
        serialize_str(&str),
        serialize_bytes(&[u8]),
    }

    fn serialize_none(self) -> Result<Made, Error> {
        Ok(Made::Nothing)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Made, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Made, Error> {
        match value.serialize(self)? {
            Made::One(Attribute::String(text)) if name == UNIX_TIME => {
                let moment: UnixTime = text.parse().map_err(Error::because)?;
                Ok(Made::One(moment.into()))
            }
            made => Ok(made),
        }
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Made, Error> {
        self.serialize_str(variant)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Elements, Error> {
        Ok(Elements::default())
    }

    fn serialize_tuple(self, _: usize) -> Result<Elements, Error> {
        Ok(Elements::default())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields, Error> {
        Ok(Fields::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields, Error> {
        Ok(Fields::default())
    }

    fn serialize_unit(self) -> Result<Made, Error> {
        Err(Error::because("it holds nothing"))
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Made, Error> {
        self.serialize_unit()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Made, Error> {
        Err(enum_with_data())
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Error> {
        Err(nested())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        Err(enum_with_data())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        Err(enum_with_data())
    }
}

pub(super) fn nested() -> Error {
    Error::because("attributes do not nest; flatten it or store it as text")
}

fn enum_with_data() -> Error {
    Error::because("only enums without data are strings")
}
