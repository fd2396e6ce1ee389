//! Items: attributes of files, written, read and scanned.

mod get;
mod locate;
mod marker;
mod range;
mod scan;
mod select;
mod write;

pub(super) use get::get;
pub(super) use scan::scan;
pub(super) use write::{put, update};
