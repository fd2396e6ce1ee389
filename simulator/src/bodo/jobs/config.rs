//! What a job run executes, and how.

use serde_json::{Map, Value, json};

use super::super::fields::{Fields, merged};
use super::super::inferred;
use super::super::sql::Parameter;
use crate::http::Reply;

/// A configuration with everything decided.
#[derive(Debug, Clone)]
pub(in super::super) struct Config {
    pub(super) language: String,
    pub(super) source: Map<String, Value>,
    location: Option<String>,
    pub(in super::super) sql: Option<String>,
    parameters: Option<Map<String, Value>>,
    args: Option<Value>,
    pub(super) env: Map<String, Value>,
    pub(super) retries: u64,
    /// Minutes between two attempts.
    pub(super) retry_delay: u64,
    pub(super) retry_on_timeout: bool,
    /// Minutes that one attempt may take.
    pub(super) timeout: u64,
    pub(super) catalog: Option<String>,
    pub(super) stores_result: bool,
}

impl Config {
    /// Reads the configuration of a request over that of a template, field by field.
    pub(in super::super) fn over(
        template: Option<&Map<String, Value>>,
        request: Option<Map<String, Value>>,
    ) -> Result<Self, Box<Reply>> {
        Self::read(merged(template, request))
    }

    pub(in super::super) fn read(members: Map<String, Value>) -> Result<Self, Box<Reply>> {
        let mut fields = Fields::of(members);
        let mut retry = Fields::of(fields.maybe_object("retryStrategy").unwrap_or_default());
        let config = Self {
            language: fields.text("type"),
            source: source(&mut fields),
            location: fields.maybe_text("sourceLocation"),
            sql: fields.maybe_text("sqlQueryText"),
            parameters: fields.maybe_object("sqlQueryParameters"),
            args: fields.value("args").cloned(),
            env: fields.maybe_texts("envVars").unwrap_or_default(),
            retries: retry.maybe_count("numRetries").unwrap_or(0),
            retry_delay: retry.maybe_count("delayBetweenRetries").unwrap_or(1),
            retry_on_timeout: retry.maybe_flag("retryOnTimeout").unwrap_or(false),
            timeout: fields.maybe_count("timeout").unwrap_or(inferred::TIMEOUT),
            catalog: fields.maybe_text("catalog"),
            stores_result: fields.maybe_flag("storeResult").unwrap_or(false),
        };
        config.judge(&mut fields);
        fields.check()?;
        retry.check()?;
        Ok(config)
    }

    fn judge(&self, fields: &mut Fields) {
        let is_known = matches!(self.language.as_str(), "PYTHON" | "SQL" | "IPYNB");
        fields.demand(is_known, "type must be one of the following values: PYTHON, SQL, IPYNB");
        let has_file = self.location.is_some() && self.source_type() != "SQL";
        let has_text = self.language == "SQL" && self.sql.is_some();
        fields.demand(
            has_file || has_text,
            "source with sourceLocation, or sqlQueryText, is required",
        );
        fields.demand(self.timeout > 0, "timeout must not be less than 1");
        let args_fit = self.args.as_ref().is_none_or(|args| args.is_string() || args.is_object());
        fields.demand(args_fit, "args must be a string or an object");
    }

    /// The file within the source.
    pub(in super::super) fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    pub(super) fn source_type(&self) -> &str {
        self.source.get("type").and_then(Value::as_str).unwrap_or_default()
    }

    /// A text of the definition of the source.
    pub(super) fn source_text(&self, name: &str) -> &str {
        self.source.get("sourceDef").and_then(|source| source[name].as_str()).unwrap_or_default()
    }

    /// The command line after the name of the file.
    pub(super) fn arguments(&self) -> Vec<String> {
        match &self.args {
            Some(Value::String(line)) => line.split_whitespace().map(str::to_owned).collect(),
            Some(other) => vec![other.to_string()],
            None => Vec::new(),
        }
    }

    /// What stands for the `?` of the SQL text, in the order of the numbers that are the keys.
    pub(super) fn parameters(&self) -> Vec<Parameter> {
        let mut numbered: Vec<(u64, &Value)> = self
            .parameters
            .iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.parse().ok()?, value)))
            .collect();
        numbered.sort_by_key(|(number, _)| *number);
        numbered.into_iter().map(|(_, value)| parameter(value)).collect()
    }

    /// As answers tell it.
    pub(in super::super) fn told(&self) -> Map<String, Value> {
        let mut config = json!({
            "type": self.language, "source": self.source, "timeout": self.timeout,
            "envVars": self.env, "catalog": self.catalog, "storeResult": self.stores_result,
            "retryStrategy": {
                "numRetries": self.retries, "delayBetweenRetries": self.retry_delay,
                "retryOnTimeout": self.retry_on_timeout,
            },
        });
        let given = [
            ("sourceLocation", self.location.clone().map(Value::from)),
            ("sqlQueryText", self.sql.clone().map(Value::from)),
            ("sqlQueryParameters", self.parameters.clone().map(Value::from)),
            ("args", self.args.clone()),
        ];
        for (name, value) in given.into_iter().filter(|(_, value)| value.is_some()) {
            config[name] = value.into();
        }
        config.as_object().cloned().unwrap_or_default()
    }
}

/// The source, with the type in both places; SQL text is a source of its own.
fn source(fields: &mut Fields) -> Map<String, Value> {
    let mut source = Fields::of(fields.maybe_object("source").unwrap_or_default());
    let kind = source.maybe_text("type").unwrap_or_else(|| "SQL".to_owned());
    let is_known = matches!(kind.as_str(), "WORKSPACE" | "GIT" | "S3" | "SQL");
    fields.demand(
        is_known,
        "source.type must be one of the following values: WORKSPACE, GIT, S3, SQL",
    );
    let mut definition = source.maybe_object("sourceDef").unwrap_or_default();
    definition.insert("type".to_owned(), kind.clone().into());
    Map::from_iter([("type".to_owned(), kind.into()), ("sourceDef".to_owned(), definition.into())])
}

/// A typed parameter; a bare value, as templates may have it, is taken by its JSON type.
fn parameter(value: &Value) -> Parameter {
    let typed = value["type"].as_str().zip(value["value"].as_str());
    if let Some((kind, value)) = typed {
        return Parameter { kind: kind.to_owned(), value: value.to_owned() };
    }
    let kind = match value {
        Value::Null => "NULL",
        Value::Bool(_) => "BOOL",
        Value::Number(number) if number.is_f64() => "FLOAT64",
        Value::Number(_) => "INT64",
        _ => "STRING",
    };
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Parameter { kind: kind.to_owned(), value: text }
}
