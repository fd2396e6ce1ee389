//! [Denvr Cloud](https://www.denvrdata.com): servers, applications and networks with GPUs.
//!
//! Start with a [`Client`]. The data that the platform sends is in [`models`]; statuses are open
//! enums that keep values which this version does not know.

mod applications;
mod bare_metal;
mod builder;
mod calls;
mod client;
mod clusters;
mod config_file;
mod creation;
mod envelope;
mod farewell;
mod images;
mod login;
mod platform;
mod settings;
mod snapshots;
mod status;
mod virtual_servers;
mod vpcs;

/// What the platform sends and takes, as generated from its spec.
pub use crate::raw::denvr::types as models;

pub use applications::{
    Application, ApplicationId, Applications, CreateCatalogApplication, CreateCustomApplication,
    DestroyApplication,
};
pub use bare_metal::{BareMetal, Host, HostId, ReprovisionHost};
pub use builder::Builder;
pub use client::Client;
pub use clusters::Clusters;
pub use images::Images;
pub use snapshots::{CreateSnapshot, SnapshotId, Snapshots};
pub use status::{ApplicationStatus, HostOperationalStatus, ProvisioningState, ServerStatus};
pub use virtual_servers::{
    CreateServer, DestroyServer, GetServerAvailability, ServerId, VirtualServer, VirtualServers,
};
pub use vpcs::{CreateVpc, VpcId, Vpcs};
