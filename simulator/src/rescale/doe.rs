//! Designs of experiments: how many runs a job has and with which variables.

use serde_json::{Map, Value, json};

use crate::content::Content;

/// Runs are listed one by one; more than this is a mistake.
const MOST_RUNS: usize = 100_000;

/// The variables of every run; one run without variables for a basic job.
pub(super) fn runs(
    definition: &Map<String, Value>,
    parameters: Option<&Content>,
) -> Vec<Vec<Value>> {
    let rows = match (parameters, definition["monteCarloIterations"].as_u64()) {
        (Some(file), _) => rows(file),
        (None, Some(iterations)) => vec![Vec::new(); (iterations as usize).min(MOST_RUNS)],
        (None, None) => grid(&definition["jobvariables"]),
    };
    let nominal = definition["includeNominalRun"] == true && !rows.is_empty();
    let all: Vec<_> = nominal.then(Vec::new).into_iter().chain(rows).collect();
    if all.is_empty() { vec![Vec::new()] } else { all }
}

/// The lines of a table with a head.
fn rows(file: &Content) -> Vec<Vec<Value>> {
    let bytes = file.read(0, file.len(), 1 << 20).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let names: Vec<_> = lines.next().unwrap_or_default().split(',').collect();
    let row = |line: &str| {
        names
            .iter()
            .zip(line.split(','))
            .map(|(name, value)| variable(name.trim(), value.trim()))
            .collect()
    };
    lines.map(row).collect()
}

/// Every combination of the values of all generated variables.
fn grid(variables: &Value) -> Vec<Vec<Value>> {
    let mut grid = Vec::new();
    for generated in variables.as_array().into_iter().flatten() {
        let values = values(&generated["valueGeneratorSettings"]);
        if values.is_empty() {
            continue;
        }
        let name = generated["name"].as_str().unwrap_or_default();
        let before = if grid.is_empty() { vec![Vec::new()] } else { grid };
        grid = before
            .iter()
            .flat_map(|row: &Vec<Value>| {
                values.iter().map(move |value| {
                    row.iter().cloned().chain([variable(name, &value.to_string())]).collect()
                })
            })
            .take(MOST_RUNS)
            .collect();
    }
    grid
}

/// The values of a fixed range.
fn values(settings: &Value) -> Vec<f64> {
    let number =
        |key: &str| settings[key].as_f64().or_else(|| settings[key].as_str()?.parse().ok());
    match (number("minvalue"), number("maxvalue"), number("increment")) {
        (Some(low), Some(high), Some(step)) if step > 0.0 && high >= low => {
            let count = ((high - low) / step + 1e-9).floor() as usize + 1;
            (0..count.min(MOST_RUNS)).map(|n| low + step * n as f64).collect()
        }
        _ => Vec::new(),
    }
}

fn variable(name: &str, value: &str) -> Value {
    let number = value.parse::<f64>().ok();
    json!({"name": name, "value": number, "displayValue": value, "isRelative": false})
}
