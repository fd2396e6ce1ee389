//! What all tests of this binary need.

use std::fs;
use std::future::{Future, poll_fn};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use longhaul::batch::Report;
use longhaul::rescale::{Analysis, Client, JobBatch, JobResult, JobTask};
use longhaul_simulator::rescale::API_KEY;
use longhaul_simulator::{Handle, Recorded, Simulator};
use tempfile::TempDir;

pub(crate) const PI: &str = "3.14159265358979\n";

/// A simulated platform, a client of it and a folder for the local files.
pub(crate) struct Lab {
    pub(crate) simulator: Handle,
    pub(crate) client: Client,
    pub(crate) dir: TempDir,
}

impl Lab {
    pub(crate) async fn start() -> Self {
        let simulator = Simulator::rescale().pace(Duration::from_millis(2)).start().await.unwrap();
        let client = client(&simulator.url());
        Self { simulator, client, dir: tempfile::tempdir().unwrap() }
    }

    /// A local file.
    pub(crate) fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn task(&self, key: &str) -> JobTask {
        task(self.dir.path(), key)
    }

    pub(crate) fn batch(&self, tasks: impl IntoIterator<Item = JobTask>) -> JobBatch {
        batch(&self.client, tasks)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.dir.path().join(name)).unwrap()
    }

    /// The requests with this method and end of path that took effect.
    pub(crate) fn applied(&self, method: &str, end: &str) -> Vec<Recorded> {
        let mut requests = self.simulator.requests();
        requests.retain(|one| one.applied && one.method == method && one.path.ends_with(end));
        requests
    }

    /// The names of all jobs that were made, sorted.
    pub(crate) fn jobs(&self) -> Vec<String> {
        let created = self.applied("POST", "/v2/jobs/");
        let name = |one: &Recorded| one.json()["name"].as_str().unwrap().to_owned();
        let mut names: Vec<_> = created.iter().map(name).collect();
        names.sort();
        names
    }

    pub(crate) fn submissions(&self) -> usize {
        self.applied("POST", "/submit/").len()
    }

    pub(crate) fn uploads(&self) -> usize {
        self.applied("POST", "/files/contents/").len()
    }
}

pub(crate) fn client(url: &str) -> Client {
    Client::builder().base_url(url).api_key(API_KEY).build().unwrap()
}

/// A task that estimates pi by its own script and downloads the result and the log.
pub(crate) fn task(dir: &Path, key: &str) -> JobTask {
    let script = dir.join(key).join("pi.py");
    fs::create_dir_all(script.parent().unwrap()).unwrap();
    if !script.exists() {
        fs::write(&script, format!("# {key}")).unwrap();
    }
    JobTask::new(key, work("python pi.py"))
        .upload(script)
        .download(dir.join(key).join("out"), ["*.res", "process_output.log"])
}

pub(crate) fn work(command: &str) -> Analysis {
    Analysis::new("miniconda", "4.8.4").command(command).hardware("granite", 2)
}

/// A batch that looks often, because simulated jobs are short.
pub(crate) fn batch(client: &Client, tasks: impl IntoIterator<Item = JobTask>) -> JobBatch {
    let batch = client.jobs().batch(tasks).every(Duration::from_millis(5));
    batch.settle_time(Duration::from_millis(50))
}

/// The error of the only task that failed.
pub(crate) fn failure(report: Report<JobTask, JobResult>) -> longhaul::Error {
    assert_eq!(report.failed.len(), 1, "{report:?}");
    report.failed.into_iter().next().unwrap().error
}

/// Drops the future when it is about to be polled once more than this.
pub(crate) async fn dropped_after<F>(polls: usize, future: F) -> Option<F::Output>
where
    F: IntoFuture<IntoFuture: Unpin + Future<Output = F::Output>>,
{
    let mut future = future.into_future();
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        Pin::new(&mut future).poll(context).map(Some)
    })
    .await
}
