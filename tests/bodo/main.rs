//! The Bodo clients against a simulated Bodo: what they send, what they make of the answers, and
//! what they refuse to do.

#![cfg(feature = "bodo")]

mod answers;
mod billing;
mod canaries;
mod catalogs;
mod cloud_configs;
mod clusters;
mod golden;
mod groups;
mod instance_roles;
mod jobs;
mod login;
mod managed_workspaces;
mod manners;
mod organization;
mod refusals;
mod secrets;
mod settings;
mod sql;
mod support;
mod templates;
mod tokens;
mod uploads;

#[path = "../failure/mod.rs"]
mod failure;

#[path = "../shown/mod.rs"]
mod shown;

#[path = "../wire/mod.rs"]
mod wire;
