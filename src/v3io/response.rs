//! Whole responses, and which statuses count as failures.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use progenitor_client::ResponseValue;

use crate::error::{Error, ErrorKind, Result};

/// Which statuses become errors.
///
/// ```
/// # async fn f(users: longhaul::v3io::Container) -> longhaul::Result<()> {
/// use longhaul::v3io::RaiseForStatus;
/// let response = users.object("/perhaps").get().response(RaiseForStatus::Never).await?;
/// if response.status == 404 {
///     println!("not there yet");
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RaiseForStatus {
    /// Every status that is no success.
    #[default]
    Default,
    /// No status. Failures without a status, such as a time-out, are errors all the same.
    Never,
    /// Every status that is not in the list.
    Unless(Vec<u16>),
}

impl<const N: usize> From<[u16; N]> for RaiseForStatus {
    /// The only statuses that are no errors.
    fn from(accepted: [u16; N]) -> Self {
        Self::Unless(accepted.into())
    }
}

impl RaiseForStatus {
    fn raises(&self, status: u16, failed: bool) -> bool {
        match self {
            Self::Default => failed,
            Self::Never => false,
            Self::Unless(accepted) => !accepted.contains(&status),
        }
    }

    pub(super) fn judge<T>(&self, outcome: Result<ResponseValue<T>>) -> Result<Response<T>> {
        match outcome {
            Ok(answer) => {
                let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
                if self.raises(status, false) {
                    return Err(unwanted(status));
                }
                Ok(Response { status, headers, outcome: Ok(answer.into_inner()) })
            }
            Err(error) => match error.status().filter(|_| error.kind() == ErrorKind::Status) {
                Some(status) if !self.raises(status, true) => {
                    Ok(Response { status, headers: HeaderMap::new(), outcome: Err(error) })
                }
                _ => Err(error),
            },
        }
    }
}

fn unwanted(status: u16) -> Error {
    let message = format!("the server answered {status}, which is none of the accepted statuses");
    Error::new(ErrorKind::Status, message).with_status(status).with_doubt(true)
}

/// What the server answered, success or not.
#[derive(Debug)]
pub struct Response<T> {
    /// The HTTP status.
    pub status: u16,
    /// The headers of a success; empty for a failure.
    pub headers: HeaderMap,
    outcome: Result<T>,
}

impl<T> Response<T> {
    /// What a success brought.
    pub fn output(&self) -> Option<&T> {
        self.outcome.as_ref().ok()
    }

    /// What a failure said.
    pub fn error(&self) -> Option<&Error> {
        self.outcome.as_ref().err()
    }

    /// The output, or the error that the failure is.
    ///
    /// # Errors
    /// The failure that the policy let pass.
    pub fn into_output(self) -> Result<T> {
        self.outcome
    }
}

/// Another value with the same status and headers.
pub(super) fn replaced<T, U>(answer: &ResponseValue<T>, value: U) -> ResponseValue<U> {
    ResponseValue::new(value, answer.status(), answer.headers().clone())
}

/// The answer 404, where it is no failure.
pub(super) fn not_found<T>(value: T) -> ResponseValue<T> {
    ResponseValue::new(value, StatusCode::NOT_FOUND, HeaderMap::new())
}

/// An answer made of its parts.
pub(super) fn made<T>(status: u16, headers: &HeaderMap, value: T) -> ResponseValue<T> {
    let status = StatusCode::from_u16(status).unwrap_or_default();
    ResponseValue::new(value, status, headers.clone())
}

/// Lets a call be awaited for its output, or sent for the whole response.
macro_rules! sends {
    ($builder:ty => $output:ty) => {
        impl $builder {
            /// Sends it and gives the whole response; `policy` says which statuses are errors.
            ///
            /// # Errors
            /// A status that the policy does not let pass, and every failure without a status.
            pub async fn response(
                self,
                policy: impl Into<$crate::v3io::RaiseForStatus>,
            ) -> $crate::error::Result<$crate::v3io::Response<$output>> {
                policy.into().judge(self.send().await)
            }

            async fn output(self) -> $crate::error::Result<$output> {
                Ok(self.send().await?.into_inner())
            }
        }

        $crate::awaits::awaits!($builder => $output, output);
    };
}
pub(super) use sends;

#[cfg(test)]
mod tests {
    use super::*;

    fn good(status: u16) -> Result<ResponseValue<&'static str>> {
        Ok(made(status, &HeaderMap::new(), "output"))
    }

    fn bad(status: u16) -> Result<ResponseValue<&'static str>> {
        Err(Error::new(ErrorKind::Status, "no").with_status(status))
    }

    #[test]
    fn failures_are_errors_by_default() {
        let policy = RaiseForStatus::default();
        assert_eq!(policy.judge(good(204)).unwrap().into_output().unwrap(), "output");
        assert_eq!(policy.judge(bad(404)).unwrap_err().status(), Some(404));
    }

    #[test]
    fn never_means_every_status_and_no_other_failure() {
        let response = RaiseForStatus::Never.judge(bad(404)).unwrap();
        assert_eq!((response.status, response.output()), (404, None));
        assert_eq!(response.error().unwrap().status(), Some(404));
        let timeout = Err(Error::new(ErrorKind::Timeout, "late"));
        assert!(RaiseForStatus::Never.judge::<()>(timeout).is_err());
        let undecodable = Err(Error::new(ErrorKind::Decode, "what?").with_status(200));
        assert!(RaiseForStatus::Never.judge::<()>(undecodable).is_err());
    }

    #[test]
    fn a_list_has_the_only_accepted_statuses() {
        let policy = RaiseForStatus::from([200, 404]);
        assert_eq!(policy.judge(good(200)).unwrap().status, 200);
        assert_eq!(policy.judge(bad(404)).unwrap().status, 404);
        assert!(policy.judge(good(204)).unwrap_err().to_string().contains("answered 204"));
        assert!(policy.judge(bad(500)).is_err());
        assert!(RaiseForStatus::Unless(Vec::new()).judge(good(200)).is_err());
    }
}
