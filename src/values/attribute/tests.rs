//! Attributes on the wire.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn written(attribute: &Attribute) -> Value {
    serde_json::to_value(attribute).unwrap()
}

fn read(json: &Value) -> Attribute {
    // By way of text, as an answer comes.
    serde_json::from_str(&json.to_string()).unwrap()
}

fn other(kind: &str, value: Value) -> Attribute {
    Attribute::Other { kind: kind.to_owned(), value }
}

/// What the public Python client sent for the same values (v3io-py 0.7.2).
#[test]
#[expect(clippy::approx_constant, reason = "that is what was sent")]
fn the_wire_form_is_that_of_the_public_client() {
    let half_past = "2024-02-03T04:05:06.5Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let cases: [(Attribute, Value); 15] = [
        (42.into(), json!({ "N": "42" })),
        (3.14.into(), json!({ "N": "3.14" })),
        ((-7_i8).into(), json!({ "N": "-7" })),
        ((1_u64 << 53).into(), json!({ "N": "9007199254740992" })),
        ("1".into(), json!({ "S": "1" })),
        ("".into(), json!({ "S": "" })),
        ("שלום".into(), json!({ "S": "שלום" })),
        (true.into(), json!({ "BOOL": true })),
        (false.into(), json!({ "BOOL": false })),
        (b"+AF\x79mWFz\x00\xff".into(), json!({ "B": "K0FGeW1XRnoA/w==" })),
        (
            vec![1, 2, 3].into(),
            json!({ "B": "MEGrAAEAAAAYAAAAAwEAAAEAAAAAAAAAAgAAAAAAAAADAAAAAAAAAA==" }),
        ),
        ([10.5, 20.25].into(), json!({ "B": "MEGrAAEAAAAQAAAABQEAAAAAAAAAACVAAAAAAABANEA=" })),
        (Attribute::Integers(vec![]), json!({ "B": "MEGrAAEAAAAAAAAAAwEAAA==" })),
        ([0.5].into(), json!({ "B": "MEGrAAEAAAAIAAAABQEAAAAAAAAAAOA/" })),
        (half_past.into(), json!({ "TS": "1706933106:500000000" })),
    ];
    for (attribute, wire) in cases {
        assert_eq!(written(&attribute), wire);
        assert_eq!(read(&wire), attribute);
    }
}

#[test]
fn what_cannot_be_read_goes_back_as_it_came() {
    let cases = [
        ("N", json!("abc")),
        ("N", json!("")),
        ("N", json!(null)),
        ("B", json!("no base64!")),
        ("TS", json!("1:5000000000")),
        ("BOOL", json!("true")),
        ("S", json!(5)),
        ("S", json!(["a"])),
        ("L", json!([{ "S": "x" }, { "N": "1" }])),
        ("M", json!({ "a": { "S": "x" } })),
        ("NULL", json!(true)),
    ];
    for (kind, value) in cases {
        let wire = json!({ kind: value });
        assert_eq!(read(&wire), other(kind, value));
        assert_eq!(written(&read(&wire)), wire);
    }
}

#[test]
fn what_is_no_attribute_goes_back_as_it_came() {
    for wire in [json!("x"), json!(5), json!(-5), json!(0.5), json!(null), json!([1]), json!({})] {
        assert_eq!(read(&wire), other("", wire.clone()));
        assert_eq!(written(&read(&wire)), wire);
    }
}

#[test]
fn among_several_members_the_first_that_can_be_read_counts() {
    let read = |text: &str| serde_json::from_str::<Attribute>(text).unwrap();
    assert_eq!(read(r#"{"S": "x", "TTL": [5], "N": "1"}"#), "x".into());
    assert_eq!(read(r#"{"TTL": 5, "S": null, "N": "1"}"#), 1.into());
    assert_eq!(read(r#"{"X": 1, "Y": 2}"#), other("X", json!(1)));
}

#[test]
fn bare_numbers_are_understood() {
    assert_eq!(read(&json!({ "N": 42 })), 42.into());
    assert_eq!(read(&json!({ "N": -1.5 })), (-1.5).into());
}

#[test]
fn values_are_asked_for_by_type() {
    let age = Attribute::from(9);
    assert_eq!((age.as_i64(), age.as_u64(), age.as_f64()), (Some(9), Some(9), Some(9.0)));
    assert_eq!((age.as_str(), age.as_bool(), age.as_bytes()), (None, None, None));
    assert_eq!((age.as_timestamp(), age.as_integers(), age.as_doubles()), (None, None, None));
    assert_eq!(Attribute::from("bunny ears").as_str(), Some("bunny ears"));
    assert_eq!(Attribute::from(b"ba").as_bytes().as_deref(), Some(b"ba".as_slice()));
    let empty = Attribute::Integers(vec![]);
    assert_eq!(
        (empty.as_integers(), empty.as_doubles()),
        (Some([].as_slice()), Some([].as_slice()))
    );
}

#[test]
fn bytes_that_are_an_array_stay_available_as_bytes() {
    let bytes = array::encode_integers(&[1, 2]);
    let back = read(&written(&Attribute::from(bytes.clone())));
    assert_eq!(back, Attribute::Integers(vec![1, 2]));
    assert_eq!(back.as_bytes().as_deref(), Some(bytes.as_slice()));
}

#[test]
fn what_the_platform_refuses_is_refused_first() {
    for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = Attribute::from(float).check().unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::InvalidInput);
    }
    let error = Attribute::from(f32::NAN).check().unwrap_err();
    assert_eq!(error.to_string(), "a number must be finite and this is NaN");
    assert!(Attribute::from("x".repeat(LONGEST_STRING)).check().is_ok());
    // The limit is of bytes, and each of these letters has two.
    let error = Attribute::from("ä".repeat(LONGEST_STRING / 2 + 1)).check().unwrap_err();
    assert!(error.to_string().contains("this one has 61202"), "{error}");
}

#[test]
fn what_the_platform_holds_already_may_go_back() {
    assert!(read(&json!({ "N": "nan" })).check().is_ok());
}

fn attributes() -> impl Strategy<Value = Attribute> {
    let finite = any::<f64>().prop_filter("finite", |float| float.is_finite());
    prop_oneof![
        any::<String>().prop_map(Attribute::from),
        any::<i128>().prop_map(Attribute::from),
        any::<u128>().prop_map(Attribute::from),
        finite.prop_map(Attribute::from),
        any::<f32>().prop_filter("finite", |float| float.is_finite()).prop_map(Attribute::from),
        any::<bool>().prop_map(Attribute::from),
        any::<Vec<u8>>().prop_map(Attribute::from),
        (any::<i64>(), 0_u32..1_000_000_000).prop_map(|(seconds, rest)| UnixTime::new(
            seconds, rest
        )
        .unwrap()
        .into()),
        any::<Vec<i64>>().prop_map(Attribute::from),
        any::<Vec<f64>>().prop_map(Attribute::from),
        ("[A-Z]{3}", any::<String>())
            .prop_map(|(kind, text)| Attribute::Other { kind, value: text.into() }),
    ]
}

proptest! {
    #[test]
    fn every_attribute_decodes_to_what_was_encoded(attribute in attributes()) {
        prop_assert_eq!(read(&written(&attribute)), attribute);
    }

    #[test]
    fn any_member_survives_a_round_trip(kind in "S|N|B|BOOL|TS|L|[a-z]{0,4}", text: String) {
        let wire = json!({ kind: text });
        let back = written(&read(&wire));
        // Base64 without padding comes back with it.
        prop_assert_eq!(read(&back), read(&wire));
    }
}
