//! Queries, DDL, catalogs and limits.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::limits::Limits;
use super::super::{Engine, Outcome};
use super::{CATALOG, ddl, engine, error, rows, schema};

#[test]
fn joins_aggregates_windows_and_recursion_are_sqlite() {
    let table = rows(
        "WITH spent AS (
            SELECT c_name, SUM(o_total) AS total FROM customers
            JOIN orders ON o_custkey = c_custkey GROUP BY c_name
        )
        SELECT c_name, total, RANK() OVER (ORDER BY total DESC) AS place
        FROM spent ORDER BY place LIMIT 3",
    );
    assert_eq!(schema(&table, "type"), ["STRING", "DOUBLE", "INT64"]);
    assert_eq!(table.json_rows()[2]["place"], 3);
    let table = rows(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT i FROM n",
    );
    assert_eq!(table.len(), 2000);
}

#[test]
fn ddl_is_answered_with_rows_of_its_own() {
    let engine = engine();
    let tables = ddl(&engine, "-- all of them\nshow tables");
    let names: Vec<&Value> = tables.iter().map(|row| &row["name"]).collect();
    assert_eq!(names, ["customers", "lineitems", "orders"]);
    assert_eq!(
        ddl(&engine, "CREATE TABLE T_NEW (A INT, B STRING NOT NULL)"),
        [json!({"status": "Table T_NEW successfully created."})]
    );
    let columns = ddl(&engine, "/* it */ describe table t_new");
    assert_eq!(columns[1]["name"], "B");
    assert_eq!(columns[1]["type"], "VARCHAR");
    assert_eq!(columns[1]["null?"], "N");
    assert_eq!(ddl(&engine, "SHOW TABLES LIKE 't%'").len(), 1);
    assert_eq!(ddl(&engine, "USE SCHEMA public").len(), 1);
    assert_eq!(
        ddl(&engine, "DROP TABLE T_NEW"),
        [json!({"status": "T_NEW successfully dropped."})]
    );
    assert_eq!(ddl(&engine, "SHOW VIEWS"), [] as [Value; 0]);
    assert!(error("DESCRIBE nothing").contains("Object 'nothing' does not exist"));
}

#[test]
fn a_table_made_of_a_query_keeps_its_types() {
    let engine = engine();
    let make = "CREATE OR REPLACE TABLE days AS SELECT o_orderdate AS d, TRUE AS b, '007' AS s FROM orders";
    ddl(&engine, make);
    ddl(&engine, make);
    let Ok(Outcome::Rows(table)) = engine.run(Some(CATALOG), "SELECT * FROM days", &[]) else {
        panic!("the table is there")
    };
    assert_eq!(table.len(), 100);
    assert_eq!(schema(&table, "type"), ["DATE", "BOOL", "STRING"]);
    assert_eq!(table.json_rows()[0]["s"], "007");
}

#[test]
fn writes_answer_with_the_number_of_rows() {
    let engine = engine();
    let Ok(Outcome::Rows(table)) =
        engine.run(Some(CATALOG), "DELETE FROM orders WHERE o_orderkey <= 10", &[])
    else {
        panic!("rows are deleted")
    };
    assert_eq!(table.json_rows(), [json!({"number of rows deleted": 10})]);
}

#[test]
fn catalogs_do_not_see_each_other() {
    let engine = engine();
    engine.add_catalog("other");
    ddl(&engine, "CREATE TABLE mine (a INT)");
    let other = engine.run(Some("other"), "SELECT * FROM mine", &[]);
    assert!(other.is_err_and(|error| error.contains("no such table: mine")));
    engine.remove_catalog(CATALOG);
    let gone = engine.run(Some(CATALOG), "SELECT 1", &[]);
    assert_eq!(gone.err().as_deref(), Some("Catalog 'shop' does not exist."));
    assert!(engine.run(None, "SELECT 1", &[]).is_ok());
    assert!(engine.run(None, "SELECT * FROM orders", &[]).is_err());
}

#[test]
fn what_is_no_statement_is_refused() {
    assert!(error("SELEC nonsense FROM").contains("unexpected 'SELEC'"));
    assert!(error("SELECT FROM").contains("syntax error"));
    assert!(error("SELECT * FROM nowhere").contains("no such table: nowhere"));
    assert!(error("SELECT 1; SELECT 2").contains("one statement"));
    assert!(error(" -- nothing").contains("empty statement"));
    assert!(error("SELECT 'open").contains("unterminated"));
    for forbidden in ["ATTACH 'x.db' AS x", "PRAGMA page_count", "VACUUM INTO 'x.db'", "BEGIN"] {
        assert!(error(forbidden).contains("unexpected"), "{forbidden}");
    }
    assert_eq!(rows("SELECT 1 ;").len(), 1);
}

#[test]
fn nothing_is_endless() {
    let limits = Limits { rows: 1000, bytes: 1 << 20, time: Duration::from_millis(50) };
    let engine = Engine { limits, ..engine() };
    let run = |text: &str| engine.run(Some(CATALOG), text, &[]).expect_err(text);
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
    assert!(run(&format!("{numbers} SELECT i FROM n")).contains("more than 1000 rows"));
    let large = format!("{numbers} SELECT zeroblob(100000) FROM n");
    assert!(run(&large).contains("larger than"));
    let started = Instant::now();
    assert!(run(&format!("{numbers} SELECT COUNT(*) FROM n")).contains("timeout"));
    assert!(started.elapsed() < Duration::from_secs(5));
    assert!(engine.run(Some(CATALOG), "SELECT 1", &[]).is_ok());
}

#[test]
fn an_engine_is_shared_between_threads() {
    let engine = engine();
    let count = || engine.run(Some(CATALOG), "SELECT COUNT(*) FROM orders", &[]).is_ok();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(count)).collect();
        for thread in threads {
            assert!(thread.join().expect("a thread that ends"));
        }
    });
}

#[test]
fn clauses_do_not_confuse_the_types() {
    let text = "SELECT DISTINCT o_status, 1 IS DISTINCT FROM 2 AS differ, MAX(o_total) most,
            COALESCE(MIN(o_shipped), NULL) AS first, (SELECT COUNT(*) FROM customers WHERE c_custkey = 1)
        FROM (orders) AS o JOIN customers ON c_custkey = o_custkey
        WHERE o_total > '10'::decimal(5, 2) AND o_orderdate >= DATE '2024-02-01'
        GROUP BY 1 HAVING COUNT(*) > 1 ORDER BY most DESC";
    let table = rows(text);
    assert_eq!(schema(&table, "type"), ["STRING", "BOOL", "DECIMAL", "TIMESTAMP_LTZ", "INT64"]);
    assert_eq!(table.len(), 3);
}
