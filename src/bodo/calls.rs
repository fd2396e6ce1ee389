//! What calls have in common: arguments that are refused, creations in doubt, repeated deletions.

use std::fmt::Display;

use crate::error::{Error, ErrorKind, Result};
use crate::transport::redact;
use crate::values::Secret;

/// Refuses what cannot be an ARN: six parts, of which the first is `arn` and the last says
/// something (source: AWS General Reference, Amazon Resource Names).
pub(super) fn arn(what: &str, text: &str) -> Result<()> {
    let parts: Vec<_> = text.splitn(6, ':').collect();
    match parts[..] {
        ["arn", .., resource] if parts.len() == 6 && !resource.trim().is_empty() => Ok(()),
        _ => Err(Error::invalid(format!(
            "{what} is `{text}`, and an ARN looks like `arn:aws:iam::123456789012:role/name`"
        ))),
    }
}

/// The error of a creation; if it may have happened, with the way to find out.
pub(super) fn in_doubt(error: Error, look: impl Display) -> Error {
    let may_have_happened = error.may_have_happened();
    error.with_advice_if(may_have_happened, look)
}

/// The error without the secrets of the request, which an answer may repeat.
pub(super) fn hiding<'s>(error: Error, secrets: impl IntoIterator<Item = &'s Secret>) -> Error {
    secrets
        .into_iter()
        .fold(error, |error, secret| error.redacted(|text| redact::hide(text, secret.expose())))
}

/// What became of a deletion: one that was repeated and found its work done has succeeded, and
/// whether the answer tells of what is gone does not matter.
pub(super) fn deleted<T>(outcome: Result<T>) -> Result<()> {
    match outcome {
        Err(error) if error.is_not_found() && error.attempts() > 1 => Ok(()),
        Err(error) if error.kind() == ErrorKind::Decode && error.status() == Some(204) => Ok(()),
        outcome => outcome.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_has_six_parts() {
        for good in ["arn:aws:iam::000000000000:role/x", "arn:aws-cn:kms:r:1:key/a:b"] {
            assert!(arn("the role", good).is_ok(), "{good}");
        }
        for bad in ["", "arn:none", "role/x", "arn:aws:iam::1:", "arn:aws:iam::1", "x:a:b:c:d:e"] {
            let error = arn("the role", bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{bad}");
        }
    }

    #[test]
    fn secrets_that_an_answer_repeats_are_taken_out() {
        let error = Error::new(ErrorKind::Status, "the password canary is too short");
        let secrets = [Secret::from("canary"), Secret::from("")];
        assert_eq!(hiding(error, &secrets).message(), "the password *** is too short");
    }

    #[test]
    fn only_a_repeated_deletion_may_find_nothing() {
        let missing = |attempts| {
            let error = Error::new(ErrorKind::Status, "no").with_status(404);
            deleted::<()>(Err(error.with_attempts(attempts, std::time::Duration::ZERO)))
        };
        assert!(missing(1).is_err());
        assert!(missing(2).is_ok());
    }
}
