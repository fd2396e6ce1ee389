//! The two requests whose bodies are too large to be held as models: pushes are streamed, and the
//! chunks of a pull stay text until somebody looks into them.

use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use progenitor_client::{ClientHooks, Error as RawError, OperationInfo, ResponseValue};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Body, RequestBuilder, Response};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::{Error, Result};
use crate::raw::encode_path;
use crate::raw::spark::Client;
use crate::spark::models::{BatchProgress, ChunkResults};
use crate::transport::call::{call, call_streamed, stream_error, unreadable};

const JSON: &str = "application/json";

/// Pushes chunks, given as the body of the request.
pub(super) async fn push(raw: &Client, batch: &str, body: Body) -> Result<BatchProgress> {
    let request = raw.client.post(url(raw, batch, "chunks")).header(CONTENT_TYPE, JSON).body(body);
    call(async {
        let response = exchange(raw, request, "push_chunks").await?;
        ResponseValue::from_response(response).await
    })
    .await
}

/// The answer to a pull.
#[derive(Debug)]
pub(super) struct Pulled {
    /// The JSON text of each chunk, all of them parts of one body.
    pub(super) chunks: Vec<Bytes>,
    pub(super) progress: BatchProgress,
}

/// Pulls up to so many chunks.
pub(super) async fn pull(raw: &Client, batch: &str, max: usize) -> Result<Pulled> {
    let request = raw.client.get(url(raw, batch, "chunkresults")).query(&[("max", max)]);
    let answer = call_streamed(async {
        Ok(ResponseValue::stream(exchange(raw, request, "pull_chunks").await?))
    })
    .await?;
    let pieces = answer.into_inner().into_inner().map_err(stream_error);
    let body = pieces.try_fold(Bytes::new(), |all, piece| async { Ok(joined(all, piece)) });
    split(&body.await?)
}

fn url(raw: &Client, batch: &str, what: &str) -> String {
    format!("{}/api/v4/batch/{}/{what}", raw.baseurl, encode_path(batch))
}

async fn exchange(
    raw: &Client,
    request: RequestBuilder,
    operation_id: &'static str,
) -> Result<Response, RawError<()>> {
    let mut request = request.header(ACCEPT, JSON).build()?;
    let info = OperationInfo { operation_id };
    raw.pre(&mut request, &info).await?;
    let response = raw.exec(request, &info).await?;
    match response.status().is_success() {
        true => Ok(response),
        false => Err(RawError::UnexpectedResponse(response)),
    }
}

/// Bodies of small calls come in one piece, which is passed on without a copy.
fn joined(all: Bytes, piece: Bytes) -> Bytes {
    if all.is_empty() {
        return piece;
    }
    let mut both = BytesMut::from(all);
    both.extend_from_slice(&piece);
    both.freeze()
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default)]
    data: Option<Vec<&'a RawValue>>,
    #[serde(default)]
    status: Option<BatchProgress>,
}

/// Takes the answer apart. Where there is nothing to pull, it may be the bare progress (source:
/// Coherent-Partners/spark-python-sdk, docs/batches.md).
fn split(body: &Bytes) -> Result<Pulled> {
    let answer: Answer<'_> = serde_json::from_slice(body).map_err(|error| unread(body, &error))?;
    let bare = answer.data.is_none() && answer.status.is_none();
    let progress = match answer.status {
        None if bare => serde_json::from_slice(body).map_err(|error| unread(body, &error))?,
        status => status.unwrap_or_default(),
    };
    let chunks = answer.data.unwrap_or_default();
    let chunks = chunks.iter().map(|chunk| body.slice_ref(chunk.get().as_bytes())).collect();
    Ok(Pulled { chunks, progress })
}

fn unread(body: &[u8], cause: &serde_json::Error) -> Error {
    let error = unreadable::<ChunkResults>(body, cause);
    error.with_operation("spark", "pull_chunks").with_doubt(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pulled(text: &'static str) -> (Vec<Bytes>, Option<i64>) {
        let pulled = split(&Bytes::from_static(text.as_bytes())).unwrap();
        (pulled.chunks, pulled.progress.records_completed)
    }

    #[test]
    fn every_form_of_an_answer_is_read() {
        let progress = r#""status":{"records_completed":3,"new":1}"#;
        let full = format!(r#"{{"data":[{{"id":"a"}}, {{"id":"b"}}],{progress}}}"#);
        let full = pulled(full.leak());
        assert_eq!(full, (vec![r#"{"id":"a"}"#.into(), r#"{"id":"b"}"#.into()], Some(3)));
        let null = format!(r#"{{"data":null,{progress}}}"#);
        assert_eq!(pulled(null.leak()), (vec![], Some(3)));
        assert_eq!(pulled(r#"{"records_completed":3}"#), (vec![], Some(3)));
        assert_eq!(pulled(r#"{"data":[]}"#), (vec![], None));
        let error = split(&Bytes::from_static(b"<html>")).unwrap_err();
        assert!(error.may_have_happened());
        assert!(error.to_string().contains("it is HTML"), "{error}");
    }
}
