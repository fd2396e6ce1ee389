//! A file: what is known of it and where its bytes are.

use std::time::Duration;

use serde_json::{Value, json};

use super::state::State;
use super::{catalogue, inferred};
use crate::clock::Moment;
use crate::content::Content;

/// The key that every file claims to be encrypted with; contents are served decrypted.
const ENCRYPTION_KEY: &str = "ZmFrZWZha2VmYWtlZmFrZWZha2VmYWtlZmFrZWZha2U=";
/// The suffix that tells stored objects of one name apart.
const SUFFIX: &str = "Zk3v9QpLr2Tn8WxYb5CdEf";

/// A file of the workspace.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) type_id: u64,
    pub(super) uploaded: Moment,
    pub(super) relative_path: String,
    pub(super) path: String,
    /// `None` for a file that was registered after a direct upload to cloud storage.
    pub(super) content: Option<Content>,
    /// What a registration declared.
    pub(super) declared: Value,
    pub(super) folder: String,
    pub(super) tags: Vec<String>,
    pub(super) trashed: bool,
    pub(super) origin: Option<Origin>,
}

/// The run that wrote a file.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) job: String,
    pub(super) run: usize,
    /// From the end of the run until the file is listed.
    pub(super) delay: Duration,
}

impl File {
    pub(super) fn uploaded(
        id: &str,
        name: &str,
        type_id: u64,
        content: Content,
        folder: String,
        now: Moment,
    ) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            type_id,
            uploaded: now,
            relative_path: name.to_owned(),
            path: format!("user/user_{}/{name}-{SUFFIX}{id}", catalogue::USER),
            content: Some(content),
            declared: Value::Null,
            folder,
            tags: Vec::new(),
            trashed: false,
            origin: None,
        }
    }

    pub(super) fn output(
        id: &str,
        path: &str,
        content: Content,
        origin: Origin,
        now: Moment,
    ) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let file = Self::uploaded(id, name, 5, content, String::new(), now);
        let stored = format!(
            "user/user_{}/output/job_{}/run{}/{path}",
            catalogue::USER,
            origin.job,
            origin.run
        );
        Self { relative_path: path.to_owned(), path: stored, origin: Some(origin), ..file }
    }

    pub(super) fn size(&self) -> u64 {
        let declared = || super::validate::integer(&self.declared["decryptedSize"]);
        self.content.as_ref().map(Content::len).or_else(declared).unwrap_or(0)
    }

    /// Outputs appear once their run is over.
    pub(super) fn is_listed(&self, state: &State, now: Moment) -> bool {
        let Some(origin) = &self.origin else { return true };
        let submission = state.jobs.get(&origin.job).and_then(|job| job.submission.as_ref());
        let run = submission.and_then(|submission| submission.runs.get(origin.run - 1));
        let over = run.and_then(|run| run.completed).is_some_and(|end| end + origin.delay <= now);
        over || self.type_id == inferred::SNAPSHOT_TYPE
    }

    pub(super) async fn render(&self, host: &str, checksums: bool, size_as_text: bool) -> Value {
        let sums = match (&self.content, checksums) {
            (_, false) => json!([]),
            (Some(content), true) => {
                json!([{"hashFunction": "sha512", "fileHash": *content.sha512().await}])
            }
            (None, true) => self.declared["fileChecksums"].clone(),
        };
        let size =
            if size_as_text { self.size().to_string().into() } else { Value::from(self.size()) };
        let declared = |key: &str, default: Value| {
            Some(self.declared[key].clone()).filter(|v| !v.is_null()).unwrap_or(default)
        };
        json!({
            "id": self.id, "name": self.name, "typeId": self.type_id, "dateUploaded": self.uploaded.zulu(),
            "relativePath": self.relative_path, "path": self.path, "owner": catalogue::EMAIL, "sharedWith": [],
            "encodedEncryptionKey": declared("encodedEncryptionKey", ENCRYPTION_KEY.into()),
            "downloadUrl": format!("{host}/api/v2/files/{}/contents/", self.id),
            "decryptedSize": size, "isUploaded": true, "viewInBrowser": true, "isDeleted": self.trashed, "md5": null,
            "fileChecksums": sums, "userTags": self.tags,
            "pathParts": declared("pathParts", json!({"container": catalogue::CONTAINER, "path": self.path})),
            "storage": declared("storage", catalogue::storage()),
        })
    }
}
