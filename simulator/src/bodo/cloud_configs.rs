//! Cloud configurations: the accounts that workspaces live in.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::auth::ORGANIZATION;
use super::fields::Fields;
use super::life::Life;
use super::page::{Page, Wanted};
use super::server::Server;
use super::state::State;
use super::{errors, inferred};
use crate::http::{Call, Outcome, Reply};

/// A cloud configuration.
#[derive(Debug)]
pub(super) struct CloudConfig {
    id: String,
    name: String,
    life: Life,
    /// With the discriminator `provider`.
    data: Map<String, Value>,
}

impl CloudConfig {
    fn provider(&self) -> &str {
        self.data.get("provider").and_then(Value::as_str).unwrap_or_default()
    }

    fn to_json(&self) -> Value {
        json!({
            "uuid": self.id, "name": self.name, "status": self.life.status(),
            "organizationUUID": ORGANIZATION, "providerData": self.data,
        })
    }
}

/// The configuration of the workspace that is there from the beginning, as it refers to it.
pub(super) fn seed(server: &Server, state: &mut State, provider: &str) -> Value {
    let life = Life::begin(server.now(), server.world.pace, &[("READY", 0)]);
    let data = Map::from_iter([("provider".to_owned(), provider.into())]);
    let id = state.ids.next();
    let config = CloudConfig { id: id.clone(), name: "Simulated cloud".to_owned(), life, data };
    state.cloud_configs.insert(id.clone(), config);
    json!({"uuid": id, "provider": provider})
}

/// How a workspace refers to a configuration.
pub(super) fn reference(state: &State, id: &str) -> Result<Value, Box<Reply>> {
    let config =
        state.cloud_configs.get(id).ok_or_else(|| errors::not_found("Cloud config", id))?;
    Ok(json!({"uuid": id, "provider": config.provider()}))
}

pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let page = Page::of(server, call, inferred::PAGE)?;
    let wanted = |name| Wanted::of(call.request, name);
    let (ids, providers, statuses) = (wanted("uuid"), wanted("provider"), wanted("status"));
    let (now, mut state) = (server.now(), server.state());
    state.cloud_configs.values_mut().for_each(|config| config.life.catch_up(now));
    let fits = |config: &&CloudConfig| {
        ids.admits(&config.id)
            && providers.admits(config.provider())
            && statuses.admits(config.life.status())
    };
    page.reply(state.cloud_configs.values().filter(fits).collect(), |config| config.to_json())
}

/// The name and the data of a request.
fn read(call: &Call<'_>) -> Result<(String, Map<String, Value>), Box<Reply>> {
    let mut fields = Fields::of_body(call)?;
    let name = fields.text("name");
    let data = fields.maybe_object("providerData").unwrap_or_default();
    let provider = data.get("provider").and_then(Value::as_str).unwrap_or_default();
    let is_known = matches!(provider, "AWS" | "AZURE");
    fields
        .demand(is_known, "providerData.provider must be one of the following values: AWS, AZURE");
    fields.check()?;
    Ok((name, data))
}

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let (name, data) = read(call)?;
    let mut state = server.state();
    let mut life = Life::begin(server.now(), server.world.pace, inferred::CLOUD_CONFIG);
    life.end_as(server.options.ending(&[&name]).map(|ending| ending.status.clone().into()));
    let id = state.ids.next();
    let config = CloudConfig { id: id.clone(), name, life, data };
    let made = config.to_json();
    state.cloud_configs.insert(id, config);
    Ok(Reply::json(StatusCode::CREATED, &made))
}

fn find<'a>(
    server: &Server,
    state: &'a mut State,
    call: &Call<'_>,
) -> Result<&'a mut CloudConfig, Box<Reply>> {
    let id = call.param(0);
    let config =
        state.cloud_configs.get_mut(id).ok_or_else(|| errors::not_found("Cloud config", id))?;
    config.life.catch_up(server.now());
    Ok(config)
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(&find(server, &mut server.state(), call)?.to_json()))
}

pub(super) fn update(server: &Server, call: &Call<'_>) -> Outcome {
    let (name, data) = read(call)?;
    let mut state = server.state();
    let config = find(server, &mut state, call)?;
    (config.name, config.data) = (name, data);
    Ok(Reply::ok(&config.to_json()))
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    let (id, mut state) = (call.param(0), server.state());
    let missing = || errors::not_found("Cloud config", id);
    state.cloud_configs.remove(id).ok_or_else(missing)?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
