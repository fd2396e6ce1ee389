//! Changing a job that was saved, and noticing when the platform only pretends to.

use std::future::IntoFuture;
use std::pin::Pin;

use serde_json::Value;

use super::{Analysis, Job};
use crate::error::{Error, ErrorKind, Result};
use crate::rescale::models::{self, JobUpdate};
use crate::status::{Phase, Status};
use crate::transport::call::call;

/// A change of a job; `.await` makes it.
///
/// The platform answers 200 to a change of a job that has ended and does nothing (source:
/// rescale-labs/Api_UserAPI_Reference, README.ipynb). That is an error here, and so is an answer in
/// which the change does not show.
#[derive(Debug)]
#[must_use = "nothing is changed until it is awaited"]
pub struct UpdateJob<'a> {
    job: &'a mut Job,
    change: JobUpdate,
}

impl<'a> UpdateJob<'a> {
    pub(super) fn new(job: &'a mut Job) -> Self {
        Self { job, change: JobUpdate::default() }
    }

    /// Another name.
    pub fn name(self, name: impl Into<String>) -> Self {
        self.edit(|job| job.name = Some(name.into()))
    }

    /// Other text for people.
    pub fn description(self, text: impl Into<String>) -> Self {
        self.edit(|job| job.description = Some(text.into()))
    }

    /// Another project to charge, by its id.
    pub fn project(self, id: impl Into<String>) -> Self {
        self.edit(|job| job.project_id = Some(id.into()))
    }

    /// Low priority, or not.
    pub fn low_priority(self, wanted: bool) -> Self {
        self.edit(|job| job.is_low_priority = Some(wanted))
    }

    /// Other steps in place of all that there are.
    pub fn analyses(self, analyses: impl IntoIterator<Item = Analysis>) -> Self {
        let analyses = analyses.into_iter().map(Analysis::into_request).collect();
        self.edit(|job| job.jobanalyses = Some(analyses))
    }

    /// The request as it will be sent, to set what has no setter here.
    pub fn edit(mut self, change: impl FnOnce(&mut JobUpdate)) -> Self {
        change(&mut self.change);
        self
    }

    async fn send(self) -> Result<&'a models::Job> {
        let Self { job, change } = self;
        let wanted = serde_json::to_value(&change).unwrap_or_default();
        if wanted.as_object().is_none_or(serde_json::Map::is_empty) {
            return Err(Error::invalid("the update of the job changes nothing"));
        }
        if let Some(status) = job.status().await?
            && status.phase() != Phase::Moving
        {
            return Err(no_effect(job, &format!("it is `{status}`")));
        }
        let request = job.client().raw().update_job().job(job.id().as_str());
        let answer = call(request.body(change).send()).await?;
        let got = serde_json::to_value(&answer).unwrap_or_default();
        if let Some((place, still)) = unchanged(&wanted, &got) {
            return Err(no_effect(job, &format!("`{place}` is still {still}")));
        }
        Ok(job.keep(answer))
    }
}

impl<'a> IntoFuture for UpdateJob<'a> {
    type Output = Result<&'a models::Job>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// The first place at which the answer has something else than was asked for, and what it has.
///
/// The platform adds fields, spells codes as objects and may list files in another order; none of
/// that counts.
fn unchanged<'a>(wanted: &Value, got: &'a Value) -> Option<(String, &'a Value)> {
    let below = |place: &dyn std::fmt::Display, wanted: &Value, got: &'a Value| {
        let (inner, still) = unchanged(wanted, got)?;
        let dot = if inner.is_empty() { "" } else { "." };
        Some((format!("{place}{dot}{inner}"), still))
    };
    match (wanted, got) {
        (Value::Object(wanted), Value::Object(members)) => {
            wanted.iter().find_map(|(name, value)| below(name, value, members.get(name)?))
        }
        (Value::Array(wanted), Value::Array(elements)) => {
            if wanted.len() != elements.len() {
                return Some((String::new(), got));
            }
            let mut pairs = in_order(wanted).into_iter().zip(in_order(elements)).enumerate();
            pairs.find_map(|(index, (wanted, got))| below(&index, wanted, got))
        }
        (Value::String(wanted), Value::String(text)) => {
            (wanted.trim() != text.trim()).then(|| (String::new(), got))
        }
        (Value::Bool(_), Value::Bool(_)) => (wanted != got).then(|| (String::new(), got)),
        (Value::Number(wanted), Value::Number(number)) => {
            (wanted.as_f64() != number.as_f64()).then(|| (String::new(), got))
        }
        _ => None,
    }
}

/// Elements that have ids, such as files, by their ids; others as they come.
fn in_order(elements: &[Value]) -> Vec<&Value> {
    let mut ordered: Vec<_> = elements.iter().collect();
    ordered.sort_by_key(|element| element["id"].as_str());
    ordered
}

fn no_effect(job: &Job, why: &str) -> Error {
    let message = format!(
        "job {} was not changed, although the platform would say yes: {why}; create it anew with \
         `to_new`",
        job.id()
    );
    Error::new(ErrorKind::NoEffect, message).with_operation("rescale", "update_job")
}
