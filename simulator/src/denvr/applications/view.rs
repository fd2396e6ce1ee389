//! Applications as lists and details show them.

use serde_json::{Value, json};

use super::super::catalog::Item;
use super::super::envelope;
use super::super::fields::Fields;
use super::super::inferred;
use super::super::server::Server;
use super::super::state::Place;
use super::{Application, Container, Origin, place};
use crate::clock::Moment;
use crate::http::{Call, Outcome};

impl Application {
    /// As in lists and in the answer to a creation.
    pub(super) fn overview(&self, place: &Place, tenant: &str, now: Moment) -> Value {
        let (instance, item) = (&self.instance, self.item());
        let user = if instance.is_online(now) { inferred::SSH_USER } else { "" };
        json!({
            "id": place.id, "cluster": place.cluster, "status": instance.status(now),
            "tenant": tenant, "createdBy": instance.owner, "privateIp": instance.private_ip,
            "publicIp": instance.public_ip(now), "resourcePool": instance.slot.pool,
            "dns": self.dns(place, now), "sshUsername": user,
            "applicationCatalogItemName": item.map(|(item, _)| item.name),
            "applicationCatalogItemVersionName": item.map(|(_, version)| version),
            "hardwarePackageName": instance.slot.hardware.package,
            "persistedDirectAttachedStorage": self.storage.persisted,
            "personalSharedStorage": self.storage.personal,
            "tenantSharedStorage": self.storage.tenant,
        })
    }

    fn details(&self, place: &Place, tenant: &str, now: Moment) -> Value {
        json!({
            "instanceDetails": self.instance_details(place, tenant, now),
            "applicationCatalogItem": self.item().map(|(item, _)| item.describe()),
            "hardwarePackage": self.instance.slot.hardware.hardware_package(None),
        })
    }

    fn instance_details(&self, place: &Place, tenant: &str, now: Moment) -> Value {
        let (instance, container) = (&self.instance, self.container());
        let command = container.and_then(|container| container.command.as_ref());
        json!({
            "id": place.id, "cluster": place.cluster, "status": instance.status(now),
            "statusReason": instance.reason(now).map(|_| inferred::STATUS_REASON),
            "statusMessage": instance.reason(now), "privateIp": instance.private_ip,
            "publicIp": instance.public_ip(now), "createdBy": instance.owner, "tenant": tenant,
            "resourcePool": instance.slot.pool,
            "creationTime": inferred::seconds(instance.created) + "Z",
            "lastUpdated": inferred::seconds(instance.since(now)) + "+00:00",
            "dns": self.dns(place, now), "nodeSelector": self.node,
            "imageCmdOverride": command.map(|words| words.join(" ")),
            "environmentVariables": self.environment, "proxyPort": self.proxy_port,
            "readinessWatcherPort": container.and_then(|container| container.readiness_port),
            "runAsRoot": container.is_some_and(|container| container.runs_as_root),
            "containerUid": container.and_then(|container| container.user),
            "containerGid": container.and_then(|container| container.group),
            "persistedDirectAttachedStorage": self.storage.persisted,
            "personalSharedStorage": self.storage.personal,
            "tenantSharedStorage": self.storage.tenant,
        })
    }

    /// A whole URL, once there is something behind it.
    fn dns(&self, place: &Place, now: Moment) -> String {
        match self.instance.is_online(now) {
            true => inferred::dns(&place.id, &place.cluster),
            false => String::new(),
        }
    }

    fn item(&self) -> Option<(&'static Item, &'static str)> {
        match &self.origin {
            Origin::Catalog { item, version } => Some((item, version)),
            Origin::Custom(_) => None,
        }
    }

    fn container(&self) -> Option<&Container> {
        match &self.origin {
            Origin::Catalog { .. } => None,
            Origin::Custom(container) => Some(container),
        }
    }
}

/// Of all clusters.
pub(in crate::denvr) fn list(server: &Server, _: &Call<'_>) -> Outcome {
    let (now, tenant) = (server.now(), &server.options.tenant);
    let state = server.state();
    let all = state.applications.iter(now);
    Ok(envelope::items(all.map(|(place, one)| one.overview(place, tenant, now)).collect()))
}

pub(in crate::denvr) fn details(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_query(call.request);
    let place = place(&mut fields);
    fields.check(server)?;
    server.demand_cluster(&place.cluster)?;
    let now = server.now();
    let state = server.state();
    let found = state.applications.get(&place, now)?;
    Ok(envelope::ok(&found.details(&place, &server.options.tenant, now)))
}
