//! Waits through broken looks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use longhaul::progress::Event;
use longhaul::rescale::{ClusterStatus, JobStatus, Outcome};
use longhaul::{ErrorKind, wait_all};
use longhaul_simulator::Fault;

use crate::support::{
    STATUSES, asked, client, eventually, failure, fast, faulty, for_each, gaps, impatient, ms,
    passing, start, submitted, timed,
};

const SLACK: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_wait_bridges_every_fault_that_passes() {
    let prepare = async |(name, fault): (&'static str, Fault)| {
        let simulator = start(fast()).await;
        let job = submitted(&client(&simulator), "echo").await;
        simulator.fault(fault.path(STATUSES).first(3));
        (name, impatient(&simulator).job(job.id().clone()), simulator)
    };
    for_each(passing(), prepare, async |(name, mut job, _simulator)| {
        let troubles = Arc::new(Mutex::new(Vec::new()));
        let heard = troubles.clone();
        let wait = job.wait_for_status(JobStatus::Completed).every(ms(10)).on_event(move |event| {
            if let Event::Trouble { in_a_row, .. } = event {
                heard.lock().unwrap().push(*in_a_row);
            }
        });
        let ended = wait.await.map(|job| job.outcome());
        assert!(matches!(ended, Ok(Outcome::Succeeded)), "{name}: {ended:?}");
        assert!(troubles.lock().unwrap().starts_with(&[1]), "{name}: no look failed");
    })
    .await;
}

#[tokio::test]
async fn a_look_is_a_single_attempt() {
    let simulator = start(fast()).await;
    let mut job = submitted(&client(&simulator), "sleep inf").await;
    simulator.fault(Fault::status(503).path(STATUSES));
    simulator.clear_requests();
    let wait = job.wait_for_status(JobStatus::Completed).every(ms(50)).timeout(ms(400));
    let error = failure(wait).await;
    assert!(error.is_timeout(), "{error}");
    assert!(
        error.to_string().contains("never seen: rescale list_job_statuses: the server"),
        "{error}"
    );
    let looks = simulator.request_count();
    assert!((2..=11).contains(&looks), "{looks} looks");
}

#[tokio::test]
async fn an_outage_in_the_middle_is_bridged() {
    let simulator = start(fast()).await;
    let mut job = submitted(&client(&simulator), "sleep 0.1").await;
    let wait = job.wait_for_status(JobStatus::Completed).every(ms(10));
    let outage = async {
        simulator.refuse(ms(300)).await;
    };
    let (ended, ()) = tokio::join!(wait.into_future(), outage);
    ended.unwrap();
}

#[tokio::test]
async fn a_failed_run_ends_the_wait_with_the_reason_and_the_end_of_the_log() {
    let simulator = start(fast()).await;
    let mut job = submitted(&client(&simulator), "echo all is lost; exit 3").await;
    let wait = job.wait_for_status(JobStatus::Completed).every(ms(10));
    let (error, took) = timed(failure(wait)).await;
    assert!(error.is_wait_failed() && !error.is_retryable());
    let text = error.to_string();
    assert!(text.contains("completed, but failed: A run failed"), "{text}");
    assert!(text.contains("all is lost"), "{text}");
    assert!(took < SLACK, "{took:?}");
}

#[tokio::test]
async fn a_failure_status_ends_the_wait_at_once() {
    let simulator = start(fast()).await;
    let mut job = submitted(&client(&simulator), "simulate force-stop").await;
    let wait = job.wait_for_status(JobStatus::Completed).every(ms(10));
    let error = failure(wait).await;
    assert!(error.is_wait_failed());
    assert!(
        error.to_string().contains("ended as `Force Stop` and will not be `Completed`"),
        "{error}"
    );
}

#[tokio::test]
async fn a_status_on_the_way_is_reached_although_the_job_failed_afterwards() {
    let simulator = start(fast()).await;
    let mut job = submitted(&client(&simulator), "exit 1").await;
    let mut same = job.clone();
    failure(job.wait_for_status(JobStatus::Completed).every(ms(10))).await;
    same.wait_for_status(JobStatus::Executing).await.unwrap();
}

#[tokio::test]
async fn an_unknown_status_keeps_the_wait_going() {
    let simulator = start(fast()).await;
    let client = client(&simulator);
    let mut passing = submitted(&client, "simulate status Rebalancing").await;
    passing.wait_for_status(JobStatus::Completed).every(ms(10)).await.unwrap();
    let unknown = JobStatus::from("Rebalancing");
    assert!(passing.history().iter().any(|entry| entry.status == unknown));
    let mut stuck = submitted(&client, "simulate status Rebalancing; simulate stuck").await;
    stuck.wait_for_status(unknown).every(ms(10)).await.unwrap();
    let wait = stuck.wait_for_status(JobStatus::Completed).every(ms(10)).timeout(ms(200));
    let error = failure(wait).await;
    assert!(error.is_timeout());
    assert!(error.to_string().contains("last seen as `Rebalancing`"), "{error}");
}

#[tokio::test]
async fn the_deadline_is_kept_when_the_server_never_answers() {
    let simulator = start(fast()).await;
    let mut job = submitted(&client(&simulator), "sleep inf").await;
    simulator.fault(Fault::hang().path(STATUSES));
    simulator.clear_requests();
    let wait = job.wait_for_status(JobStatus::Completed).timeout(ms(300));
    let (error, took) = timed(failure(wait)).await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(took >= ms(290) && took < ms(300) + SLACK, "{took:?}");
    eventually("the look ends", || simulator.request_count() == 1).await;
}

#[tokio::test]
async fn there_is_a_last_look_shortly_before_the_deadline() {
    let simulator = start(fast()).await;
    let mut job = submitted(&client(&simulator), "sleep inf").await;
    simulator.clear_requests();
    let wait = job.wait_for_status(JobStatus::Completed).every(ms(60_000)).timeout(ms(2000));
    let (error, took) = timed(failure(wait)).await;
    assert!(error.is_timeout() && took < ms(2000) + SLACK);
    let gaps = gaps(&simulator.requests());
    assert!(gaps.len() == 1 && gaps[0] >= ms(1700) && gaps[0] <= ms(2000), "{gaps:?}");
}

#[tokio::test]
async fn a_look_that_is_told_to_come_later_comes_later() {
    let simulator = start(fast()).await;
    let mut job = submitted(&client(&simulator), "sleep 0.05").await;
    simulator.fault(Fault::status(429).retry_after(1).path(STATUSES).once());
    simulator.clear_requests();
    job.wait_for_status(JobStatus::Completed).every(ms(10)).await.unwrap();
    let gaps = gaps(&simulator.requests());
    assert!(gaps[0] >= ms(1000), "{gaps:?}");
}

#[tokio::test]
async fn an_absurd_retry_after_leaves_the_deadline_as_it_is() {
    let simulator = start(fast()).await;
    let mut job = submitted(&client(&simulator), "sleep inf").await;
    let never = Fault::status(429).with_header("Retry-After", "18446744073709551615");
    simulator.fault(never.path(STATUSES));
    simulator.clear_requests();
    let wait = job.wait_for_status(JobStatus::Completed).every(ms(10)).timeout(ms(200));
    assert!(failure(wait).await.is_timeout());
    assert_eq!(simulator.request_count(), 1, "no look comes before its time");
}

#[tokio::test]
async fn what_will_not_pass_ends_the_wait() {
    let cases = [
        (Fault::status(404), ErrorKind::Status),
        (Fault::status(403), ErrorKind::Status),
        (Fault::corrupt(0), ErrorKind::Decode),
    ];
    for (fault, kind) in cases {
        let simulator = start(fast()).await;
        let mut job = submitted(&client(&simulator), "sleep inf").await;
        simulator.fault(fault.path(STATUSES));
        let wait = job.wait_for_status(JobStatus::Completed).every(ms(10)).timeout(ms(200));
        let error = failure(wait).await;
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains("the wait for job"), "{error}");
    }
}

#[tokio::test]
async fn what_may_pass_is_waited_out() {
    for fault in [Fault::html(), Fault::redirect(307, "http://127.0.0.1:9/api/")] {
        let simulator = start(fast()).await;
        let mut job = submitted(&client(&simulator), "sleep inf").await;
        simulator.fault(fault.path(STATUSES));
        let wait = job.wait_for_status(JobStatus::Completed).every(ms(10)).timeout(ms(200));
        let error = failure(wait).await;
        assert!(error.is_timeout(), "{error}");
    }
}

#[tokio::test]
async fn a_job_that_was_never_submitted_is_not_waited_for() {
    let simulator = start(fast()).await;
    let mut job =
        client(&simulator).jobs().create("a", crate::support::work("echo")).await.unwrap();
    let error = failure(job.wait_for_status(JobStatus::Completed)).await;
    assert!(error.to_string().contains("was never submitted; submit it first"), "{error}");
}

#[tokio::test]
async fn a_dropped_wait_sends_nothing_more_and_stops_nothing() {
    let simulator = start(fast()).await;
    let mut job = submitted(&client(&simulator), "sleep inf").await;
    let wait = job.wait_for_status(JobStatus::Completed).every(ms(5));
    assert!(tokio::time::timeout(ms(100), wait.into_future()).await.is_err());
    let before = simulator.request_count();
    tokio::time::sleep(ms(100)).await;
    assert!(simulator.request_count() <= before + 1, "only what was on its way may still arrive");
    assert!(asked(&simulator, "/").iter().all(|request| !request.path.contains("stop")));
    assert_eq!(job.status().await.unwrap(), Some(JobStatus::Executing));
}

#[tokio::test]
async fn a_group_of_waits_reports_every_member() {
    let simulator = faulty([Fault::status(503).path(STATUSES).rate(0.2)]).await;
    let client = client(&simulator);
    let jobs = [
        submitted(&client, "echo").await,
        submitted(&client, "exit 1").await,
        submitted(&client, "sleep inf").await,
    ];
    let report = wait_all(jobs, JobStatus::Completed).every(ms(10)).timeout(ms(1500)).await;
    assert_eq!(report.done.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0]);
    let failed: Vec<_> = report.failed.iter().map(|f| (f.index, f.error.kind())).collect();
    assert_eq!(failed, [(1, ErrorKind::Failed), (2, ErrorKind::Timeout)]);
}

#[tokio::test]
async fn a_cluster_is_waited_for_like_a_job() {
    let simulator = faulty([
        Fault::reset().path("/api/v2/jobs/*/cluster_statuses/").first(2),
        Fault::set("/results/0/status", "Hibernating")
            .path("/api/v2/jobs/*/cluster_statuses/")
            .skip(2)
            .first(2),
    ])
    .await;
    let job = submitted(&client(&simulator), "echo").await;
    let mut cluster = job.cluster();
    cluster.wait_for_status(ClusterStatus::Stopped).every(ms(10)).await.unwrap();
}
