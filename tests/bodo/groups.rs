//! Groups: several clusters acted on as one.

use std::time::{Duration, Instant};

use longhaul::ErrorKind;
use longhaul::bodo::{Cluster, ClusterStatus, Group, Job, JobStatus, NewJob, Workspace};
use longhaul::progress::Event;
use longhaul_simulator::Fault;

use crate::support::{PACE, fast, says, sent, start, start_with};

/// The clusters with a tag.
async fn tagged(workspace: &Workspace, value: &str) -> Group<Cluster> {
    workspace.clusters().list().tag("test", value).group().await.unwrap()
}

/// So many clusters with a tag, which are running.
async fn fleet(workspace: &Workspace, value: &str, many: u32) -> Group<Cluster> {
    let create = |index| {
        let name = format!("{value} {index}");
        workspace.clusters().create(name, "c5.large", 1).tag("test", value)
    };
    let made = longhaul::batch(0..many, create).await.into_result().unwrap();
    let made = Group::from(made);
    made.wait_for_status(ClusterStatus::Running).every(PACE).await.into_result().unwrap().into()
}

fn statuses(clusters: &[Cluster]) -> Vec<&str> {
    clusters.iter().map(|cluster| cluster.last_status().unwrap().as_str()).collect()
}

#[tokio::test]
async fn deleting_a_list_of_several_pages_misses_nobody() {
    let simulator = (0..23).fold(fast(), |all, index| all.cluster(format!("c{index}")));
    let (handle, workspace) = start_with(simulator.max_page_size(5)).await;
    let all = workspace.clusters().list().group().await.unwrap();
    assert_eq!(all.len(), 23);
    let gone = all.delete().wait().every(PACE).await.into_result().unwrap();
    assert!(statuses(&gone).iter().all(|status| *status == "TERMINATED"));
    assert_eq!(handle.requests().iter().filter(|one| one.method == "DELETE").count(), 23);
    assert!(workspace.clusters().list().collect_all().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_empty_group_does_nothing_and_asks_nothing() {
    let (handle, workspace) = start_with(fast().cluster("foreign")).await;
    let nobody = workspace.clusters().list().ids([""; 0]).group().await.unwrap();
    assert!(nobody.is_empty());
    for acting in [
        nobody.pause(),
        nobody.resume(),
        nobody.stop(),
        nobody.restart(),
        nobody.scale(3),
        nobody.delete(),
    ] {
        let report = acting.wait().await;
        assert!(report.is_success() && report.done.is_empty());
    }
    let jobs = nobody.run_job(NewJob::python("test.py")).await.into_result().unwrap();
    assert!(jobs.is_empty());
    assert!(nobody.run_sql_query("c", "SELECT 1").await.done.is_empty());
    assert!(nobody.cancel_jobs().await.unwrap().done.is_empty());
    let jobs: Group<Job> = jobs.into();
    assert!(jobs.clusters().delete().await.done.is_empty());
    assert!(nobody.wait_for_status(ClusterStatus::Running).await.done.is_empty());
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn a_member_that_fails_does_not_stop_the_others_and_the_report_names_it() {
    let (_handle, workspace) = start().await;
    let mut members = fleet(&workspace, "mixed", 2).await.into_vec();
    let spot = workspace.clusters().create("spot", "c5.large", 1).spot(true).await.unwrap();
    members.insert(1, spot);
    let group = Group::from(members);
    let running = group.wait_for_status(ClusterStatus::Running).every(PACE).await;
    let group: Group<_> = running.into_result().unwrap().into();
    let report = group.pause().wait().every(PACE).await;
    assert_eq!(report.done.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [0, 2]);
    let paused: Vec<_> = report.done.iter().map(|(_, cluster)| cluster.clone()).collect();
    assert_eq!(statuses(&paused), ["PAUSED", "PAUSED"]);
    let [failed] = &report.failed[..] else { panic!("{:?}", report.failed) };
    assert_eq!((failed.index, failed.input.name()), (1, Some("spot")));
    says(&failed.error, ErrorKind::InvalidInput, &["spot instances"]);
}

#[tokio::test]
async fn a_member_that_fails_while_it_is_waited_for_keeps_its_place_in_the_report() {
    let (handle, workspace) = start().await;
    let group = fleet(&workspace, "late", 3).await;
    let bad = format!("/api/v1/clusters/{}", group[1].id());
    let refuse = format!("/api/v1/clusters/{}/stop", group[0].id());
    handle.fault(Fault::status(409).path(refuse));
    handle.fault(Fault::set("/status", "TERMINATED").on("GET", bad).skip(1));
    let report = group.stop().wait().every(PACE).await;
    assert_eq!(report.done.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [2]);
    let failed: Vec<_> = report.failed.iter().map(|failure| failure.index).collect();
    assert_eq!(failed, [0, 1]);
    assert!(report.failed[0].error.is_conflict());
    says(&report.failed[1].error, ErrorKind::Failed, &["ended as `TERMINATED`"]);
    assert_eq!(report.failed[1].input.id(), group[1].id());
}

#[tokio::test]
async fn there_is_one_deadline_for_all_members() {
    let (_handle, workspace) = start_with(fast().outcome("stuck*", "INITIALIZING", "")).await;
    let create = |index| workspace.clusters().create(format!("stuck {index}"), "c5.large", 1);
    let group: Group<_> = longhaul::batch(0..30, create).await.into_result().unwrap().into();
    let (limit, began) = (Duration::from_millis(400), Instant::now());
    let report =
        group.wait_for_status(ClusterStatus::Running).every(PACE * 10).timeout(limit).await;
    assert_eq!(report.failed.len(), 30);
    assert!(report.failed.iter().all(|failure| failure.error.is_timeout()));
    let report = group.resume().wait().every(PACE * 10).timeout(limit).await;
    assert!(report.failed.iter().all(|failure| failure.error.is_timeout()));
    assert!(began.elapsed() < limit * 15, "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_action_tells_of_every_member_and_of_the_wait_for_it() {
    let simulator = fast().cluster("one").cluster("two");
    let (_handle, workspace) = start_with(simulator).await;
    let group = workspace.clusters().list().group().await.unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    let listen = move |event: &Event| tell.send(event.clone()).unwrap();
    group.stop().wait().every(PACE).on_event(listen).await.into_result().unwrap();
    let told: Vec<_> = told.iter().collect();
    assert_eq!(told[1], Event::Item { done: 2, failed: 0, total: Some(2) });
    let stopped =
        |event: &&Event| matches!(event, Event::Status { status, .. } if status == "STOPPED");
    assert_eq!(told[2..].iter().filter(stopped).count(), 2);
}

#[tokio::test]
async fn a_fleet_is_stopped_started_scaled_and_deleted_as_one() {
    let (_handle, workspace) = start().await;
    let group = fleet(&workspace, "cycle", 4).await;
    for (acting, end) in [
        (group.scale(2), "RUNNING"),
        (group.stop(), "STOPPED"),
        (group.restart(), "RUNNING"),
        (group.pause(), "PAUSED"),
        (group.resume(), "RUNNING"),
        (group.delete(), "TERMINATED"),
    ] {
        let members = acting.wait().every(PACE).await.into_result().unwrap();
        assert_eq!(statuses(&members), [end; 4]);
        assert_eq!(
            members.iter().map(Cluster::id).collect::<Vec<_>>(),
            group.iter().map(Cluster::id).collect::<Vec<_>>()
        );
    }
}

#[tokio::test]
async fn clusters_are_prepared_and_paused_by_tag() {
    let (_handle, workspace) = start().await;
    for (owner, kind, workers) in
        [("Team A", "c5.2xlarge", 4), ("Team B", "c5.xlarge", 2), ("Team C", "c5.16xlarge", 2)]
    {
        let create = workspace.clusters().create(format!("{owner} Cluster"), kind, workers);
        create.tag("owner", owner).tag("test", "purpose").await.unwrap();
    }
    let clusters = tagged(&workspace, "purpose").await;
    let ready = [ClusterStatus::Running, ClusterStatus::Initializing];
    let ready = clusters.wait_for_status(ready).every(PACE).await.into_result().unwrap();
    let paused = Group::from(ready).pause().wait().every(PACE).await.into_result().unwrap();
    assert_eq!(statuses(&paused), ["PAUSED"; 3]);
}

#[tokio::test]
async fn the_same_job_runs_on_every_cluster_of_a_tag_and_the_clusters_go_with_it() {
    let (handle, workspace) = start_with(fast().cluster("foreign").catalog("c")).await;
    for (index, (kind, workers)) in
        [("c5.large", 8), ("c5.xlarge", 4), ("c5.2xlarge", 2)].into_iter().enumerate()
    {
        let create = workspace.clusters().create(format!("Test {index}"), kind, workers);
        create.tag("test", "perf").await.unwrap();
    }
    let clusters = tagged(&workspace, "perf").await;
    let jobs = clusters.run_sql_query("c", "SELECT 1").await.into_result().unwrap();
    let jobs: Group<Job> = jobs.into();
    let done = jobs.wait_for_status(JobStatus::Succeeded).every(PACE).await.into_result().unwrap();
    let ran_on: Vec<_> = done.iter().filter_map(Job::cluster_id).collect();
    assert_eq!(ran_on, clusters.iter().map(|one| one.id().clone()).collect::<Vec<_>>());
    assert!(done.iter().all(|job| job.cluster_name().unwrap().starts_with("Test ")));
    jobs.clusters().delete().wait().every(PACE).await.into_result().unwrap();
    let left = workspace.clusters().list().collect_all().await.unwrap();
    assert_eq!(left.iter().map(|one| one.name().unwrap()).collect::<Vec<_>>(), ["foreign"]);
    assert_eq!(sent(&handle, "POST", "/v1/jobs").len(), 3);
}

#[tokio::test]
async fn the_jobs_of_all_clusters_are_cancelled() {
    let (_handle, workspace) = start_with(fast().outcome("slow", "RUNNING", "")).await;
    let group = fleet(&workspace, "busy", 2).await;
    for _ in 0..2 {
        group.run_job(NewJob::sql("SELECT 1").name("slow")).await.into_result().unwrap();
    }
    let cancelled = group.cancel_jobs().await.unwrap().into_result().unwrap();
    assert_eq!(cancelled.len(), 4);
    let ended = Group::from(cancelled).wait_for_status(JobStatus::Cancelled).every(PACE).await;
    assert!(ended.is_success());
    assert!(group.cancel_jobs().await.unwrap().done.is_empty());
}

#[tokio::test]
async fn a_group_is_a_slice_and_collects_from_an_iterator() {
    let (_handle, workspace) = start().await;
    let group: Group<_> = ["a", "b", "c"].iter().map(|id| workspace.cluster(*id)).collect();
    assert_eq!(group.len(), 3);
    assert_eq!(group[1].id().as_str(), "b");
    let some: Group<Cluster> = group.into_iter().filter(|one| one.id().as_str() != "b").collect();
    let ids: Vec<_> = (&some).into_iter().map(|one| one.id().as_str()).collect();
    assert_eq!(ids, ["a", "c"]);
}
