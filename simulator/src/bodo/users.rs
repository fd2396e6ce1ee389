//! Who may use a workspace.

use hyper::StatusCode;
use serde_json::Value;

use super::fields::Fields;
use super::server::Server;
use super::{errors, workspaces};
use crate::http::{Call, Outcome, Reply};

pub(super) fn assign(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let users = fields.maybe_list("users").unwrap_or_default();
    fields.demand(!users.is_empty(), "users should not be empty");
    fields.check()?;
    let users: Vec<_> = users.into_iter().map(assignment).collect::<Result<_, _>>()?;
    let mut state = server.state();
    workspaces::find(server, &mut state, call.param(0))?.users.extend(users);
    Ok(Reply::empty(StatusCode::CREATED))
}

/// The address and the role.
fn assignment(user: Value) -> Result<(String, Value), Box<Reply>> {
    let Value::Object(members) = user else {
        return Err(errors::bad_request("each value in users must be an object"));
    };
    let mut fields = Fields::of(members);
    let (email, role) = (fields.text("email"), fields.text("bodoRole"));
    fields.maybe_flag("skipEmail");
    fields.demand(email.contains('@'), "email must be an email");
    let is_known = matches!(role.as_str(), "BodoAdmin" | "BodoViewer");
    fields.demand(is_known, "bodoRole must be one of the following values: BodoAdmin, BodoViewer");
    fields.check()?;
    Ok((email, role.into()))
}
