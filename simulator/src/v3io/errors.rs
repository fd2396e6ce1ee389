//! Errors in the platform's form: a code and a text, as JSON.

use hyper::StatusCode;
use serde_json::json;

use super::inferred;
use crate::http::Reply;

/// The documented codes.
const NOT_PERMITTED: i64 = -1;
const NO_ENTRY: i64 = -2;
const DENIED: i64 = -13;
const CONDITION_IS_FALSE: i64 = -16_777_244;
pub(super) const INVALID_ARGUMENT: i64 = -201_326_592;
pub(super) const SHARD_OUT_OF_RANGE: (i64, &str) = (-201_326_594, "ShardIDOutOfRangeException");

pub(super) fn error(status: StatusCode, code: i64, message: &str) -> Box<Reply> {
    let body = json!({"ErrorCode": code, "ErrorMessage": message});
    Box::new(Reply::json(status, &body))
}

/// An error for a status that a rule prescribes.
pub(super) fn of_status(status: StatusCode, message: &str) -> Reply {
    let code = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => DENIED,
        StatusCode::NOT_FOUND => NO_ENTRY,
        _ => inferred::OTHER_ERROR,
    };
    *error(status, code, message)
}

pub(super) fn denied() -> Box<Reply> {
    error(StatusCode::UNAUTHORIZED, DENIED, "Permission denied")
}

pub(super) fn not_permitted() -> Box<Reply> {
    error(StatusCode::FORBIDDEN, NOT_PERMITTED, "Operation not permitted")
}

pub(super) fn not_found() -> Box<Reply> {
    error(StatusCode::NOT_FOUND, NO_ENTRY, "No such file or directory")
}

pub(super) fn container_not_found() -> Box<Reply> {
    error(StatusCode::NOT_FOUND, inferred::NO_CONTAINER, "Container not found")
}

/// 400 with the code for arguments and a sentence.
pub(super) fn invalid(message: &str) -> Box<Reply> {
    let message = format!("InvalidArgumentException: {message}");
    error(StatusCode::BAD_REQUEST, INVALID_ARGUMENT, &message)
}

pub(super) fn too_large() -> Box<Reply> {
    error(StatusCode::PAYLOAD_TOO_LARGE, inferred::TOO_LARGE, "The request is too large")
}

pub(super) fn condition_is_false() -> Box<Reply> {
    error(StatusCode::BAD_REQUEST, CONDITION_IS_FALSE, inferred::CONDITION_IS_FALSE)
}

pub(super) fn item_exists() -> Box<Reply> {
    error(inferred::ITEM_EXISTS_STATUS, inferred::ITEM_EXISTS, "The item exists already")
}

pub(super) fn not_empty() -> Box<Reply> {
    error(StatusCode::CONFLICT, inferred::NOT_EMPTY, "Directory not empty")
}

pub(super) fn not_a_stream() -> Box<Reply> {
    error(StatusCode::NOT_FOUND, inferred::NOT_A_STREAM, "ResourceNotFoundException")
}

pub(super) fn in_use() -> Box<Reply> {
    error(StatusCode::CONFLICT, inferred::IN_USE, "ResourceInUseException")
}

pub(super) fn shard_count() -> Box<Reply> {
    error(StatusCode::BAD_REQUEST, inferred::SHARD_COUNT, "InvalidShardCountException")
}

pub(super) fn shard_out_of_range() -> Box<Reply> {
    error(StatusCode::BAD_REQUEST, SHARD_OUT_OF_RANGE.0, SHARD_OUT_OF_RANGE.1)
}

pub(super) fn illegal_location() -> Box<Reply> {
    error(StatusCode::BAD_REQUEST, inferred::ILLEGAL_LOCATION, "IllegalLocationException")
}
