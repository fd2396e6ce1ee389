//! Whole responses, and which statuses are errors.

use std::time::Duration;

use longhaul::v3io::{Client, RaiseForStatus};
use longhaul::{ErrorKind, Options};
use longhaul_simulator::{Fault, Simulator};

use super::support::{KEY, client_with, failure, says, start, users};

#[tokio::test]
async fn a_response_has_status_headers_and_output() {
    let (_simulator, users) = users().await;
    let object = users.object("o");
    let put = object.put("hello").response([200]).await.unwrap();
    assert_eq!(put.status, 200);
    let revision = put.output().unwrap().clone().unwrap();
    assert_eq!(put.headers["x-v3io-transaction-verifier"], revision.as_condition());
    let got = object.get().response([200]).await.unwrap();
    assert_eq!(got.headers["content-length"], "5");
    assert_eq!(got.headers["x-v3io-object-type"], "regular");
    assert!(got.headers.get("x-v3io-session-key").is_none());
    assert_eq!(got.into_output().unwrap(), "hello");
    let part = object.get().offset(1).response([206]).await.unwrap();
    assert_eq!((part.status, part.into_output().unwrap()), (206, "ello".into()));
    assert_eq!(object.head().response([200]).await.unwrap().output().unwrap().size, 5);
    assert_eq!(object.append("!").response([200]).await.unwrap().status, 200);
    assert_eq!(object.delete().response([204]).await.unwrap().status, 204);
}

#[tokio::test]
async fn every_call_has_a_response() {
    let (_simulator, client) = start().await;
    let users = client.container("users");
    let item = users.table("t").item("k");
    let never = || RaiseForStatus::Never;
    assert_eq!(client.containers().response(never()).await.unwrap().status, 200);
    assert_eq!(users.exists().response(never()).await.unwrap().status, 200);
    assert_eq!(item.put().set("n", 1).response(never()).await.unwrap().status, 200);
    assert_eq!(item.update().set("n", 2).response(never()).await.unwrap().status, 200);
    let change = item.update_expression("n = n + 1").response(never()).await.unwrap();
    assert!(change.headers.contains_key("x-v3io-transaction-verifier"));
    let got = item.get().response(never()).await.unwrap();
    assert_eq!(got.output().unwrap().get_i64("n"), Some(3));
    assert_eq!(item.delete().response(never()).await.unwrap().status, 204);
    let missing = client.container("no-such").exists().response(never()).await.unwrap();
    assert_eq!((missing.status, missing.output()), (404, Some(&false)));
}

#[tokio::test]
async fn never_gives_the_failure_as_it_was() {
    let (_simulator, users) = users().await;
    let response = users.object("nope").get().response(RaiseForStatus::Never).await.unwrap();
    assert_eq!((response.status, response.output()), (404, None));
    let error = response.into_output().unwrap_err();
    says(&error, ErrorKind::Status, &["404", "No such file"]);
    let false_condition = users.table("t").item("k").put().set("n", 1).condition("n == 0");
    let response = false_condition.response(RaiseForStatus::Never).await.unwrap();
    assert_eq!(response.error().unwrap().code(), Some(longhaul::v3io::codes::CONDITION_FALSE));
}

#[tokio::test]
async fn a_list_has_the_only_statuses_that_are_no_errors() {
    let (_simulator, users) = users().await;
    let object = users.object("o");
    assert_eq!(object.get().response([404]).await.unwrap().status, 404);
    let error = object.put("x").response([201, 204]).await.unwrap_err();
    says(&error, ErrorKind::Status, &["200", "none of the accepted"]);
    assert!(error.may_have_happened(), "the object is there");
    assert!(object.get().response(RaiseForStatus::Unless(vec![])).await.is_err());
}

#[tokio::test]
async fn what_has_no_status_is_an_error_under_every_policy() {
    let simulator = Simulator::v3io().fault(Fault::hang()).start().await.unwrap();
    let hasty = Options::new().attempts(1).timeout(Duration::from_millis(100));
    let users = client_with(&simulator, hasty).container("users");
    let late = failure(users.object("o").get().response(RaiseForStatus::Never)).await;
    assert!(late.is_timeout(), "{late}");
    // Nothing listens on this port, and no test is ever given it.
    let nowhere = Client::builder().endpoint("http://127.0.0.1:9").access_key(KEY);
    let nowhere = nowhere.options(Options::new().attempts(1)).build().unwrap();
    let object = nowhere.container("users").object("o");
    let gone = failure(object.get().response(RaiseForStatus::Never)).await;
    assert_eq!(gone.kind(), ErrorKind::Connect);
}
