//! Users, who may log in from their creation on.

use hyper::StatusCode;
use serde_json::Value;

use super::super::auth::LOGIN;
use super::super::inferred;
use super::super::server::Server;
use super::document::{attributes, document, failure, missing, resource, text};
use crate::http::{Call, Outcome, Reply};

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let mut attributes = attributes(call, "user")?;
    let (name, password) = (text(&attributes, "username")?, text(&attributes, "password")?);
    attributes.remove("password");
    let mut records = server.control.records();
    let is_taken = records.users.values().any(|user| user["username"] == name.as_str());
    if is_taken || name == LOGIN.0 {
        return Err(failure(inferred::TAKEN, "The user name is taken"));
    }
    attributes.insert("created_at".to_owned(), server.now().offset().into());
    server.gate.rights().add_login(&name, &password);
    let id = records.issue();
    let data = resource("user", &Value::from(id.as_str()), &attributes);
    records.users.insert(id, attributes);
    Ok(document(inferred::CREATED, &data))
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    let user = server.control.records().users.remove(call.param(0)).ok_or_else(missing)?;
    server.gate.rights().remove_login(user["username"].as_str().unwrap_or_default());
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// The user behind every credential is the predefined one.
pub(super) fn myself(_: &Server, _: &Call<'_>) -> Outcome {
    let name = Value::from(LOGIN.0);
    let attributes = [("username".to_owned(), name.clone()), ("enabled".to_owned(), true.into())];
    let data = resource("user", &name, &attributes.into_iter().collect());
    Ok(document(StatusCode::OK, &data))
}
