//! Virtual servers on Denvr Cloud: what there is to choose from, one server's details, and a new
//! server that is waited for, stopped, started and destroyed.
//!
//! `cargo run --example denvr_servers`, or with `-- --live` on the platform, where it costs a few
//! minutes of the cheapest configuration that is available.

mod support;

use std::error::Error;

use longhaul::denvr::models::ServerConfiguration;
use longhaul::denvr::{Client, ServerStatus, VirtualServer};
use longhaul::progress::Event;
use longhaul_simulator::Simulator;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let simulator = Simulator::denvr().server("Hou1", "rofinn-intel-dev");
    let (denvr, _simulator) = support::denvr(simulator).await?;
    let configurations = denvr.virtual_servers().configurations().await?;
    show(&configurations);
    servers_so_far(&denvr).await?;
    let configuration = cheapest(&denvr, &configurations).await?;
    println!("\nmaking a server of {configuration}");
    let server = denvr.virtual_servers().create("longhaul-example", configuration);
    let server = server.operating_system_image("Ubuntu 22.04.4 LTS").root_disk_size(100).await?;
    life(server).await
}

fn show(configurations: &[ServerConfiguration]) {
    println!("{:<20} {:>4} {:>5} {:>6} {:>7}  clusters", "name", "gpus", "vcpus", "memory", "$/h");
    for one in configurations {
        let number = |number: Option<i64>| number.unwrap_or_default();
        println!(
            "{:<20} {:>4} {:>5} {:>6} {:>7}  {}",
            one.name.as_deref().unwrap_or_default(),
            number(one.gpus),
            number(one.vcpus),
            number(one.memory),
            one.price.as_ref().map(|price| price.as_str()).unwrap_or_default(),
            one.clusters.as_deref().unwrap_or_default().join(", "),
        );
    }
}

/// Every cluster is asked; one that does not answer does not hide the others.
async fn servers_so_far(denvr: &Client) -> Outcome<()> {
    let report = denvr.virtual_servers().list_all().await?;
    for failure in &report.failed {
        println!("cluster {}: {}", failure.input, failure.error);
    }
    let servers = report.done.into_iter().flat_map(|(_, servers)| servers);
    for mut server in servers {
        let data = server.refresh().await?;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        println!("\n{} in {} is", text(&data.id), text(&data.cluster));
        println!("  status     {}", data.status.as_ref().map_or("?", ServerStatus::as_str));
        println!("  image      {}", text(&data.image));
        println!("  addresses  {} {}", text(&data.ip), text(&data.private_ip));
        println!("  gpus       {} of {}", data.gpus.unwrap_or_default(), text(&data.gpu_type));
    }
    Ok(())
}

async fn cheapest(denvr: &Client, configurations: &[ServerConfiguration]) -> Outcome<String> {
    let available = denvr.virtual_servers().availability().await?;
    let free = |name: &str| {
        let fits = |one: &&longhaul::denvr::models::ServerAvailability| {
            one.configuration.as_deref() == Some(name)
        };
        available.iter().find(fits).is_some_and(|one| one.available == Some(true))
    };
    let priced = configurations.iter().filter_map(|one| {
        let price = one.price.as_ref()?.to_f64()?;
        Some((price, one.name.clone().filter(|name| free(name))?))
    });
    let cheapest = priced.min_by(|one, other| one.0.total_cmp(&other.0));
    Ok(cheapest.ok_or("nothing is available in this cluster and resource pool")?.1)
}

async fn life(mut server: VirtualServer) -> Outcome<()> {
    wait(&mut server, ServerStatus::Online).await?;
    server.stop().await?;
    wait(&mut server, ServerStatus::Offline).await?;
    server.start().await?;
    wait(&mut server, ServerStatus::Online).await?;
    println!("the end of its boot log:\n{}", server.boot_logs(3).await?.trim_end());
    let id = server.id().clone();
    server.destroy().delete_snapshots(true).wait_until_gone().await?;
    println!("{id} is gone");
    Ok(())
}

async fn wait(server: &mut VirtualServer, status: ServerStatus) -> Outcome<()> {
    println!("waiting until {} is {status}", server.id());
    let show = |event: &Event| {
        if let Event::Status { status, elapsed, .. } = event {
            println!("  {:>5.1} s  {status}", elapsed.as_secs_f64());
        }
    };
    server.wait_for_status(status).on_event(show).await?;
    Ok(())
}
