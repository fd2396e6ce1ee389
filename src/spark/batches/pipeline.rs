//! One batch, from this side.

use std::sync::Arc;
use std::time::Duration;

use futures_core::Stream;
use serde::Serialize;

use super::chunk::{Chunk, ChunkData};
use super::pull::Pull;
use super::push::Push;
use super::run::{Run, Start};
use super::state::{PipelineState, PipelineStats, Tracker};
use crate::error::{Error, Result};
use crate::raw::spark::enums::BatchStatus;
use crate::spark::models::{Batch, BatchCreate, BatchData, BatchProgress, BatchUpdate};
use crate::spark::{Client, variants};
use crate::transport::call::call;
use crate::wait::{Targets, Wait, Watch, wait_for_status};

/// A batch. Clones are the same pipeline: they share its state and statistics.
///
/// A pipeline that is idle for 30 minutes is closed by the platform (source: Coherent Spark
/// documentation, Batch APIs).
#[derive(Clone, Debug)]
pub struct Pipeline {
    pub(super) client: Client,
    id: Arc<str>,
    data: Option<Arc<BatchData>>,
    /// How to make another one like it.
    pub(super) recipe: Option<Arc<BatchCreate>>,
    pub(super) tracker: Tracker,
}

impl Pipeline {
    pub(super) fn of(client: &Client, id: String) -> Self {
        let client = client.clone();
        Self { client, id: id.into(), data: None, recipe: None, tracker: Tracker::new() }
    }

    pub(super) fn created(
        client: &Client,
        id: String,
        data: Option<BatchData>,
        recipe: BatchCreate,
    ) -> Self {
        let (data, recipe) = (data.map(Arc::new), Some(Arc::new(recipe)));
        Self { data, recipe, ..Self::of(client, id) }
    }

    /// The batch's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the platform said of the batch when it was created; `None` for one that was made by its
    /// id.
    pub fn data(&self) -> Option<&BatchData> {
        self.data.as_deref()
    }

    /// What can still be done with it, as far as this object and its clones know.
    pub fn state(&self) -> PipelineState {
        self.tracker.lock().state
    }

    /// What went through this object and its clones.
    pub fn stats(&self) -> PipelineStats {
        self.tracker.lock().stats.clone()
    }

    /// What the platform knows of the batch, with its summary and configuration.
    pub async fn info(&self) -> Result<BatchData> {
        self.check_id()?;
        let request = self.client.raw().get_batch().batch(self.id());
        let data = self.heard(call(request.send()).await?);
        Ok(data)
    }

    /// How far the batch is. It does not count as use: an idle batch is closed all the same.
    pub async fn status(&self) -> Result<BatchProgress> {
        self.check_id()?;
        let request = self.client.raw().get_batch_status().batch(self.id());
        let progress = call(request.send()).await?;
        self.tracker.note(&progress);
        Ok(progress)
    }

    /// Pushes records as one chunk: a list of objects, or a table whose first row has the names.
    ///
    /// ```no_run
    /// # async fn f(pipeline: longhaul::spark::Pipeline) -> longhaul::Result<()> {
    /// # use serde_json::json;
    /// pipeline.push([json!({"value": 42}), json!({"value": 43})]).await?;
    /// # Ok(()) }
    /// ```
    pub fn push(&self, inputs: impl Serialize) -> Push {
        self.push_data(ChunkData::new(inputs))
    }

    /// Pushes records with what they share as one chunk.
    pub fn push_data(&self, data: ChunkData) -> Push {
        self.push_chunks([Chunk::new(data)])
    }

    /// Pushes chunks.
    pub fn push_chunks(&self, chunks: impl IntoIterator<Item = Chunk>) -> Push {
        Push::new(self, chunks.into_iter().collect())
    }

    /// Pulls chunks that were calculated. It works after the batch was closed, too.
    pub fn pull(&self) -> Pull {
        Pull::new(self)
    }

    /// Closes the batch: what was pushed is still calculated and can be pulled.
    pub async fn dispose(&self) -> Result<BatchData> {
        self.change(BatchStatus::Closed).await
    }

    /// Ends the batch at once; what was not pulled is gone.
    pub async fn cancel(&self) -> Result<BatchData> {
        self.change(BatchStatus::Cancelled).await
    }

    /// Runs inputs through the batch: pushes while there is room, pulls in between, and hands the
    /// chunks out as they come. See [`Run`].
    pub fn run<I>(&self, inputs: I) -> Run
    where
        I: IntoIterator<Item: Serialize + Send, IntoIter: Send + 'static>,
    {
        Run::of_iterator(Ok(Start::Pipeline(self.clone())), inputs)
    }

    /// Like [`run`](Pipeline::run), for inputs that come as a stream.
    pub fn run_stream<S>(&self, inputs: S) -> Run
    where
        S: Stream<Item: Serialize + Send> + Send + 'static,
    {
        Run::of_stream(Ok(Start::Pipeline(self.clone())), inputs)
    }

    /// Like [`run`](Pipeline::run), for a stream whose inputs can fail, such as the lines of a
    /// file; a failure ends the run.
    pub fn try_run_stream<S, T, E>(&self, inputs: S) -> Run
    where
        S: Stream<Item = Result<T, E>> + Send + 'static,
        T: Serialize + Send,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Run::of_results(Ok(Start::Pipeline(self.clone())), inputs)
    }

    /// Waits until the batch has one of the statuses; 24 hours at most.
    pub fn wait_for_status(&mut self, statuses: impl Into<Targets<BatchStatus>>) -> Wait<'_, Self> {
        wait_for_status(self, statuses)
    }

    async fn change(&self, status: BatchStatus) -> Result<BatchData> {
        self.check_id()?;
        self.tracker.check_open(self.id())?;
        let body = BatchUpdate { batch_status: status.clone() };
        let request = self.client.raw().update_batch().batch(self.id()).body(body);
        match call(request.send()).await {
            Ok(batch) => {
                let data = self.heard(batch);
                self.tracker.report(&status);
                Ok(data)
            }
            Err(error) if error.attempts() > 1 && error.status() == Some(400) => {
                self.changed_before(&status, error).await
            }
            Err(error) => Err(error),
        }
    }

    /// A repeated change is refused when the first attempt took effect and its answer was lost.
    async fn changed_before(&self, wanted: &BatchStatus, refused: Error) -> Result<BatchData> {
        let data = self.info().await?;
        let now = data.batch_status.as_ref();
        let closed = [BatchStatus::Closed, BatchStatus::Completed];
        let is_so = match wanted {
            BatchStatus::Closed => now.is_some_and(|now| closed.contains(now)),
            wanted => now == Some(wanted),
        };
        if is_so { Ok(data) } else { Err(refused) }
    }

    /// Some answers to a change have `meta` in the place of `data`.
    fn heard(&self, batch: Batch) -> BatchData {
        let data = batch.data.or(batch.meta).unwrap_or_default();
        if let Some(status) = &data.batch_status {
            self.tracker.report(status);
        }
        data
    }

    fn check_id(&self) -> Result<()> {
        if self.id.trim().is_empty() {
            return Err(Error::invalid("the id of the batch pipeline is empty"));
        }
        Ok(())
    }
}

impl Watch for Pipeline {
    type Status = BatchStatus;
    const LIMIT: Duration = Duration::from_secs(24 * 3600);

    fn name(&self) -> String {
        format!("batch pipeline {}", self.id)
    }

    async fn look(&mut self, limit: Duration) -> Result<BatchStatus> {
        self.check_id()?;
        let raw = variants::single_attempt(self.client.raw(), limit);
        let progress = call(raw.get_batch_status().batch(self.id()).send()).await?;
        self.tracker.note(&progress);
        let unknown = || BatchStatus::Other("unknown".to_owned());
        Ok(progress.batch_status.unwrap_or_else(unknown))
    }
}
