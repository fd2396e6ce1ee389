//! Structs and maps as items, and back.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::*;
use crate::ErrorKind;
use crate::v3io::{Number, timestamp};

/// Bytes as the crate `serde_bytes` hands them over.
mod blob {
    use serde::{Deserializer, Serializer, de::Visitor};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }
        d.deserialize_byte_buf(Bytes)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Feature {
    Mustache,
    Singing,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Meters(f64);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Person {
    name: String,
    initial: char,
    age: u8,
    height: Meters,
    exact: i128,
    huge: u128,
    id: u64,
    debt: i64,
    ratio: f32,
    married: bool,
    feature: Feature,
    nickname: Option<String>,
    #[serde(with = "blob")]
    photo: Vec<u8>,
    small: Vec<u8>,
    scores: Vec<i64>,
    weights: Vec<f64>,
    steps: Vec<Meters>,
    place: [f64; 2],
    #[serde(with = "timestamp")]
    born: DateTime<Utc>,
    #[serde(with = "timestamp")]
    seen: SystemTime,
    #[serde(with = "timestamp::option", default)]
    left: Option<DateTime<Utc>>,
    changed: UnixTime,
}

fn bob() -> Person {
    Person {
        name: "bob".into(),
        initial: 'b',
        age: 42,
        height: Meters(1.75),
        exact: i128::MIN,
        huge: u128::MAX,
        id: u64::MAX,
        debt: -9_007_199_254_740_993,
        ratio: 0.1,
        married: true,
        feature: Feature::Mustache,
        nickname: None,
        photo: b"ba".to_vec(),
        small: vec![1, 255],
        scores: vec![1, -2],
        weights: vec![0.5],
        steps: vec![Meters(2.0)],
        place: [51.5, -0.1],
        born: "1969-12-31T23:59:59.5Z".parse().unwrap(),
        seen: SystemTime::UNIX_EPOCH + Duration::new(1_706_933_106, 500),
        left: None,
        changed: UnixTime::new(1, 2).unwrap(),
    }
}

fn one<T: Serialize>(value: T) -> crate::Result<Attributes> {
    to_attributes(&BTreeMap::from([("field", value)]))
}

fn read<T: DeserializeOwned>(value: impl Into<Attribute>) -> crate::Result<T> {
    let mut item: BTreeMap<String, T> = from_attributes([("age", value)].into_iter().collect())?;
    Ok(item.remove("age").unwrap())
}

#[test]
fn a_struct_becomes_an_item_and_comes_back() {
    let attributes = to_attributes(&bob()).unwrap();
    assert_eq!(from_attributes::<Person>(attributes).unwrap(), bob());
    let with_options = Person {
        nickname: Some("bobby".into()),
        left: Some("2024-02-03T04:05:06.123456789Z".parse().unwrap()),
        ..bob()
    };
    let attributes = to_attributes(&with_options).unwrap();
    assert_eq!(from_attributes::<Person>(attributes).unwrap(), with_options);
}

#[test]
fn each_field_has_the_kind_of_its_type() {
    let attributes = to_attributes(&bob()).unwrap();
    let expected: Attributes = [
        ("name", Attribute::from("bob")),
        ("initial", "b".into()),
        ("age", 42.into()),
        ("height", 1.75.into()),
        ("exact", i128::MIN.into()),
        ("huge", u128::MAX.into()),
        ("id", u64::MAX.into()),
        ("debt", (-9_007_199_254_740_993_i64).into()),
        ("ratio", 0.1.into()),
        ("married", true.into()),
        ("feature", "mustache".into()),
        ("photo", b"ba".into()),
        ("small", vec![1, 255].into()),
        ("scores", [1, -2].into()),
        ("weights", [0.5].into()),
        ("steps", [2.0].into()),
        ("place", [51.5, -0.1].into()),
        ("born", UnixTime::new(-1, 500_000_000).unwrap().into()),
        ("seen", UnixTime::new(1_706_933_106, 500).unwrap().into()),
        ("changed", UnixTime::new(1, 2).unwrap().into()),
    ]
    .into_iter()
    .collect();
    assert_eq!(attributes, expected);
}

#[test]
fn maps_with_text_keys_are_items() {
    let ages = HashMap::from([("bob".to_owned(), 42_i64), ("linda".to_owned(), 41)]);
    let attributes = to_attributes(&ages).unwrap();
    assert_eq!((attributes.len(), attributes.get_i64("linda")), (2, Some(41)));
    assert_eq!(from_attributes::<HashMap<String, i64>>(attributes).unwrap(), ages);

    #[derive(Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    struct Name(String);
    let named = HashMap::from([(Name("bob".into()), Some(1)), (Name("gene".into()), None)]);
    let attributes = to_attributes(&named).unwrap();
    assert_eq!(attributes.len(), 1);
    let back: HashMap<Name, i32> = from_attributes(attributes).unwrap();
    assert_eq!(back, HashMap::from([(Name("bob".into()), 1)]));
}

#[test]
fn flattened_fields_come_back() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Outer {
        name: String,
        #[serde(flatten)]
        inner: Inner,
        #[serde(flatten)]
        rest: BTreeMap<String, serde_json::Value>,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Inner {
        age: i64,
        weight: f64,
        changed: UnixTime,
    }
    let item = Outer {
        name: "bob".into(),
        inner: Inner { age: 42, weight: 80.5, changed: UnixTime::new(5, 6).unwrap() },
        rest: BTreeMap::from([("scores".into(), serde_json::json!([1, 2]))]),
    };
    let attributes = to_attributes(&item).unwrap();
    assert_eq!(attributes.get_timestamp("changed"), Some(item.inner.changed));
    assert_eq!(from_attributes::<Outer>(attributes).unwrap(), item);
}

#[test]
fn attributes_that_are_not_asked_for_are_passed_over() {
    #[derive(Deserialize)]
    struct Aged {
        age: u8,
        nickname: Option<String>,
    }
    let mut attributes = to_attributes(&bob()).unwrap();
    attributes.insert("odd", Attribute::Other { kind: "L".into(), value: [1].as_slice().into() });
    let aged: Aged = from_attributes(attributes).unwrap();
    assert_eq!((aged.age, aged.nickname), (42, None));
}

#[test]
fn numbers_are_read_as_any_type_that_holds_them() {
    assert_eq!(read::<u8>(130.0).unwrap(), 130);
    assert_eq!(read::<f64>(3).unwrap(), 3.0);
    assert_eq!(read::<i64>("3e2".parse::<Number>().unwrap()).unwrap(), 300);
    assert_eq!(read::<Vec<f64>>(vec![1, 2]).unwrap(), [1.0, 2.0]);
    assert_eq!(read::<Vec<f64>>(Attribute::Integers(vec![])).unwrap(), [0.0; 0]);
    assert!(read::<f64>("nan".parse::<Number>().unwrap()).unwrap().is_nan());
}

#[test]
fn what_is_no_attribute_names_its_field() {
    #[derive(Serialize)]
    enum Shape {
        Circle(f64),
    }
    #[derive(Serialize)]
    struct Nothing;
    let refused = |result: crate::Result<Attributes>| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        error.to_string()
    };
    let nested = "the field `field` cannot be an attribute: attributes do not nest; flatten it or \
                  store it as text";
    assert_eq!(refused(one(bob())), nested);
    assert_eq!(refused(one(BTreeMap::from([("a", 1)]))), nested);
    let why = "the field `field` cannot be an attribute: ";
    assert_eq!(refused(one(("a", 1))), format!("{why}an array holds numbers alone"));
    assert_eq!(refused(one((1, 0.5))), format!("{why}an array holds either integers or floats"));
    assert_eq!(refused(one(vec![vec![1]])), format!("{why}an array holds numbers alone"));
    assert_eq!(
        refused(one([u64::MAX])),
        format!("{why}18446744073709551615 is beyond the 64 bits of an array")
    );
    assert_eq!(
        refused(one(Shape::Circle(1.0))),
        format!("{why}only enums without data are strings")
    );
    assert_eq!(refused(one(Nothing)), format!("{why}it holds nothing"));
    assert_eq!(
        refused(one(f64::NAN)),
        "the attribute `field` cannot be sent: a number must be finite and this is NaN"
    );
    assert_eq!(refused(to_attributes("text")), "an item is made from a struct or a map");
    assert_eq!(
        refused(to_attributes(&BTreeMap::from([(1, 1)]))),
        "the keys of a map of attributes must be text"
    );
}

#[test]
fn a_mismatch_says_which_attribute_what_it_is_and_what_was_wanted() {
    fn refused<T: DeserializeOwned + std::fmt::Debug>(value: impl Into<Attribute>) -> String {
        let error = read::<T>(value).unwrap_err();
        assert_eq!((error.kind(), error.may_have_happened()), (ErrorKind::Decode, false));
        error.to_string()
    }
    let is = "the attribute `age` is";
    assert_eq!(refused::<i64>("nine"), format!("{is} a string where i64 is wanted"));
    assert_eq!(refused::<u8>(300), format!("{is} the number 300 where u8 is wanted"));
    assert_eq!(refused::<i32>(1.5), format!("{is} the number 1.5 where i32 is wanted"));
    assert_eq!(refused::<String>(9), format!("{is} the number 9 where a string is wanted"));
    assert_eq!(refused::<bool>(1), format!("{is} the number 1 where a boolean is wanted"));
    assert_eq!(
        refused::<Vec<u8>>(b"ba"),
        format!("{is} a blob of 2 bytes where a sequence is wanted")
    );
    assert_eq!(
        refused::<Vec<u8>>([1, 256]),
        format!("{is} an array of 2 integers where u8 is wanted")
    );
    assert_eq!(
        refused::<[f64; 1]>([0.5, 1.5]),
        format!(
            "{is} an array of 2 floats that cannot be read: it has more elements than are wanted"
        )
    );
    assert_eq!(
        refused::<UnixTime>(true),
        format!("{is} the boolean true where a timestamp is wanted")
    );
    let moment = UnixTime::new(1, 2).unwrap();
    assert_eq!(
        refused::<String>(moment),
        format!("{is} the timestamp 1:2 where a string is wanted")
    );
    assert_eq!(
        refused::<Feature>("bald"),
        format!(
            "{is} a string that cannot be read: unknown variant `bald`, expected `mustache` or \
             `singing`"
        )
    );
    let odd = Attribute::Other { kind: "N".into(), value: "abc".into() };
    assert_eq!(
        refused::<i64>(odd),
        format!("{is} an unreadable value of the kind \"N\" where i64 is wanted")
    );
}

#[test]
fn a_missing_attribute_is_named() {
    let mut attributes = to_attributes(&bob()).unwrap();
    attributes.remove("age");
    let error = from_attributes::<Person>(attributes).unwrap_err();
    assert_eq!(error.to_string(), "the attribute `age` is missing");
}

#[test]
fn names_are_checked() {
    for name in ["a", "_", "__size", "Age2", &"x".repeat(LONGEST_NAME)] {
        assert!(attribute_name_is_valid(name), "{name}");
    }
    for name in ["", "2a", "a-b", "a b", "ä", "a.b", &"x".repeat(LONGEST_NAME + 1)] {
        assert!(!attribute_name_is_valid(name), "{name}");
    }
    let attributes: Attributes = [("first name", "bob")].into_iter().collect();
    let error = attributes.check().unwrap_err();
    assert!(error.to_string().starts_with("\"first name\" cannot name an attribute"), "{error}");
}

#[test]
fn attributes_are_a_map() {
    let mut attributes = Attributes::new();
    assert!(attributes.is_empty());
    assert_eq!(attributes.insert("age", 9), None);
    assert_eq!(attributes.insert("age", 10), Some(9.into()));
    attributes.extend([("feature", "bunny ears")]);
    assert_eq!((attributes.get_i64("age"), attributes.get_u64("age")), (Some(10), Some(10)));
    assert_eq!(
        (attributes.get_str("feature"), attributes.get_str("age")),
        (Some("bunny ears"), None)
    );
    assert_eq!(attributes.get_f64("nothing"), None);
    let names: Vec<_> = attributes.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["age", "feature"]);
    let map = BTreeMap::from(attributes.clone());
    assert_eq!(Attributes::from(map), attributes);
}

proptest! {
    #[test]
    fn every_value_comes_back(
        text: String, wide: i128, unsigned: u128, word: u64, single: f32, flag: bool,
        bytes: Vec<u8>, integers: Vec<i64>, doubles: Vec<f64>,
        seconds in -1_i64 << 40..1 << 40, nanoseconds in 0_u32..1_000_000_000,
    ) {
        let moment = UnixTime::new(seconds, nanoseconds).unwrap();
        let person = Person {
            name: text,
            exact: wide,
            huge: unsigned,
            id: word,
            ratio: if single.is_finite() { single } else { 0.0 },
            married: flag,
            photo: bytes.clone(),
            small: bytes,
            scores: integers,
            weights: doubles,
            born: moment.datetime().unwrap(),
            changed: moment,
            ..bob()
        };
        let attributes = to_attributes(&person).unwrap();
        prop_assert_eq!(from_attributes::<Person>(attributes).unwrap(), person);
    }
}
