//! The expression language, through conditions, filters and updates.

mod support;

use longhaul_simulator::Simulator;
use serde_json::{Value, json};
use support::v3io::Client;

const ITEM: &str = "/users/t/k";

/// An item with attributes of every kind.
fn attributes() -> Value {
    json!({
        "a": {"N": "7"}, "b": {"N": "2"}, "half": {"N": "0.5"}, "big": {"N": "9007199254740993"},
        "s": {"S": "abc"}, "e": {"S": ""}, "yes": {"BOOL": true}, "in": {"N": "5"},
        "t": {"TS": "1706933106:5"}, "raw": {"B": "aGk="}, "odd": {"N": "3.14E+00"},
        // The integers 1, 2 and 3.
        "ints": {"B": "MEGrAAEAAAAYAAAAAwEAAAEAAAAAAAAAAgAAAAAAAAADAAAAAAAAAA=="},
    })
}

async fn prepared() -> (longhaul_simulator::Handle, Client) {
    let simulator = Simulator::v3io().start().await.expect("started");
    let client = Client::new(&simulator);
    let (status, _) = client.call("PutItem", ITEM, json!({"Item": attributes()})).await;
    assert_eq!(status, 200);
    (simulator, client)
}

#[tokio::test]
async fn conditions_hold_or_do_not() {
    let (_simulator, client) = prepared().await;
    let cases = [
        ("", true),
        ("a == 7", true),
        ("a == 7.0 and a != 8", true),
        ("a < 7 or a >= 7", true),
        ("s == 'abc' AND s > \"abb\"", true),
        ("NOT (s == 'abc')", false),
        ("a == s", false),
        ("a != s", false),
        ("nothing == 1", false),
        ("nothing != 1", false),
        ("not nothing == 1", true),
        ("nothing + 1 > 0", false),
        ("yes == true and yes", true),
        ("yes == 1", false),
        ("yes + 1 == 2", true),
        ("big == 9007199254740993 and big != 9007199254740992", true),
        ("t == 1706933106:5 and t < 1706933106:6", true),
        ("a in (1, 7) and not a IN (1, 2)", true),
        ("state in ('AZ')", false),
        ("exists(a) and Not Exists(nothing)", true),
        ("starts(s, 'ab') and ends(s, 'bc') and contains(s, 'b')", true),
        ("contains(a, '7')", false),
        ("length(s) == 3 and length(e) == 0 and length(ints) == 3 and length(raw) == 2", true),
        ("min(a, b, 1) == 1 and max(ints) == 3 and max(ints[0..1]) == 2", true),
        ("ints[1] == 2 and ints[a - 7] == 1", true),
        ("ints[3] == 0 or ints[-1] == 3", false),
        ("`in` == 5 and `a` == 7", true),
        ("1 + 2 * 3 == 7 and (1 + 2) * 3 == 9", true),
        ("7 / 2 == 3.5 and 6 / 2 == 3 and 7 % 4 == 3 and -a == 0 - 7", true),
        ("1 / 0 == 1 or not 1 / 0 == 1", true),
        ("(6 ^ 3) == 5 and (7 & 3) == 3 and (4 | 1) == 5 and ~0 == -1", true),
        ("1 | 2 ^ 3 & 1 << 1 + 1 == 3", true),
        ("256 >> 2 == 64 and 1 << 62 == 4611686018427387904", true),
        ("__name == 'k' and __size == 0 and __obj_type == 0", true),
        ("'a' + 'b' == 'ab'", true),
        ("if_else(a > 1, 'x', 'y') == 'x'", true),
        ("raw == blob('aGk=')", true),
    ];
    for (condition, expected) in cases {
        let body = json!({"ConditionExpression": condition, "UpdateExpression": ""});
        let (status, body) = client.call("UpdateItem", ITEM, body).await;
        assert_eq!(status == 200, expected, "{condition}: {body}");
        if !expected {
            assert_eq!((status, &body["ErrorCode"]), (400, &json!(-16_777_244)), "{condition}");
        }
        let body = json!({"FilterExpression": condition});
        let (_, page) = client.call("GetItems", "/users/t/", body).await;
        assert_eq!(page["NumItems"], u64::from(expected), "{condition}");
    }
}

#[tokio::test]
async fn updates_change_attributes() {
    let (_simulator, client) = prepared().await;
    let ints = |values: &[i64]| {
        let header = [11_223_344u32, 1, values.len() as u32 * 8, 259].map(u32::to_le_bytes);
        let values = values.iter().flat_map(|value| value.to_le_bytes());
        json!({"B": base64(&header.into_iter().flatten().chain(values).collect::<Vec<_>>())})
    };
    let cases = [
        ("x = a + 1", "x", json!({"N": "8"})),
        ("SET x = big + 1", "x", json!({"N": "9007199254740994"})),
        ("x = a * 2.5", "x", json!({"N": "17.5"})),
        ("x = a * half * 2", "x", json!({"N": "7.0"})),
        ("x = odd", "x", json!({"N": "3.14E+00"})),
        ("x = odd + 0", "x", json!({"N": "3.14"})),
        ("set x = 'it' + \"'s\"; y = 1;", "x", json!({"S": "it's"})),
        ("x = 1; x = x + 1; x = x * 10", "x", json!({"N": "20"})),
        ("x = b; b = a; a = x", "a", json!({"N": "2"})),
        ("REMOVE x; remove y; delete(z)", "x", Value::Null),
        ("x = if_not_exists(x, 40) + 2", "x", json!({"N": "42"})),
        ("x = if_not_exists(a, 40)", "x", json!({"N": "7"})),
        ("x = (a == 7) * 4 + (a in (1, 2)) * 10", "x", json!({"N": "4"})),
        ("x = true", "x", json!({"BOOL": true})),
        ("x = 1706933106:000000005", "x", json!({"TS": "1706933106:5"})),
        ("x = blob('aGk=')", "x", json!({"B": "aGk="})),
        ("ints[1] = ints[1] * 2", "ints", ints(&[1, 4, 3])),
        ("ints[0..1] = ints[1..2]", "ints", ints(&[2, 3, 3])),
        ("x = ints[1..2]", "x", ints(&[2, 3])),
        ("x = init_array(2, 'int', 9)", "x", ints(&[9, 9])),
        ("i = 1; ints[i + 1] = max(ints)", "ints", ints(&[1, 2, 3])),
        ("set = 1; remove = set + 1", "remove", json!({"N": "2"})),
        ("`in` = 6", "in", json!({"N": "6"})),
    ];
    for (update, name, expected) in cases {
        client.call("PutItem", ITEM, json!({"Item": attributes()})).await;
        let (status, body) =
            client.call("UpdateItem", ITEM, json!({"UpdateExpression": update})).await;
        assert_eq!(status, 200, "{update}: {body}");
        assert_eq!(client.item(ITEM).await[name], expected, "{update}");
    }
}

/// Base64 by hand, so that nothing of the simulator is needed.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = |chunk: &[u8]| {
        let word = (0..3).fold(0u32, |word, n| word << 8 | u32::from(*chunk.get(n).unwrap_or(&0)));
        let digit = |n: usize| char::from(DIGITS[(word >> (18 - 6 * n) & 63) as usize]);
        let text: String = (0..=chunk.len()).map(digit).collect();
        format!("{text:=<4}")
    };
    bytes.chunks(3).map(digits).collect()
}

#[tokio::test]
async fn what_cannot_be_computed_changes_nothing() {
    let (_simulator, client) = prepared().await;
    let before = client.item(ITEM).await;
    let updates = [
        "x = nothing + 1",
        "a = 1; x = s * 2",
        "a = 1; x = 1 / 0",
        "a = 1; ints[3] = 1",
        "a = 1; ints[0] = 0.5",
        "a = 1; ints[0..1] = ints",
        "a = 1; s[0] = 1",
    ];
    for update in updates {
        let (status, body) =
            client.call("UpdateItem", ITEM, json!({"UpdateExpression": update})).await;
        assert_eq!(status, 400, "{update}: {body}");
        assert_eq!(client.item(ITEM).await, before, "{update}");
    }
    let (status, _) =
        client.call("UpdateItem", ITEM, json!({"UpdateExpression": "__size = 1"})).await;
    assert_eq!(status, 403);
}

#[tokio::test]
async fn syntax_errors_tell_where() {
    let (_simulator, client) = prepared().await;
    let long = format!("a == 1{}", " or a == 1".repeat(600));
    let deep = format!("{}1{} == 1", "(".repeat(200), ")".repeat(200));
    let cases = [
        ("age >", "position 5: a value"),
        ("a = 1", "position 2: the end"),
        ("a == 'x", "position 5: the closing '"),
        ("a == 1 b", "position 7: the end"),
        ("flub(a)", "position 0: unknown function"),
        ("exists(a, b)", "position 10: there are more than 1"),
        ("starts(a)", "position 9: starts takes 2"),
        ("a in ()", "position 6: a value"),
        ("a == 'x\\y'", "position 7: a backslash"),
        ("(a == 1", "position 7: \")\" is expected"),
        (&long, "more than 700 operations"),
        (&deep, "nested too deeply"),
    ];
    for (text, expected) in cases {
        let (status, body) =
            client.call("GetItems", "/users/t/", json!({"FilterExpression": text})).await;
        let message = body["ErrorMessage"].as_str().unwrap_or_default();
        assert!(status == 400 && message.contains(expected), "{text}: {status} {message}");
    }
    let (status, body) =
        client.call("UpdateItem", ITEM, json!({"UpdateExpression": "this is not valid"})).await;
    assert_eq!(status, 400);
    assert!(
        body["ErrorMessage"].as_str().is_some_and(|text| text.contains("position 5")),
        "{body}"
    );
}

#[tokio::test]
async fn the_alternate_expression_runs_when_the_condition_is_false() {
    let (_simulator, client) = prepared().await;
    let body = json!({"ConditionExpression": "started == true", "UpdateExpression": "n = n + 1",
        "AlternateUpdateExpression": "n = 0; started = true"});
    for expected in ["0", "1", "2"] {
        assert_eq!(client.call("UpdateItem", "/users/t/alt", body.clone()).await.0, 200);
        assert_eq!(client.item("/users/t/alt").await["n"], json!({"N": expected}));
    }
}
