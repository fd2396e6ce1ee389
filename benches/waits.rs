//! How soon a wait notices and how often it asks, beside a poll every 30 s; and how it ends.
//!
//! `cargo bench --bench waits`

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use longhaul::rescale::{Job, JobStatus};
use longhaul::wait::{Watch, wait_for_status};
use support::Checked;
use support::server::{JOB, wrap};
use support::table::{Table, goal};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Waits per duration, whose jobs take from 90 to 110 % of it.
const WAITS: u32 = 10_000;
const FIXED: Duration = Duration::from_secs(30);

/// A job that ends by the clock.
struct Simulated {
    ends: tokio::time::Instant,
    looks: usize,
}

impl Simulated {
    fn lasting(time: Duration) -> Self {
        Self { ends: tokio::time::Instant::now() + time, looks: 0 }
    }
}

impl Watch for Simulated {
    type Status = JobStatus;
    const LIMIT: Duration = Duration::from_secs(24 * 3600);

    fn name(&self) -> String {
        "a simulated job".to_owned()
    }

    async fn look(&mut self, _limit: Duration) -> longhaul::Result<JobStatus> {
        self.looks += 1;
        let ended = tokio::time::Instant::now() >= self.ends;
        Ok(if ended { JobStatus::Completed } else { JobStatus::Executing })
    }
}

/// What waits for jobs of about one duration did on average.
struct Mean {
    late: f64,
    looks: f64,
}

async fn waits(duration: Duration) -> longhaul::Result<Mean> {
    let mut sum = Mean { late: 0.0, looks: 0.0 };
    for number in 0..WAITS {
        let share = 0.9 + 0.2 * f64::from(number) / f64::from(WAITS - 1);
        let mut job = Simulated::lasting(duration.mul_f64(share));
        wait_for_status(&mut job, JobStatus::Completed).await?;
        sum.late += job.ends.elapsed().as_secs_f64();
        sum.looks += job.looks as f64;
    }
    let waits = f64::from(WAITS);
    Ok(Mean { late: sum.late / waits, looks: sum.looks / waits })
}

/// The same for a look at once and one every 30 s, computed.
fn fixed(duration: Duration) -> Mean {
    let mut sum = Mean { late: 0.0, looks: 0.0 };
    for number in 0..WAITS {
        let share = 0.9 + 0.2 * f64::from(number) / f64::from(WAITS - 1);
        let ends = duration.as_secs_f64() * share;
        let pauses = (ends / FIXED.as_secs_f64()).ceil();
        sum.late += pauses * FIXED.as_secs_f64() - ends;
        sum.looks += pauses + 1.0;
    }
    let waits = f64::from(WAITS);
    Mean { late: sum.late / waits, looks: sum.looks / waits }
}

fn schedule() -> Checked {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().start_paused(true).build()?;
    let mut table =
        Table::new(["the job takes", "s late", "looks", "30 s: s late", "looks", "sooner"]);
    let durations = [3, 60, 600, 7200].map(Duration::from_secs);
    let mut worst: f64 = 0.0;
    for duration in durations {
        let (ours, fixed) = (runtime.block_on(waits(duration))?, fixed(duration));
        let allowed = (duration.as_secs_f64() * 0.025).clamp(0.25, 7.6);
        worst = worst.max(ours.late / allowed);
        table.row([
            format!("{} s +- 10 %", duration.as_secs()),
            format!("{:.2}", ours.late),
            format!("{:.0}", ours.looks),
            format!("{:.1}", fixed.late),
            format!("{:.0}", fixed.looks),
            format!("{:.0} x", fixed.late / ours.late),
        ]);
    }
    table.print();
    goal("lateness, of 2.5 % of the duration but 0.25 to 7.6 s", worst * 100.0, 100.0, "%");
    Ok(())
}

/// A server on this thread that counts how often the status of a job is asked for.
struct Server {
    url: String,
    asked: Arc<AtomicUsize>,
}

impl Server {
    /// `answers` says whether the status is ever told.
    async fn start(answers: bool) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(connection(socket, answers, count.clone()));
            }
        });
        Ok(Self { url, asked })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn job(&self) -> longhaul::Result<Job> {
        Ok(support::rescale(&self.url)?.job(JOB))
    }
}

/// The history of a job that goes on and on.
const EXECUTING: &str = "{\"count\":1,\"next\":null,\"previous\":null,\"results\":\
    [{\"status\":\"Executing\",\"statusDate\":\"2026-01-01T00:00:00Z\"}]}";

async fn connection(mut socket: TcpStream, answers: bool, asked: Arc<AtomicUsize>) {
    let mut request = Vec::new();
    while let Ok(1..) = socket.read_buf(&mut request).await {
        if !request.ends_with(b"\r\n\r\n") {
            continue;
        }
        request.clear();
        asked.fetch_add(1, Ordering::SeqCst);
        if !answers {
            std::future::pending::<()>().await;
        }
        let mut answer = Vec::new();
        wrap(EXECUTING, "", &mut answer);
        let _ = socket.write_all(&answer).await;
    }
}

/// How far waits overrun a deadline when nothing is ever answered.
async fn deadline() -> Checked {
    let server = Server::start(false).await?;
    let limit = Duration::from_millis(300);
    let mut worst = Duration::ZERO;
    for _ in 0..5 {
        let mut job = server.job()?;
        let started = Instant::now();
        let outcome = job.wait_for_status(JobStatus::Completed).timeout(limit).await;
        let over = started.elapsed().saturating_sub(limit);
        match outcome {
            Err(error) if error.is_timeout() => worst = worst.max(over),
            Err(error) => return Err(error.into()),
            Ok(_) => return Err("a wait ended well without an answer".into()),
        }
    }
    goal("overrun of a deadline without an answer", worst.as_secs_f64() * 1e3, 50.0, "ms");
    Ok(())
}

/// Whether anything is asked for once a wait is dropped.
async fn dropped() -> Checked {
    let server = Server::start(true).await?;
    let mut job = server.job()?;
    let every = Duration::from_millis(10);
    let waiting = job.wait_for_status(JobStatus::Completed).every(every).into_future();
    let _ = tokio::time::timeout(every * 5, waiting).await;
    let asked = server.asked();
    tokio::time::sleep(every * 20).await;
    let later = server.asked() - asked;
    println!("a dropped wait had asked {asked} times, and asked {later} times later");
    match (asked, later) {
        (2.., 0) => Ok(()),
        _ => Err("a wait that was dropped has to ask before, and never later".into()),
    }
}

fn main() -> Checked {
    schedule()?;
    let runtime = support::runtime();
    runtime.block_on(deadline())?;
    runtime.block_on(dropped())
}
