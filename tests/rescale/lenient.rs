//! Answers that differ from what is documented do not break the client.

use longhaul::rescale::{Entry, JobStatus, JobStatusFilter};
use longhaul_simulator::Fault;
use serde_json::{Value, json};

use super::support::{completed, fast, kind, start, start_with, stored, work};

#[tokio::test]
async fn unknown_fields_are_passed_over() {
    let (simulator, client) = start().await;
    let job = completed(&client, "echo").await;
    for pointer in ["/brandNew", "/results/*/brandNew", "/jobanalyses/0/hardware/brandNew"] {
        simulator.fault(Fault::set(pointer, json!({"a": [1, null]})));
    }
    assert_eq!(client.jobs().get(job.id()).await.unwrap().id(), job.id());
    assert_eq!(client.jobs().list().collect_all().await.unwrap().len(), 1);
    assert_eq!(client.core_types().list().collect_all().await.unwrap().len(), 14);
    assert_eq!(job.files().collect_all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn optional_fields_may_be_missing_or_null() {
    let (simulator, client) = start().await;
    let job = completed(&client, "echo").await;
    let fields =
        ["owner", "dateInserted", "jobanalyses", "projectId", "sharedWith", "expectedRuns"];
    for field in fields {
        simulator.fault(Fault::remove(format!("/{field}")));
        simulator.fault(Fault::remove(format!("/results/*/{field}")));
    }
    client.jobs().get(job.id()).await.unwrap();
    assert_eq!(client.jobs().list().collect_all().await.unwrap().len(), 1);
    simulator.clear_faults();
    for field in ["decryptedSize", "fileChecksums", "typeId", "dateUploaded", "relativePath"] {
        simulator.fault(Fault::set(format!("/results/*/{field}"), Value::Null));
    }
    let files = job.files().collect_all().await.unwrap();
    assert_eq!((files[0].size(), files[0].checksum()), (None, None));
}

#[tokio::test]
async fn statuses_and_kinds_may_be_new() {
    let (simulator, client) = start().await;
    let mut job = completed(&client, "echo").await;
    simulator.fault(Fault::set("/results/0/status", "Hibernating").path("**/statuses/"));
    let status = job.status().await.unwrap().unwrap();
    assert_eq!(status, JobStatus::Other("Hibernating".to_owned()));
    simulator.fault(Fault::set("/results/*/jobStatus/content", "Hibernating"));
    let jobs = client.jobs().list().collect_all().await.unwrap();
    assert!(format!("{:?}", jobs[0].job_status).contains("Hibernating"));
    simulator.fault(Fault::set("/results/*/typeId", 99));
    assert_eq!(kind(&job.files().collect_all().await.unwrap()[0]), Some(99));
    let unknown = client.jobs().list().job_status(JobStatusFilter::from("HIBERNATING"));
    assert!(unknown.collect_all().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_unknown_kind_of_entry_is_kept_as_it_came() {
    let (simulator, client) = start().await;
    let folder = client.folders().roots().await.unwrap().my_library.unwrap();
    stored(&client, "a.txt", "x").await;
    simulator.fault(Fault::set("/results/0/type", "wormhole"));
    let entries = client.folders().contents(folder).collect_all().await.unwrap();
    let Entry::Other(entry) = &entries[0] else { panic!("{entries:?}") };
    assert_eq!(entry.item.as_ref().unwrap()["name"], "a.txt");
}

#[tokio::test]
async fn sizes_may_be_text() {
    let (simulator, client) = start_with(fast().sizes_as_text(true).file("big.bin", 12_345)).await;
    let file = client.files().get(simulator.id_of("big.bin").unwrap()).await.unwrap();
    assert_eq!(file.size(), Some(12_345));
    let listed = client.files().list().collect_all().await.unwrap();
    assert_eq!(listed[0].size(), Some(12_345));
}

#[tokio::test]
async fn a_core_type_may_be_text_or_an_object() {
    let (simulator, client) = start().await;
    let mut job = client.jobs().create("a job", work("echo")).await.unwrap();
    let text = serde_json::to_value(job.refresh().await.unwrap()).unwrap();
    assert_eq!(text["jobanalyses"][0]["hardware"]["coreType"], "emerald");
    let object = json!({"code": "emerald", "compute": "1.0"});
    simulator.fault(Fault::set("/jobanalyses/0/hardware/coreType", object).method("GET"));
    let as_object = serde_json::to_value(job.refresh().await.unwrap()).unwrap();
    assert_eq!(as_object["jobanalyses"][0]["hardware"]["coreType"]["code"], "emerald");
    let again = job.to_new().await.unwrap();
    client.jobs().create_from(again).await.unwrap();
}

#[tokio::test]
async fn automations_may_come_in_pages() {
    let (simulator, client) = start().await;
    let page = json!({"count": 1, "next": null, "previous": null, "results": [{"id": "YYnVk"}]});
    simulator.fault(Fault::body("application/json", page.to_string()).path("**/automations/"));
    let automations = client.analyses().automations().await.unwrap();
    assert_eq!(automations[0].id, "YYnVk");
}

#[tokio::test]
async fn amounts_may_be_numbers_or_text() {
    let (simulator, client) = start().await;
    for amount in [json!(0.25), json!("0.25")] {
        simulator.clear_faults();
        simulator.fault(Fault::set("/*/value/amount", amount.clone()));
        simulator.fault(Fault::set("/results/*/price", amount.clone()));
        simulator.fault(Fault::set("/results/*/lowPriorityPrice", amount));
        assert_eq!(client.prices().cheapest().await.unwrap().amount, 0.25);
    }
}

#[tokio::test]
async fn entries_of_a_folder_are_files_whatever_the_form_of_their_size() {
    let (_simulator, client) = start_with(fast().sizes_as_text(true)).await;
    let folder = client.folders().roots().await.unwrap().my_library.unwrap();
    stored(&client, "a.txt", "hello").await;
    let entries = client.folders().contents(folder).collect_all().await.unwrap();
    let Entry::File(file) = &entries[0] else { panic!("{entries:?}") };
    assert_eq!(file.size(), Some(5));
}

#[tokio::test]
async fn dates_may_have_any_offset_and_no_fraction() {
    let (simulator, client) = start().await;
    let mut job = completed(&client, "echo").await;
    // As text the first is the later one; as a moment it is an hour earlier.
    simulator.fault(Fault::set("/results/0/statusDate", "2126-01-01T20:00:00+09:00"));
    simulator.fault(Fault::set("/results/1/statusDate", "2126-01-01T12:00:00Z"));
    let history = job.statuses().await.unwrap();
    let last: Vec<_> = history.iter().rev().take(2).map(|entry| &entry.status).collect();
    assert_eq!(last, [&JobStatus::Executing, &JobStatus::Completed]);
}
