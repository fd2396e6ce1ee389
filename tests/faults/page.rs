//! Lists through broken pages.

use longhaul::ErrorKind;
use longhaul::page::Continuation;
use longhaul::page::List;
use longhaul::rescale::models::JobSummary;
use longhaul::rescale::{Client, JobQuery};
use longhaul_simulator::{Fault, Handle};

use crate::server::{Server, ok};
use crate::support::{
    JOBS, asked, client, failure, fast, for_each, impatient, ms, passing, single, start,
};

/// A server with this many jobs.
async fn with_jobs(count: usize) -> Handle {
    start(fast().jobs(count)).await
}

fn jobs(client: &Client) -> List<JobQuery> {
    client.jobs().list().page_size(10)
}

fn ids(jobs: &[JobSummary]) -> Vec<String> {
    jobs.iter().map(|job| job.id.to_string()).collect()
}

/// What an undisturbed list gives.
async fn expected(simulator: &Handle) -> Vec<String> {
    ids(&jobs(&client(simulator)).collect_all().await.unwrap())
}

#[tokio::test]
async fn every_item_comes_once_and_in_order_through_every_fault_that_passes() {
    let prepare = async |(name, fault): (&'static str, Fault)| {
        let simulator = with_jobs(95).await;
        let expected = expected(&simulator).await;
        assert_eq!(expected.len(), 95);
        simulator.fault(fault.path(JOBS).skip(2).first(2));
        (name, impatient(&simulator), expected, simulator)
    };
    for_each(passing(), prepare, async |(name, client, expected, _simulator)| {
        let all = jobs(&client).collect_all().await;
        assert_eq!(all.map(|all| ids(&all)).ok(), Some(expected), "{name}");
    })
    .await;
}

#[tokio::test]
async fn a_page_that_links_to_itself_is_an_error_and_not_a_circle() {
    for in_flight in [1, 8] {
        let simulator = with_jobs(95).await;
        let expected = expected(&simulator).await;
        simulator.clear_requests();
        simulator.fault(Fault::next_link("self").path(JOBS).query("page", "4"));
        let mut list = jobs(&client(&simulator)).in_flight(in_flight);
        let mut seen = Vec::new();
        let error = loop {
            match list.try_next().await {
                Ok(Some(job)) => seen.push(job),
                Ok(None) => panic!("the list ended"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::Protocol);
        assert!(error.to_string().contains("never end"), "{error}");
        assert_eq!(ids(&seen), expected[..30], "the items before it are kept");
        assert!(list.try_next().await.unwrap().is_none(), "the list is over");
        assert!(simulator.request_count() <= 10);
    }
}

#[tokio::test]
async fn a_link_to_an_earlier_page_is_an_error() {
    let simulator = with_jobs(95).await;
    let back = format!("{}/api/v2/jobs/?page=2&page_size=10", simulator.url());
    simulator.fault(Fault::next_link(back).path(JOBS).query("page", "5"));
    let error = failure(jobs(&client(&simulator)).collect_all()).await;
    assert!(error.to_string().contains("never end"), "{error}");
}

#[tokio::test]
async fn a_link_to_another_origin_is_never_followed() {
    let foreign = Server::raw(ok(&[], br#"{"count":1,"next":null,"results":[]}"#)).await;
    let simulator = with_jobs(30).await;
    let port = foreign.url().rsplit(':').next().unwrap().to_owned();
    let links = [
        foreign.url(),
        format!("{}/api/v2/jobs/?page=2", foreign.url()),
        format!("//127.0.0.1:{port}/api/v2/jobs/?page=2"),
        format!("{}@127.0.0.1:{port}/api/v2/jobs/?page=2", simulator.url()),
        format!("http://localhost:{}/api/v2/jobs/?page=2", simulator.port()),
        simulator.url().replace("http", "https") + "/api/v2/jobs/?page=2",
        "file:///etc/passwd?page=2".to_owned(),
        "data:text/plain,?page=2".to_owned(),
    ];
    for link in links {
        simulator.clear_faults();
        simulator.fault(Fault::next_link(&link).path(JOBS));
        let error = failure(jobs(&client(&simulator)).collect_all()).await;
        assert_eq!(error.kind(), ErrorKind::Protocol, "{link}");
        assert!(error.to_string().contains("was not followed"), "{link}: {error}");
    }
    assert_eq!(foreign.connections(), 0);
}

#[tokio::test]
async fn a_link_that_names_no_page_is_an_error_that_hides_its_query() {
    let simulator = with_jobs(30).await;
    simulator.fault(Fault::next_link("/api/v2/jobs/?page=hunter2").path(JOBS));
    let error = failure(jobs(&client(&simulator)).collect_all()).await;
    assert!(error.to_string().contains("names no page"), "{error}");
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[tokio::test]
async fn a_relative_link_is_a_link() {
    let simulator = with_jobs(15).await;
    let expected = expected(&simulator).await;
    for link in ["?page=2", "/api/v2/jobs/?page=2&page_size=10"] {
        simulator.clear_faults();
        simulator.fault(Fault::next_link(link).path(JOBS).once());
        let all = jobs(&client(&simulator)).in_flight(1).collect_all().await.unwrap();
        assert_eq!(ids(&all), expected);
    }
}

#[tokio::test]
async fn an_empty_page_is_not_the_end() {
    let simulator = with_jobs(50).await;
    let mut expected = expected(&simulator).await;
    let empty = Fault::set("/results", serde_json::json!([])).path(JOBS).query("page", "3");
    simulator.fault(empty);
    let all = jobs(&client(&simulator)).collect_all().await.unwrap();
    expected.drain(20..30);
    assert_eq!(ids(&all), expected);
}

#[tokio::test]
async fn a_count_that_lies_costs_no_item() {
    for count in [0i64, 1, 25, 1_000_000_000_000, -5] {
        let simulator = with_jobs(50).await;
        let expected = expected(&simulator).await;
        simulator.fault(Fault::set("/count", count).path(JOBS));
        let all = jobs(&client(&simulator)).collect_all().await.unwrap();
        assert_eq!(ids(&all), expected, "count {count}");
        assert!(simulator.request_count() < 40);
    }
}

#[tokio::test]
async fn unknown_fields_and_statuses_in_items_are_kept_or_ignored() {
    let simulator = with_jobs(20).await;
    simulator.fault(Fault::set("/results/*/brandNew", serde_json::json!([1])).path(JOBS));
    simulator.fault(Fault::set("/results/*/jobStatus/content", "Dreaming").path(JOBS));
    let all = jobs(&client(&simulator)).collect_all().await.unwrap();
    assert_eq!(all.len(), 20);
    assert!(all.iter().all(|job| format!("{job:?}").contains("Dreaming")), "{:?}", all[0]);
}

#[tokio::test]
async fn a_page_that_is_no_page_says_where() {
    let cases = [
        (Fault::html(), "HTML"),
        (Fault::garbage(), "not JSON"),
        (Fault::remove("/results/3/id"), "at `results[3]"),
        (Fault::set("/results/2/name", 7), "at `results[2].name`"),
    ];
    for (fault, expected) in cases {
        let simulator = with_jobs(20).await;
        simulator.fault(fault.path(JOBS));
        let error = failure(jobs(&client(&simulator)).collect_all()).await;
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn a_list_that_failed_goes_on_where_it_was() {
    for in_flight in [1, 8] {
        let simulator = with_jobs(95).await;
        let expected = expected(&simulator).await;
        simulator.fault(Fault::status(500).path(JOBS).query("page", "6"));
        let client = single(&simulator);
        let mut list = jobs(&client).in_flight(in_flight);
        let mut seen = Vec::new();
        while let Ok(Some(job)) = list.try_next().await {
            seen.push(job);
        }
        assert_eq!(seen.len(), 50);
        let left: Continuation = list.continuation().unwrap().to_string().parse().unwrap();
        simulator.clear_faults();
        seen.extend(jobs(&client).resume(left).collect_all().await.unwrap());
        assert_eq!(ids(&seen), expected);
    }
}

#[tokio::test]
async fn a_rejected_credential_ends_the_list() {
    let simulator = with_jobs(95).await;
    simulator.fault(Fault::expired_token().path(JOBS).skip(1));
    let error = failure(jobs(&client(&simulator)).in_flight(1).collect_all()).await;
    assert!(error.is_unauthorized(), "{error}");
    assert_eq!(simulator.request_count(), 2);
}

#[tokio::test]
async fn a_dropped_list_asks_for_nothing_more() {
    let simulator = start(fast().jobs(1000).latency(ms(5))).await;
    let mut list = jobs(&client(&simulator)).in_flight(4);
    list.try_next().await.unwrap();
    for _ in 0..15 {
        list.try_next().await.unwrap();
    }
    drop(list);
    tokio::time::sleep(ms(50)).await;
    let before = simulator.request_count();
    tokio::time::sleep(ms(100)).await;
    assert_eq!(simulator.request_count(), before);
    assert!(asked(&simulator, JOBS).len() <= 8);
}
