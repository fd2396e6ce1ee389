//! Changing a job template.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::JobTemplate;
use crate::arguments::filled;
use crate::bodo::calls::hiding;
use crate::bodo::clusters::ClusterConfig;
use crate::bodo::jobs::{Source, Work, secrets, work_setters};
use crate::bodo::models::{self, JobConfig, JobTemplateUpdate};
use crate::error::{Error, Result};

/// A change of a job template; `.await` makes it and gives the new data.
///
/// Only what is set is sent. What the jobs run is one thing to the platform, and so is the cluster:
/// when a part of either changes, the template is looked at, and the whole is sent with that change.
/// Who else changes the same part at that moment may lose it.
#[must_use = "nothing is changed until it is awaited"]
pub struct UpdateJobTemplate<'a> {
    template: &'a mut JobTemplate,
    name: Option<String>,
    description: Option<String>,
    tags: Option<Map<String, Value>>,
    cluster: Option<ClusterConfig>,
    work: Work,
}

impl<'a> UpdateJobTemplate<'a> {
    pub(super) fn new(template: &'a mut JobTemplate) -> Self {
        let work = Work::default();
        Self { template, name: None, description: None, tags: None, cluster: None, work }
    }

    /// Another name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Other text for people.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Tags in place of all that there are.
    pub fn tags<K: Into<String>, V: Into<String>>(
        mut self,
        tags: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let tags = tags.into_iter().map(|(key, value)| (key.into(), Value::from(value.into())));
        self.tags = Some(tags.collect());
        self
    }

    /// Another cluster for the runs, or with
    /// [`ClusterConfig::partial`] what changes in the one that the template has.
    pub fn cluster_config(mut self, config: ClusterConfig) -> Self {
        self.cluster = Some(config);
        self
    }

    work_setters!(|update| update.work);

    fn check(&self) -> Result<()> {
        if let Some(name) = &self.name {
            filled("the name of the job template", name)?;
        }
        if let Some(config) = &self.cluster {
            config.check()?;
        }
        let texts = self.name.is_some() || self.description.is_some() || self.tags.is_some();
        if !texts && self.cluster.is_none() && !changes(&self.work) {
            return Err(Error::invalid("the update of the job template changes nothing"));
        }
        self.work.check(self.work.config.type_.as_ref(), true)
    }

    async fn send(self) -> Result<&'a models::JobTemplate> {
        self.check()?;
        let Self { template, name, description, tags, cluster, work } = self;
        let changes_work = changes(&work);
        if changes_work || cluster.is_some() {
            template.refresh().await?;
        }
        let config = changes_work.then(|| changed(template, work)).transpose()?;
        let cluster_config = match cluster {
            Some(config) => Some(changed_cluster(template, config).await?),
            None => None,
        };
        let secrets = config.as_ref().map(secrets).unwrap_or_default();
        let uuid = Some(String::from(template.id()));
        let body = JobTemplateUpdate { uuid, name, description, tags, config, cluster_config };
        let session = &template.workspace().session;
        let request = session.raw.update_job_template().job_template(template.target()?);
        let data = session.call(request.body(body).send()).await;
        let data = data.map_err(|error| hiding(error, &secrets))?;
        Ok(template.keep(data))
    }
}

fn changes(work: &Work) -> bool {
    work.binds() || !fields(&work.config).is_empty()
}

/// What the jobs of a template run, with a change in it: a text takes the place of a file, a file
/// that of a text, and variables are added to those that there are.
fn changed(template: &JobTemplate, mut work: Work) -> Result<JobConfig> {
    let mut present = template.data().and_then(|data| data.config.clone()).unwrap_or_default();
    work.check(work.config.type_.as_ref().or(present.type_.as_ref()), true)?;
    match (&work.config.sql_query_text, &work.config.source_location) {
        (Some(_), _) => {
            present.source_location = None;
            work.config.source.get_or_insert_with(|| Source::text().into());
        }
        (None, Some(_)) if present.sql_query_text.take().is_some() => {
            work.config.source.get_or_insert_with(|| Source::workspace("/").into());
        }
        (None, None) if work.binds() => work.config.sql_query_text = present.sql_query_text.take(),
        _ => {}
    }
    for (name, value) in present.env_vars.iter().flatten() {
        if let Some(variables) = &mut work.config.env_vars {
            variables.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    overlay(&present, &work.into_config()?)
}

async fn changed_cluster(
    template: &JobTemplate,
    config: ClusterConfig,
) -> Result<models::ClusterConfig> {
    let change = config.resolve(template.workspace()).await?;
    match template.data().and_then(|data| data.cluster_config.as_ref()) {
        Some(present) => overlay(present, &change),
        None => Ok(change),
    }
}

/// One of the platform's objects with the fields of another in place of its own.
fn overlay<T: Serialize + DeserializeOwned>(present: &T, change: &T) -> Result<T> {
    let mut merged = fields(present);
    merged.extend(fields(change));
    merged.retain(|_, value| !value.is_null());
    serde_json::from_value(merged.into()).map_err(|error| {
        Error::protocol(format!("the template as the platform has it cannot be changed: {error}"))
    })
}

fn fields(object: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(object) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

impl<'a> IntoFuture for UpdateJobTemplate<'a> {
    type Output = Result<&'a models::JobTemplate>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for UpdateJobTemplate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateJobTemplate")
            .field("template", self.template.id())
            .field("name", &self.name)
            .field("description", &self.description)
            .finish_non_exhaustive()
    }
}
