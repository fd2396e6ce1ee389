//! What the examples share: a client for the simulator, or for the real platform with `--live`.

use std::path::PathBuf;

use longhaul::rescale;
use longhaul_simulator::rescale::{API_KEY, Rescale};
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

/// A file that comes with the examples.
#[allow(dead_code, reason = "not every example needs one")]
pub(crate) fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/data").join(name)
}
