#![doc = include_str!("../README.md")]

pub mod bodo;
mod clock;
mod content;
pub mod denvr;
pub mod fault;
mod glob;
mod handle;
mod http;
mod platforms;
pub mod program;
mod record;
pub mod rescale;
mod server;
mod simulator;
pub mod spark;
mod units;
pub mod v3io;

pub use fault::{Fault, FaultError};
pub use handle::Handle;
pub use platforms::{Named, names};
pub use record::Recorded;
pub use simulator::Simulator;
