//! What the platform accepts as a job, and how it says what it does not accept.

use serde_json::{Map, Value, json};

use super::catalogue;
use super::state::State;

/// Messages by field, in the nested form of the platform; `None` when all is well.
pub(super) fn errors(request: &Map<String, Value>, partial: bool, state: &State) -> Option<Value> {
    let mut errors = Map::new();
    if !partial || request.contains_key("name") {
        require_text(request.get("name"), "name", &mut errors);
    }
    match request.get("jobanalyses") {
        None if partial => {}
        Some(Value::Array(analyses)) if !analyses.is_empty() => {
            let found: Vec<_> = analyses
                .iter()
                .map(|analysis| Value::Object(analysis_errors(analysis, state)))
                .collect();
            if found.iter().any(|errors| *errors != json!({})) {
                errors.insert("jobanalyses".into(), found.into());
            }
        }
        _ => add(&mut errors, "jobanalyses", "This field is required."),
    }
    if request.get("projectId").and_then(Value::as_str).is_some_and(|id| !catalogue::is_project(id))
    {
        add(&mut errors, "projectId", "Invalid project id.");
    }
    for field in ["paramFile", "caseFile"] {
        check_file(request.get(field), field, state, &mut errors);
    }
    (!errors.is_empty()).then_some(Value::Object(errors))
}

fn analysis_errors(analysis: &Value, state: &State) -> Map<String, Value> {
    let mut errors = Map::new();
    require_text(analysis.get("command"), "command", &mut errors);
    nest(&mut errors, "analysis", software_errors(&analysis["analysis"]));
    nest(&mut errors, "hardware", hardware_errors(&analysis["hardware"]));
    for field in ["preProcessScript", "postProcessScript"] {
        check_file(analysis.get(field), field, state, &mut errors);
    }
    for file in analysis["inputFiles"].as_array().into_iter().flatten() {
        check_file(Some(file), "inputFiles", state, &mut errors);
    }
    for task in analysis["templateTasks"].as_array().into_iter().flatten() {
        check_file(task.get("templateFile"), "templateTasks", state, &mut errors);
    }
    errors
}

fn software_errors(software: &Value) -> Map<String, Value> {
    let mut errors = Map::new();
    let Some(code) = software["code"].as_str() else {
        add(&mut errors, "code", "This field is required.");
        return errors;
    };
    let Some(versions) = catalogue::versions(code) else {
        add(&mut errors, "code", &format!("Analysis with code {code} does not exist."));
        return errors;
    };
    if software["version"].as_str().is_some_and(|version| !versions.contains(&version)) {
        add(&mut errors, "version", "The specified version is not available.");
    }
    errors
}

fn hardware_errors(hardware: &Value) -> Map<String, Value> {
    let mut errors = Map::new();
    let code =
        hardware["coreType"]["code"].as_str().or(hardware["coreType"].as_str()).unwrap_or_default();
    let Some(core_type) = catalogue::core_type(code) else {
        add(&mut errors, "coreType", &format!("Core type with code {code} does not exist."));
        return errors;
    };
    match integer(&hardware["coresPerSlot"]) {
        Some(cores) if core_type.cores.contains(&cores) => {}
        Some(cores) => {
            add(
                &mut errors,
                "coresPerSlot",
                &format!("{cores} is not a valid core count for {}.", core_type.name),
            );
        }
        None => add(&mut errors, "coresPerSlot", "A valid integer is required."),
    }
    errors
}

/// A number, or a text that is one.
pub(super) fn integer(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn require_text(value: Option<&Value>, field: &str, errors: &mut Map<String, Value>) {
    if value.and_then(Value::as_str).is_none_or(str::is_empty) {
        add(errors, field, "This field is required.");
    }
}

fn check_file(
    reference: Option<&Value>,
    field: &str,
    state: &State,
    errors: &mut Map<String, Value>,
) {
    let Some(reference) = reference.filter(|reference| !reference.is_null()) else { return };
    let id = reference["id"].as_str().unwrap_or_default();
    if state.files.get(id).is_none() {
        add(errors, field, &format!("File with id {id:?} does not exist."));
    }
}

fn add(errors: &mut Map<String, Value>, field: &str, message: &str) {
    errors.insert(field.to_owned(), json!([message]));
}

fn nest(errors: &mut Map<String, Value>, field: &str, inner: Map<String, Value>) {
    if !inner.is_empty() {
        errors.insert(field.to_owned(), inner.into());
    }
}
