//! What a job runs, for jobs and for templates, and what cannot be run.

use std::time::Duration;

use serde_json::Value;

use super::retries::minutes;
use super::{Retries, Source};
use crate::bodo::models::JobConfig;
use crate::bodo::sql::{Parameters, SqlValue};
use crate::error::{Error, Result};
use crate::raw::bodo::enums::CodeType;
use crate::values::Secret;

/// What a job runs, or what it changes in its template.
#[derive(Clone, Default)]
pub(in crate::bodo) struct Work {
    pub(in crate::bodo) config: JobConfig,
    parameters: Parameters,
}

impl Work {
    pub(super) fn file(kind: CodeType, file: String) -> Self {
        let mut work = Self::default();
        work.config.type_ = Some(kind);
        work.config.source = Some(Source::workspace("/").into());
        work.config.source_location = Some(file);
        work
    }

    pub(super) fn text(sql: String) -> Self {
        let mut work = Self::default();
        work.config.type_ = Some(CodeType::Sql);
        work.config.source = Some(Source::text().into());
        work.config.sql_query_text = Some(sql);
        work
    }

    pub(in crate::bodo) fn set_args(&mut self, args: impl Into<Value>) {
        self.config.args = Some(args.into());
    }

    pub(in crate::bodo) fn set_env(&mut self, name: String, value: Secret) {
        self.config.env_vars.get_or_insert_default().insert(name, value);
    }

    pub(in crate::bodo) fn set_timeout(&mut self, limit: Duration) {
        self.config.timeout = Some(minutes(limit));
    }

    pub(in crate::bodo) fn set_retries(&mut self, retries: Retries) {
        self.config.retry_strategy = Some(retries.into());
    }

    pub(in crate::bodo) fn bind(&mut self, value: SqlValue) {
        self.parameters.push(value);
    }

    pub(in crate::bodo) fn bind_named(&mut self, name: String, value: SqlValue) {
        self.parameters.name(name, value);
    }

    /// Whether it has values for a query.
    pub(in crate::bodo) fn binds(&self) -> bool {
        !self.parameters.is_empty()
    }

    /// Refuses what no job can be. `kind` is what is run, where that is known; what a template
    /// supplies is not missed.
    pub(in crate::bodo) fn check(&self, kind: Option<&CodeType>, of_template: bool) -> Result<()> {
        self.check_values()?;
        match kind {
            Some(CodeType::Sql) => self.check_sql(of_template),
            Some(kind @ (CodeType::Python | CodeType::Ipynb)) => {
                self.check_program(kind, of_template)
            }
            _ => Ok(()),
        }
    }

    fn check_values(&self) -> Result<()> {
        let config = &self.config;
        let texts = [
            ("the file to run", &config.source_location),
            ("the text of the query", &config.sql_query_text),
            ("the name of the catalog", &config.catalog),
        ];
        if let Some((what, _)) = texts.iter().find(|(_, text)| is_blank(text)) {
            return Err(Error::invalid(format!("{what} is empty")));
        }
        if config.timeout == Some(0) {
            return Err(Error::invalid("a job with a timeout of 0 would never run"));
        }
        let mut names = config.env_vars.iter().flat_map(|vars| vars.keys());
        match names.find(|name| name.is_empty() || name.contains(['=', '\0'])) {
            Some(name) => {
                let message =
                    format!("`{}` is no name of an environment variable", name.escape_debug());
                Err(Error::invalid(message))
            }
            None => Ok(()),
        }
    }

    fn check_sql(&self, of_template: bool) -> Result<()> {
        let config = &self.config;
        if config.args.is_some() {
            return Err(Error::invalid("a SQL job takes values (`bind`) and no `args`"));
        }
        match (&config.sql_query_text, &config.source_location) {
            (Some(_), Some(_)) => {
                Err(Error::invalid("a SQL job runs a text or a file, and both were given"))
            }
            (None, None) if !of_template => {
                Err(Error::invalid("a SQL job needs a text (`exec_text`) or a file (`exec_file`)"))
            }
            _ => Ok(()),
        }
    }

    fn check_program(&self, kind: &CodeType, of_template: bool) -> Result<()> {
        let config = &self.config;
        if config.sql_query_text.is_some() {
            let message = format!("a {kind} job has no `exec_text`, which is the text of a query");
            return Err(Error::invalid(message));
        }
        if self.binds() {
            let message = format!("a {kind} job takes `args` and no values to bind to a query");
            return Err(Error::invalid(message));
        }
        if config.source_location.is_none() && !of_template {
            return Err(Error::invalid(format!("a {kind} job needs a file to run (`exec_file`)")));
        }
        Ok(())
    }

    /// The configuration as it is sent: with the values bound to the text, where there is one.
    /// A text that stands elsewhere, in a file or a template, takes values by position only.
    pub(in crate::bodo) fn into_config(self) -> Result<JobConfig> {
        let Self { mut config, parameters } = self;
        let values = match &config.sql_query_text {
            Some(text) => {
                let bound = parameters.bind(text)?;
                let values = bound.to_wire();
                config.sql_query_text = Some(bound.text);
                values
            }
            None => parameters.unbound()?,
        };
        if !values.is_empty() {
            config.sql_query_parameters = Some(values);
        }
        Ok(config)
    }
}

/// What of a configuration must not show in an error.
pub(in crate::bodo) fn secrets(config: &JobConfig) -> Vec<Secret> {
    let source = config.source.as_ref().and_then(|source| source.source_def.as_ref());
    let token = source.and_then(|definition| definition.token.clone());
    let variables = config.env_vars.iter().flat_map(|vars| vars.values().cloned());
    variables.chain(token).collect()
}

fn is_blank(text: &Option<String>) -> bool {
    text.as_ref().is_some_and(|text| text.trim().is_empty())
}
