//! Execution of one record (API v3) and of a list of records (API v4).

mod v3;
mod v4;

pub(super) use v3::{
    ExecuteV3, bare, by_body, by_path, by_proxy, execute_v3, locate_v3, locator, meta,
};
pub(super) use v4::{execute_v4, list, locate_v4};
