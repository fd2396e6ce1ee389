//! What is known of a stored result before its rows.

use std::sync::Arc;

use super::links::{Links, failed};
use crate::bodo::models::{ResultColumn, ResultMetadata};
use crate::error::{Error, ErrorKind, Result};
use crate::transfer::Reader;

/// More than this describes no table.
const LARGEST: usize = 16 << 20;

/// The number of rows and the columns.
///
/// # Errors
/// When the file does not come, and when it is something else: a result of which nothing is known
/// must not pass for an empty one.
pub(super) async fn of(links: &Arc<Links>) -> Result<(u64, Vec<ResultColumn>)> {
    let text = async { Reader::open(links.file(0), 0, None).await?.collect_up_to(LARGEST).await };
    let text = text.await.map_err(named)?;
    read(&text).ok_or_else(|| {
        let message = "the metadata of the result is not JSON that tells the number of rows";
        failed(ErrorKind::Decode, message)
    })
}

fn read(text: &[u8]) -> Option<(u64, Vec<ResultColumn>)> {
    let metadata: ResultMetadata = serde_json::from_slice(text).ok()?;
    let num_rows = u64::try_from(metadata.num_rows?).ok()?;
    Some((num_rows, metadata.schema.unwrap_or_default()))
}

fn named(error: Error) -> Error {
    let message = format!("the metadata of the result: {}", error.message());
    error.reworded(message).with_operation("bodo", "get_job_result")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_tell_the_number_of_rows_is_no_metadata() {
        let good = br#"{"num_rows":2,"schema":[{"name":"A","type":"INT64","new":1}],"more":null}"#;
        let (rows, columns) = read(good).unwrap();
        assert_eq!((rows, columns[0].name.as_deref()), (2, Some("A")));
        assert_eq!(read(br#"{"num_rows":0}"#).unwrap().0, 0);
        for bad in [r#"{"message":"Forbidden"}"#, "<Error/>", r#"{"num_rows":-1}"#, "", "[]"] {
            assert!(read(bad.as_bytes()).is_none(), "{bad}");
        }
    }
}
