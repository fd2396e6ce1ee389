//! Types of columns, casts and parameters.

use serde_json::json;

use super::{bind, error, rows, schema, types};

#[test]
fn columns_of_tables_have_their_declared_types() {
    assert_eq!(
        types("SELECT * FROM customers"),
        ["INT64", "STRING", "STRING", "DECIMAL", "BOOL", "DATE", "BINARY"]
    );
    assert_eq!(
        types("SELECT * FROM orders WHERE 1 = 0"),
        [
            "INT64",
            "INT64",
            "STRING",
            "DECIMAL",
            "DATE",
            "TIMESTAMP_NTZ",
            "TIMESTAMP_LTZ",
            "TIME",
            "STRING"
        ]
    );
    assert_eq!(
        types("SELECT * FROM lineitems"),
        ["INT64", "INT32", "STRING", "INT32", "DECIMAL", "DOUBLE", "DATE", "BOOL"]
    );
    let table = rows("SELECT c_balance, c_phone FROM customers");
    assert_eq!(schema(&table, "precision"), ["12", "null"]);
    assert_eq!(schema(&table, "nullable"), ["false", "true"]);
}

#[test]
fn expressions_have_types() {
    assert_eq!(
        types(
            "SELECT TRUE, 1 = 2 AS a, o_slot IS NULL, CASE WHEN 1 = 1 THEN 2 END, CURRENT_DATE,
                CURRENT_TIMESTAMP(), DATE '2024-1-31', TIMESTAMP '2024-01-31T10:00:00', x'00FF',
                '2.5'::decimal(5, 2), o_slot::varchar, 2.5, NULL, COUNT(*), (1 < 2)
            FROM orders"
        ),
        [
            "BOOL",
            "BOOL",
            "BOOL",
            "INT64",
            "DATE",
            "TIMESTAMP_LTZ",
            "DATE",
            "TIMESTAMP_NTZ",
            "BINARY",
            "DECIMAL",
            "STRING",
            "DOUBLE",
            "NULL",
            "INT64",
            "BOOL"
        ]
    );
    assert_eq!(
        types("SELECT MAX(o_orderdate) AS d, SUM(o.o_total) t, o.*, MIN(o_created) OVER () FROM orders o WHERE o_orderkey > 5 ORDER BY t")
            .iter().map(String::as_str).filter(|kind| *kind != "STRING").collect::<Vec<_>>(),
        [
            "DATE", "DECIMAL", "INT64", "INT64", "DECIMAL", "DATE", "TIMESTAMP_NTZ",
            "TIMESTAMP_LTZ", "TIME", "TIMESTAMP_NTZ"
        ]
    );
}

#[test]
fn values_decide_where_nothing_is_declared() {
    assert_eq!(types("SELECT 1 AS x UNION ALL SELECT 2.5"), ["DOUBLE"]);
    assert_eq!(types("SELECT 1 AS x UNION ALL SELECT 'a'"), ["STRING"]);
    assert_eq!(types("SELECT NULL AS x UNION ALL SELECT 5"), ["INT64"]);
    assert_eq!(types("SELECT 1 AS x WHERE 1 = 0"), ["INT64"]);
    let table = rows("SELECT 9007199254740993 AS x UNION ALL SELECT NULL");
    assert_eq!(table.json_rows(), [json!({"x": 9_007_199_254_740_993_i64}), json!({"x": null})]);
}

#[test]
fn casts_convert_or_fail() {
    let table = rows(
        "SELECT '2024-02-29 23:59:59'::date AS d, 2.5::int AS i, 'yes'::boolean AS b,
            1::decimal(5, 2) AS n, TRY_CAST('x' AS INT) AS t, (1 + 1)::varchar AS s,
            CASE WHEN 1 THEN '3' END::int AS c, length('abc')::double AS f,
            '2024-01-01 10:00:00+02:00'::timestamp_ltz AS z",
    );
    assert_eq!(
        table.json_rows(),
        [json!({
            "d": "2024-02-29", "i": 3, "b": true, "n": "1.00", "t": null, "s": "2", "c": 3,
            "f": 3.0, "z": "2024-01-01 08:00:00"
        })]
    );
    assert_eq!(error("SELECT 'abc'::int"), "Numeric value 'abc' is not recognized");
    assert_eq!(error("SELECT CAST('soon' AS DATE)"), "Date value 'soon' is not recognized");
    assert!(error("SELECT 1::nonsense").contains("Unsupported data type 'nonsense'"));
}

#[test]
fn parameters_are_read_by_their_types() {
    let values = [
        ("INT64", "9007199254740993"),
        ("FLOAT64", "2.5"),
        ("BOOL", "True"),
        ("STRING", "it's"),
        ("NULL", "None"),
        ("DECIMAL", "-12.50"),
        ("BINARY", "00ff"),
        ("BINARY", "b'x\\x00'"),
        ("DATE", "2025-01-02"),
        ("TIME", "10:30:00"),
        ("TIMESTAMP_NTZ", "2025-01-02 03:04:00.5"),
        ("TIMESTAMP_LTZ", "2025-01-02T03:04:00Z"),
        ("ARRAY", "[1]"),
    ];
    let marks: Vec<String> = (0..values.len()).map(|at| format!("? AS c{at}")).collect();
    let table = bind(&format!("SELECT {}", marks.join(", ")), &values).expect("a table");
    assert_eq!(
        schema(&table, "type"),
        [
            "INT64",
            "DOUBLE",
            "BOOL",
            "STRING",
            "NULL",
            "DECIMAL",
            "BINARY",
            "BINARY",
            "DATE",
            "TIME",
            "TIMESTAMP_NTZ",
            "TIMESTAMP_LTZ",
            "STRING"
        ]
    );
    assert_eq!(
        table.json_rows(),
        [json!({
            "c0": 9_007_199_254_740_993_i64, "c1": 2.5, "c2": true, "c3": "it's", "c4": null,
            "c5": "-12.50", "c6": "00FF", "c7": "7800", "c8": "2025-01-02", "c9": "10:30:00",
            "c10": "2025-01-02 03:04:00.5", "c11": "2025-01-02 03:04:00", "c12": "[1]"
        })]
    );
}

#[test]
fn parameters_that_do_not_fit_are_refused() {
    let message = |text, values: &[_]| bind(text, values).expect_err(text);
    assert!(message("SELECT ?", &[]).contains("has 1 parameters, but 0 were given"));
    assert!(message("SELECT 1", &[("INT64", "1")]).contains("has 0 parameters, but 1 were given"));
    assert_eq!(message("SELECT ?", &[("INT64", "x")]), "Numeric value 'x' is not recognized");
    assert_eq!(message("SELECT ?", &[("INT8", "300")]), "Numeric value '300' is not recognized");
    assert_eq!(message("SELECT ?", &[("DATE", "1.2.")]), "Date value '1.2.' is not recognized");
}

#[test]
fn quoted_text_and_comments_hold_no_parameters_and_no_casts() {
    let table = bind(
        "-- is it ?\nSELECT '?::int' AS a, \"x?\" /* ? */, ? AS b, $$it's ?$$ c FROM (SELECT 1 AS \"x?\")",
        &[("INT64", "5")],
    );
    assert_eq!(
        table.expect("a table").json_rows(),
        [json!({"a": "?::int", "x?": 1, "b": 5, "c": "it's ?"})]
    );
}

#[test]
fn decimals_are_exact() {
    let most = "99999999999999999999999999999999999.999";
    let table = bind("SELECT ? AS a, -1.25::decimal(10, 3) AS b", &[("DECIMAL", most)]);
    let table = table.expect("a table");
    assert_eq!(table.json_rows(), [json!({"a": most, "b": "-1.250"})]);
    assert_eq!(schema(&table, "precision"), ["38", "10"]);
    assert_eq!(error("SELECT 1000::decimal(5, 2)::text"), "Numeric value '1000' is not recognized");
    assert_eq!(rows("SELECT 0.285::decimal(5, 2) AS x").json_rows(), [json!({"x": "0.29"})]);
}
