#![doc = include_str!("../README.md")]
// What only one platform needs is unused without it; with all of them nothing is.
#![cfg_attr(
    not(all(
        feature = "bodo",
        feature = "denvr",
        feature = "rescale",
        feature = "spark",
        feature = "v3io"
    )),
    allow(dead_code, unused_imports, unused_macros)
)]

mod arguments;
mod awaits;
pub mod batch;
mod blocking;
mod config;
mod error;
mod ids;
mod journal;
pub mod page;
pub mod progress;
pub mod raw;
mod status;
pub mod transfer;
mod transport;
pub mod values;
pub mod wait;

#[cfg(feature = "bodo")]
pub mod bodo;
#[cfg(feature = "denvr")]
pub mod denvr;
#[cfg(feature = "rescale")]
pub mod rescale;
#[cfg(feature = "spark")]
pub mod spark;
#[cfg(feature = "v3io")]
pub mod v3io;

pub use batch::batch;
pub use error::{Error, ErrorKind, Result};
pub use status::{Phase, Status};
pub use transport::auth::{ProviderError, Token, TokenProvider};
pub use transport::options::Options;
pub use wait::wait_all;
