//! Tokens: fetched once for many calls, renewed when they end, and sent to nobody else.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use longhaul::bodo::{JobStatus, NewJob, Workspace};
use longhaul::{ErrorKind, Token};
use longhaul_simulator::bodo::{KEYS, WORKSPACE};
use longhaul_simulator::{Fault, Handle};

use super::failure::{failure, says};
use super::support::{self, PACE, calls, fast, sent, start, start_with};

const TOKENS: &str = "/identity/resources/auth/v2/api-token";
const VERSION: &str = "/api/v1/sdk-versions/*";

/// How many tokens were asked for.
fn fetched(handle: &Handle) -> usize {
    sent(handle, "POST", TOKENS).len()
}

/// The outcomes of so many calls at once.
async fn many(workspace: &Workspace, count: usize) -> Option<longhaul::Error> {
    let calls = (0..count).map(|_| async { workspace.sdk_version().await.map(drop) });
    join_all(calls).await.into_iter().find_map(Result::err)
}

#[tokio::test]
async fn nothing_is_sent_before_the_first_call_and_then_one_token_serves_all() {
    let (handle, workspace) = start().await;
    assert_eq!(handle.request_count(), 0);
    workspace.sdk_version().await.unwrap();
    workspace.clone().data().await.unwrap();
    assert_eq!(workspace.id().await.unwrap().as_str(), WORKSPACE);
    assert_eq!(fetched(&handle), 1);
}

#[tokio::test]
async fn ten_thousand_calls_with_an_ended_token_fetch_one() {
    let (handle, workspace) = start().await;
    workspace.sdk_version().await.unwrap();
    let old = sent(&handle, "GET", "2.3.2")[0].header("authorization").unwrap().to_owned();
    handle.bodo().unwrap().expire_tokens();
    handle.clear_requests();
    let failed = many(&workspace, 10_000).await;
    assert!(failed.is_none(), "{failed:?}");
    // The record holds the last 10,000 requests, so that what came first is counted, not read.
    let rejected = handle.request_count() - 10_000;
    assert!(rejected < 300, "{rejected} requests more than calls");
    let used = sent(&handle, "GET", "2.3.2");
    let newer = used.iter().filter_map(|call| call.header("authorization"));
    let newer: BTreeSet<_> = newer.filter(|token| *token != old).collect();
    assert_eq!(newer.len(), 1);
}

#[tokio::test]
async fn calls_that_find_the_token_rejected_together_fetch_one() {
    let (handle, workspace) = start().await;
    workspace.sdk_version().await.unwrap();
    handle.bodo().unwrap().expire_tokens();
    handle.clear_requests();
    assert!(many(&workspace, 500).await.is_none());
    assert_eq!(fetched(&handle), 1);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let (handle, workspace) = start_with(fast().token_lifetime(Duration::from_secs(2))).await;
    workspace.sdk_version().await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    workspace.sdk_version().await.unwrap();
    assert_eq!(fetched(&handle), 2);
    let statuses: Vec<_> = sent(&handle, "GET", "2.3.2").iter().map(|one| one.status).collect();
    assert_eq!(statuses, [Some(200), Some(200)]);
}

#[tokio::test]
async fn one_401_is_answered_by_a_new_token_and_one_replay() {
    let (handle, workspace) = start_with(fast().cluster("c")).await;
    let cluster = workspace.cluster(handle.id_of("c").unwrap());
    handle.fault(Fault::expired_token().on("POST", "/api/v1/jobs").once());
    cluster.run_job(NewJob::sql("SELECT 1")).await.unwrap();
    assert_eq!(fetched(&handle), 2);
    assert_eq!(handle.bodo().unwrap().job_ids().len(), 1, "a job was sent twice");
}

#[tokio::test]
async fn a_401_that_stays_is_an_error_that_says_what_to_check() {
    let (handle, workspace) = start().await;
    handle.fault(Fault::expired_token().path(VERSION));
    let error = failure(workspace.sdk_version()).await;
    says(&error, ErrorKind::Status, &["401", "check that these are the keys of a workspace"]);
    assert!(error.is_unauthorized());
    assert_eq!((fetched(&handle), calls(&handle)), (2, 2));
}

#[tokio::test]
async fn a_403_is_answered_by_a_new_token_unless_the_token_is_new() {
    let (handle, workspace) = start().await;
    handle.fault(Fault::status(403).path(VERSION).once());
    let error = failure(workspace.sdk_version()).await;
    says(&error, ErrorKind::Status, &["403", "check that these are the keys of a workspace"]);
    assert_eq!((fetched(&handle), calls(&handle)), (1, 1));

    workspace.sdk_version().await.unwrap();
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(61)).await;
    tokio::time::resume();
    handle.clear_requests();
    handle.fault(Fault::status(403).path(VERSION).once());
    workspace.sdk_version().await.unwrap();
    assert_eq!((fetched(&handle), calls(&handle)), (1, 2));

    handle.clear_requests();
    handle.fault(Fault::status(403).path(VERSION));
    assert_eq!(failure(workspace.sdk_version()).await.status(), Some(403));
    assert_eq!((fetched(&handle), calls(&handle)), (0, 1), "what is forbidden stays forbidden");
}

#[tokio::test]
async fn a_token_without_an_end_is_used_until_it_is_rejected() {
    let (handle, workspace) = start_with(fast().exp_claim(false)).await;
    handle.fault(Fault::remove("/expires_in").path(TOKENS));
    handle.fault(Fault::remove("/expires").path(TOKENS));
    for _ in 0..20 {
        workspace.sdk_version().await.unwrap();
    }
    assert_eq!(fetched(&handle), 1);
    handle.bodo().unwrap().expire_tokens();
    workspace.sdk_version().await.unwrap();
    assert_eq!((fetched(&handle), calls(&handle)), (2, 22));
}

#[tokio::test]
async fn a_source_of_tokens_of_ones_own_takes_the_place_of_keys() {
    let (handle, other) = start().await;
    other.sdk_version().await.unwrap();
    let token = sent(&handle, "GET", "2.3.2")[0].header("authorization").unwrap().to_owned();
    let token = token.trim_start_matches("Bearer ").to_owned();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let source = move || {
        count.fetch_add(1, Ordering::SeqCst);
        let token = token.clone();
        async move { Ok(Token::new(token)) }
    };
    let own = Workspace::builder().server(handle.url()).token_provider(source).build().unwrap();
    assert_eq!(own.id().await.unwrap().as_str(), WORKSPACE);
    own.data().await.unwrap();
    assert_eq!((asked.load(Ordering::SeqCst), fetched(&handle)), (1, 1));
}

#[tokio::test]
async fn the_token_goes_to_the_api_and_nowhere_else() {
    let (handle, workspace) = start_with(fast().cluster("c").catalog("shop")).await;
    workspace.upload("print('hello')\n", "test.py").await.unwrap();
    let cluster = workspace.cluster(handle.id_of("c").unwrap());
    let mut job = cluster.run_job(NewJob::python("test.py")).await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    job.stdout().await.unwrap();
    let rows = cluster.connect("shop").query("SELECT 1").await.unwrap();
    rows.collect_all().await.unwrap();
    let requests = handle.requests();
    let (stored, other): (Vec<_>, Vec<_>) =
        requests.iter().partition(|request| request.path.starts_with("/storage/"));
    assert!(stored.len() >= 4, "{stored:?}");
    assert!(stored.iter().all(|request| request.header("authorization").is_none()));
    assert!(stored.iter().all(|request| request.header("sdk-version").is_none()));
    let tokens = other.iter().filter(|request| request.path == TOKENS);
    assert!(tokens.clone().count() == 1);
    assert!(tokens.clone().all(|request| request.header("authorization").is_none()));

    let foreign = fast().start().await.unwrap();
    handle.fault(Fault::redirect(307, foreign.url()).path(VERSION));
    assert!(workspace.sdk_version().await.is_err());
    let [request] = foreign.requests().try_into().expect("one request");
    assert!(request.header("authorization").is_none());
    handle.fault(Fault::redirect(307, foreign.url()).path(TOKENS));
    foreign.clear_requests();
    assert!(support::workspace(&handle).id().await.is_err());
    let keys = foreign.requests().iter().any(|request| request.text().contains(KEYS.1));
    assert!(!keys, "the secret key went to another origin");
}
