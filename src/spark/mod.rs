//! [Coherent Spark](https://www.coherent.global): services that calculate, one record at a time or
//! in batches of millions.
//!
//! Start with a [`Client`].

mod batches;
mod client;
mod configuration;
mod dates;
mod document;
mod envelope;
mod files;
mod folders;
mod health;
pub mod hybrid;
mod impex;
mod job;
mod locator;
mod logs;
mod oauth;
mod pages;
mod platform;
mod services;
mod settings;
mod transforms;
mod variants;
mod wasm;

/// What the platform sends and takes, as generated from its spec.
pub use crate::raw::spark::types as models;

/// Values that the platform knows by name; others are kept as they are.
pub use crate::raw::spark::enums::{
    CompilationStatus, CompilerType, ExistingServices, ExportStatus, FileFilter, FolderStatus,
    ImportStatus, ValidationType, VersionDifference, VersionFilter, WorkbookType,
};

pub use crate::transport::encoding::Encoding;
pub use batches::{
    BatchStatus, Batches, Chunk, ChunkData, ChunkResult, CreateBatch, DuplicateIds, FinishedChunk,
    Names, Pipeline, PipelineState, PipelineStats, PipelineStatus, Pull, Pulled, Push, Record, Run,
    RunReport, chunks, chunks_with_ids,
};
pub use client::{Builder, Client};
pub use configuration::{Configuration, Platform};
pub use document::Document;
pub use files::Files;
pub use folders::{Categories, CreateFolder, Folder, FolderId, FolderQuery, Folders, UpdateFolder};
pub use health::Health;
pub use impex::{
    Destination, Export, ExportFile, ExportId, Exports, ImpEx, Import, ImportId, Imports, Migrated,
    Migration, NewExport, NewImport,
};
pub use job::JobState;
pub use locator::ServiceLocator;
pub use logs::{
    CallQuery, GetLog, LogDownload, LogDownloadId, LogFormat, Logs, NewLogDownload, Rehydrate,
};
pub use services::{
    ApplyTransform, Compilation, CompilationId, CreateService, Execute, ExecuteRecords, Execution,
    Executions, GetSwagger, Metadata, Publish, Published, Recompile, Recompiled, RecordOutcome,
    SearchQuery, ServiceQuery, Services, UploadService, Validate, Validation, Workbook,
};
pub use transforms::{
    SavedTransform, Transform, TransformQuery, TransformValidation, Transforms, UploadTransform,
};
pub use wasm::Wasm;
