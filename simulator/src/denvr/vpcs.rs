//! VPCs, for administrators of the tenant only.

use serde_json::{Value, json};

use super::fields::Fields;
use super::server::Server;
use super::state::{Place, State};
use super::{envelope, errors, inferred};
use crate::clock::Moment;
use crate::http::{Call, Outcome, Reply};

/// A VPC; its name is its id.
#[derive(Debug)]
pub(super) struct Vpc {
    ip_range: String,
    created: Moment,
    blocks_inner_traffic: bool,
    is_default: bool,
}

impl Vpc {
    fn describe(&self, place: &Place, tenant: &str) -> Value {
        json!({
            "id": place.id, "name": place.id, "cluster": place.cluster, "tenancyName": tenant,
            "ipRange": self.ip_range, "createdAt": inferred::seconds(self.created) + "Z",
            "blockIntraVpcComms": self.blocks_inner_traffic, "isDefault": self.is_default,
        })
    }
}

/// The default VPC of each cluster.
pub(super) fn seed(server: &Server) {
    let (created, mut state) = (server.now(), server.state());
    for cluster in &server.options.clusters {
        let ip_range = inferred::ip_range(state.number());
        let vpc = Vpc { ip_range, created, blocks_inner_traffic: false, is_default: true };
        state.vpcs.insert(Place::plain(cluster, &server.options.tenant), vpc);
    }
}

fn place(server: &Server, call: &Call<'_>) -> Result<Place, Box<Reply>> {
    server.demand_admin(call)?;
    let mut fields = Fields::of_query(call.request);
    let (id, cluster) = (fields.text("Id"), fields.text("Cluster"));
    fields.check(server)?;
    Ok(Place::plain(&cluster, &id))
}

pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    server.demand_admin(call)?;
    let mut fields = Fields::of_query(call.request);
    let cluster = fields.maybe_text("cluster");
    fields.check(server)?;
    let (state, tenant) = (server.state(), &server.options.tenant);
    let wanted = state.vpcs.iter().filter(|(place, _)| place.is_in(cluster.as_deref()));
    Ok(envelope::items(wanted.map(|(place, vpc)| vpc.describe(place, tenant)).collect()))
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    let place = place(server, call)?;
    let state = server.state();
    let vpc = state.vpcs.get(&place).ok_or_else(|| errors::not_found("VPC", &place.id))?;
    Ok(envelope::ok(&vpc.describe(&place, &server.options.tenant)))
}

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    server.demand_admin(call)?;
    let mut fields = Fields::of_body(call);
    let (name, cluster) = (fields.text("name"), fields.text("cluster"));
    let (blocks, is_default) = (fields.flag("blockIntraVpcComms"), fields.flag("isDefault"));
    fields.check(server)?;
    server.demand_cluster(&cluster)?;
    let tenant = &server.options.tenant;
    demand_name(&name, is_default, tenant)?;
    let (place, mut state) = (Place::plain(&cluster, &name), server.state());
    demand_room(&state, &place, is_default)?;
    let ip_range = inferred::ip_range(state.number());
    let vpc = Vpc { ip_range, created: server.now(), blocks_inner_traffic: blocks, is_default };
    let answer = vpc.describe(&place, tenant);
    state.vpcs.insert(place, vpc);
    Ok(envelope::ok(&answer))
}

fn demand_name(name: &str, is_default: bool, tenant: &str) -> Result<(), Box<Reply>> {
    let rest = name.strip_prefix(tenant);
    let is_good = match is_default {
        true => rest == Some(""),
        false => rest.is_some_and(|rest| rest.len() > 1 && rest.starts_with('-')),
    };
    match is_good {
        true => Ok(()),
        false => Err(errors::user_facing(&inferred::vpc_name(tenant, is_default))),
    }
}

/// One of each name, and one default for each cluster.
fn demand_room(state: &State, place: &Place, is_default: bool) -> Result<(), Box<Reply>> {
    if state.vpcs.contains_key(place) {
        return Err(errors::duplicate("VPC", &place.id));
    }
    let mut others = state.vpcs.iter().filter(|(other, _)| other.cluster == place.cluster);
    match is_default && others.any(|(_, vpc)| vpc.is_default) {
        true => Err(errors::user_facing(inferred::SECOND_DEFAULT_VPC)),
        false => Ok(()),
    }
}

pub(super) fn destroy(server: &Server, call: &Call<'_>) -> Outcome {
    let place = place(server, call)?;
    let (now, mut state) = (server.now(), server.state());
    let mut servers = state.servers.iter(now).map(|(server, _)| server);
    if servers.any(|server| server.cluster == place.cluster && server.namespace == place.id) {
        return Err(errors::user_facing(inferred::VPC_IS_IN_USE));
    }
    drop(servers);
    let vpc = state.vpcs.remove(&place).ok_or_else(|| errors::not_found("VPC", &place.id))?;
    Ok(envelope::ok(&vpc.describe(&place, &server.options.tenant)))
}
