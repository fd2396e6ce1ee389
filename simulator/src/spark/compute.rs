//! Computes records: outputs in the form of the inputs, an error for each record that fails.

use std::borrow::Cow;

use bytes::Bytes;
use memchr::memmem;
use serde_json::json;
use serde_json::value::RawValue;

use super::inferred;
use super::model::{BOOM, Expression, Kind, Model, render};
use super::rows::{Fields, Rows, Shape};
use super::summary::{Running, Summary};

/// What is to be done with records.
#[derive(Debug)]
pub(super) struct Task<'a> {
    pub(super) model: &'a Model,
    /// Inputs that all records share.
    pub(super) parameters: Fields<'a>,
    /// The outputs that are wanted; none means all.
    pub(super) selected: &'a [String],
    pub(super) summary: Option<Summary>,
}

/// What became of some records.
#[derive(Debug)]
pub(super) struct Computed {
    pub(super) records: usize,
    /// A JSON list, in the form of the inputs.
    pub(super) outputs: Bytes,
    /// A JSON list of rows.
    pub(super) summary: Bytes,
    /// The records that failed, in their order.
    pub(super) failures: Vec<(usize, String)>,
}

/// The names and values of one record's outputs.
pub(super) type Outputs<'a> = Vec<(&'a str, Cow<'a, str>)>;

impl Task<'_> {
    /// Computes the records, which are a part of `body`.
    pub(super) fn run(&self, body: &Bytes, inputs: &RawValue) -> serde_json::Result<Computed> {
        if self.repeats(inputs) {
            let outputs = body.slice_ref(inputs.get().as_bytes());
            let records = Shape::of(inputs)?.records;
            let summary = Bytes::from_static(inferred::NO_SUMMARY.as_bytes());
            return Ok(Computed { records, outputs, summary, failures: Vec::new() });
        }
        Ok(self.each(&Rows::of(inputs)?))
    }

    /// Whether the outputs are the text of the inputs.
    fn repeats(&self, inputs: &RawValue) -> bool {
        let plain = self.selected.is_empty() && self.summary.is_none();
        let boom = || memmem::find(inputs.get().as_bytes(), BOOM.as_bytes()).is_some();
        self.model.0 == Kind::Echo && plain && !boom()
    }

    fn each(&self, rows: &Rows<'_>) -> Computed {
        let mut writer = Writer::new(rows, self.header(rows));
        let mut failures = Vec::new();
        let mut summary = self.summary.clone().map(Summary::start);
        for index in 0..rows.len() {
            let fields = rows.fields(index).map_err(|_| inferred::NOT_A_RECORD.to_owned());
            let outputs = match &fields {
                Ok(fields) => self.record(fields),
                Err(reason) => Err(reason.clone()),
            };
            if let Some(summary) = &mut summary {
                summary.add(outputs.as_deref().ok());
            }
            writer.write(outputs.as_deref().ok());
            failures.extend(outputs.err().map(|reason| (index, reason)));
        }
        let keeps = summary.as_ref().is_none_or(|summary| summary.keeps_records());
        let outputs = if keeps { writer.finish() } else { Bytes::from_static(b"[]") };
        let summary = summary.map_or_else(|| inferred::NO_SUMMARY.to_owned(), Running::finish);
        Computed { records: rows.len(), outputs, summary: summary.into(), failures }
    }

    /// The header of the outputs of a table.
    fn header(&self, rows: &Rows<'_>) -> Vec<String> {
        let names: Vec<&str> = match (&self.model.0, rows) {
            (Kind::Formulas(_), _) => self.model.outputs(),
            (Kind::Echo, Rows::Table(header, _)) => header.iter().map(String::as_str).collect(),
            (Kind::Echo, Rows::Records(_)) => Vec::new(),
        };
        names.into_iter().filter(|name| self.wants(name)).map(str::to_owned).collect()
    }

    fn wants(&self, output: &str) -> bool {
        self.selected.is_empty() || self.selected.iter().any(|name| name == output)
    }

    /// The outputs of one record, or why there are none.
    pub(super) fn record<'a>(&'a self, inputs: &'a Fields<'_>) -> Result<Outputs<'a>, String> {
        if inputs.0.iter().any(|(_, value)| value.get() == BOOM) {
            return Err(inferred::BOOM_MESSAGE.to_owned());
        }
        match &self.model.0 {
            Kind::Echo => Ok(self.echo(inputs)),
            Kind::Formulas(formulas) => {
                let wanted = formulas.iter().filter(|(name, _)| self.wants(name));
                let number = |name: &str| self.number(inputs, name);
                let output = |(name, formula): &'a (String, Expression)| {
                    Ok((name.as_str(), Cow::Owned(render(formula.value(&number)?))))
                };
                wanted.map(output).collect()
            }
        }
    }

    fn echo<'a>(&self, inputs: &'a Fields<'_>) -> Outputs<'a> {
        let wanted = inputs.0.iter().filter(|(name, _)| self.wants(name));
        wanted.map(|(name, value)| (name.as_str(), Cow::Borrowed(value.get()))).collect()
    }

    /// The value of an input: of the record, else of the parameters, else the default 0.
    fn number(&self, inputs: &Fields<'_>, name: &str) -> Result<f64, String> {
        match inputs.get(name).or_else(|| self.parameters.get(name)).map(RawValue::get) {
            None | Some("null" | "false" | "\"\"") => Ok(0.0),
            Some("true") => Ok(1.0),
            Some(text) => text.parse().map_err(|_| format!("#VALUE! {name} is not a number")),
        }
    }
}

/// Writes outputs in the form in which the inputs came.
struct Writer {
    text: String,
    table: Option<Vec<String>>,
}

impl Writer {
    fn new(rows: &Rows<'_>, header: Vec<String>) -> Self {
        match rows {
            Rows::Records(_) => Self { text: "[".to_owned(), table: None },
            Rows::Table(..) => Self { text: format!("[{}", json!(header)), table: Some(header) },
        }
    }

    fn write(&mut self, outputs: Option<&[(&str, Cow<'_, str>)]>) {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        match (outputs, &self.table) {
            (None, _) => self.text.push_str("null"),
            (Some(outputs), None) => write_object(&mut self.text, outputs),
            (Some(outputs), Some(_)) => {
                let values: Vec<&str> = outputs.iter().map(|(_, value)| &**value).collect();
                self.text.push('[');
                self.text.push_str(&values.join(","));
                self.text.push(']');
            }
        }
    }

    fn finish(mut self) -> Bytes {
        self.text.push(']');
        self.text.into()
    }
}

/// Appends an object of values that are JSON already.
pub(super) fn write_object(text: &mut String, fields: &[(&str, Cow<'_, str>)]) {
    let fields: Vec<_> =
        fields.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
    text.push('{');
    text.push_str(&fields.join(","));
    text.push('}');
}

impl Computed {
    /// The errors as a JSON list with an entry per record.
    pub(super) fn errors(&self) -> String {
        let mut failures = self.failures.iter().peekable();
        let entry = |index| match failures.next_if(|(failed, _)| *failed == index) {
            Some((_, reason)) => json!([inferred::record_error(reason)]).to_string(),
            None => "null".to_owned(),
        };
        format!("[{}]", (0..self.records).map(entry).collect::<Vec<_>>().join(","))
    }

    /// A JSON list with the same entry for every record.
    pub(super) fn repeated(&self, entry: &str) -> String {
        format!("[{}]", vec![entry; self.records].join(","))
    }
}
