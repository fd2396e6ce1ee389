//! What the examples share: clients for simulators, or for the real platforms with `--live`.

#![allow(dead_code, reason = "no example needs all of it")]

use std::path::PathBuf;

use longhaul::progress::Event;
use longhaul::{bodo, denvr, rescale, spark, v3io};
use longhaul_simulator::bodo::{Bodo, KEYS, ORGANIZATION_KEYS};
use longhaul_simulator::denvr::Denvr;
use longhaul_simulator::rescale::{API_KEY, Rescale};
use longhaul_simulator::spark::{Spark, TENANT, TOKEN};
use longhaul_simulator::v3io::V3io;
use longhaul_simulator::{Handle, Simulator};

/// Whether the real platform is wanted. Never by default: jobs cost money.
pub(crate) fn live() -> bool {
    std::env::args().any(|argument| argument == "--live")
}

/// A client for a workspace of Bodo. The simulator, if there is one, runs as long as its handle
/// lives.
///
/// With `--live` the client is configured by `BODO_CLIENT_ID` and `BODO_SECRET_KEY`.
pub(crate) async fn bodo(
    simulator: Simulator<Bodo>,
) -> Result<(bodo::Workspace, Option<Handle>), Box<dyn std::error::Error>> {
    if live() {
        return Ok((bodo::Workspace::from_env()?, None));
    }
    let handle = simulator.start().await?;
    let (id, key) = KEYS;
    let client = bodo::Workspace::builder().server(handle.url()).client_id(id).secret_key(key);
    Ok((client.build()?, Some(handle)))
}

/// A client for an organisation of Bodo, as [`bodo`].
///
/// With `--live` the client is configured by `BODO_ORG_CLIENT_ID` and `BODO_ORG_SECRET_KEY`.
pub(crate) async fn bodo_organization(
    simulator: Simulator<Bodo>,
) -> Result<(bodo::Organization, Option<Handle>), Box<dyn std::error::Error>> {
    if live() {
        return Ok((bodo::Organization::from_env()?, None));
    }
    let handle = simulator.start().await?;
    let (id, key) = ORGANIZATION_KEYS;
    let client = bodo::Organization::builder().server(handle.url()).client_id(id).secret_key(key);
    Ok((client.build()?, Some(handle)))
}

/// A client for Rescale. The simulator, if there is one, runs as long as its handle lives.
///
/// With `--live` the client is configured by `RESCALE_API_KEY` and `RESCALE_API_URL`, or by the
/// profile `default` of `~/.config/rescale/apiconfig`.
pub(crate) async fn rescale(
    simulator: Simulator<Rescale>,
) -> Result<(rescale::Client, Option<Handle>), Box<dyn std::error::Error>> {
    if live() {
        return Ok((rescale::Client::from_config()?, None));
    }
    let handle = simulator.start().await?;
    let client = rescale::Client::builder().base_url(handle.url()).api_key(API_KEY).build()?;
    Ok((client, Some(handle)))
}

/// A client for Denvr Cloud. The simulator, if there is one, runs as long as its handle lives.
///
/// With `--live` the client is configured by `DENVR_APIKEY`, or `DENVR_USERNAME` and
/// `DENVR_PASSWORD`, and by `~/.config/denvr.toml`.
pub(crate) async fn denvr(
    simulator: Simulator<Denvr>,
) -> Result<(denvr::Client, Option<Handle>), Box<dyn std::error::Error>> {
    if live() {
        return Ok((denvr::Client::from_config()?, None));
    }
    let handle = simulator.start().await?;
    let (user, password) = longhaul_simulator::denvr::USER;
    let client = denvr::Client::builder().server(handle.url()).login(user, password);
    let client = client.cluster("Hou1").tenant(longhaul_simulator::denvr::TENANT).build()?;
    Ok((client, Some(handle)))
}

/// A client for Coherent Spark. The simulator, if there is one, runs as long as its handle lives.
///
/// With `--live` the client is configured by `CSPARK_BASE_URL` and by `CSPARK_CLIENT_ID` with
/// `CSPARK_CLIENT_SECRET`, `CSPARK_OAUTH_PATH`, `CSPARK_API_KEY` or `CSPARK_BEARER_TOKEN`.
pub(crate) async fn spark(
    simulator: Simulator<Spark>,
) -> Result<(spark::Client, Option<Handle>), Box<dyn std::error::Error>> {
    if live() {
        return Ok((spark::Client::from_env()?, None));
    }
    let handle = simulator.start().await?;
    let base_url = format!("{}/{TENANT}", handle.url());
    let client = spark::Client::builder().base_url(base_url).bearer_token(TOKEN).build()?;
    Ok((client, Some(handle)))
}

/// A client for V3IO. The simulator, if there is one, runs as long as its handle lives.
///
/// With `--live` the client is configured by `V3IO_API` and `V3IO_ACCESS_KEY`.
pub(crate) async fn v3io(
    simulator: Simulator<V3io>,
) -> Result<(v3io::Client, Option<Handle>), Box<dyn std::error::Error>> {
    if live() {
        return Ok((v3io::Client::from_env()?, None));
    }
    let handle = simulator.start().await?;
    let client = v3io::Client::builder().endpoint(handle.url()).access_key("any-key").build()?;
    Ok((client, Some(handle)))
}

/// Prints what a wait sees.
pub(crate) fn print_status(event: &Event) {
    if let Event::Status { name, status, elapsed, .. } = event {
        println!("  {:>5.1} s  {name} is {status}", elapsed.as_secs_f64());
    }
}

/// What follows an option such as `--service` on the command line.
pub(crate) fn option(name: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != name).nth(1)
}

/// A file that comes with the examples.
pub(crate) fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/data").join(name)
}
