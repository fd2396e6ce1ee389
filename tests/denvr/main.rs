//! The Denvr client against a simulated Denvr Cloud: what it sends, what it makes of the answers,
//! and what it refuses to do.

#![cfg(feature = "denvr")]

mod answers;
mod applications;
mod bad_input;
mod creation;
mod golden;
mod login;
mod manners;
mod metal;
mod networks;
mod secrets;
mod servers;
mod settings;
mod support;
mod tutorial;
mod waits;

#[path = "../failure/mod.rs"]
mod failure;

#[path = "../shown/mod.rs"]
mod shown;

#[path = "../wire/mod.rs"]
mod wire;
