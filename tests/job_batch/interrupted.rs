//! Batches that are stopped anywhere, and answers that are lost.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use longhaul::rescale::JobTask;
use longhaul_simulator::Fault;

use crate::support::{Lab, PI, batch, client, dropped_after, failure, task, work};

const JOBS: &str = "/api/v2/jobs/";
const KEYS: [&str; 3] = ["a", "b", "c"];

#[tokio::test]
async fn a_batch_that_is_dropped_again_and_again_makes_each_job_once() {
    let lab = Lab::start().await;
    let mesh = lab.file("mesh.dat", "mesh");
    let journal = lab.path("journal");
    let mut polls = 1;
    let report = loop {
        let tasks = KEYS.map(|key| lab.task(key));
        let batch = lab.batch(tasks).common_files([&mesh]).journal(&journal);
        if let Some(report) = dropped_after(polls, batch).await {
            break report.unwrap();
        }
        polls += 1;
    };
    assert!(polls > 5, "{polls} polls were enough, so it was hardly ever dropped");
    assert_eq!(report.into_result().unwrap().len(), KEYS.len());
    assert_done(&lab);
}

#[tokio::test]
async fn a_task_that_is_dropped_at_any_point_is_finished_by_the_next_run() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    let mut keys = Vec::new();
    loop {
        let polls = keys.len();
        let key = format!("task-{polls:03}");
        let batch = || lab.batch([lab.task(&key)]).journal(&journal);
        let undisturbed = dropped_after(polls, batch()).await;
        batch().await.unwrap().into_result().unwrap();
        assert_eq!(lab.read(&format!("{key}/out/pi_estimate.res")), PI);
        keys.push(key);
        if undisturbed.is_some() {
            break;
        }
    }
    assert!(keys.len() > 10, "too few points were tried: {}", keys.len());
    assert_eq!(lab.jobs(), keys);
}

fn assert_done(lab: &Lab) {
    assert_eq!(lab.jobs(), KEYS);
    for key in KEYS {
        assert_eq!(lab.read(&format!("{key}/out/pi_estimate.res")), PI);
    }
}

const URL: &str = "JOB_BATCH_URL";
const FOLDER: &str = "JOB_BATCH_FOLDER";

/// Started by itself with the variables above, this test is the program that is killed.
#[tokio::test]
async fn a_program_that_is_killed_again_and_again_makes_each_job_once() {
    if let (Ok(url), Ok(dir)) = (std::env::var(URL), std::env::var(FOLDER)) {
        return work_in(&url, Path::new(&dir)).await;
    }
    let lab = Lab::start().await;
    for more in 1..12 {
        let mut child = child(&lab);
        let enough = lab.simulator.request_count() + 2 * more;
        while lab.simulator.request_count() < enough && child.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    work_in(&lab.simulator.url(), lab.dir.path()).await;
    assert_done(&lab);
}

fn child(lab: &Lab) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let name = "interrupted::a_program_that_is_killed_again_and_again_makes_each_job_once";
    command.args(["--exact", name]).env(URL, lab.simulator.url()).env(FOLDER, lab.dir.path());
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

async fn work_in(url: &str, dir: &Path) {
    let client = client(url);
    let batch = batch(&client, KEYS.map(|key| task(dir, key))).journal(dir.join("journal"));
    batch.await.unwrap().into_result().unwrap();
}

#[tokio::test]
async fn a_creation_whose_answer_is_lost_is_found_at_once() {
    let lab = Lab::start().await;
    lab.simulator.fault(Fault::reset_after().on("POST", JOBS).once());
    lab.simulator.fault(Fault::status(502).after_effect().on("POST", JOBS).skip(1).once());
    lab.batch(KEYS.map(|key| lab.task(key))).await.unwrap().into_result().unwrap();
    assert_done(&lab);
}

#[tokio::test]
async fn a_creation_that_could_not_be_looked_for_is_found_by_the_next_run() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    lab.simulator.fault(Fault::reset_after().on("POST", JOBS).once());
    lab.simulator.fault(Fault::status(403).on("GET", JOBS).once());
    let error = failure(lab.batch([lab.task("a")]).journal(&journal).await.unwrap());
    assert!(error.to_string().contains("could not be seen: rescale list_jobs"), "{error}");
    let report = lab.batch([lab.task("a")]).journal(&journal).await.unwrap();
    report.into_result().unwrap();
    assert_eq!((lab.jobs().len(), lab.submissions()), (1, 1));
}

#[tokio::test]
async fn a_creation_that_never_arrived_is_repeated_by_the_next_run_only() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    lab.simulator.fault(Fault::reset().on("POST", JOBS).once());
    let error = failure(lab.batch([lab.task("a")]).journal(&journal).await.unwrap());
    assert!(error.may_have_happened() && error.to_string().contains("run the batch again"));
    assert!(lab.jobs().is_empty());
    lab.batch([lab.task("a")]).journal(&journal).await.unwrap().into_result().unwrap();
    assert_eq!((lab.jobs().len(), lab.uploads()), (1, 1), "the upload is used again");
}

#[tokio::test]
async fn only_a_job_with_the_same_name_and_files_is_adopted() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    lab.simulator.fault(Fault::reset().on("POST", JOBS).once());
    failure(lab.batch([lab.task("a")]).journal(&journal).await.unwrap());
    let foreign = lab.client.jobs().create("a", work(":")).await.unwrap();
    let report = lab.batch([lab.task("a")]).journal(&journal).await.unwrap();
    let own = report.into_result().unwrap().remove(0).job;
    assert_ne!(own.id(), foreign.id());
    assert_eq!(lab.jobs(), ["a", "a"]);
}

#[tokio::test]
async fn a_job_that_is_older_than_the_request_is_not_adopted() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    let batch = || lab.batch([JobTask::new("a", work(":"))]).journal(&journal);
    lab.simulator.fault(Fault::reset().on("POST", JOBS).once());
    failure(batch().await.unwrap());
    let older = lab.client.jobs().create("a", work(":")).await.unwrap();
    let date = Fault::set("/results/*/dateInserted", "2020-02-29T12:00:00.000000Z");
    lab.simulator.fault(date.on("GET", JOBS));
    let own = batch().await.unwrap().into_result().unwrap().remove(0).job;
    assert_ne!(own.id(), older.id());
}

#[tokio::test]
async fn a_job_that_appears_late_is_waited_for() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    let batch = || lab.batch([JobTask::new("a", work(":"))]).journal(&journal);
    lab.simulator.fault(Fault::reset().on("POST", JOBS).once());
    failure(batch().await.unwrap());
    lab.simulator.clear_requests();
    let late = async {
        while lab.applied("GET", JOBS).is_empty() {
            tokio::task::yield_now().await;
        }
        lab.client.jobs().create("a", work(":")).await.unwrap()
    };
    let mut patient = batch().settle_time(Duration::from_secs(60)).into_future();
    let late = tokio::select! {
        report = &mut patient => panic!("the job was not waited for: {report:?}"),
        late = late => late,
    };
    let report = patient.await;
    assert_eq!(report.unwrap().into_result().unwrap()[0].job.id(), late.id());
    assert_eq!(lab.jobs().len(), 1);
}

#[tokio::test]
async fn several_jobs_that_could_be_the_lost_one_are_named() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    let task = || JobTask::new("a", work(":"));
    lab.simulator.fault(Fault::reset().on("POST", JOBS).once());
    failure(lab.batch([task()]).journal(&journal).await.unwrap());
    let one = lab.client.jobs().create("a", work(":")).await.unwrap();
    let other = lab.client.jobs().create("a", work(":")).await.unwrap();
    let error = failure(lab.batch([task()]).journal(&journal).await.unwrap()).to_string();
    assert!(error.contains(one.id().as_str()) && error.contains(other.id().as_str()), "{error}");
    assert!(error.contains("delete or rename all but one"), "{error}");
    assert_eq!(lab.submissions(), 0);
    other.delete().await.unwrap();
    let report = lab.batch([task()]).journal(&journal).await.unwrap();
    assert_eq!(report.into_result().unwrap()[0].job.id(), one.id());
}

#[tokio::test]
async fn a_submission_that_took_effect_unnoticed_is_not_repeated() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    let lost = Fault::status(403).after_effect().on("POST", "/api/v2/jobs/*/submit/");
    lab.simulator.fault(lost.once());
    failure(lab.batch([lab.task("a")]).journal(&journal).await.unwrap());
    lab.batch([lab.task("a")]).journal(&journal).await.unwrap().into_result().unwrap();
    assert_eq!((lab.jobs().len(), lab.submissions()), (1, 1));
}

#[tokio::test]
async fn an_input_that_changed_is_uploaded_again_and_others_are_not() {
    let lab = Lab::start().await;
    let (mesh, journal) = (lab.file("mesh.dat", "coarse"), lab.path("journal"));
    let batch = || lab.batch([lab.task("a")]).common_files([&mesh]).journal(&journal);
    lab.simulator.fault(Fault::status(400).on("POST", JOBS).once());
    failure(batch().await.unwrap());
    assert_eq!(lab.uploads(), 2);
    lab.file("mesh.dat", "much finer");
    batch().await.unwrap().into_result().unwrap();
    assert_eq!(lab.uploads(), 3);
    assert!(lab.applied("GET", JOBS).is_empty(), "a job that was refused is not looked for");
    let newest = lab.client.files().newest("mesh.dat").await.unwrap().unwrap();
    let inputs = lab.applied("POST", JOBS)[0].json()["jobanalyses"][0]["inputFiles"].clone();
    assert_eq!(inputs[0]["id"], newest.id().as_str());
}

#[tokio::test]
async fn an_upload_that_is_gone_is_made_again() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    lab.simulator.fault(Fault::status(400).on("POST", JOBS).once());
    failure(lab.batch([lab.task("a")]).journal(&journal).await.unwrap());
    lab.client.files().newest("pi.py").await.unwrap().unwrap().delete().await.unwrap();
    lab.batch([lab.task("a")]).journal(&journal).await.unwrap().into_result().unwrap();
    assert_eq!(lab.uploads(), 2);
}
