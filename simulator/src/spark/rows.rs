//! Records as they are sent: a list of objects, or a table whose first row is the header. They stay
//! text; nothing is built per record unless somebody looks into it.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// How many records there are, and in which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) records: usize,
    pub(super) is_table: bool,
}

/// The fields of a record in their order.
#[derive(Debug, Default)]
pub(super) struct Fields<'a>(pub(super) Vec<(String, &'a RawValue)>);

/// Records, one by one.
#[derive(Debug)]
pub(super) enum Rows<'a> {
    Records(Vec<&'a RawValue>),
    Table(Vec<String>, Vec<&'a RawValue>),
}

impl Shape {
    pub(super) fn of(rows: &RawValue) -> serde_json::Result<Self> {
        serde_json::from_str(rows.get())
    }
}

impl<'a> Fields<'a> {
    pub(super) fn of(record: Option<&'a RawValue>) -> serde_json::Result<Self> {
        record.map_or(Ok(Self::default()), |record| serde_json::from_str(record.get()))
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| *value)
    }
}

impl<'a> Rows<'a> {
    pub(super) fn of(rows: &'a RawValue) -> serde_json::Result<Self> {
        let rows: Vec<&RawValue> = serde_json::from_str(rows.get())?;
        match rows.split_first() {
            Some((header, rows)) if is_row(header) => {
                Ok(Self::Table(serde_json::from_str(header.get())?, rows.to_vec()))
            }
            _ => Ok(Self::Records(rows)),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Records(rows) | Self::Table(_, rows) => rows.len(),
        }
    }

    /// The fields of one record; an error for what is neither an object nor a row of the table.
    pub(super) fn fields(&self, index: usize) -> serde_json::Result<Fields<'a>> {
        match self {
            Self::Records(rows) => serde_json::from_str(rows[index].get()),
            Self::Table(header, rows) => {
                let values: Vec<&RawValue> = serde_json::from_str(rows[index].get())?;
                Ok(Fields(header.iter().cloned().zip(values).collect()))
            }
        }
    }
}

fn is_row(value: &RawValue) -> bool {
    value.get().starts_with('[')
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Count;
        impl<'de> Visitor<'de> for Count {
            type Value = Shape;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of records or a table")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Shape, A::Error> {
                let mut shape = Shape { records: 0, is_table: false };
                let Some(first) = rows.next_element::<&RawValue>()? else { return Ok(shape) };
                shape.is_table = is_row(first);
                shape.records = usize::from(!shape.is_table);
                while rows.next_element::<serde::de::IgnoredAny>()?.is_some() {
                    shape.records += 1;
                }
                Ok(shape)
            }
        }
        deserializer.deserialize_seq(Count)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_unit<E: Error>(self) -> Result<Fields<'de>, E> {
                Ok(Fields::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_any(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> &RawValue {
        serde_json::from_str(text).expect("JSON")
    }

    #[test]
    fn a_table_has_a_header_and_records_have_none() {
        let shape = |text| Shape::of(raw(text)).ok().map(|shape| (shape.records, shape.is_table));
        assert_eq!(shape(r#"[{"a":1},{"a":2}]"#), Some((2, false)));
        assert_eq!(shape(r#"[["a"],[1],[2],[3]]"#), Some((3, true)));
        assert_eq!(shape(r#"[["a"]]"#), Some((0, true)));
        assert_eq!(shape("[]"), Some((0, false)));
        assert_eq!(shape(r#"{"a":1}"#), None);
    }

    #[test]
    fn rows_take_their_names_from_the_header() {
        let rows = Rows::of(raw(r#"[["a","b"],[1,"x"],[2]]"#)).expect("rows");
        assert_eq!((rows.len(), rows.fields(0).expect("a row").0.len()), (2, 2));
        assert_eq!(rows.fields(0).expect("a row").get("b").map(RawValue::get), Some("\"x\""));
        assert!(Rows::of(raw("[7]")).expect("rows").fields(0).is_err());
    }
}
