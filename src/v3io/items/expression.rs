//! What can be told of an expression without computing it.

use crate::error::{Error, Result};

/// The longest expression in bytes (source: V3IO web-API reference, expressions).
const LONGEST_EXPRESSION: usize = 8 * 1024;

/// Refuses an expression that the platform would refuse for its length.
pub(super) fn check_expression(text: Option<&str>) -> Result<()> {
    match text.map_or(0, str::len) {
        length if length > LONGEST_EXPRESSION => Err(Error::invalid(format!(
            "an expression has at most {LONGEST_EXPRESSION} bytes, not {length}"
        ))),
        _ => Ok(()),
    }
}
