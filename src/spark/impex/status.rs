//! What the statuses of exports and imports mean, and what their errors say.

use serde_json::Value;

use crate::error::{Error, ErrorKind};
use crate::spark::{ExportStatus, ImportStatus};
use crate::status::{Phase, Status};

/// What the platform says to an id that it does not know, with status 500 (source:
/// Coherent-Partners/spark-openapi).
const UNKNOWN: &str = "INVALID_JOB_ID";

/// `closed` is as good as `completed` (source: cspark 0.3.3, sdk/resources/_impex.py).
macro_rules! phases {
    ($($status:ident),*) => {$(
        impl Status for $status {
            fn phase(&self) -> Phase {
                match self {
                    Self::Completed | Self::Closed => Phase::Done,
                    Self::Failed | Self::Cancelled => Phase::Failed,
                    _ => Phase::Moving,
                }
            }
        }
    )*};
}

phases!(ExportStatus, ImportStatus);

/// The error of a look at a job. The platform answers 500 to an unknown id; asking again would not
/// help, so it becomes a 404.
pub(super) fn looked(error: Error, job: &str) -> Error {
    if error.code() != Some(UNKNOWN) {
        return error;
    }
    let (id, body) = (error.request_id(), error.body());
    Error::new(ErrorKind::Status, format!("the platform knows no {job}"))
        .with_status(404)
        .with_code(Some(UNKNOWN.to_owned()))
        .with_request_id(id.map(str::to_owned))
        .with_body(body.map(str::to_owned))
        .with_attempts(error.attempts(), error.elapsed())
        .with_operation("spark", error.operation().unwrap_or_default())
}

/// What the errors of a job say; `None` when there are none.
pub(super) fn told(errors: Option<&Value>) -> Option<String> {
    match errors? {
        Value::Null | Value::Bool(false) => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) if items.is_empty() => None,
        Value::Object(members) if members.is_empty() => None,
        Value::Array(items) => {
            let texts: Vec<_> = items.iter().map(message).collect();
            Some(texts.join("; "))
        }
        one => Some(message(one)),
    }
}

fn message(error: &Value) -> String {
    let message = error["message"].as_str().or_else(|| error.as_str());
    message.map_or_else(|| error.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_say_what_they_say() {
        for nothing in [json!(null), json!([]), json!({}), json!("")] {
            assert_eq!(told(Some(&nothing)), None, "{nothing}");
        }
        let two = json!([{"message": "no folder"}, {"code": 7}]);
        assert_eq!(told(Some(&two)).unwrap(), r#"no folder; {"code":7}"#);
        assert_eq!(told(Some(&json!("broken"))).unwrap(), "broken");
    }
}
