//! [Rescale](https://rescale.com): high-performance computing jobs, their files and their results.
//!
//! Start with a [`Client`]. The data that the platform sends is in [`models`]; statuses are open
//! enums that keep values which this version does not know.

mod account;
mod catalogue;
mod client;
mod files;
mod folders;
mod jobs;
mod lists;
mod natural;
mod platform;
mod settings;
mod status;
mod storage;

/// What the platform sends and takes, as generated from its spec.
pub use crate::raw::rescale::types as models;

pub use account::{Organization, ProjectQuery, User};
pub use catalogue::{
    Analyses, AnalysisQuery, Cheapest, CoreTypeQuery, CoreTypes, Offer, Prices, RemoteVizQuery,
};
pub use client::{Builder, Client, RateScope};
pub use files::{
    DownloadFiles, File, FileId, FileQuery, FileSource, FileType, Files, Upload, UploadFolder,
};
pub use folders::{Entry, EntryQuery, Folder, FolderId, Folders, Trash, TrashQuery};
pub use jobs::{
    Analysis, Cluster, CreateJob, DeleteJob, InstanceQuery, Job, JobBatch, JobFileQuery, JobId,
    JobJournal, JobProgress, JobQuery, JobResult, JobStage, JobTask, Jobs, NewJob, Run,
    RunFileQuery, RunId, RunQuery, UpdateJob,
};
pub use status::{
    ClusterStatus, JobState, JobStatus, JobStatusFilter, Outcome, StorageDeviceStatus,
};
pub use storage::{DeviceId, DeviceQuery, StorageDevice, StorageDevices};
