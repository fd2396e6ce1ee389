//! Where the code of a job comes from.

use crate::bodo::models::{JobSource, SourceDefinition};
use crate::raw::bodo::enums::SourceType;
use crate::values::Secret;

/// Where the code of a job comes from (source: Bodo's documentation, bodo_jobs.md).
///
/// `Debug` does not show the token of a repository.
#[derive(Clone, Debug)]
#[must_use]
pub struct Source(JobSource);

impl Source {
    /// A folder of the workspace, by its path; `/` is where
    /// [`upload_file`](crate::bodo::Workspace::upload_file) puts what has no folder.
    pub fn workspace(path: impl Into<String>) -> Self {
        Self::of(SourceType::Workspace, |definition| definition.path = Some(path.into()))
    }

    /// A Git repository that is checked out with a user's access token. An empty `reference` is
    /// the default branch; else it is a branch or a commit.
    pub fn git(
        repo_url: impl Into<String>,
        reference: impl Into<String>,
        username: impl Into<String>,
        token: impl Into<Secret>,
    ) -> Self {
        Self::of(SourceType::Git, |definition| {
            definition.repo_url = Some(repo_url.into());
            definition.reference = Some(reference.into());
            definition.username = Some(username.into());
            definition.token = Some(token.into());
        })
    }

    /// A folder of an S3 bucket: its path with the bucket's name, and the bucket's region.
    pub fn s3(bucket_path: impl Into<String>, bucket_region: impl Into<String>) -> Self {
        Self::of(SourceType::S3, |definition| {
            definition.bucket_path = Some(bucket_path.into());
            definition.bucket_region = Some(bucket_region.into());
        })
    }

    /// No folder: the text of a query comes with the job.
    pub(in crate::bodo) fn text() -> Self {
        Self::of(SourceType::Sql, |_| {})
    }

    fn of(kind: SourceType, fill: impl FnOnce(&mut SourceDefinition)) -> Self {
        let mut definition = SourceDefinition { type_: Some(kind.clone()), ..Default::default() };
        fill(&mut definition);
        Self(JobSource { type_: Some(kind), source_def: Some(definition) })
    }
}

impl From<Source> for JobSource {
    fn from(source: Source) -> Self {
        source.0
    }
}
