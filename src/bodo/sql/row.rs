//! One row of a result.

mod columns;
mod de;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use super::SqlValue;
use super::value::object;
use crate::error::{Error, ErrorKind, Result};

pub use columns::ColumnIndex;
pub(super) use columns::Columns;

/// One row of a result.
///
/// Values are had by the name or the index of their column. Of several columns with one name the
/// first is found by it; the others have their index. Names keep their case, and catalogs such as
/// Snowflake's have upper case.
#[derive(Clone, PartialEq)]
pub struct Row {
    columns: Arc<Columns>,
    values: Vec<SqlValue>,
}

impl Row {
    pub(super) fn new(columns: Arc<Columns>, values: Vec<SqlValue>) -> Self {
        Self { columns, values }
    }

    /// The names of the columns, in order.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.columns.names()
    }

    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no column.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values, in order.
    pub fn values(&self) -> &[SqlValue] {
        &self.values
    }

    /// The values, in order.
    pub fn into_values(self) -> Vec<SqlValue> {
        self.values
    }

    /// The value of a column as it is; `None` when there is no such column.
    pub fn value(&self, column: impl ColumnIndex) -> Option<&SqlValue> {
        self.values.get(column.place(self)?)
    }

    /// The value of a column as a Rust type: numbers, `String` or `&str`, `Vec<u8>`, the dates and
    /// times of chrono, [`Decimal`](crate::values::Decimal), lists, maps and structs, and `Option`
    /// of them where there may be NULLs.
    ///
    /// ```no_run
    /// # fn f(row: longhaul::bodo::Row) -> longhaul::Result<()> {
    /// let id = row.get::<i64>("id")?;
    /// let name: Option<String> = row.get(1)?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// `InvalidInput` when there is no such column, `Decode` when its value is of another type.
    pub fn get<'a, T: Deserialize<'a>>(&'a self, column: impl ColumnIndex) -> Result<T> {
        let place = column.place(self).ok_or_else(|| self.missing(&column))?;
        T::deserialize(&self.values[place]).map_err(|why| self.unfit(place, &why))
    }

    /// The whole row as a Rust type: a struct or a map by the names of the columns, a tuple or a
    /// list by their order, and the row of a single column also as its value.
    ///
    /// # Errors
    /// `Decode` when the row is something else.
    pub fn decode<'a, T: Deserialize<'a>>(&'a self) -> Result<T> {
        T::deserialize(self).map_err(|why| {
            // Slowly, to learn the place of the mistake.
            let place = serde_path_to_error::deserialize::<_, T>(self).err();
            let place = place.map(|error| error.path().to_string());
            let column = place.filter(|path| path != ".").map(|path| format!(" at `{path}`"));
            let column = column.unwrap_or_default();
            Error::new(ErrorKind::Decode, format!("the row could not be read{column}: {why}"))
        })
    }

    /// The row as a JSON object, with nothing rounded; see [`SqlValue::to_json`].
    pub fn to_json(&self) -> serde_json::Value {
        let pairs = self.columns.distinct(&self.values);
        object(pairs.map(|(name, value)| (name.to_owned(), value.to_json())))
    }

    fn missing(&self, column: &impl fmt::Display) -> Error {
        let names: Vec<_> = self.columns().take(20).map(|name| format!("`{name}`")).collect();
        let names = names.join(", ");
        Error::invalid(format!("the result has no column `{column}`; it has {names}"))
    }

    fn unfit(&self, place: usize, why: &dyn fmt::Display) -> Error {
        let name = self.columns.name(place);
        let advice = match self.values[place].is_null() {
            true => "; read it as an `Option`",
            false => "",
        };
        let message = format!("the value of column `{name}` could not be read: {why}{advice}");
        Error::new(ErrorKind::Decode, message)
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.columns().zip(&self.values)).finish()
    }
}

/// As [`Row::to_json`].
impl Serialize for Row {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(s)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn row() -> Row {
        let columns = Columns::new(["ID", "name", "ID", "tags"].into_iter());
        let tags = json!(["a", null]).into();
        Row::new(columns, vec![1.into(), SqlValue::Null, 2.into(), tags])
    }

    #[test]
    fn values_are_had_by_name_and_index() {
        let row = row();
        assert_eq!((row.get::<i64>("ID").unwrap(), row.get::<u8>(2).unwrap()), (1, 2));
        assert_eq!(row.get::<Option<&str>>("name").unwrap(), None);
        assert_eq!(row.get::<Vec<Option<String>>>(3).unwrap(), [Some("a".into()), None]);
        assert_eq!((row.value("id"), row.value(4)), (None, None));
    }

    #[test]
    fn mistakes_name_the_column() {
        let row = row();
        let told = |error: Error| error.to_string();
        assert_eq!(
            told(row.get::<i64>("id").unwrap_err()),
            "the result has no column `id`; it has `ID`, `name`, `ID`, `tags`"
        );
        let null = told(row.get::<String>("name").unwrap_err());
        assert!(null.contains("`name`") && null.ends_with("read it as an `Option`"), "{null}");
        assert!(told(row.get::<bool>(0).unwrap_err()).contains("`ID`"));
        #[derive(Debug, Deserialize)]
        struct Wrong {
            #[serde(rename = "ID")]
            _id: Option<String>,
        }
        let wrong = told(row.decode::<Wrong>().unwrap_err());
        assert!(wrong.contains("at `ID`: invalid type: integer"), "{wrong}");
    }

    #[test]
    fn a_row_is_a_struct_a_tuple_a_map_or_its_only_value() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Named {
            #[serde(rename = "ID")]
            id: i64,
            name: Option<String>,
        }
        let whole = row();
        assert_eq!(whole.decode::<Named>().unwrap(), Named { id: 1, name: None });
        type Tuple = (i64, Option<String>, i64, Vec<Option<String>>);
        assert_eq!(whole.decode::<Tuple>().unwrap().2, 2);
        let map = whole.decode::<BTreeMap<String, serde_json::Value>>().unwrap();
        assert_eq!(map["tags"], json!(["a", null]));
        assert_eq!(whole.to_json(), json!({"ID": 1, "name": null, "tags": ["a", null]}));
        assert!(whole.decode::<i64>().unwrap_err().to_string().contains("several columns"));
        let one = Row::new(Columns::new(["n"].into_iter()), vec![7.into()]);
        assert_eq!(
            (one.decode::<i64>().unwrap(), one.decode::<Option<u8>>().unwrap()),
            (7, Some(7))
        );
        let only = one.decode::<(i64,)>().unwrap();
        assert_eq!(only, (7,));
    }
}
