//! What grows part by part: the elements of an array and the fields of an item.

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple};

use super::Attributes;
use super::error::Error;
use super::ser::{Made, ToAttribute, nested};
use crate::values::Attribute;

/// An array of numbers as it grows; one of the two stays empty.
#[derive(Default)]
pub(super) struct Elements {
    integers: Vec<i64>,
    doubles: Vec<f64>,
}

impl Elements {
    fn push<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), Error> {
        let Made::One(Attribute::Number(number)) = element.serialize(ToAttribute)? else {
            return Err(Error::because("an array holds numbers alone"));
        };
        match number.is_integer() {
            true if self.doubles.is_empty() => {
                let fits = number.as_i64();
                self.integers.push(fits.ok_or_else(|| {
                    Error::because(format_args!("{number} is beyond the 64 bits of an array"))
                })?);
            }
            false if self.integers.is_empty() => self.doubles.extend(number.as_f64()),
            _ => return Err(Error::because("an array holds either integers or floats")),
        }
        Ok(())
    }

    fn made(self) -> Made {
        Made::One(if self.doubles.is_empty() { self.integers.into() } else { self.doubles.into() })
    }
}

impl SerializeSeq for Elements {
    type Ok = Made;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), Error> {
        self.push(element)
    }

    fn end(self) -> Result<Made, Error> {
        Ok(self.made())
    }
}

impl SerializeTuple for Elements {
    type Ok = Made;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), Error> {
        self.push(element)
    }

    fn end(self) -> Result<Made, Error> {
        Ok(self.made())
    }
}

/// The attributes of an item as they grow.
#[derive(Default)]
pub(super) struct Fields {
    attributes: Attributes,
    /// The key of a map whose value comes next.
    name: String,
}

impl Fields {
    fn add<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        match value.serialize(ToAttribute).map_err(|error| error.making(name))? {
            Made::One(attribute) => {
                self.attributes.insert(name, attribute);
            }
            Made::Nothing => {}
            Made::Attributes(_) => return Err(nested().making(name)),
        }
        Ok(())
    }
}

impl SerializeStruct for Fields {
    type Ok = Made;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.add(name, value)
    }

    fn end(self) -> Result<Made, Error> {
        Ok(Made::Attributes(self.attributes))
    }
}

impl SerializeMap for Fields {
    type Ok = Made;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let Made::One(Attribute::String(name)) = key.serialize(ToAttribute)? else {
            return Err(Error::because("the keys of a map of attributes must be text"));
        };
        self.name = name;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let name = std::mem::take(&mut self.name);
        self.add(&name, value)
    }

    fn end(self) -> Result<Made, Error> {
        Ok(Made::Attributes(self.attributes))
    }
}
