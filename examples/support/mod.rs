//! What the examples share: clients for simulators, or for the real platforms with `--live`.

#![allow(dead_code, reason = "no example needs all of it")]

use std::path::PathBuf;

use longhaul::{rescale, v3io};
use longhaul_simulator::rescale::{API_KEY, Rescale};
use longhaul_simulator::v3io::V3io;
use longhaul_simulator::{Handle, Simulator};

/// Whether the real platform is wanted. Never by default: jobs cost money.
pub(crate) fn live() -> bool {
    std::env::args().any(|argument| argument == "--live")
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

/// A file that comes with the examples.
pub(crate) fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/data").join(name)
}
