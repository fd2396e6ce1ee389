//! Whether a file that is there is the one that would be downloaded.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::digest::Digest;
use super::remote::Checksum;
use crate::error::{Error, Result};

/// Compares size and checksum. What is missing or no plain file is another one.
pub(super) fn is_same(
    path: &Path,
    size: u64,
    checksum: &Checksum,
    cancelled: &AtomicBool,
) -> Result<bool> {
    let found = fs::symlink_metadata(path);
    if !found.is_ok_and(|found| found.is_file() && found.len() == size) {
        return Ok(false);
    }
    let failed = |error| Error::io(format!("read `{}`", path.display()), error);
    let mut file = File::open(path).map_err(failed)?;
    let mut digest = Digest::new(checksum.algorithm());
    let mut buffer = vec![0; 128 * 1024];
    while !cancelled.load(Ordering::Relaxed) {
        match file.read(&mut buffer).map_err(failed)? {
            0 => return Ok(digest.finish() == *checksum),
            length => digest.update(&buffer[..length]),
        }
    }
    Ok(false)
}
