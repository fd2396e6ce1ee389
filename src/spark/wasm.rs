//! The WebAssembly modules of services.

use super::services::locate::read;
use super::services::wasm_package;
use super::{Client, Document, ServiceLocator};
use crate::error::Error;

/// The WebAssembly modules of services.
#[derive(Clone, Debug)]
pub struct Wasm {
    client: Client,
}

impl Client {
    /// The WebAssembly modules of services.
    pub fn wasm(&self) -> Wasm {
        Wasm { client: self.clone() }
    }
}

impl Wasm {
    /// The package of a service's module, an archive, to be stored or read.
    ///
    /// ```no_run
    /// # async fn f(spark: longhaul::spark::Client) -> longhaul::Result<()> {
    /// spark.wasm().download("my-folder/my-service").download_to("out/").await?;
    /// # Ok(()) }
    /// ```
    pub fn download(&self, service: impl TryInto<ServiceLocator, Error: Into<Error>>) -> Document {
        wasm_package(&self.client, read(service))
    }
}
