//! What clusters and jobs cost.

use chrono::NaiveDate;
use longhaul::ErrorKind;
use longhaul::bodo::{ClusterPriceQuery, Workspace};
use longhaul::page::List;
use longhaul_simulator::bodo::WORKSPACE;
use longhaul_simulator::{Fault, Handle};
use serde_json::json;

use super::failure::{failure, says};
use super::support::{fast, organization, sent, start_with};

const PRICES: &str = "/api/metering/pricing";
const JOB_PRICES: &str = "/api/v1/jobs/pricing";
const EXPORT: &str = "/api/metering/price-export";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn january() -> (NaiveDate, NaiveDate) {
    (day("2025-01-01"), day("2025-01-31"))
}

async fn start() -> (Handle, Workspace) {
    start_with(fast().cluster("one").cluster("two").billing_pages(true)).await
}

fn prices(workspace: &Workspace) -> List<ClusterPriceQuery> {
    let (from, to) = january();
    workspace.billing().cluster_prices(from, to)
}

#[tokio::test]
async fn prices_of_clusters_come_over_all_pages_with_all_that_was_asked_for() {
    let (handle, workspace) = start().await;
    let all = prices(&workspace).workspace(WORKSPACE).page_size(1).collect_all().await.unwrap();
    let names: Vec<_> = all.iter().filter_map(|price| price.cluster_name.as_deref()).collect();
    assert_eq!(names, ["one", "two"]);
    assert!(all[0].total_bodo_price.as_ref().unwrap().to_f64().is_some());
    let asked = &sent(&handle, "GET", PRICES)[1];
    let expected = [
        ("startedAt", "2025-01-01"),
        ("finishedAt", "2025-01-31"),
        ("workspaceUUID", WORKSPACE),
        ("page", "2"),
        ("size", "1"),
    ];
    for (name, value) in expected {
        assert_eq!(asked.query_value(name).as_deref(), Some(value), "{name}");
    }
}

#[tokio::test]
async fn a_single_price_and_an_array_are_lists_too() {
    let (_single, workspace) = start_with(fast().cluster("one")).await;
    let one = prices(&workspace).collect_all().await.unwrap();
    assert_eq!(one[0].cluster_name.as_deref(), Some("one"));
    let (handle, workspace) = start().await;
    let both = json!([{"startedAt": "2025-01-01"}, {"startedAt": "2025-01-02T00:00:00Z"}]);
    handle.fault(Fault::body("application/json", both.to_string()).path(PRICES));
    assert_eq!(prices(&workspace).page_size(1).collect_all().await.unwrap().len(), 2);
    assert_eq!(sent(&handle, "GET", PRICES).len(), 1);
}

#[tokio::test]
async fn prices_of_jobs_are_asked_for_by_the_organisation_too() {
    let (handle, workspace) = start().await;
    let (from, to) = january();
    let organization = organization(&handle);
    let none = organization.billing().job_prices(from, to).collect_all().await.unwrap();
    assert!(none.is_empty());
    assert!(workspace.billing().job_prices(from, to).collect_all().await.unwrap().is_empty());
    let asked = &sent(&handle, "GET", JOB_PRICES)[0];
    assert_eq!(asked.query_value("finishedAt").as_deref(), Some("2025-01-31"));
    assert_eq!(asked.query_value("workspaceUUID"), None);
}

#[tokio::test]
async fn exports_are_downloaded_without_the_credential() {
    let (handle, workspace) = start().await;
    let (from, to) = january();
    let folder = tempfile::tempdir().unwrap();
    let export = workspace.billing().cluster_price_export(from, to).workspace(WORKSPACE);
    let export = export.await.unwrap();
    assert!(!format!("{export:?}").contains("X-Amz"), "a signed link is a secret");
    let path = export.download_to(folder.path()).await.unwrap().path;
    assert!(path.ends_with("prices"));
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains("\"one\"") && text.contains("\"two\""), "{text}");
    let asked = &sent(&handle, "GET", EXPORT)[0];
    assert_eq!(asked.query_value("workspaceUUID").as_deref(), Some(WORKSPACE));
    let fetched = handle.requests().into_iter().filter(|r| r.path.starts_with("/storage/"));
    for request in fetched {
        assert!(request.header("authorization").is_none());
    }
    let jobs = organization(&handle).billing().job_price_export(from, to).await.unwrap();
    let path = folder.path().join("jobs.csv");
    assert_eq!(jobs.download_to(&path).await.unwrap().path, path);
}

#[tokio::test]
async fn days_in_the_wrong_order_are_refused_before_a_request() {
    let (handle, workspace) = start().await;
    let (to, from) = january();
    let billing = workspace.billing();
    let words = ["2025-01-01 of the prices is before the first day 2025-01-31"];
    let refusals = [
        failure(billing.cluster_prices(from, to).collect_all()).await,
        failure(billing.job_prices(from, to).collect_all()).await,
        failure(billing.cluster_price_export(from, to)).await,
        failure(billing.job_price_export(from, to)).await,
    ];
    for error in &refusals {
        says(error, ErrorKind::InvalidInput, &words);
    }
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn an_answer_without_a_link_is_an_error_that_shows_nothing() {
    let (handle, workspace) = start().await;
    let (from, to) = january();
    handle.fault(Fault::body("application/json", "{}").path(EXPORT));
    let error = failure(workspace.billing().cluster_price_export(from, to)).await;
    says(&error, ErrorKind::Protocol, &["without a link"]);
    handle.clear_faults();
    let odd = json!({"url": "ftp://host/canary"}).to_string();
    handle.fault(Fault::body("application/json", odd).path(EXPORT));
    let error = failure(workspace.billing().cluster_price_export(from, to)).await;
    says(&error, ErrorKind::Protocol, &["no http or https address"]);
    assert!(!format!("{error} {error:?}").contains("canary"));
}
