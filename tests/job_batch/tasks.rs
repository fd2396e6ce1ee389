//! What a batch does for its tasks.

use std::fs;
use std::time::Duration;

use longhaul::progress::Event;
use longhaul::rescale::{JobTask, Outcome};
use longhaul::{Error, ErrorKind};
use longhaul_simulator::Fault;

use crate::support::{Lab, PI, failure, work};

#[tokio::test]
async fn tasks_share_common_files_and_get_the_outputs_that_fit() {
    let lab = Lab::start().await;
    let mesh = lab.file("mesh.dat", "mesh");
    let tasks = ["a", "b", "c"].map(|key| {
        JobTask::new(key, work("python pi.py mesh.dat"))
            .upload(lab.file(&format!("{key}/pi.py"), key))
            .download(lab.path(key).join("out"), ["*.res", "process_output.log"])
    });
    let report = lab.batch(tasks).common_files([mesh]).name_prefix("night-").await.unwrap();
    let results = report.into_result().unwrap();
    assert_eq!(results.iter().map(|one| one.key.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert!(results.iter().all(|one| one.outcome == Outcome::Succeeded));
    assert_eq!(lab.jobs(), ["night-a", "night-b", "night-c"]);
    assert_eq!((lab.uploads(), lab.submissions()), (4, 3));
    for result in results {
        let out = lab.path(&result.key).join("out");
        let mut files = result.files;
        files.sort();
        assert_eq!(files, [out.join("pi_estimate.res"), out.join("process_output.log")]);
        assert_eq!(fs::read_to_string(&files[0]).unwrap(), PI);
        assert_eq!(fs::read_dir(out).unwrap().count(), 2, "the other output is not wanted");
    }
}

#[tokio::test]
async fn a_failed_run_is_a_failure_of_its_task_alone() {
    let lab = Lab::start().await;
    let bad = JobTask::new("bad", work("python missing.py"));
    let report = lab.batch([lab.task("a"), bad, lab.task("b")]).await.unwrap();
    let done: Vec<_> = report.done.iter().map(|(_, one)| one.key.as_str()).collect();
    assert_eq!(done, ["a", "b"]);
    assert_eq!(report.failed[0].input.key(), "bad");
    let error = failure(report);
    assert!(error.is_wait_failed() && error.message().contains("missing.py"), "{error}");
}

#[tokio::test]
async fn tasks_that_wait_leave_their_places_to_others() {
    let lab = Lab::start().await;
    let endless = JobTask::new("endless", work("sleep inf"));
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let batch = lab.batch([endless, lab.task("a")]).concurrency(1);
    let batch = batch.on_event(move |event| tell.send(event.clone()).unwrap());
    let first = tokio::select! {
        report = batch.into_future() => panic!("the endless job ended: {report:?}"),
        event = told.recv() => event.unwrap(),
    };
    assert_eq!(first, Event::Item { done: 1, failed: 0, total: Some(2) });
    assert_eq!(lab.jobs(), ["a", "endless"]);
}

#[tokio::test]
async fn a_job_that_takes_too_long_goes_on_and_is_waited_for_again() {
    let lab = Lab::start().await;
    let slow = || JobTask::new("slow", work("sleep 0.2"));
    let journal = lab.path("journal");
    let batch = lab.batch([slow()]).journal(&journal).timeout(Duration::from_millis(40));
    let error = failure(batch.await.unwrap());
    assert!(error.is_timeout(), "{error}");
    let report = lab.batch([slow()]).journal(&journal).await.unwrap();
    assert!(report.is_success(), "{report:?}");
    assert_eq!((lab.jobs().len(), lab.submissions()), (1, 1));
}

#[tokio::test]
async fn what_cannot_work_is_refused_before_any_request() {
    let lab = Lab::start().await;
    let task = |key| JobTask::new(key, work(":"));
    let refused = async |tasks: Vec<JobTask>| -> Error { lab.batch(tasks).await.unwrap_err() };
    for (tasks, part) in [
        (vec![task("a"), task("b"), task("a")], "the task `a` is there twice"),
        (vec![task(" ")], "needs a key"),
        (vec![task("a").download("out", ["*", ""])], "empty pattern"),
        (vec![task("a").upload("x/in.py").upload("y/in.py")], "two files named `in.py`"),
        (vec![task("a").upload("x/..")], "names no file"),
        (vec![JobTask::new("a", work(""))], "has no command"),
    ] {
        let error = refused(tasks).await;
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(part), "{error}");
    }
    assert_eq!(lab.simulator.request_count(), 0);
}

#[tokio::test]
async fn tags_are_set_one_by_one() {
    let lab = Lab::start().await;
    let tagged = lab.task("a").edit(|job| job.tags = Some(vec!["x".into(), "y".into()]));
    let report = lab.batch([tagged]).await.unwrap();
    let tags = report.done[0].1.job.tags().await.unwrap();
    assert_eq!(tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["x", "y"]);
}

#[tokio::test]
async fn downloads_that_failed_are_made_up_for_by_the_next_run() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    let missing = Fault::status(404).on("GET", "/api/v2/files/*/contents/").once();
    lab.simulator.fault(missing);
    let error = failure(lab.batch([lab.task("a")]).journal(&journal).await.unwrap());
    assert!(error.is_not_found(), "{error}");
    let report = lab.batch([lab.task("a")]).journal(&journal).await.unwrap();
    assert_eq!(report.into_result().unwrap()[0].files.len(), 2);
    assert_eq!(lab.read("a/out/pi_estimate.res"), PI);
    let fetched = lab.applied("GET", "/contents/").len();
    assert_eq!((lab.jobs().len(), fetched), (1, 2), "each file was fetched once");
}

#[tokio::test]
async fn outputs_that_were_removed_are_fetched_again_and_nothing_else_is_done() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    lab.batch([lab.task("a")]).journal(&journal).await.unwrap().into_result().unwrap();
    lab.simulator.clear_requests();
    lab.batch([lab.task("a")]).journal(&journal).await.unwrap().into_result().unwrap();
    assert_eq!(lab.simulator.request_count(), 0, "a task that is done needs no request");
    fs::remove_file(lab.path("a/out/pi_estimate.res")).unwrap();
    let report = lab.batch([lab.task("a")]).journal(&journal).await.unwrap();
    assert_eq!(report.into_result().unwrap()[0].files.len(), 2);
    assert_eq!(lab.read("a/out/pi_estimate.res"), PI);
    let got = (lab.applied("GET", "/contents/").len(), lab.applied("POST", "/").len());
    assert_eq!(got, (1, 0), "the other output was kept, and no job was made");
}

#[tokio::test]
async fn a_file_in_the_place_of_an_output_is_replaced_only_when_asked() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    lab.file("a/out/pi_estimate.res", "mine");
    let batch = || lab.batch([lab.task("a")]).journal(&journal);
    let error = failure(batch().await.unwrap());
    assert!(error.to_string().contains("exists"), "{error}");
    assert_eq!(lab.read("a/out/pi_estimate.res"), "mine");
    batch().overwrite(true).await.unwrap().into_result().unwrap();
    assert_eq!(lab.read("a/out/pi_estimate.res"), PI);
    assert_eq!(lab.jobs().len(), 1);
}

#[tokio::test]
async fn an_output_that_was_named_in_full_must_be_there() {
    let lab = Lab::start().await;
    let out = lab.path("out");
    let task = |key, pattern: &str| {
        JobTask::new(key, work("simulate output deep/x.csv")).download(&out, [pattern])
    };
    let tasks = [task("none", "*.vtk"), task("deep", "x.c?v"), task("named", "y.csv")];
    let report = lab.batch(tasks).await.unwrap();
    let files = |index: usize| report.done[index].1.files.clone();
    assert_eq!((files(0), files(1)), (vec![], vec![out.join("deep/x.csv")]));
    let error = failure(report);
    assert!(error.to_string().contains("no output `y.csv`; it has "), "{error}");
}

#[tokio::test]
async fn the_latest_version_is_the_one_with_the_highest_code() {
    let lab = Lab::start().await;
    let versions = Fault::set(
        "/results/0/versions",
        serde_json::json!([{"versionCode": "4.9"}, {"versionCode": "4.10"}, {"versionCode": "0"}]),
    );
    lab.simulator.fault(versions.on("GET", "/api/v2/analyses/"));
    let latest = lab.client.analyses().latest_version("user_included").await.unwrap();
    assert_eq!(latest.version_code, "4.10");
    let error = lab.client.analyses().latest_version("no_such").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}
