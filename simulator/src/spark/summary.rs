//! Aggregations over the outputs of a chunk.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::json;

use super::inferred;
use super::model::render;

/// What a chunk asks for.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Summary {
    #[serde(default)]
    ignore_error: bool,
    #[serde(default)]
    aggregation: Vec<Aggregation>,
    #[serde(default = "yes")]
    return_all_records: bool,
}

#[derive(Debug, Clone, Deserialize)]
struct Aggregation {
    output_name: String,
    #[serde(default)]
    operator: String,
}

/// The numbers so far.
#[derive(Debug)]
pub(super) struct Running {
    summary: Summary,
    totals: Vec<Totals>,
    failed: bool,
}

#[derive(Debug, Clone, Copy)]
struct Totals {
    count: u64,
    sum: f64,
    least: f64,
    greatest: f64,
}

fn yes() -> bool {
    true
}

impl Summary {
    pub(super) fn start(self) -> Running {
        let none = Totals { count: 0, sum: 0.0, least: f64::INFINITY, greatest: f64::NEG_INFINITY };
        Running { totals: vec![none; self.aggregation.len()], summary: self, failed: false }
    }
}

impl Running {
    /// Whether the outputs themselves are wanted besides the summary.
    pub(super) fn keeps_records(&self) -> bool {
        self.summary.return_all_records
    }

    /// Takes in the outputs of a record, or that it failed.
    pub(super) fn add(&mut self, outputs: Option<&[(&str, Cow<'_, str>)]>) {
        let Some(outputs) = outputs else {
            self.failed = true;
            return;
        };
        for (aggregation, totals) in self.summary.aggregation.iter().zip(&mut self.totals) {
            let value = outputs.iter().find(|(name, _)| *name == aggregation.output_name);
            if let Some(number) = value.and_then(|(_, text)| text.parse::<f64>().ok()) {
                totals.add(number);
            }
        }
    }

    /// A row of names and a row of numbers, as JSON.
    pub(super) fn finish(self) -> String {
        let Summary { ignore_error, aggregation, .. } = &self.summary;
        if aggregation.is_empty() {
            return inferred::NO_SUMMARY.to_owned();
        }
        let names: Vec<_> = aggregation.iter().map(|a| a.output_name.as_str()).collect();
        let spoilt = self.failed && !ignore_error;
        let number = |(a, totals): (&Aggregation, &Totals)| match totals.get(&a.operator) {
            Some(number) if !spoilt => render(number),
            _ => "null".to_owned(),
        };
        let numbers: Vec<_> = aggregation.iter().zip(&self.totals).map(number).collect();
        format!("[{},[{}]]", json!(names), numbers.join(","))
    }
}

impl Totals {
    fn add(&mut self, number: f64) {
        self.count += 1;
        self.sum += number;
        self.least = self.least.min(number);
        self.greatest = self.greatest.max(number);
    }

    fn get(&self, operator: &str) -> Option<f64> {
        let any = self.count > 0;
        match operator.to_ascii_uppercase().as_str() {
            "SUM" => Some(self.sum),
            "COUNT" => Some(self.count as f64),
            "MIN" => any.then_some(self.least),
            "MAX" => any.then_some(self.greatest),
            "AVERAGE" | "AVG" => any.then(|| self.sum / self.count as f64),
            _ => None,
        }
    }
}
