//! Values bound to a query.

use longhaul::ErrorKind;
use longhaul::bodo::SqlValue;
use serde_json::json;

use super::{failure, sent, start};

#[tokio::test]
async fn names_are_bound_where_they_are_names() {
    let (simulator, connection) = start().await;
    let sql =
        "SELECT :a::int AS a, '10:30' AS t, :b AS b, ':a ?' AS q /* :a ? */ -- :a\n WHERE :a < 9";
    let query = connection.query(sql).bind_named("a", 7).bind_named("b", "it's :a");
    let rows = query.await.unwrap().collect_all().await.unwrap();
    assert_eq!(rows[0].to_json(), json!({"a": 7, "t": "10:30", "b": "it's :a", "q": ":a ?"}));
    let config = &sent(&simulator, "POST", "/v1/jobs")[0].json()["jobConfig"];
    let text =
        "SELECT ?::int AS a, '10:30' AS t, ? AS b, ':a ?' AS q /* :a ? */ -- :a\n WHERE ? < 9";
    assert_eq!(config["sqlQueryText"], text);
    let seven = json!({"type": "INT64", "value": "7"});
    let name = json!({"type": "STRING", "value": "it's :a"});
    assert_eq!(config["sqlQueryParameters"], json!({"0": seven, "1": name, "2": seven}));
}

#[tokio::test]
async fn values_are_bound_by_position() {
    let (_simulator, connection) = start().await;
    let query = connection.query("SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e");
    let query = query.params([SqlValue::from(7), "z".into()]).bind(2.5).bind(true);
    let row = query.bind(None::<i64>).await.unwrap().try_next().await.unwrap().unwrap();
    let values = row.decode::<(i64, String, f64, bool, Option<i64>)>().unwrap();
    assert_eq!(values, (7, "z".to_owned(), 2.5, true, None));
}

#[tokio::test]
async fn a_value_comes_back_as_it_went() {
    let (_simulator, connection) = start().await;
    let stored = "SELECT o_orderdate, o_created, o_shipped, o_slot, o_total, c_badge, c_active
        FROM orders JOIN customers ON o_custkey = c_custkey
        WHERE o_shipped IS NOT NULL AND o_slot IS NOT NULL AND c_badge IS NOT NULL
        ORDER BY o_orderkey LIMIT 1";
    let row = connection.query(stored).await.unwrap().try_next().await.unwrap().unwrap();
    for (name, value) in row.columns().zip(row.values()) {
        assert!(!value.is_null(), "{name}");
        let found = format!(
            "SELECT count(*) FROM orders JOIN customers ON o_custkey = c_custkey WHERE {name} = ?"
        );
        let mut counts = connection.query(found).bind(value).await.unwrap().typed::<i64>();
        let count = counts.try_next().await.unwrap().unwrap();
        assert!(count > 0, "{name} = {value:?}");
    }
}

#[tokio::test]
async fn what_does_not_match_is_refused_before_a_request() {
    let (simulator, connection) = start().await;
    let query = |sql: &str| connection.query(sql);
    let cases = [
        (query("SELECT :name"), "`:name`"),
        (query("SELECT 1").bind_named("name", 1), "`:name`"),
        (query("SELECT ?, ?").bind(1), "is 2"),
        (query("SELECT '?'").bind(1), "is 0"),
        (query("  "), "empty"),
    ];
    for (query, word) in cases {
        let error = failure(query).await;
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(word), "{error}");
    }
    assert_eq!(simulator.request_count(), 0);
}
