//! Results that come with the job itself, as those of statements that define or describe data.

use std::sync::Arc;

use serde_json::Value;

use super::SqlValue;
use super::links::failed;
use super::row::{Columns, Row};
use crate::bodo::models::{ResultColumn, SqlQueryResult};
use crate::error::{ErrorKind, Result};

/// The columns and rows of such a result.
///
/// # Errors
/// When it has another number of rows than it says, or a row that is none.
pub(super) fn table(result: SqlQueryResult) -> Result<(Vec<ResultColumn>, Vec<Row>)> {
    let metadata = result.metadata.unwrap_or_default();
    let objects = result.result.unwrap_or_default();
    if let Some(promised) = metadata.num_rows.filter(|promised| *promised != objects.len() as i64) {
        let there = objects.len();
        let message = format!("the result was to have {promised} rows and has {there}");
        return Err(failed(ErrorKind::Integrity, message));
    }
    let described = metadata.schema.filter(|schema| !schema.is_empty());
    let columns = described.unwrap_or_else(|| described_by(objects.first()));
    let names = Columns::new(columns.iter().map(|column| column.name.as_deref().unwrap_or("")));
    let rows = objects.into_iter().map(|object| row(&names, object)).collect::<Result<_>>()?;
    Ok((columns, rows))
}

fn described_by(first: Option<&Value>) -> Vec<ResultColumn> {
    let names = first.and_then(Value::as_object).into_iter().flat_map(|object| object.keys());
    let column =
        |name: &String| ResultColumn { name: Some(name.clone()), ..ResultColumn::default() };
    names.map(column).collect()
}

fn row(columns: &Arc<Columns>, object: Value) -> Result<Row> {
    let Value::Object(mut object) = object else {
        return Err(failed(ErrorKind::Decode, "a row of the result is no JSON object"));
    };
    let values = columns.names().map(|name| object.remove(name).map_or(SqlValue::Null, Into::into));
    Ok(Row::new(columns.clone(), values.collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(json: Value) -> Result<(Vec<ResultColumn>, Vec<Row>)> {
        table(serde_json::from_value(json).unwrap())
    }

    #[test]
    fn rows_have_the_order_of_the_schema() {
        let (_, rows) = of(json!({
            "metadata": {"num_rows": 2, "schema": [{"name": "Z"}, {"name": "A"}]},
            "result": [{"A": 1, "Z": "x"}, {"A": null}],
        }))
        .unwrap();
        assert_eq!(rows[0].values(), ["x".into(), SqlValue::Int(1)]);
        assert_eq!(rows[1].values(), [SqlValue::Null, SqlValue::Null]);
    }

    #[test]
    fn without_a_schema_the_first_row_tells_the_columns() {
        let (columns, rows) = of(json!({"result": [{"status": "done"}]})).unwrap();
        assert_eq!(columns[0].name.as_deref(), Some("status"));
        assert_eq!(rows[0].get::<&str>("status").unwrap(), "done");
        assert_eq!(of(json!({})).unwrap().1, []);
    }

    #[test]
    fn a_wrong_number_of_rows_is_an_error() {
        let error = of(json!({"metadata": {"num_rows": 1}, "result": []})).unwrap_err();
        assert_eq!(error.message(), "the result was to have 1 rows and has 0");
        assert!(of(json!({"result": [[1]]})).is_err());
    }
}
