//! Calls that have to fail, and what their errors say.

#![allow(dead_code, reason = "every suite uses another part of it")]

use longhaul::{Error, ErrorKind, Result};

/// The error of a call that has to fail.
pub(crate) async fn failure<T>(call: impl IntoFuture<Output = Result<T>>) -> Error {
    match call.await {
        Ok(_) => panic!("the call succeeded"),
        Err(error) => error,
    }
}

/// Checks the kind of an error and that its text has all these words.
#[track_caller]
pub(crate) fn says(error: &Error, kind: ErrorKind, words: &[&str]) {
    let text = error.to_string();
    assert_eq!(error.kind(), kind, "{text}");
    for word in words {
        assert!(text.contains(word), "`{word}` is missing in: {text}");
    }
}
