//! The simulated Bodo, asked by a plain client.

mod auth;
mod catalogs;
mod clusters;
mod cron;
mod errors;
mod jobs;
mod lists;
mod organization;
mod results;
mod storage;
mod support;
mod templates;
