//! The generated clients, for what the facades do not cover. **Outside semver:** they change
//! whenever a platform's spec or the generator does.
//!
//! A facade's `raw()` gives the client that it uses itself: requests made through it carry the
//! credential and are repeated, limited and logged like any other.

pub use crate::transport::Transport;
pub use crate::transport::operation::{Operation, Repeat};

/// Makes a value a segment of a path, whatever is in it.
pub(crate) fn encode_path(value: &str) -> String {
    progenitor_client::encode_path(value).replace('\\', "%5C")
}

/// Mounts a generated client and routes its requests through the transport.
macro_rules! platform {
    ($name:ident, $feature:literal, $file:literal) => {
        #[cfg(feature = $feature)]
        #[allow(missing_docs, missing_debug_implementations, unreachable_pub)]
        #[allow(rustdoc::broken_intra_doc_links, rustdoc::bare_urls, rustdoc::invalid_html_tags)]
        #[rustfmt::skip]
        #[path = $file]
        pub mod $name;

        #[cfg(feature = $feature)]
        impl progenitor_client::ClientHooks<Transport> for $name::Client {
            async fn pre<E>(
                &self,
                request: &mut reqwest::Request,
                info: &progenitor_client::OperationInfo,
            ) -> Result<(), progenitor_client::Error<E>> {
                let prepared = self.inner.prepare(request, info.operation_id);
                prepared.map_err(progenitor_client::Error::InvalidRequest)
            }

            async fn exec(
                &self,
                request: reqwest::Request,
                info: &progenitor_client::OperationInfo,
            ) -> reqwest::Result<reqwest::Response> {
                Ok(self.inner.exec(&self.client, request, info.operation_id).await)
            }
        }
    };
}

platform!(bodo, "bodo", "../generated/bodo.rs");
platform!(denvr, "denvr", "../generated/denvr.rs");
platform!(rescale, "rescale", "../generated/rescale.rs");
platform!(spark, "spark", "../generated/spark.rs");
platform!(v3io, "v3io", "../generated/v3io.rs");
