//! What an attempt leaves behind: logs and results, as files in the storage.

use bytes::Bytes;
use serde_json::Value;

use super::super::server::Server;
use super::job::Job;
use super::script::Pause;
use crate::clock::Moment;
use crate::content::Content;

/// What came of an execution.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) ready: Moment,
    /// Seconds of the platform that it took by its own account.
    pub(super) sleeps: f64,
    pub(super) pauses: Vec<Pause>,
    /// Why it failed, if it did.
    pub(super) failure: Option<String>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) ddl: Option<Value>,
    /// The metadata and the files with the rows.
    pub(super) result: Option<(String, Vec<Bytes>)>,
}

impl Product {
    pub(super) fn new(ready: Moment) -> Self {
        let (stdout, stderr) = (String::new(), String::new());
        Self {
            ready,
            sleeps: 0.0,
            pauses: Vec::new(),
            failure: None,
            stdout,
            stderr,
            ddl: None,
            result: None,
        }
    }
}

pub(super) fn stdout(job: &str) -> String {
    format!("jobs/{job}/stdout.txt")
}

pub(super) fn stderr(job: &str) -> String {
    format!("jobs/{job}/stderr.txt")
}

pub(super) fn metadata(job: &str) -> String {
    format!("jobs/{job}/result/metadata.json")
}

pub(super) fn part(job: &str, number: usize) -> String {
    format!("jobs/{job}/result/part-{number:05}.parquet")
}

/// The logs of a job run that has printed nothing yet.
pub(super) fn open_logs(server: &Server, job: &str) {
    let mut storage = server.storage();
    storage.text(stdout(job), String::new());
    storage.text(stderr(job), String::new());
}

impl Job {
    /// Keeps what the last attempt left, if the job run had one that came to an end.
    pub(super) fn keep_product(&mut self, server: &Server) {
        open_logs(server, &self.id);
        let Some(attempt) = self.attempt.take() else { return };
        let Some(product) = attempt.execution.get() else { return };
        let is_prescribed = self.status == "FAILED" && product.failure.is_none();
        let mut errors = product.stderr.clone();
        if is_prescribed {
            errors += &format!("{}\n", self.reason.as_deref().unwrap_or_default());
        }
        let mut storage = server.storage();
        storage.text(stdout(&self.id), product.stdout.clone());
        storage.text(stderr(&self.id), errors);
        if self.status != "SUCCEEDED" {
            return;
        }
        self.ddl.clone_from(&product.ddl);
        if let Some((description, parts)) = &product.result {
            let description = Content::unhashed(description.clone());
            storage.put(metadata(&self.id), "application/json", description);
            for (number, bytes) in parts.iter().enumerate() {
                let bytes = Content::unhashed(bytes.clone());
                storage.put(part(&self.id, number), "application/octet-stream", bytes);
            }
            self.result_files = Some(parts.len());
        }
    }

    /// Everything that it has in the storage.
    pub(super) fn keys(&self) -> Vec<String> {
        let mut keys = vec![stdout(&self.id), stderr(&self.id), metadata(&self.id)];
        keys.extend((0..self.result_files.unwrap_or(0)).map(|number| part(&self.id, number)));
        keys
    }
}
