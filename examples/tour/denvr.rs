//! Denvr Cloud: what there is, a virtual server through its whole life, and an application of the
//! catalogue; both are destroyed at the end.

use std::error::Error;

use longhaul::denvr::{ApplicationStatus, Client, ServerStatus, VirtualServer};
use longhaul_simulator::Simulator;

use super::{Tour, support};

const NAME: &str = "longhaul-tour";

pub(crate) async fn run(tour: &mut Tour) -> Result<(), Box<dyn Error>> {
    let (denvr, _simulator) = support::denvr(Simulator::denvr()).await?;
    let clusters = denvr.clusters().list().await.map(|names| names.join(", "));
    if tour.step("the clusters", clusters).is_none() {
        return Ok(());
    }
    let servers = denvr.virtual_servers();
    let available = servers.availability().await?;
    let first = available.into_iter().find(|one| one.available == Some(true));
    let configuration = first.and_then(|one| one.configuration).ok_or("no capacity at all")?;
    let created = servers.create(NAME, &configuration).await;
    let created = created.map(|server| (server.id().to_string(), server));
    match created {
        Ok((id, server)) => {
            tour.step("a new server", Ok::<_, longhaul::Error>(id));
            life(tour, server).await;
        }
        Err(error) => drop(tour.step("a new server", Err::<String, _>(error))),
    }
    application(tour, &denvr).await?;
    let unknown = match denvr.with_cluster("Atlantis").virtual_servers().list().await {
        Ok(_) => Err("it was listed".to_owned()),
        Err(error) => Ok(format!("as expected, {error}")),
    };
    tour.step("servers of a cluster that is not there", unknown);
    Ok(())
}

async fn life(tour: &mut Tour, mut server: VirtualServer) {
    tour.step("wait until it is online", reach(&mut server, ServerStatus::Online).await);
    tour.step("stop it", server.stop().await.map(|()| "asked"));
    tour.step("wait until it is offline", reach(&mut server, ServerStatus::Offline).await);
    tour.step("start it", server.start().await.map(|()| "asked"));
    tour.step("wait until it is online again", reach(&mut server, ServerStatus::Online).await);
    let gone = server.destroy().delete_snapshots(true).wait_until_gone().await;
    tour.step("destroy it", gone.map(|()| "gone"));
}

async fn reach(server: &mut VirtualServer, status: ServerStatus) -> longhaul::Result<String> {
    let server = server.wait_for_status(status).await?;
    let address = server.data().and_then(|data| data.private_ip.clone());
    Ok(format!("it has the address {}", address.unwrap_or_default()))
}

async fn application(tour: &mut Tour, denvr: &Client) -> Result<(), Box<dyn Error>> {
    let applications = denvr.applications();
    let packages = applications.configurations().await?;
    let package = packages.into_iter().find_map(|package| package.name).ok_or("no packages")?;
    let catalog = applications.catalog().await?;
    let item = catalog.into_iter().next().ok_or("an empty catalogue")?;
    let version = item.versions.into_iter().flatten().find_map(|version| version.name);
    let (item, version) = (item.name.unwrap_or_default(), version.unwrap_or_default());
    let what = format!("{item} {version}");
    let mut application = applications.create_catalog(NAME, package, item, version).await?;
    let online = application.wait_for_status(ApplicationStatus::Online).await.map(|_| what);
    tour.step("an application of the catalogue", online);
    let gone = application.destroy().wait_until_gone().await;
    tour.step("destroy it", gone.map(|()| "gone"));
    Ok(())
}
