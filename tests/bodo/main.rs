//! The Bodo clients against a simulated Bodo: what they send, what they make of the answers, and
//! what they refuse to do.

#![cfg(feature = "bodo")]

mod clusters;
mod jobs;
mod organization;
mod sql;
mod support;
mod templates;
