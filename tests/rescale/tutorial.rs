//! Rescale's tutorial for its API, cell by cell: catalogue, a rejected job, a failed run, the run
//! that succeeds, its results.

use longhaul::rescale::{Analysis, Client, ClusterStatus, File, Job, JobState, JobStatus};
use longhaul::{ErrorKind, Result};

use super::support::{PACE, fast, released, says, start_with, stored};

fn pi(cores: i64) -> Analysis {
    let work = Analysis::new("miniconda", "4.8.4").hardware("granite", cores);
    work.command("python calculate_pi.py range.inp")
}

async fn run(client: &Client, work: Analysis) -> Result<Job> {
    let mut job = client.jobs().create("Rescale UserApi Reference Tutorial", work).await?;
    job.submit().await?;
    job.wait_for_status(JobStatus::Completed).every(PACE).await?;
    Ok(job)
}

#[tokio::test]
async fn the_key_is_needed_and_tells_the_user() {
    let (simulator, client) = start_with(fast()).await;
    let wrong = Client::builder().base_url(simulator.url()).api_key("wrong").build().unwrap();
    assert!(wrong.current_user().await.unwrap_err().is_unauthorized());
    assert_eq!(client.current_user().await.unwrap().email.as_deref(), Some("user@example.com"));
}

#[tokio::test]
async fn hardware_software_and_version_are_chosen() {
    let (_simulator, client) = start_with(fast()).await;
    let core_types = client.core_types().list().collect_all().await.unwrap();
    let general = core_types.iter().filter(|core_type| {
        core_type.category_codes.as_ref().is_some_and(|codes| codes.contains(&"general".to_owned()))
    });
    assert!(general.clone().any(|core_type| core_type.code == "granite"));
    assert!(general.count() < core_types.len());
    let offer = client.prices().cheapest().category("general").await.unwrap();
    assert_eq!(offer.core_type.code, "granite");
    let version = client.analyses().version("miniconda", "4.8.4").await.unwrap();
    assert_eq!(version.version_code, "4.8.4");
}

#[tokio::test]
async fn the_jobs_of_this_year_are_counted() {
    let (_simulator, client) = start_with(fast()).await;
    run(&client, pi(2)).await.unwrap_err();
    let ended = client.jobs().list().state(JobState::Completed).collect_all().await.unwrap();
    let year = |job: &longhaul::rescale::models::JobSummary| {
        job.date_inserted.as_ref()?.as_str().get(..4).map(str::to_owned)
    };
    let shown = client.jobs().get(&ended[0].id).await.unwrap();
    let date = shown.data().unwrap().date_inserted.as_ref().unwrap();
    assert_eq!(year(&ended[0]).as_deref(), date.as_str().get(..4));
    assert!(date.datetime().is_some());
}

#[tokio::test]
async fn a_rejected_job_is_corrected_and_fails_for_want_of_its_inputs() {
    let (_simulator, client) = start_with(fast()).await;
    assert_eq!(client.projects().collect_all().await.unwrap().len(), 2);
    let rejected = run(&client, pi(1)).await.unwrap_err();
    says(&rejected, ErrorKind::Status, &["coresPerSlot: 1 is not a valid core count"]);
    let failed = run(&client, pi(2)).await.unwrap_err();
    says(
        &failed,
        ErrorKind::Failed,
        &[
            "A run failed",
            "process_output.log",
            "can't open file 'calculate_pi.py'",
            "No such file",
        ],
    );
    let job = client.jobs().list().collect_all().await.unwrap().remove(0);
    let mut job = client.jobs().get(&job.id).await.unwrap();
    let output = job.files().search("output").collect_all().await.unwrap();
    assert_eq!(output[0].name(), "process_output.log");
    assert!(output[0].lines().await.unwrap().iter().any(|line| line.contains("No such file")));
    repeat_in_vain(&client, &mut job).await;
    job.delete().await.unwrap();
}

/// The platform answers yes to both and does nothing.
async fn repeat_in_vain(client: &Client, job: &mut Job) {
    let inputs = upload(client).await;
    let changed = job.update().analyses([pi(2).inputs(&inputs)]).await.unwrap_err();
    says(&changed, ErrorKind::NoEffect, &["was not changed", "`Completed`"]);
    let submitted = job.submit().await.unwrap_err();
    says(&submitted, ErrorKind::NoEffect, &["was submitted before", "`Completed`"]);
}

async fn upload(client: &Client) -> [File; 2] {
    [
        stored(client, "calculate_pi.py", "print('fake pi')\n").await,
        stored(client, "range.inp", "1000\n").await,
    ]
}

#[tokio::test]
async fn the_run_with_its_inputs_succeeds_and_its_results_are_verified() {
    let (_simulator, client) = start_with(fast()).await;
    let inputs = upload(&client).await;
    let job = run(&client, pi(2).inputs(&inputs)).await.unwrap();
    let mut cluster = job.cluster();
    cluster.wait_for_status(ClusterStatus::Stopped).every(PACE).await.unwrap();
    assert_eq!(cluster.history().first().unwrap().status, ClusterStatus::NotStarted);

    let folder = tempfile::tempdir().unwrap();
    let report = job.files().download_to(folder.path()).await;
    let done = report.into_result().unwrap();
    assert!(done.iter().all(|file| file.is_verified()));
    let result = std::fs::read_to_string(folder.path().join("pi_estimate.res")).unwrap();
    assert!(result.starts_with("3.14159"));
    assert_eq!(std::fs::read(folder.path().join("pi_estimate.bin")).unwrap().len(), 8);

    job.clone().delete().with_input_files().await.unwrap();
    assert!(client.jobs().get(job.id()).await.unwrap_err().is_not_found());
    for input in inputs {
        assert!(client.files().get(input.id()).await.unwrap_err().is_not_found());
    }
}

#[tokio::test]
async fn a_large_result_comes_over_ten_connections_or_one() {
    let (_simulator, client) = start_with(fast()).await;
    let work = pi(2).command("openssl rand -out testfile -base64 3000000");
    let job = run(&client, work).await.unwrap();
    let mut found = job.files().search("testfile");
    let file = found.try_next().await.unwrap().expect("the result");
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let many = file.download_to(path("many")).parallel(10).part_size(500_000).await.unwrap();
    let one = file.download_to(path("one")).parallel(1).await.unwrap();
    assert!(many.is_verified() && one.is_verified());
    assert_eq!(many.bytes, file.size().unwrap());
    assert_eq!(std::fs::read(path("many")).unwrap(), std::fs::read(path("one")).unwrap());
    released(&job).await;
}
