//! Streams of V3IO against a simulated platform: what is sent, what is made of the answers, and
//! that no record is lost or comes twice.

#![cfg(feature = "v3io")]

mod consume;
mod faults;
mod manage;
mod merged;
mod put;
mod read;
mod support;

#[path = "../failure/mod.rs"]
mod failure;
