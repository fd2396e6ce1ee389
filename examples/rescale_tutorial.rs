//! Rescale from the first call to the clean-up: who am I, what is there to compute with, a job
//! that fails because its inputs are missing, the same job with inputs, its outputs, and a large
//! file in parallel.
//!
//! `cargo run --example rescale_tutorial`, or with `-- --live` on the platform, where it costs
//! the price of three short jobs.

mod support;

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Instant;

use chrono::Datelike;
use longhaul::progress::Event;
use longhaul::rescale::{Analysis, Client, File, Job, JobState, JobStatus};
use longhaul_simulator::Simulator;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let (rescale, _simulator) = support::rescale(Simulator::rescale()).await?;
    authorization(&rescale).await?;
    core_types_and_prices(&rescale).await?;
    analyses(&rescale).await?;
    jobs_so_far(&rescale).await?;
    let failed = first_job(&rescale).await?;
    let inputs = upload_inputs(&rescale).await?;
    resubmitting_does_nothing(failed, &inputs).await?;
    let job = job_with_inputs(&rescale, &inputs).await?;
    outputs(&job).await?;
    job.delete().with_input_files().await?;
    println!("deleted the job and its input files");
    parallel_download(&rescale).await
}

fn title(text: &str) {
    println!("\n== {text}");
}

async fn authorization(rescale: &Client) -> Outcome<()> {
    title("Authorization");
    let stranger =
        Client::builder().base_url(rescale.base_url().as_str()).api_key("wrong").build()?;
    if let Err(error) = stranger.current_user().await {
        println!("without a good key: {error}");
    }
    let user = rescale.current_user().await?;
    println!("with one: {}", user.email.unwrap_or_default());
    Ok(())
}

async fn core_types_and_prices(rescale: &Client) -> Outcome<()> {
    title("Core types and prices");
    let core_types = rescale.core_types().list().collect_all().await?;
    println!("{} core types; the general ones:", core_types.len());
    for core_type in &core_types {
        let categories = core_type.category_codes.as_deref().unwrap_or_default();
        if categories.iter().any(|category| category == "general") {
            let processor = core_type.processor_info.as_deref().unwrap_or("?");
            println!("  {:<14} {processor}, cores {:?}", core_type.code, core_type.cores);
        }
    }
    let offer = rescale.prices().cheapest().category("general").await?;
    println!("the cheapest of them: {} at {}", offer.core_type.code, offer.amount);
    Ok(())
}

async fn analyses(rescale: &Client) -> Outcome<()> {
    title("Analyses");
    let analyses = rescale.analyses().list().collect_all().await?;
    let versions: usize = analyses.iter().map(|analysis| analysis.versions.len()).sum();
    println!("{} analyses with {versions} versions", analyses.len());
    let version = rescale.analyses().version("miniconda", "4.8.4").await?;
    println!("miniconda 4.8.4 has the version code {}", version.version_code);
    Ok(())
}

async fn jobs_so_far(rescale: &Client) -> Outcome<()> {
    title("Jobs so far");
    let mut by_year = BTreeMap::new();
    let mut completed = rescale.jobs().list().state(JobState::Completed);
    while let Some(job) = completed.try_next().await? {
        let inserted = job.date_inserted.and_then(|date| date.datetime());
        *by_year.entry(inserted.map(|date| date.year())).or_insert(0) += 1;
    }
    for (year, count) in by_year {
        let year = year.map_or("without a date".to_owned(), |year| year.to_string());
        println!("{year}: {count} completed");
    }
    let mut projects = rescale.projects();
    while let Some(project) = projects.try_next().await? {
        println!("project {} {}", project.id, project.name.unwrap_or_default());
    }
    Ok(())
}

fn estimate_pi(cores: i64) -> Analysis {
    Analysis::new("miniconda", "4.8.4")
        .command("python calculate_pi.py range.inp")
        .hardware("granite", cores)
        .walltime_hours(1)
}

/// The first try is rejected, the second runs without its inputs and fails.
async fn first_job(rescale: &Client) -> Outcome<Job> {
    title("A first job");
    if let Err(error) = rescale.jobs().create("tutorial", estimate_pi(1)).await {
        println!("rejected: {error}");
    }
    let mut job = rescale.jobs().create("tutorial", estimate_pi(2)).await?;
    println!("saved as {}", job.id());
    job.submit().await?;
    match wait(&mut job).await {
        Ok(()) => println!("it succeeded, which it should not without its inputs"),
        Err(error) if error.is_wait_failed() => println!("{error}"),
        Err(error) => return Err(error.into()),
    }
    let mut outputs = job.files().search("output");
    while let Some(file) = outputs.try_next().await? {
        println!("{} has {} lines", file.name(), file.lines().await?.len());
    }
    Ok(job)
}

async fn wait(job: &mut Job) -> longhaul::Result<()> {
    let mut last = String::new();
    let show = move |event: &Event| {
        if let Event::Status { status, elapsed, .. } = event
            && *status != last
        {
            println!("  {:>5.1} s  {status}", elapsed.as_secs_f64());
            last.clone_from(status);
        }
    };
    job.wait_for_status(JobStatus::Completed).on_event(show).await?;
    Ok(())
}

async fn upload_inputs(rescale: &Client) -> Outcome<Vec<File>> {
    title("Uploads");
    let mut files = Vec::new();
    for name in ["calculate_pi.py", "range.inp"] {
        let file = rescale.files().upload(support::data(name)).await?;
        println!("{name} is {}", file.id());
        files.push(file);
    }
    Ok(files)
}

/// The platform says yes to both and does nothing; here they are errors.
async fn resubmitting_does_nothing(mut job: Job, inputs: &[File]) -> Outcome<()> {
    title("Changing a job that has ended");
    if let Err(error) = job.update().analyses([estimate_pi(2).inputs(inputs)]).await {
        println!("{error}");
    }
    if let Err(error) = job.submit().await {
        println!("{error}");
    }
    job.delete().await?;
    println!("deleted");
    Ok(())
}

async fn job_with_inputs(rescale: &Client, inputs: &[File]) -> Outcome<Job> {
    title("A job with inputs");
    let work = estimate_pi(2).inputs(inputs);
    let mut job = rescale.jobs().create("tutorial with inputs", work).await?;
    job.submit().await?;
    wait(&mut job).await?;
    for entry in job.cluster().statuses().await? {
        println!("{}  cluster {}", entry.status_date, entry.status);
    }
    Ok(job)
}

async fn outputs(job: &Job) -> Outcome<()> {
    title("Outputs");
    let folder = tempfile::tempdir()?;
    for file in job.files().download_to(folder.path()).await.into_result()? {
        let verdict = if file.is_verified() { "OK  " } else { "?   " };
        println!("{verdict} {}", file.path.file_name().unwrap_or_default().to_string_lossy());
    }
    let estimate = std::fs::read_to_string(folder.path().join("pi_estimate.res"))?;
    println!("pi is about {}", estimate.trim());
    Ok(())
}

async fn parallel_download(rescale: &Client) -> Outcome<()> {
    title("A large file in parallel");
    let work = Analysis::new("miniconda", "4.8.4")
        .command("openssl rand -out testfile -base64 79291703")
        .hardware("granite", 2)
        .walltime_hours(1);
    let mut job = rescale.jobs().create("tutorial, large result", work).await?;
    job.submit().await?;
    wait(&mut job).await?;
    let mut found = job.files().search("testfile");
    let file = found.try_next().await?.ok_or("the job left no testfile")?;
    let folder = tempfile::tempdir()?;
    for connections in [10, 1] {
        let start = Instant::now();
        let name = format!("with {connections}");
        file.download_to(folder.path()).file_name(name).parallel(connections).await?;
        println!("{connections:>2} connections: {:.2} s", start.elapsed().as_secs_f64());
    }
    job.delete().await?;
    Ok(())
}
