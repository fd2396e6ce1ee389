#![doc = include_str!("../README.md")]
// Without a platform, waits, lists, batches and transfers are still of use; what only platforms
// need is not.
#![cfg_attr(
    not(any(feature = "rescale", feature = "v3io")),
    allow(dead_code, unused_imports, unused_macros)
)]

mod awaits;
pub mod batch;
mod blocking;
mod config;
mod error;
mod ids;
pub mod page;
pub mod progress;
pub mod raw;
mod status;
pub mod transfer;
mod transport;
pub mod values;
pub mod wait;

#[cfg(feature = "rescale")]
pub mod rescale;
#[cfg(feature = "v3io")]
pub mod v3io;

pub use batch::batch;
pub use error::{Error, ErrorKind, Result};
pub use status::{Phase, Status};
pub use transport::auth::{ProviderError, Token, TokenProvider};
pub use transport::options::Options;
pub use wait::wait_all;
