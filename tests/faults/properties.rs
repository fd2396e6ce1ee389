//! What holds for any answer: unknown values survive, additions and omissions do no harm, and
//! bytes of any kind end in an answer or an error.

use std::str::FromStr;

use longhaul::Options;
use longhaul::rescale::{
    Client, ClusterStatus, JobState, JobStatus, JobStatusFilter, StorageDeviceStatus,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use crate::answers;
use crate::server::{Server, answer};
use crate::support::{builder, ms};

/// Text that is an enum's value comes back as it was, through every way in and out.
fn round_trips<T>(text: &str)
where
    T: FromStr + From<String> + ToString + PartialEq + std::fmt::Debug,
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let value = T::from(text.to_owned());
    assert_eq!(value.to_string(), text);
    assert_eq!(text.parse::<T>().ok(), Some(T::from(text.to_owned())));
    let json = serde_json::to_string(&value).unwrap();
    assert_eq!(json, serde_json::to_string(text).unwrap());
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), value);
}

fn every_enum(text: &str) {
    round_trips::<JobStatus>(text);
    round_trips::<JobStatusFilter>(text);
    round_trips::<JobState>(text);
    round_trips::<ClusterStatus>(text);
    round_trips::<StorageDeviceStatus>(text);
}

#[test]
fn every_known_status_round_trips_and_is_known() {
    for text in
        JobStatus::KNOWN.iter().chain(ClusterStatus::KNOWN).chain(StorageDeviceStatus::KNOWN)
    {
        every_enum(text);
    }
    for text in JobStatus::KNOWN {
        assert!(!matches!(JobStatus::from(*text), JobStatus::Other(_)), "{text}");
    }
    assert_eq!(JobStatus::from("completed"), JobStatus::Other("completed".to_owned()));
}

proptest! {
    #[test]
    fn any_status_round_trips(text in any::<String>()) {
        every_enum(&text);
    }
}

#[test]
fn every_recorded_answer_is_read() {
    let all = answers::all();
    assert!(all.len() >= 40);
    for recorded in all {
        assert_eq!((recorded.read)(&recorded.answer), Ok(()), "{}", recorded.schema);
    }
}

proptest! {
    #![proptest_config(Config { cases: 40, ..Config::default() })]
    #[test]
    fn an_answer_with_additions_omissions_and_new_values_is_read(choices in any::<u64>()) {
        let spec = answers::spec();
        for recorded in answers::all() {
            let mut changed = recorded.answer.clone();
            let schema = &spec["components"]["schemas"][&recorded.schema];
            Mutation { spec: &spec, choices: fastrand::Rng::with_seed(choices) }
                .change(&mut changed, schema);
            let read = (recorded.read)(&changed);
            prop_assert!(read.is_ok(), "{}: {:?} in {changed}", recorded.schema, read);
        }
    }
}

/// Changes an answer in every way that its schema allows a server.
struct Mutation<'a> {
    spec: &'a Value,
    choices: fastrand::Rng,
}

impl Mutation<'_> {
    fn change(&mut self, value: &mut Value, schema: &Value) {
        let schema = self.resolve(schema).clone();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.change(value, part);
        }
        match value {
            Value::Object(members) => {
                self.omit(members, &schema);
                for (name, member) in members.iter_mut() {
                    self.change(member, &schema["properties"][name]);
                }
                if schema["properties"].is_object() {
                    members.insert("brandNew".to_owned(), self.anything());
                }
            }
            Value::Array(items) => {
                items.iter_mut().for_each(|item| self.change(item, &schema["items"]));
            }
            Value::String(text) if schema["enum"].is_array() => {
                *text = format!("New {}", self.choices.u8(..));
            }
            _ => {}
        }
    }

    /// Leaves out optional members, or makes them null.
    fn omit(&mut self, members: &mut serde_json::Map<String, Value>, schema: &Value) {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let known = schema["properties"].as_object().cloned().unwrap_or_default();
        for name in known.keys().filter(|name| !required.contains(&Value::from(name.as_str()))) {
            match self.choices.u8(..4) {
                0 => drop(members.remove(name)),
                1 => drop(members.insert(name.clone(), Value::Null)),
                _ => {}
            }
        }
    }

    fn anything(&mut self) -> Value {
        let all = [Value::Null, true.into(), 7.into(), "x".into(), serde_json::json!([{"a": []}])];
        all[self.choices.usize(..all.len())].clone()
    }

    fn resolve<'s>(&'s self, schema: &'s Value) -> &'s Value {
        match schema["$ref"].as_str() {
            Some(reference) => self.spec.pointer(&reference[1..]).expect("a schema"),
            None => schema,
        }
    }
}

/// Gives every answer to a call, a list and a job, none of which may panic or hang.
async fn ask(client: &Client) {
    let _ = client.current_user().await;
    let _ = client.files().list().max_items(3).collect_all().await;
    let mut job = client.job("Jabc");
    let wait = job.wait_for_status(JobStatus::Completed).every(ms(1)).timeout(ms(3));
    let _ = wait.await.map(|job| job.outcome());
}

/// Bytes that are nothing, almost HTTP, or HTTP with anything for a body.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let body = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        json().prop_map(|json| json.to_string().into_bytes()),
        json().prop_map(|json| {
            serde_json::json!({"count": json, "next": json, "results": [json]})
                .to_string()
                .into_bytes()
        }),
        "[\\[{\":,]{0,300}".prop_map(String::into_bytes),
    ];
    let headers = prop::collection::vec(("[A-Za-z-]{1,12}", "[ -~]{0,20}"), 0..4);
    let whole = (prop_oneof![Just(200u16), 100..=599u16], headers, body).prop_map(
        |(status, headers, body)| {
            let headers: Vec<_> = headers.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            answer(status, &headers, &body)
        },
    );
    prop_oneof![
        1 => prop::collection::vec(any::<u8>(), 0..300),
        1 => (whole.clone(), any::<prop::sample::Index>()).prop_map(|(mut whole, at)| {
            whole.truncate(at.index(whole.len()));
            whole
        }),
        4 => whole,
    ]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(Value::from("/?page=2")),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,6}|results|next|count|id", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

#[tokio::test]
async fn bytes_of_any_kind_end_in_an_answer_or_an_error() {
    let server = Server::raw("").await;
    let options = Options::new().attempts(1).timeout(ms(500)).max_response_bytes(10_000);
    let client = builder(server.url()).api_key("k").options(options).build().unwrap();
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for _ in 0..200 {
        let bytes = bytes().new_tree(&mut runner).unwrap().current();
        server.say(bytes.clone());
        let asked = tokio::time::timeout(ms(10_000), ask(&client)).await;
        assert!(asked.is_ok(), "hangs on {:?}", String::from_utf8_lossy(&bytes));
    }
}

#[tokio::test]
async fn deep_and_extreme_json_is_an_error_and_no_overflow() {
    let server = Server::raw("").await;
    let client = builder(server.url()).api_key("k").build().unwrap();
    let deep = "[".repeat(100_000);
    let member = format!(r#"{{"brandNew": {}}}"#, "[".repeat(10_000) + &"]".repeat(10_000));
    for body in [deep.as_str(), &member, r#"{"email": 1e999}"#, "\u{feff}{}", "\"\\ud800\""] {
        server.say(answer(200, &[], body.as_bytes()));
        let error = client.current_user().await.unwrap_err();
        assert_eq!(error.kind(), longhaul::ErrorKind::Decode, "{error}");
        assert!(error.to_string().len() < 500, "{error}");
    }
}
