//! What the journal remembers, and what is done about a damaged one.

use std::fs::{self, OpenOptions};
use std::io::Write;

use longhaul::ErrorKind;
use longhaul::rescale::{JobJournal, JobStage, JobTask};
use longhaul_simulator::Fault;

use crate::support::{Lab, failure, work};

#[tokio::test]
async fn a_failed_run_is_reported_again_and_done_anew_only_when_asked() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    let task = |command| JobTask::new("a", work(command));
    let first = failure(lab.batch([task("exit 3")]).journal(&journal).await.unwrap());
    lab.simulator.clear_requests();
    let again = failure(lab.batch([task(":")]).journal(&journal).await.unwrap());
    assert!(again.is_wait_failed() && again.message().ends_with(first.message()), "{again}");
    assert_eq!(lab.simulator.request_count(), 0);
    let batch = lab.batch([task(":")]).journal(&journal).retry_failed(true);
    let job = batch.await.unwrap().into_result().unwrap().remove(0).job;
    assert!(!first.message().contains(job.id().as_str()), "the job is another one");
    assert_eq!(lab.jobs().len(), 1);
}

#[tokio::test]
async fn a_task_that_is_done_anew_never_takes_its_old_job_for_the_new_one() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    let batch = |command| lab.batch([JobTask::new("a", work(command))]).journal(&journal);
    failure(batch("exit 3").await.unwrap());
    lab.simulator.fault(Fault::reset().on("POST", "/api/v2/jobs/").once());
    let lost = failure(batch(":").retry_failed(true).await.unwrap());
    assert!(lost.may_have_happened(), "{lost}");
    batch(":").await.unwrap().into_result().unwrap();
    assert_eq!(lab.jobs().len(), 2);
}

#[tokio::test]
async fn a_job_that_is_gone_is_a_failure_that_can_be_mended() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    let batch = || lab.batch([lab.task("a")]).journal(&journal);
    batch().await.unwrap().into_result().unwrap();
    cut_after(&journal, "\"submitted\"");
    let id = JobJournal::read(&journal).unwrap().tasks.remove(0).job.unwrap();
    lab.client.job(id).delete().await.unwrap();
    let error = failure(batch().await.unwrap());
    assert!(error.is_not_found() && error.to_string().contains("retry_failed"), "{error}");
    let again = failure(batch().await.unwrap());
    assert!(again.to_string().contains("not on the platform any more"), "{again}");
    batch().retry_failed(true).await.unwrap().into_result().unwrap();
    assert_eq!(lab.jobs().len(), 2);
}

/// Keeps the lines up to the one with this text.
fn cut_after(journal: &std::path::Path, last: &str) {
    let text = fs::read_to_string(journal).unwrap();
    let end = text.find(last).unwrap();
    let end = end + text[end..].find('\n').unwrap();
    fs::write(journal, &text[..=end]).unwrap();
}

#[tokio::test]
async fn every_beginning_of_a_journal_leads_to_one_job() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    lab.batch([lab.task("a")]).journal(&journal).await.unwrap().into_result().unwrap();
    let whole = fs::read(&journal).unwrap();
    let created = whole.windows(9).position(|text| text == b"\"creating").unwrap();
    let created = created + whole[created..].iter().position(|byte| *byte == b'\n').unwrap();
    for length in (created + 1..=whole.len()).step_by(7) {
        fs::write(&journal, &whole[..length]).unwrap();
        let report = lab.batch([lab.task("a")]).journal(&journal).await.unwrap();
        assert_eq!(report.into_result().unwrap()[0].files.len(), 2, "{length}");
        assert_eq!((lab.jobs().len(), lab.submissions()), (1, 1), "{length}");
        JobJournal::read(&journal).expect("the torn line is gone");
    }
}

#[tokio::test]
async fn a_corrupt_line_is_named_and_nothing_is_done() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    lab.batch([lab.task("a")]).journal(&journal).await.unwrap().into_result().unwrap();
    lab.simulator.clear_requests();
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replacen("\"submitted\"", "\"submi\u{0}\"", 1)).unwrap();
    let number = 1 + text.lines().position(|line| line.contains("\"submitted\"")).unwrap();
    let error = lab.batch([lab.task("a")]).journal(&journal).await.unwrap_err().to_string();
    let place = format!("line {number} of the journal `{}`", journal.display());
    assert!(error.contains(&place), "{error}");
    assert_eq!(lab.simulator.request_count(), 0);
    let other = lab.file("notes.txt", "dear diary\n");
    let error = lab.batch([lab.task("a")]).journal(&other).await.unwrap_err().to_string();
    assert!(error.contains("line 1 of the journal"), "{error}");
    assert_eq!(lab.read("notes.txt"), "dear diary\n");
}

#[tokio::test]
async fn a_journal_belongs_to_one_host_and_one_batch_at_a_time() {
    let (lab, other) = (Lab::start().await, Lab::start().await);
    let journal = lab.path("journal");
    let endless = lab.batch([JobTask::new("a", work("sleep inf"))]).journal(&journal);
    let (tell, mut told) = tokio::sync::oneshot::channel();
    let second = async {
        while lab.submissions() == 0 {
            tokio::task::yield_now().await;
        }
        let error = lab.batch([lab.task("b")]).journal(&journal).await.unwrap_err();
        tell.send(error.to_string()).unwrap();
        std::future::pending::<()>().await;
    };
    let error = tokio::select! {
        report = endless.into_future() => panic!("the endless job ended: {report:?}"),
        () = second => unreachable!(),
        error = &mut told => error.unwrap(),
    };
    assert!(error.contains("another batch is using the journal"), "{error}");
    let error = other.batch([other.task("a")]).journal(&journal).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains(&lab.simulator.url()), "{error}");
}

#[tokio::test]
async fn tasks_that_the_batch_has_not_stay_in_the_journal() {
    let lab = Lab::start().await;
    let journal = lab.path("journal");
    let first = [lab.task("a"), JobTask::new("bad", work("exit 1"))];
    failure(lab.batch(first).journal(&journal).await.unwrap());
    lab.batch([lab.task("b")]).journal(&journal).await.unwrap().into_result().unwrap();
    let read = JobJournal::read(&journal).unwrap();
    let stages: Vec<_> = read.tasks.iter().map(|task| (task.key.as_str(), task.stage)).collect();
    let (downloaded, failed) = (JobStage::Downloaded, JobStage::Failed);
    assert_eq!(stages, [("a", downloaded), ("b", downloaded), ("bad", failed)]);
    assert_eq!(read.to_string(), "3 tasks: 2 downloaded, 1 failed");
    let failure = read.tasks[2].failure.as_deref().unwrap();
    assert!(failure.contains("A run failed"), "{failure}");
    lab.batch([lab.task("a")]).journal(&journal).await.unwrap().into_result().unwrap();
    assert_eq!(lab.jobs(), ["a", "b", "bad"]);
}

#[tokio::test]
async fn a_journal_that_cannot_be_used_is_an_error_before_any_request() {
    let lab = Lab::start().await;
    let nowhere = lab.path("no/such/folder/journal");
    let error = lab.batch([lab.task("a")]).journal(&nowhere).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains("no/such/folder/journal"), "{error}");
    let torn = lab.path("torn");
    OpenOptions::new().create_new(true).write(true).open(&torn).unwrap().write_all(b"{").unwrap();
    lab.batch([]).journal(&torn).await.unwrap().into_result().unwrap();
    assert_eq!(lab.read("torn").lines().count(), 1, "a header that was torn is written again");
    assert_eq!(lab.simulator.request_count(), 0);
}
