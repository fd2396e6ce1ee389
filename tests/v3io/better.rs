//! What users get where the official client has a defect.

use std::time::{Duration, Instant};

use longhaul::v3io::Client;
use longhaul::{Options, batch};
use longhaul_simulator::v3io::LOGIN;
use longhaul_simulator::{Fault, Simulator};

use super::support::{
    KEY, SESSION_KEY, asked, builder, client_with, failure, lost_answer, numbered, numbers, plain,
    start, users, users_with,
};

#[tokio::test]
async fn a_scan_goes_on_after_an_empty_page() {
    let (_simulator, users) = users_with(Simulator::v3io().page_size(10).empty_pages(true)).await;
    let table = numbered(&users, 30).await;
    assert_eq!(table.scan().items().collect_all().await.unwrap().len(), 30);
    let rows = table.scan().filter("n >= 25").items().collect_all().await.unwrap();
    assert_eq!(numbers(&rows), [25, 26, 27, 28, 29]);
}

#[tokio::test]
async fn a_scan_begins_at_its_marker() {
    let (simulator, users) = users_with(Simulator::v3io().page_size(10)).await;
    let table = numbered(&users, 30).await;
    table.scan().items().collect_all().await.unwrap();
    let third = asked(&simulator, "GetItems")[2].json()["Marker"].as_str().unwrap().to_owned();
    let rows = table.scan().marker(third).items().collect_all().await.unwrap();
    assert_eq!(numbers(&rows), (20..30).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_query_has_its_filter_and_its_names_where_they_belong() {
    let (simulator, users) = users().await;
    let table = numbered(&users, 3).await;
    let query = table.scan().filter("n > 0").attributes(["n", "__name"]).items();
    assert_eq!(query.collect_all().await.unwrap().len(), 2);
    let sent = asked(&simulator, "GetItems")[0].json();
    let expected = serde_json::json!({"AttributesToGet": "n,__name", "FilterExpression": "n > 0"});
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn the_name_of_one_attribute_is_one_name() {
    let (simulator, users) = users().await;
    let item = users.table("t").item("k");
    item.put().set("age", 42).await.unwrap();
    assert_eq!(item.get().attributes(["age"]).await.unwrap().get_i64("age"), Some(42));
    item.get().all_attributes().await.unwrap();
    let sent: Vec<_> = asked(&simulator, "GetItem")
        .iter()
        .map(|one| one.json()["AttributesToGet"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(sent, ["age", "**"]);
}

#[tokio::test]
async fn an_update_loses_no_attribute() {
    let (simulator, users) = users().await;
    let item = users.table("t").item("k");
    item.put().set("a", 1).await.unwrap();
    item.update().set("b", 2).set("c", 3).condition("a == 1").await.unwrap();
    let change = item.update_expression("a = a + 1").condition("b == 7");
    change.otherwise("a = 10").await.unwrap();
    let found = item.get().await.unwrap();
    assert_eq!(found, [("a", 10), ("b", 2), ("c", 3)].into_iter().collect());
    let put = asked(&simulator, "PutItem");
    assert!(put.iter().all(|one| one.json().get("UpdateExpression").is_none()));
    let update = asked(&simulator, "UpdateItem")[0].json();
    assert!(update.get("Item").is_none() && update.get("AlternateUpdateExpression").is_some());
}

#[tokio::test]
async fn failures_leave_the_connections_to_others() {
    let (simulator, _users) = users().await;
    let few = client_with(&simulator, Options::new().max_connections(8).attempts(1));
    let users = few.container("users");
    users.object("o").put("x").await.unwrap();
    let faults = [Fault::reset(), Fault::reset_after(), Fault::status(500), Fault::truncate(0)];
    simulator.fault(Fault::one_of(faults).rate(0.5));
    let report = batch(0..200, |n| users.object(format!("{}", n % 2)).get()).await;
    assert_eq!(report.failed.len(), 200);
    simulator.clear_faults();
    simulator.fault(Fault::delay(Duration::from_secs(60)));
    for _ in 0..3 {
        let dropped = batch(0..32, |_| users.object("o").get()).concurrency(32).into_future();
        tokio::time::timeout(Duration::from_millis(50), dropped).await.unwrap_err();
    }
    simulator.clear_faults();
    let calls = batch(0..1000, |_| users.object("o").get()).concurrency(64).into_future();
    let report = tokio::time::timeout(Duration::from_secs(20), calls).await.expect("no hang");
    assert_eq!(report.into_result().unwrap().len(), 1000);
}

#[tokio::test]
async fn a_file_that_is_sent_again_is_sent_whole() {
    let (simulator, users) = users().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.txt");
    std::fs::write(&path, "file contents").unwrap();
    simulator.fault(lost_answer("PUT").once());
    users.object("o").put_file(&path).await.unwrap();
    assert_eq!(users.object("o").get().await.unwrap(), "file contents");
    let sent: Vec<_> = plain(&simulator, "PUT").iter().map(|one| one.text()).collect();
    assert_eq!(sent, ["file contents", "file contents"]);
}

#[tokio::test]
async fn a_credential_stays_at_home_when_a_redirect_leads_elsewhere() {
    let (elsewhere, _client) = start().await;
    for login in [false, true] {
        elsewhere.clear_requests();
        let redirect = Fault::redirect(307, elsewhere.url()).method("GET");
        let simulator = Simulator::v3io().fault(redirect).start().await.unwrap();
        let client = match login {
            false => builder(&simulator),
            true => Client::builder().endpoint(simulator.url()).basic_auth(LOGIN.0, LOGIN.1),
        };
        failure(client.build().unwrap().container("users").object("o").get()).await;
        let followed = elsewhere.requests();
        assert!(!followed.is_empty());
        for request in followed {
            assert_eq!(request.header(SESSION_KEY), None);
            assert_eq!(request.header("authorization"), None);
        }
    }
}

#[tokio::test]
async fn nothing_is_added_stored_or_counted_twice() {
    let (simulator, users) = users().await;
    let (object, stream) = (users.object("log"), users.stream("s"));
    let item = users.table("t").item("k");
    object.put("-").await.unwrap();
    stream.create(1).await.unwrap();
    item.put().set("n", 0).await.unwrap();
    simulator.fault(lost_answer("POST"));
    assert!(failure(object.append("A")).await.may_have_happened());
    simulator.clear_faults();
    simulator.fault(lost_answer("PutRecords"));
    let report = stream.put_records(["record"]).await.unwrap();
    assert!(report.failed[0].error.may_have_happened());
    simulator.clear_faults();
    simulator.fault(lost_answer("UpdateItem"));
    assert!(failure(item.update_expression("n = n + 1")).await.may_have_happened());
    simulator.clear_faults();
    assert_eq!(object.get().await.unwrap(), "-A");
    let shard = stream.shard(0);
    let start = shard.seek(longhaul::v3io::Seek::Earliest).await.unwrap();
    assert_eq!(shard.records(&start).await.unwrap().records.len(), 1);
    assert_eq!(item.get().await.unwrap().get_i64("n"), Some(1));
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    use super::tls::{CERTIFICATE, SelfSigned};
    let server = SelfSigned::start();
    let client = |options: Options| {
        let client = Client::builder().endpoint(server.url()).access_key(KEY);
        client.options(options.attempts(1)).build().unwrap()
    };
    let refused = failure(client(Options::new()).containers()).await;
    assert_eq!(refused.kind(), longhaul::ErrorKind::Connect, "{refused}");
    assert!(refused.to_string().contains("certificate"), "{refused}");
    assert_eq!(server.requests(), 0, "the key was sent");
    let trusting = Options::new().trust_pem(CERTIFICATE).unwrap();
    assert!(client(trusting).containers().await.unwrap().is_empty());
    let careless = Options::new().danger_accept_invalid_certificates();
    assert!(client(careless).containers().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_time_out_is_kept() {
    let simulator = Simulator::v3io().fault(Fault::hang()).start().await.unwrap();
    let limit = Duration::from_millis(200);
    let once = client_with(&simulator, Options::new().timeout(limit).attempts(1));
    let started = Instant::now();
    let error = failure(once.container("users").object("o").get()).await;
    assert!(error.is_timeout(), "{error}");
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    let deadline = Options::new().timeout(limit).deadline(2 * limit).attempts(100);
    let started = Instant::now();
    let patient = client_with(&simulator, deadline);
    assert!(failure(patient.containers()).await.is_timeout());
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[tokio::test]
async fn what_may_pass_is_tried_again() {
    let (simulator, users) = users().await;
    users.object("o").put("x").await.unwrap();
    for fault in [Fault::status(503), Fault::reset(), Fault::refuse(Duration::from_millis(20))] {
        simulator.fault(fault.once());
        assert_eq!(users.object("o").get().await.unwrap(), "x");
        simulator.clear_faults();
    }
}

#[tokio::test]
async fn a_listing_knows_its_end() {
    let (simulator, users) = users().await;
    let puts = batch(0..1000, |n: usize| users.object(format!("full/{n:04}")).put("x"));
    puts.await.into_result().unwrap();
    simulator.clear_requests();
    assert_eq!(users.list("full").collect_all().await.unwrap().len(), 1000);
    assert_eq!(simulator.request_count(), 1);
    let mut list = users.list("full").page_size(999);
    for _ in 0..1000 {
        assert!(list.try_next().await.unwrap().is_some());
    }
    assert!(list.try_next().await.unwrap().is_none() && list.continuation().is_none());
}

#[tokio::test]
async fn integers_are_exact() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("k");
    let odd = (1_i64 << 53) + 1;
    item.put().set("odd", odd).set("max", u64::MAX).set("min", i64::MIN).await.unwrap();
    let found = item.get().await.unwrap();
    assert_eq!((found.get_i64("odd"), found.get_u64("max")), (Some(odd), Some(u64::MAX)));
    assert_eq!(found.get_i64("min"), Some(i64::MIN));
    assert_eq!(found.get("odd").unwrap().as_number().unwrap().to_string(), odd.to_string());
}

#[tokio::test]
async fn a_key_with_a_slash_at_its_start_stays_in_the_table() {
    let (simulator, users) = users().await;
    users.table("some/table").item("/key").put().set("n", 1).await.unwrap();
    assert_eq!(simulator.requests()[0].path, "/users/some/table/key");
}

#[tokio::test]
async fn names_of_a_batch_that_the_official_one_lacks_work() {
    let (_simulator, users) = users().await;
    let streams = batch(0..4, |n| users.stream(format!("s{n}")).create(1));
    streams.await.into_result().unwrap();
    let grown = batch(0..4, |n| users.stream(format!("s{n}")).update(2));
    grown.await.into_result().unwrap();
    let deleted = batch(0..4, |n| users.stream(format!("s{n}")).delete());
    deleted.await.into_result().unwrap();
    let heads = batch(["o"], |path| users.object(path).head()).await;
    assert!(heads.failed[0].error.is_not_found());
}

#[tokio::test]
async fn an_error_says_what_the_server_said_instead_of_an_empty_output() {
    let (_simulator, client) = start().await;
    let item = client.container("users").table("t").item("nobody");
    let response = item.get().response(longhaul::v3io::RaiseForStatus::Never).await.unwrap();
    assert!(response.output().is_none());
    assert!(response.error().unwrap().to_string().contains("No such file"));
}
