//! One connection against ten on a large file, both verified.
//!
//! `cargo run --example rescale_parallel_download [-- --megabytes 1024]`. The simulator gives each
//! connection 50 MiB a second, as a distant storage would. With `--live` a job on the platform
//! makes the file.

mod support;

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use longhaul::progress;
use longhaul::rescale::{Analysis, Client, File, JobStatus};
use longhaul_simulator::Simulator;

const MIB: u64 = 1024 * 1024;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let megabytes = megabytes()?;
    let simulator = Simulator::rescale().bandwidth(50 * MIB);
    let (rescale, _simulator) = support::rescale(simulator).await?;
    let file = large_file(&rescale, megabytes * MIB).await?;
    println!("{} has {} bytes", file.name(), file.size().unwrap_or_default());
    let folder = tempfile::tempdir()?;
    let one = timed_download(&file, folder.path(), 1).await?;
    let ten = timed_download(&file, folder.path(), 10).await?;
    println!("10 connections are {:.1} times as fast", one.as_secs_f64() / ten.as_secs_f64());
    Ok(())
}

fn megabytes() -> Result<u64, Box<dyn Error>> {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--megabytes").skip(1);
    match arguments.next() {
        Some(number) => Ok(number.parse().map_err(|_| format!("`{number}` is no number"))?),
        None => Ok(512),
    }
}

/// Has a job make a file of about so many bytes.
async fn large_file(rescale: &Client, bytes: u64) -> Result<File, Box<dyn Error>> {
    // Base64 writes four characters for three bytes, and a line end after every 64.
    let random = bytes / 65 * 48;
    let work = Analysis::new("miniconda", "4.8.4")
        .command(format!("openssl rand -out testfile -base64 {random}"))
        .hardware("granite", 2)
        .walltime_hours(1);
    let mut job = rescale.jobs().create("parallel download", work).await?;
    job.submit().await?;
    job.wait_for_status(JobStatus::Completed).on_event(progress::bar()).await?;
    let mut found = job.files().search("testfile");
    Ok(found.try_next().await?.ok_or("the job left no testfile")?)
}

async fn timed_download(
    file: &File,
    folder: &Path,
    connections: usize,
) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    let done = file
        .download_to(folder)
        .file_name(format!("with {connections}"))
        .parallel(connections)
        .on_event(progress::bar())
        .await?;
    let took = start.elapsed();
    let speed = done.bytes as f64 / MIB as f64 / took.as_secs_f64();
    println!("{connections:>2} connections: {:.2} s, {speed:.0} MiB/s", took.as_secs_f64());
    Ok(took)
}
