//! New applications of the catalogue.

use serde_json::{Map, Value};

use super::super::catalog::Item;
use super::super::fields::Fields;
use super::super::server::Server;
use super::super::{errors, inferred};
use super::request::Common;
use super::{Origin, rules};
use crate::http::{Call, Outcome, Reply};

pub(in crate::denvr) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call);
    let mut common = Common::read(&mut fields);
    let item = fields.text("applicationCatalogItemName");
    let version = fields.text("applicationCatalogItemVersion");
    let jupyter_token = fields.maybe_text("jupyterToken");
    fields.maybe_texts("sshKeys");
    fields.maybe_texts("startupCommands");
    let port = fields.maybe_text("proxyPort").map(|port| port.parse::<i32>().unwrap_or(-1));
    rules::proxy(&mut fields, port);
    fields.check(server)?;
    let origin = origin(&item, &version)?;
    add_own_variables(&mut common.environment, jupyter_token);
    common.create(server, call, origin, port)
}

fn origin(item: &str, version: &str) -> Result<Origin, Box<Reply>> {
    let unknown = |kind, name| errors::user_facing(&inferred::unknown(kind, name));
    let item = Item::named(item).ok_or_else(|| unknown("application catalog item", item))?;
    let known = item.versions.iter().find(|(name, _)| *name == version);
    let (version, _) = known.ok_or_else(|| unknown("application catalog item version", version))?;
    Ok(Origin::Catalog { item, version })
}

/// What the platform adds, the token in clear.
fn add_own_variables(environment: &mut Map<String, Value>, jupyter_token: Option<String>) {
    for (name, value) in inferred::OWN_VARIABLES {
        environment.insert(name.to_owned(), value.into());
    }
    if let Some(token) = jupyter_token {
        environment.insert("JUPYTER_TOKEN".to_owned(), token.into());
    }
}
