//! Denvr Cloud: login, clusters, virtual and bare-metal servers, applications, VPCs and snapshots.
//!
//! [`Simulator::denvr`](crate::Simulator::denvr) starts one; [`Denvr`] lists what can be set.
//! [`Handle::denvr`](crate::Handle::denvr) makes a running one forget its tokens.
//!
//! The program takes the settings as `--with KEY=VALUE`: `tenant=NAME`,
//! `user=NAME:PASSWORD[:member|password-reset|two-factor=CODE]`, `api-key=KEY`,
//! `token-lifetime=TIME`, `refresh-token-lifetime=TIME`, `cluster=NAME`, `server=CLUSTER/NAME`,
//! `host=CLUSTER/ID`, `capacity=CONFIGURATION:COUNT`, `outcome=NAME:STATUS[:REASON]`, and with
//! `true` or `false`: `refresh-by-get`, `empty-logout`, `namespace-in-commands`, `strict-states`,
//! `validation-as-500`, `withdrawn-paths`.
//!
//! Rules of [`fault`](crate::fault) get the platform's own errors: 401 is empty, 502 and 504 are
//! HTML, `200` is an envelope that says `success: false`, anything else an envelope with an error.

mod applications;
mod auth;
mod capacity;
mod catalog;
mod envelope;
mod errors;
mod fields;
mod inferred;
mod instance;
mod life;
mod lists;
mod login;
mod metal;
mod options;
mod routes;
mod running;
mod server;
mod settings;
mod snapshots;
mod state;
mod tokens;
mod virtual_servers;
mod vpcs;
mod watch;

pub use auth::{API_KEY, Account, TENANT, USER};
pub use options::Denvr;
pub(crate) use settings::PLATFORM;
pub use watch::Watch;
