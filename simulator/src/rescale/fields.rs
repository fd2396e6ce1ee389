//! Custom fields of jobs, and sharing and assigning them.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::server::{Server, body, invalid, not_found, refused, text};
use super::{catalogue, jobs};
use crate::http::{Call, Outcome, Reply};

/// The fields that the workspace defines and those that were set.
pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    let set = jobs::read(server, call.param(0), |job| job.fields.clone())?;
    let unset = catalogue::FIELDS
        .iter()
        .filter(|name| !set.contains_key(**name))
        .map(|name| (name.to_string(), Value::Null));
    let field = |(name, value): (String, Value)| {
        (name.clone(), json!({"meta": {"name": name}, "value": value}))
    };
    let fields: Map<_, _> = unset.chain(set.clone()).map(field).collect();
    Ok(Reply::ok(&fields.into()))
}

pub(super) fn set(server: &Server, call: &Call<'_>) -> Outcome {
    let Value::Object(fields) = body(call)? else {
        return Err(refused("A map of fields is expected."));
    };
    let mut state = server.state();
    let job = state.jobs.get_mut(call.param(0)).ok_or_else(not_found)?;
    job.fields.extend(fields);
    Ok(Reply::ok(&job.fields.clone().into()))
}

pub(super) fn share(server: &Server, call: &Call<'_>) -> Outcome {
    let request = body(call)?;
    let recipient = request["email"].as_str().or(request["account"].as_str()).map(str::to_owned);
    let recipient =
        recipient.ok_or_else(|| invalid(&json!({"email": ["This field is required."]})))?;
    let mut state = server.state();
    let job = state.jobs.get_mut(call.param(0)).ok_or_else(not_found)?;
    if let Some(Value::Array(shared)) = job.definition.get_mut("sharedWith") {
        shared.push(recipient.clone().into());
    }
    Ok(Reply::json(StatusCode::CREATED, &json!({"recipient": recipient, "supportDesk": null})))
}

/// Assigns a job to a project by way of the organisation.
pub(super) fn assign(server: &Server, call: &Call<'_>) -> Outcome {
    let project = text(&body(call)?, "projectId")?;
    if call.param(0) != catalogue::COMPANY {
        return Err(not_found());
    }
    if !catalogue::is_project(&project) {
        return Err(invalid(&json!({"projectId": ["Invalid project id."]})));
    }
    let mut state = server.state();
    let job = state.jobs.get_mut(call.param(1)).ok_or_else(not_found)?;
    job.definition.insert("projectId".into(), project.clone().into());
    Ok(Reply::ok(&json!({"projectId": project})))
}

/// The definitions of the workspace's fields.
pub(super) fn of_workspace(_: &Server, call: &Call<'_>) -> Outcome {
    check_workspace(call)?;
    let field = |name: &&str| {
        json!({
            "name": name, "valueType": "text", "enumOptions": [], "placeholder": "", "helpText": "", "isMultiple": false,
            "isRequired": false, "allowOther": false, "section": "Context", "originatingWorkspace": catalogue::WORKSPACE,
        })
    };
    let fields: Vec<_> = catalogue::FIELDS.iter().map(field).collect();
    Ok(Reply::ok(
        &json!({"isEnabled": true, "fields": {"compute": {"Context": fields}, "workstation": {}}}),
    ))
}

pub(super) fn billing(_: &Server, call: &Call<'_>) -> Outcome {
    check_workspace(call)?;
    let amounts = [
        "activeUsers",
        "jobs",
        "hardwareUsage",
        "hardwareCharge",
        "softwareCharge",
        "storageUsage",
        "storageCharge",
        "transferUsage",
        "transferCharge",
        "connectionsCharge",
        "platformCharge",
        "deposits",
        "appliedCredit",
        "appliedDeposit",
        "totalCharge",
    ];
    let mut bill: Map<_, _> = amounts.into_iter().map(|name| (name.to_owned(), json!(0))).collect();
    bill.insert("id".into(), catalogue::WORKSPACE.into());
    bill.insert("label".into(), "Simulated workspace".into());
    Ok(Reply::json(StatusCode::OK, &bill.into()))
}

fn check_workspace(call: &Call<'_>) -> Result<(), Box<Reply>> {
    let known = call.param(0) == catalogue::COMPANY && call.param(1) == catalogue::WORKSPACE;
    if known { Ok(()) } else { Err(not_found()) }
}
