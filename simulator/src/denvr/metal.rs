//! Bare-metal hosts: reboot, reprovisioning and, where they still answer, the paths for VPCs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::fields::Fields;
use super::instance::Time;
use super::life::{Life, known};
use super::server::Server;
use super::state::Place;
use super::{envelope, errors, inferred};
use crate::clock::Moment;
use crate::http::{Call, Outcome, Reply};

/// A bare-metal host.
#[derive(Debug)]
pub(super) struct Host {
    image: String,
    private_ip: String,
    public_ip: String,
    /// Provisioning states.
    life: Life,
    /// When the last reboot is over.
    powered_from: Moment,
    vpc: Option<String>,
}

impl Host {
    fn describe(&self, place: &Place, tenant: &str, now: Moment) -> Value {
        let mut host = json!({
            "id": place.id, "cluster": place.cluster, "tenancyName": tenant,
            "nodeType": inferred::NODE_TYPE, "image": self.image, "privateIp": self.private_ip,
            "publicIp": self.public_ip, "provisionedHostname": place.id.replace("denvr", ""),
            "operationalStatus": "OK", "poweredOn": self.powered_from <= now,
            "provisioningState": self.life.status(now),
        });
        if let Some(vpc) = &self.vpc {
            host["vpcId"] = vpc.as_str().into();
        }
        host
    }
}

pub(super) fn seed(server: &Server) {
    let (now, mut state) = (server.now(), server.state());
    for (cluster, id) in &server.options.hosts {
        let (private_ip, public_ip) = state.addresses();
        let life = Life::begin(now, server.world.pace, [known(inferred::PROVISIONED)]);
        let image = inferred::HOST_IMAGE.to_owned();
        let host = Host { image, private_ip, public_ip, life, powered_from: now, vpc: None };
        state.hosts.insert(Place::plain(cluster, id), host);
    }
}

fn place(fields: &mut Fields) -> Place {
    let id = fields.text("Id");
    Place::plain(&fields.text("Cluster"), &id)
}

pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_query(call.request);
    let cluster = fields.maybe_text("Cluster");
    fields.check(server)?;
    let (now, tenant, state) = (server.now(), &server.options.tenant, server.state());
    let wanted = state.hosts.iter().filter(|(place, _)| place.is_in(cluster.as_deref()));
    Ok(envelope::items(wanted.map(|(place, host)| host.describe(place, tenant, now)).collect()))
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_query(call.request);
    let place = place(&mut fields);
    fields.check(server)?;
    change(server, &place, |_, _| {}).map(|host| envelope::ok(&host))
}

/// The host is off for a step.
pub(super) fn reboot(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call);
    let place = place(&mut fields);
    fields.check(server)?;
    let reboot = |host: &mut Host, time: Time| host.powered_from = time.now + time.pace;
    change(server, &place, reboot).map(|host| envelope::accepted(&host))
}

/// Without an image the host gets the one that it has.
pub(super) fn reprovision(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call);
    let (place, image) = (place(&mut fields), fields.maybe_text("imageUrl"));
    fields.maybe_text("imageChecksum");
    let cloud_init = fields.maybe_text("cloudInitBase64").unwrap_or_default();
    fields.demand(STANDARD.decode(cloud_init).is_ok(), "cloudInitBase64", "must be base64");
    fields.check(server)?;
    let last = server.ending(&place.id).map(|ending| Some(ending.status.clone().into()));
    let last = last.unwrap_or(known(inferred::PROVISIONED));
    let reprovision = |host: &mut Host, time: Time| {
        let path = inferred::PROVISIONING.map(known).into_iter().chain([last]);
        host.life = Life::begin(time.now, time.pace, path);
        if let Some(image) = image {
            host.image = inferred::image_of_url(&image);
        }
    };
    change(server, &place, reprovision).map(|host| envelope::accepted(&host))
}

pub(super) fn add_vpc(server: &Server, call: &Call<'_>) -> Outcome {
    change_vpc(server, call, Some)
}

pub(super) fn remove_vpc(server: &Server, call: &Call<'_>) -> Outcome {
    change_vpc(server, call, |_| None)
}

fn change_vpc(server: &Server, call: &Call<'_>, vpc: fn(String) -> Option<String>) -> Outcome {
    let mut fields = Fields::of_body(call);
    let (place, id) = (place(&mut fields), fields.text("vpcId"));
    fields.check(server)?;
    if !server.state().vpcs.contains_key(&Place::plain(&place.cluster, &id)) {
        return Err(errors::not_found("VPC", &id));
    }
    change(server, &place, |host, _| host.vpc = vpc(id)).map(|host| envelope::accepted(&host))
}

/// Changes a host and shows it.
fn change(
    server: &Server,
    place: &Place,
    change: impl FnOnce(&mut Host, Time),
) -> Result<Value, Box<Reply>> {
    let (time, mut state) = (server.time(), server.state());
    let found = state.hosts.get_mut(place);
    let host = found.ok_or_else(|| errors::not_found("Host", &place.id))?;
    change(host, time);
    Ok(host.describe(place, &server.options.tenant, time.now))
}
