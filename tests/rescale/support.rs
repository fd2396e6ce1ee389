//! What the tests share: a fast simulator, a client for it, jobs and files.

use std::time::Duration;

use longhaul::Options;
use longhaul::rescale::models::{self, FileType};
use longhaul::rescale::{Analysis, Builder, Client, ClusterStatus, File, Job, JobStatus};
use longhaul_simulator::rescale::{API_KEY, Rescale};
use longhaul_simulator::{Fault, Handle, Recorded, Simulator};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) use crate::failure::says;

/// The time of one step of a simulated life cycle.
pub(crate) const PACE: Duration = Duration::from_millis(5);

/// A deadline that comes soon, and not before a first answer.
pub(crate) const SHORT: Duration = Duration::from_millis(600);

/// A simulated Rescale with a fast clock.
pub(crate) fn fast() -> Simulator<Rescale> {
    Simulator::rescale().pace(PACE)
}

/// A fast simulator and a client for it.
pub(crate) async fn start() -> (Handle, Client) {
    start_with(fast()).await
}

pub(crate) async fn start_with(simulator: Simulator<Rescale>) -> (Handle, Client) {
    let handle = simulator.start().await.expect("a free port");
    let client = builder(&handle).build().expect("a client");
    (handle, client)
}

/// A builder of clients for a simulator, with its credential.
pub(crate) fn builder(handle: &Handle) -> Builder {
    Client::builder().base_url(handle.url()).api_key(API_KEY)
}

/// A client whose calls are sent once.
pub(crate) fn impatient(handle: &Handle) -> Client {
    builder(handle).options(Options::new().attempts(1)).build().expect("a client")
}

/// A simulator that answers everything as the rule says, and a client that asks once.
pub(crate) async fn broken(rule: Fault) -> (Handle, Client) {
    let handle = fast().fault(rule).start().await.expect("a free port");
    let client = impatient(&handle);
    (handle, client)
}

/// A command on the smallest hardware.
pub(crate) fn work(command: &str) -> Analysis {
    Analysis::new("user_included", "0").command(command).hardware("emerald", 1)
}

/// A job that was submitted.
pub(crate) async fn submitted(client: &Client, command: &str) -> Job {
    let mut job = client.jobs().create("a job", work(command)).await.expect("a job");
    job.submit().await.expect("submitted");
    job
}

/// A job that has completed well.
pub(crate) async fn completed(client: &Client, command: &str) -> Job {
    let mut job = submitted(client, command).await;
    job.wait_for_status(JobStatus::Completed).every(PACE).await.expect("completed");
    job
}

/// A job that goes on until somebody stops it.
pub(crate) async fn running(client: &Client) -> Job {
    let mut job = submitted(client, "sleep inf").await;
    job.wait_for_status(JobStatus::Executing).every(PACE).await.expect("executing");
    job
}

/// Waits until the cluster of a job has gone.
pub(crate) async fn released(job: &Job) {
    let mut cluster = job.cluster();
    cluster.wait_for_status(ClusterStatus::Stopped).every(PACE).await.expect("stopped");
}

/// A file in the library.
pub(crate) async fn stored(client: &Client, name: &str, content: &str) -> File {
    stored_as(client, name, content, None).await
}

pub(crate) async fn stored_as(
    client: &Client,
    name: &str,
    content: &str,
    file_type: Option<FileType>,
) -> File {
    let upload = client.files().upload_bytes(name, content.to_owned());
    let upload = match file_type {
        Some(file_type) => upload.file_type(file_type),
        None => upload,
    };
    upload.await.expect("uploaded")
}

/// The number of a file's type.
pub(crate) fn kind(file: &File) -> Option<i64> {
    file.data().type_id.as_ref().map(|kind| kind.0)
}

/// A model from its JSON.
pub(crate) fn model<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).expect("a model")
}

/// Three runs, one for each value of a variable.
pub(crate) fn three_values() -> models::JobVariableCreate {
    model(serde_json::json!({
        "name": "index", "variableType": "Param", "valueGeneratorType": "FixedRange",
        "valueGeneratorSettings": {"minvalue": 1, "maxvalue": 3, "increment": 1},
    }))
}

/// The requests with this method and a path that ends so.
pub(crate) fn sent(handle: &Handle, method: &str, ending: &str) -> Vec<Recorded> {
    let all = handle.requests().into_iter();
    all.filter(|request| request.method == method && request.path.ends_with(ending)).collect()
}
