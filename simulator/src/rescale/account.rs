//! The user, the user's projects, and credentials for cloud storage.

use std::time::Duration;

use serde_json::{Value, json};

use super::catalogue;
use super::server::{Server, body};
use crate::http::{Call, Outcome, Reply};

/// Storage credentials are valid for this long.
const VALIDITY: Duration = Duration::from_secs(15 * 60);

pub(super) fn root(_: &Server, _: &Call<'_>) -> Outcome {
    Ok(Reply::ok(&json!({})))
}

pub(super) fn me_v2(_: &Server, _: &Call<'_>) -> Outcome {
    let mut me = me();
    me["company"]["projects"] = catalogue::projects().into();
    Ok(Reply::ok(&me))
}

pub(super) fn me_v3(_: &Server, _: &Call<'_>) -> Outcome {
    let mut me = me();
    me["defaultStorage"] = catalogue::storage();
    Ok(Reply::ok(&me))
}

fn me() -> Value {
    json!({
        "email": catalogue::EMAIL, "fullName": "Simulated User",
        "company": {"code": catalogue::COMPANY, "name": "Simulated Company"},
        "workspace": {"id": catalogue::WORKSPACE, "name": "Simulated workspace"},
    })
}

pub(super) fn projects(server: &Server, call: &Call<'_>) -> Outcome {
    server.list(call.request, &catalogue::projects())
}

/// For the default storage without a body, else for the storage and paths that it names.
pub(super) fn credentials(server: &Server, call: &Call<'_>) -> Outcome {
    let request = body(call)?;
    let directory = format!("user/user_{}", catalogue::USER);
    if request["storage"]["storageType"] != "AzureStorage" {
        return Ok(Reply::ok(&json!({
            "storageType": "S3Storage", "storageDir": directory, "accessKey": "AKIASIMULATED",
            "secretKey": "not-a-real-secret-key", "sessionToken": "not-a-real-session-token",
        })));
    }
    let wanted = request["paths"].as_array().into_iter().flatten();
    let token = |path: &Value| json!({"path": path["pathParts"]["path"], "pathParts": path["pathParts"], "sasToken": "sig=simulated"});
    let paths: Vec<_> = wanted.map(token).collect();
    let expiration = (server.now() + VALIDITY).zulu();
    Ok(Reply::ok(&json!({
        "storageType": "AzureStorage", "storageDir": directory, "sasToken": "sig=simulated", "expiration": expiration, "paths": paths,
    })))
}
