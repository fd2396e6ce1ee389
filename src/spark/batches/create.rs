//! New batches, with every option of the platform.

use std::fmt::Display;

use futures_core::Stream;
use serde::Serialize;
use serde_json::{Map, Value};

use super::pipeline::Pipeline;
use super::run::{Run, Start};
use crate::awaits::awaits;
use crate::error::{Error, Result};
use crate::spark::locator::Target;
use crate::spark::models::{Batch, BatchCreate};
use crate::spark::{Client, ServiceLocator};
use crate::transport::call::call;

/// A batch to be created; `.await` creates it and gives a [`Pipeline`], [`run`](CreateBatch::run)
/// creates it when the run begins. Made by [`Batches::create`](super::Batches::create).
///
/// Sources of the options: cspark 0.3.3, sdk/resources/_batches.py; Coherent Spark documentation,
/// Batch APIs. The platform calls those from [`min_runners`](CreateBatch::min_runners) on
/// experimental.
#[derive(Debug)]
#[must_use = "a batch is created when this is awaited"]
pub struct CreateBatch {
    client: Client,
    recipe: Result<BatchCreate>,
}

/// One name or several.
#[derive(Clone, Debug)]
pub struct Names(String);

impl From<&str> for Names {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl From<String> for Names {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl<S: AsRef<str>> From<&[S]> for Names {
    fn from(names: &[S]) -> Self {
        let names: Vec<_> = names.iter().map(AsRef::as_ref).collect();
        Self(names.join(","))
    }
}

impl<S: AsRef<str>, const N: usize> From<[S; N]> for Names {
    fn from(names: [S; N]) -> Self {
        Self::from(names.as_slice())
    }
}

impl<S: AsRef<str>> From<Vec<S>> for Names {
    fn from(names: Vec<S>) -> Self {
        Self::from(names.as_slice())
    }
}

impl CreateBatch {
    pub(super) fn new<L>(client: &Client, locator: L) -> Self
    where
        L: TryInto<ServiceLocator>,
        L::Error: Display,
    {
        let locator = locator.try_into().map_err(|error| Error::invalid(error.to_string()));
        Self { client: client.clone(), recipe: locator.and_then(|locator| recipe(&locator)) }
    }

    /// The date whose version of the service is meant, such as `2025-06-01`.
    pub fn active_since(self, date: impl Into<String>) -> Self {
        self.with(|recipe| recipe.version_by_timestamp = Some(date.into()))
    }

    /// Who calls, for the platform's log; `longhaul` by default.
    pub fn source_system(self, name: impl Into<String>) -> Self {
        self.with(|recipe| recipe.source_system = Some(name.into()))
    }

    /// An id of yours, for the platform's log.
    pub fn correlation_id(self, id: impl Into<String>) -> Self {
        self.with(|recipe| recipe.correlation_id = Some(id.into()))
    }

    /// What the calls are for, for the platform's log; `Async Batch Execution` by default.
    pub fn call_purpose(self, purpose: impl Into<String>) -> Self {
        self.with(|recipe| recipe.call_purpose = Some(purpose.into()))
    }

    /// The subservices to output.
    pub fn subservices(self, names: impl Into<Names>) -> Self {
        self.with(|recipe| recipe.subservice = Some(names.into().0))
    }

    /// The outputs to return; all by default.
    pub fn selected_outputs(self, names: impl Into<Names>) -> Self {
        self.with(|recipe| recipe.output = Some(names.into().0))
    }

    /// The inputs that identify a record.
    pub fn unique_record_key(self, names: impl Into<Names>) -> Self {
        self.with(|recipe| recipe.unique_record_key = Some(names.into().0))
    }

    /// How many runners work at once in a virtual machine to begin with; 10 by default.
    pub fn min_runners(self, runners: u32) -> Self {
        self.with(|recipe| recipe.initial_workers = Some(runners.into()))
    }

    /// How many runners work at once in a virtual machine at most; 100 by default.
    pub fn max_runners(self, runners: u32) -> Self {
        self.with(|recipe| recipe.max_workers = Some(runners.into()))
    }

    /// How many chunks the virtual machines process; 2 by default.
    pub fn chunks_per_vm(self, chunks: u32) -> Self {
        self.with(|recipe| recipe.chunks_per_request = Some(chunks.into()))
    }

    /// How many runners a virtual machine has; 2 by default.
    pub fn runners_per_vm(self, runners: u32) -> Self {
        self.with(|recipe| recipe.runner_thread_count = Some(runners.into()))
    }

    /// The size of the input buffer in MB, above 0.
    pub fn max_input_size(self, megabytes: f64) -> Self {
        self.buffer("max_input_size", megabytes, |recipe| &mut recipe.max_input_in_mb)
    }

    /// The size of the output buffer in MB, above 0.
    pub fn max_output_size(self, megabytes: f64) -> Self {
        self.buffer("max_output_size", megabytes, |recipe| &mut recipe.max_output_in_mb)
    }

    /// The share of the records that must succeed, from 0.0 to 1.0; when more fail, the batch does.
    /// 1.0 by default: one record that fails may fail the batch.
    pub fn accuracy(mut self, share: f64) -> Self {
        if !(0.0..=1.0).contains(&share) {
            self.refuse(format!("the accuracy is {share}, but must lie between 0.0 and 1.0"));
        }
        self.with(|recipe| recipe.acceptable_error_percentage = Some(acceptable_errors(share)))
    }

    /// A field of the request that this version has no method for.
    pub fn extra(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.with(|recipe| drop(recipe.extra.insert(name.into(), value.into())))
    }

    /// Runs inputs through a new batch: see [`Pipeline::run`]. The batch is created when the run
    /// begins, and only if it is needed: with a [journal](Run::journal), an earlier one may go on.
    pub fn run<I>(self, inputs: I) -> Run
    where
        I: IntoIterator<Item: Serialize + Send, IntoIter: Send + 'static>,
    {
        Run::of_iterator(self.start(), inputs)
    }

    /// Like [`run`](CreateBatch::run), for inputs that come as a stream.
    pub fn run_stream<S>(self, inputs: S) -> Run
    where
        S: Stream<Item: Serialize + Send> + Send + 'static,
    {
        Run::of_stream(self.start(), inputs)
    }

    /// Like [`run`](CreateBatch::run), for a stream whose inputs can fail, such as the lines of a
    /// file; a failure ends the run.
    pub fn try_run_stream<S, T, E>(self, inputs: S) -> Run
    where
        S: Stream<Item = Result<T, E>> + Send + 'static,
        T: Serialize + Send,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Run::of_results(self.start(), inputs)
    }

    fn start(self) -> Result<Start> {
        Ok(Start::Create { client: self.client, recipe: self.recipe?.into() })
    }

    fn with(mut self, set: impl FnOnce(&mut BatchCreate)) -> Self {
        if let Ok(recipe) = &mut self.recipe {
            set(recipe);
        }
        self
    }

    fn buffer(
        mut self,
        name: &str,
        megabytes: f64,
        field: impl FnOnce(&mut BatchCreate) -> &mut Option<f64>,
    ) -> Self {
        if !(megabytes.is_finite() && megabytes > 0.0) {
            self.refuse(format!("{name} is {megabytes} MB, but must be above 0"));
        }
        self.with(|recipe| *field(recipe) = Some(megabytes))
    }

    /// The first mistake is the one that is told.
    fn refuse(&mut self, why: String) {
        if self.recipe.is_ok() {
            self.recipe = Err(Error::invalid(why));
        }
    }

    async fn send(self) -> Result<Pipeline> {
        create(&self.client, self.recipe?).await
    }
}

awaits!(CreateBatch => Pipeline, send);

/// Creates a batch.
pub(super) async fn create(client: &Client, recipe: BatchCreate) -> Result<Pipeline> {
    let request = client.raw().create_batch().body(recipe.clone());
    let Batch { id, data, meta, .. } = call(request.send()).await?;
    Ok(Pipeline::created(client, id, data.or(meta), recipe))
}

/// The request for a service without further options.
fn recipe(locator: &ServiceLocator) -> Result<BatchCreate> {
    locator.check()?;
    let versioned = |name: String, version: &Option<String>| match version {
        Some(version) => format!("{name}[{version}]"),
        None => name,
    };
    let (service, version_id) = match &locator.target {
        _ if locator.public => return Err(unfit(locator, "public")),
        Target::Proxy { .. } => return Err(unfit(locator, "proxy")),
        Target::Named { folder, service, version } => {
            (Some(versioned(format!("{folder}/{service}"), version)), None)
        }
        Target::Service { id, version } => (Some(versioned(id.clone(), version)), None),
        Target::Version { id } => (None, Some(id.clone())),
    };
    Ok(BatchCreate {
        service,
        version_id,
        source_system: Some("longhaul".to_owned()),
        call_purpose: Some("Async Batch Execution".to_owned()),
        acceptable_error_percentage: Some(acceptable_errors(1.0)),
        extra: Map::new(),
        ..BatchCreate::default()
    })
}

fn unfit(locator: &ServiceLocator, kind: &str) -> Error {
    Error::invalid(format!("`{locator}` is a {kind} endpoint, which has no batches"))
        .with_advice("name the service by folder/service or by an id")
}

/// The percentage that the platform wants, rounded up, but not because 1 - 0.99 is a little more
/// than 0.01.
fn acceptable_errors(accuracy: f64) -> i64 {
    let percentage = (1.0 - accuracy) * 100.0;
    let nearest = percentage.round();
    let is_whole = (percentage - nearest).abs() < 1e-9;
    (if is_whole { nearest } else { percentage.ceil() }) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accuracies_become_whole_percentages() {
        let cases = [(1.0, 0), (0.99, 1), (0.9, 10), (0.995, 1), (0.5, 50), (0.0, 100)];
        for (accuracy, percentage) in cases {
            assert_eq!(acceptable_errors(accuracy), percentage, "{accuracy}");
        }
    }

    #[test]
    fn every_form_of_a_locator_is_sent_as_the_platform_wants_it() {
        let sent = |text: &str| {
            let recipe = recipe(&text.parse().unwrap())?;
            Ok::<_, Error>((recipe.service, recipe.version_id))
        };
        let service = |text: &str| (Some(text.to_owned()), None);
        assert_eq!(sent("f/s").unwrap(), service("f/s"));
        assert_eq!(sent("folders/f/services/s[0.4.2]").unwrap(), service("f/s[0.4.2]"));
        assert_eq!(sent("service/uuid").unwrap(), service("uuid"));
        assert_eq!(sent("version/uuid").unwrap(), (None, Some("uuid".to_owned())));
        for unfit in ["public/f/s", "proxy/a/b"] {
            assert!(sent(unfit).unwrap_err().to_string().contains("has no batches"));
        }
    }
}
