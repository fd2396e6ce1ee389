//! Rescale: hardware and software are chosen, inputs uploaded, a job run, its outputs verified.

use std::error::Error;

use longhaul::progress;
use longhaul::rescale::{Analysis, Client, File, Job, JobState, JobStatus};
use longhaul_simulator::Simulator;

use super::{Tour, support};

pub(crate) async fn run(tour: &mut Tour) -> Result<(), Box<dyn Error>> {
    let (rescale, _simulator) = support::rescale(Simulator::rescale()).await?;
    let Some(analysis) = choose(tour, &rescale).await? else { return Ok(()) };
    let inputs = upload(tour, &rescale).await?;

    let failed = run_job(tour, &rescale, "tour without inputs", analysis.clone()).await?;
    let done = run_job(tour, &rescale, "tour", analysis.inputs(&inputs)).await?;
    bring_home(tour, &done).await?;
    look_back(tour, &rescale).await?;

    for job in [failed, done] {
        let id = job.id().clone();
        let deleted = job.delete().with_input_files().await;
        tour.step("delete the job when its cluster has stopped", deleted.map(|()| id));
    }
    Ok(())
}

async fn choose(tour: &mut Tour, rescale: &Client) -> Result<Option<Analysis>, Box<dyn Error>> {
    let user = rescale.current_user().await?;
    tour.step("who am I", user.email.ok_or("the account has no address"));
    let cheapest = rescale.prices().cheapest().category("general").cores(2).await;
    let named = cheapest.map(|offer| {
        format!("{} at {} per core and hour", offer.core_type.code, offer.price.value.amount)
    });
    tour.step("the cheapest general core type with 2 cores", named);
    let version = rescale.analyses().version("miniconda", "4.8.4").await;
    let Some(code) = tour.step("the code of Miniconda 4.8.4", version.map(|v| v.version_code))
    else {
        return Ok(None);
    };
    let analysis = Analysis::new("miniconda", code)
        .command("python calculate_pi.py range.inp")
        .hardware("granite", 2)
        .walltime_hours(1);
    Ok(Some(analysis))
}

async fn upload(tour: &mut Tour, rescale: &Client) -> Result<Vec<File>, Box<dyn Error>> {
    let mut files = Vec::new();
    for name in ["calculate_pi.py", "range.inp"] {
        let path = support::data(name);
        let file = rescale.files().upload(path).on_event(progress::bar()).await?;
        let shown = format!("{name} as {}", file.id());
        tour.step("upload", Ok::<_, longhaul::Error>(shown));
        files.push(file);
    }
    Ok(files)
}

/// Runs a job to its end. The one without inputs fails, and the error says why.
async fn run_job(
    tour: &mut Tour,
    rescale: &Client,
    name: &str,
    analysis: Analysis,
) -> Result<Job, Box<dyn Error>> {
    let mut job = rescale.jobs().create(name, analysis).await?;
    job.submit().await?;
    let waited = job.wait_for_status(JobStatus::Completed).on_event(progress::bar()).await;
    let expected = match waited {
        Ok(job) => Ok(format!("{} succeeded", job.id())),
        Err(error) if error.is_wait_failed() && name.contains("without") => {
            Ok(format!("as expected, {error}"))
        }
        Err(error) => Err(error),
    };
    tour.step(&format!("run the job `{name}`"), expected);
    let history: Vec<_> = job.history().iter().map(|entry| entry.status.as_str()).collect();
    tour.step("its history", Ok::<_, longhaul::Error>(history.join(" > ")));
    Ok(job)
}

async fn bring_home(tour: &mut Tour, job: &Job) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let report = job.files().download_to(folder.path()).await;
    for (_, file) in &report.done {
        let name = file.path.file_name().unwrap_or_default().to_string_lossy();
        let check = if file.is_verified() { "verified" } else { "without a checksum to verify" };
        let shown = format!("{name}, {} bytes, {check}", file.bytes);
        tour.step("download", Ok::<_, longhaul::Error>(shown));
    }
    report.into_result()?;
    let estimate = std::fs::read_to_string(folder.path().join("pi_estimate.res"));
    tour.step("the estimate", estimate.map(|text| text.trim().to_owned()));
    Ok(())
}

async fn look_back(tour: &mut Tour, rescale: &Client) -> Result<(), Box<dyn Error>> {
    let completed = rescale.jobs().list().state(JobState::Completed).collect_all().await;
    tour.step("jobs that have completed", completed.map(|jobs| jobs.len()));
    Ok(())
}
