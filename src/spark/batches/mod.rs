//! Batches: a service calculates as many records as there are, in chunks that are pushed into a
//! pipeline and pulled out of it.

mod chunk;
mod create;
mod pipeline;
mod pull;
mod push;
mod result;
mod run;
mod state;
mod status;
mod wire;

use std::fmt::Display;

use serde::Serialize;

use super::models::BatchOverview;
use super::{Client, ServiceLocator};
use crate::error::Result;
use crate::transport::call::call;

pub use crate::raw::spark::enums::{BatchStatus, PipelineStatus};
pub use chunk::{Chunk, ChunkData, chunks, chunks_with_ids};
pub use create::{CreateBatch, Names};
pub use pipeline::Pipeline;
pub use pull::{Pull, Pulled};
pub use push::{DuplicateIds, Push};
pub use result::{ChunkResult, Record};
pub use run::{FinishedChunk, Run, RunReport};
pub use state::{PipelineState, PipelineStats};

/// The batches of a tenant. Made by [`Client::batches`].
#[derive(Clone, Debug)]
pub struct Batches {
    client: Client,
}

impl Client {
    /// Batches, for inputs of any number.
    pub fn batches(&self) -> Batches {
        Batches { client: self.clone() }
    }
}

impl Batches {
    /// The batches that are in progress or ended within the last hour, and what they use. Only
    /// one's own, unless the right `supervisor:pf` is granted.
    pub async fn describe(&self) -> Result<BatchOverview> {
        call(self.client.raw().describe_batches().send()).await
    }

    /// Creates a batch for a service.
    ///
    /// ```no_run
    /// # async fn f(spark: longhaul::spark::Client) -> longhaul::Result<()> {
    /// let pipeline = spark.batches().create("my-folder/my-service").accuracy(0.9).await?;
    /// println!("created {}", pipeline.id());
    /// # Ok(()) }
    /// ```
    pub fn create<L>(&self, locator: L) -> CreateBatch
    where
        L: TryInto<ServiceLocator>,
        L::Error: Display,
    {
        CreateBatch::new(&self.client, locator)
    }

    /// The batch of this id; nothing is sent.
    pub fn of(&self, id: impl Into<String>) -> Pipeline {
        Pipeline::of(&self.client, id.into())
    }

    /// Creates a batch and runs inputs through it: short for `create(locator).run(inputs)`.
    ///
    /// ```no_run
    /// # async fn f(spark: longhaul::spark::Client) -> longhaul::Result<()> {
    /// # let inputs = (0..750).map(|n| serde_json::json!({"value": n}));
    /// let mut run = spark.batches().create_and_run("my-folder/my-service", inputs);
    /// while let Some(chunk) = run.try_next().await? {
    ///     println!("{} outputs from record {} on", chunk.outputs.len(), chunk.first_record);
    /// }
    /// let report = run.finish().await?;
    /// println!("{} records, {} failed", report.records, report.records_failed);
    /// # Ok(()) }
    /// ```
    pub fn create_and_run<L, I>(&self, locator: L, inputs: I) -> Run
    where
        L: TryInto<ServiceLocator>,
        L::Error: Display,
        I: IntoIterator<Item: Serialize + Send, IntoIter: Send + 'static>,
    {
        self.create(locator).run(inputs)
    }
}
