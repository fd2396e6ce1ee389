//! Turns a request for a job into the definition that the platform answers with.

use serde_json::{Map, Value, json};

use super::state::State;
use super::validate::integer;
use super::{catalogue, doe};

/// Maps whose keys belong to the user.
const FREE_MAPS: [&str; 4] =
    ["envVars", "environmentVariables", "userDefinedLicenseSettings", "flags"];

/// The request with every known key in camel case.
pub(super) fn camel_case(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            members.into_iter().map(|(key, value)| member(&key, value)).collect()
        }
        Value::Array(items) => items.into_iter().map(camel_case).collect(),
        other => other,
    }
}

fn member(key: &str, value: Value) -> (String, Value) {
    let mut parts = key.split('_');
    let mut camel = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        camel.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        camel.extend(letters);
    }
    let value = if FREE_MAPS.contains(&camel.as_str()) { value } else { camel_case(value) };
    (camel, value)
}

/// A definition with everything that the request leaves out.
pub(super) fn resolve(request: Map<String, Value>, state: &State) -> Map<String, Value> {
    let mut definition = defaults();
    merge(&mut definition, request, state);
    definition
}

/// Takes over what the request says.
pub(super) fn merge(
    definition: &mut Map<String, Value>,
    mut request: Map<String, Value>,
    state: &State,
) {
    // Known to be ignored on creation; tags have calls of their own.
    request.remove("tags");
    if let Some(Value::Array(analyses)) = request.get_mut("jobanalyses") {
        *analyses = analyses.iter().map(|analysis| resolve_analysis(analysis, state)).collect();
    }
    for flag in ["isLowPriority", "includeNominalRun"] {
        if let Some(value) = request.get_mut(flag) {
            *value = (*value == true
                || value.as_str().is_some_and(|text| text.eq_ignore_ascii_case("true")))
            .into();
        }
    }
    definition.extend(request);
    let parameters = definition["paramFile"]["id"].as_str().and_then(|id| state.files.get(id));
    let runs = doe::runs(definition, parameters.and_then(|file| file.content.as_ref())).len();
    definition.insert("expectedRuns".into(), runs.into());
}

fn defaults() -> Map<String, Value> {
    let defaults = json!({
        "description": "", "isLowPriority": false, "projectId": null, "billingPriorityValue": "ON_DEMAND",
        "paramFile": null, "caseFile": null, "jobvariables": [], "includeNominalRun": false, "isTemplateDryRun": false,
        "monteCarloIterations": null, "resourceFilters": [], "archiveFilters": [], "expectedRuns": null,
        "optimizer": null, "remoteVizConfig": null, "cidrRule": null, "publicKey": null, "sshPort": 22,
        "sharedWith": [], "userTags": [], "jobAutomations": [],
    });
    match defaults {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn resolve_analysis(request: &Value, state: &State) -> Value {
    let mut analysis = json!({
        "envVars": {}, "flags": {}, "useMpi": false, "useRescaleLicense": false, "onDemandLicenseSeller": null,
        "userDefinedLicenseSettings": null, "templateTasks": [], "preProcessScript": null,
        "preProcessScriptCommand": "", "postProcessScript": null, "postProcessScriptCommand": "", "inputFiles": [],
    });
    for (key, value) in request.as_object().into_iter().flatten() {
        analysis[key] = value.clone();
    }
    analysis["analysis"] = software(&request["analysis"]);
    analysis["hardware"] = hardware(&request["hardware"]);
    let inputs = request["inputFiles"].as_array().into_iter().flatten();
    analysis["inputFiles"] = inputs.map(|input| input_file(input, state)).collect();
    analysis
}

fn software(request: &Value) -> Value {
    let code = request["code"].as_str().unwrap_or_default();
    let newest = catalogue::versions(code).and_then(|versions| versions.first().copied());
    let version = request["version"].as_str().or(newest);
    json!({"code": code, "name": catalogue::analysis_name(code), "version": version, "versionName": version})
}

fn hardware(request: &Value) -> Value {
    let code = request["coreType"]["code"].as_str().or(request["coreType"].as_str());
    let cores = integer(&request["coresPerSlot"]).unwrap_or(1);
    let core_type = catalogue::core_type(code.unwrap_or_default());
    let summary = core_type.map(|core_type| {
        json!({"memoryPerNode": core_type.memory * cores, "numberOfNodes": 1, "storagePerNode": core_type.storage * cores})
    });
    json!({
        "coreType": code, "coresPerSlot": cores, "slots": integer(&request["slots"]).unwrap_or(1),
        "walltime": integer(&request["walltime"]), "type": request["type"].as_str().unwrap_or("compute"),
        "coreSummary": summary,
    })
}

fn input_file(request: &Value, state: &State) -> Value {
    let id = request["id"].as_str().unwrap_or_default();
    let file = state.files.get(id);
    json!({
        "id": id, "name": file.map(|file| &file.name), "typeId": file.map(|file| file.type_id),
        "decryptedSize": file.map(|file| file.size()), "decompress": request["decompress"] != false,
    })
}
