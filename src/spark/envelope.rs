//! The envelopes of versions 1 and 3 of the API, opened in one place: an error inside a success is
//! an error.

use progenitor_client::{Error as RawError, ResponseValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::models::{self, ResponseMeta, SearchMeta};
use super::platform::explain;
use crate::error::{Error, ErrorKind, Result};
use crate::raw;
use crate::raw::spark::enums::EnvelopeStatus;
use crate::transport::call::call_with_head;
use crate::transport::{Explanation, redact};

/// The code of version 1 for a folder whose name is taken; it comes with status 200 (source:
/// cspark 0.3.3, sdk/resources/_folders.py).
const TAKEN: &str = "PRODUCT_ALREADY_EXISTS";

/// An answer that says beside its data whether the call succeeded.
pub(super) trait Envelope: DeserializeOwned + Serialize {
    /// What it holds.
    type Data;
    /// What it tells beside.
    type Meta;

    /// Whether it says that the call failed.
    fn failed(&self) -> bool;

    /// What it holds and tells.
    fn open(self) -> (Option<Self::Data>, Self::Meta);
}

/// How far a list of version 1 has come.
#[derive(Debug, Default)]
pub(super) struct Paging {
    pub(super) count: Option<i64>,
    pub(super) next: Option<Value>,
}

/// What an envelope held.
#[derive(Debug)]
pub(super) struct Opened<D, M> {
    pub(super) data: Option<D>,
    pub(super) meta: M,
}

impl<D, M> Opened<D, M> {
    /// The data of an answer that is of no use without them.
    pub(super) fn required(self, what: &str) -> Result<D> {
        self.data.ok_or_else(|| missing(what))
    }
}

/// The error of an answer that lacks what the call was made for.
pub(super) fn missing(what: &str) -> Error {
    Error::protocol(format!("the server answered without {what}")).with_doubt(true)
}

/// Sends a generated operation and opens the envelope that it answers in.
///
/// # Errors
/// Those of any call, and the one that the envelope holds, also when it came with status 200.
pub(super) async fn open<E: Envelope>(
    raw: &raw::spark::Client,
    operation: &'static str,
    send: impl Future<Output = Result<ResponseValue<E>, RawError<()>>>,
) -> Result<Opened<E::Data, E::Meta>> {
    let answer = call_with_head(send).await?;
    if answer.failed() {
        let id = answer.headers().get("x-request-id").and_then(|id| id.to_str().ok());
        let id = id.map(str::to_owned);
        let body = serde_json::to_vec(&*answer).unwrap_or_default();
        return Err(refused(raw, operation, &body).with_request_id(id));
    }
    let (data, meta) = answer.into_inner().open();
    Ok(Opened { data, meta })
}

/// Like [`open`], for answers of which nobody says whether they come in an envelope.
pub(super) async fn open_any(
    raw: &raw::spark::Client,
    operation: &'static str,
    send: impl Future<Output = Result<ResponseValue<Value>, RawError<()>>>,
) -> Result<Value> {
    let answer = call_with_head(send).await?.into_inner();
    let filled = |name: &str| answer.get(name).is_some_and(|value| !value.is_null());
    if answer["status"] == "Error" && (filled("errorCode") || filled("message") || filled("error"))
    {
        return Err(refused(raw, operation, answer.to_string().as_bytes()));
    }
    let Value::Object(mut members) = answer else { return Ok(answer) };
    let enveloped = members.contains_key("status");
    let data = ["response_data", "data"].iter().find(|name| members.contains_key(**name));
    match data.filter(|_| enveloped) {
        Some(name) => Ok(members.remove(*name).unwrap_or_default()),
        None => Ok(Value::Object(members)),
    }
}

/// Sends a deletion. One that is repeated and finds nothing any more has done its work.
pub(super) async fn delete<E: Envelope>(
    raw: &raw::spark::Client,
    operation: &'static str,
    send: impl Future<Output = Result<ResponseValue<E>, RawError<()>>>,
) -> Result<Option<E::Data>> {
    match open(raw, operation, send).await {
        Ok(opened) => Ok(opened.data),
        Err(error) if error.status() == Some(204) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The error that a body with status 200 is.
pub(super) fn refused(raw: &raw::spark::Client, operation: &'static str, body: &[u8]) -> Error {
    let hide = |text: &str| raw.inner.hide(text);
    let Explanation { message, code } = explain(&redact::members(body));
    let status = if code.as_deref() == Some(TAKEN) { 409 } else { 200 };
    let message = match message.or_else(|| code.clone()) {
        Some(message) => format!("the server answered with an error: {message}"),
        None => "the server answered that the call failed, and not why".to_owned(),
    };
    Error::new(ErrorKind::Status, message)
        .with_status(status)
        .with_code(code)
        .with_body(redact::body(body, hide))
        .with_operation("spark", operation)
        .redacted(hide)
}

fn is_error(status: Option<&EnvelopeStatus>) -> bool {
    status == Some(&EnvelopeStatus::Error)
}

/// Envelopes of version 1.
macro_rules! first_version {
    ($($envelope:ident => $data:ty, $meta:ty, |$opened:ident| $open:expr;)*) => {$(
        impl Envelope for models::$envelope {
            type Data = $data;
            type Meta = $meta;

            fn failed(&self) -> bool {
                let code = self.error_code.as_deref().unwrap_or_default();
                is_error(self.status.as_ref()) || !code.is_empty()
            }

            fn open(self) -> (Option<$data>, $meta) {
                let $opened = self;
                (($opened.data), $open)
            }
        }
    )*};
}

/// Envelopes of version 3.
macro_rules! third_version {
    ($($envelope:ident => $data:ty, $meta:ty;)*) => {$(
        impl Envelope for models::$envelope {
            type Data = $data;
            type Meta = $meta;

            fn failed(&self) -> bool {
                is_error(self.status.as_ref()) || self.error.is_some()
            }

            fn open(self) -> (Option<$data>, $meta) {
                (self.response_data, self.response_meta.unwrap_or_default())
            }
        }
    )*};
}

first_version! {
    Acknowledgement => Value, (), |_opened| ();
    CategoryList => Vec<models::Category>, (), |_opened| ();
    Configuration => serde_json::Map<String, Value>, (), |_opened| ();
    CreatedFolder => models::CreatedFolderData, (), |_opened| ();
    ExistenceAnswer => bool, (), |_opened| ();
    FolderDetailAnswer => models::FolderDetail, (), |_opened| ();
    SavedCategories => models::SavedCategoriesData, (), |_opened| ();
    ServiceVersionList => Vec<models::ServiceVersion>, (), |_opened| ();
    CallLogPage => Vec<models::CallLogEntry>, Paging,
        |page| Paging { count: page.count, next: page.next };
    FolderPage => Vec<models::Folder>, Paging,
        |page| Paging { count: page.count, next: page.next };
    ServicePage => Vec<models::ServiceEntry>, Paging,
        |page| Paging { count: page.count, next: page.next };
}

third_version! {
    CallLogEnvelope => String, ResponseMeta;
    CompilationEnvelope => models::CompilationData, ResponseMeta;
    ExecutionEnvelope => models::ExecutionData, ResponseMeta;
    ExistsEnvelope => models::ExistsData, ResponseMeta;
    LogDownloadEnvelope => models::LogDownloadProgress, ResponseMeta;
    LogDownloadJobEnvelope => models::LogDownloadJob, ResponseMeta;
    MetadataEnvelope => models::MetadataData, ResponseMeta;
    PublishEnvelope => models::PublishedData, ResponseMeta;
    RecompileEnvelope => models::RecompiledData, ResponseMeta;
    RehydrationEnvelope => models::RehydrationData, ResponseMeta;
    ServiceSearchEnvelope => Vec<models::ServiceHit>, SearchMeta;
    UploadEnvelope => models::UploadData, ResponseMeta;
    ValidationEnvelope => models::ValidationData, ResponseMeta;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<E: Envelope>(json: &str) -> E {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_error_inside_a_success_is_seen() {
        let failed = r#"{"status":"Error","data":null,"errorCode":"PRODUCT_ALREADY_EXISTS"}"#;
        assert!(read::<models::CreatedFolder>(failed).failed());
        assert!(read::<models::Acknowledgement>(r#"{"errorCode":"X"}"#).failed());
        assert!(
            !read::<models::Acknowledgement>(r#"{"status":"Success","errorCode":""}"#).failed()
        );
        assert!(!read::<models::Acknowledgement>("{}").failed());
        let failed = r#"{"status":null,"error":{"message":"no"}}"#;
        assert!(read::<models::ExistsEnvelope>(failed).failed());
        assert!(read::<models::ExistsEnvelope>(r#"{"status":"Error"}"#).failed());
        assert!(!read::<models::ExistsEnvelope>(r#"{"status":null,"error":null}"#).failed());
    }

    #[test]
    fn an_unknown_status_is_no_error() {
        assert!(!read::<models::UploadEnvelope>(r#"{"status":"SuccessButSlow"}"#).failed());
    }
}
