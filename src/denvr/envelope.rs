//! The envelope, opened in one place: an error inside a success is an error.

use progenitor_client::{Error as RawError, ResponseValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::models;
use super::platform::explain;
use crate::error::{Error, ErrorKind, Result};
use crate::raw;
use crate::transport::call::call_with_head;
use crate::transport::{Explanation, redact};

/// What the platform's framework says when it failed and not the user (source: aspnetboilerplate,
/// src/Abp.Web.Common/Web/Localization/AbpWebXmlSource/AbpWeb.xml).
const INTERNAL: &str = "An internal error occurred";

/// An answer that says beside its result whether the call succeeded.
pub(super) trait Envelope: DeserializeOwned + Serialize {
    /// What was asked for.
    type Result;

    /// Whether it says that the call failed.
    fn failed(&self) -> bool;

    /// What it holds.
    fn open(self) -> Option<Self::Result>;
}

/// Sends a generated operation and opens the envelope of its answer.
///
/// # Errors
/// Those of any call, and the one that the envelope holds, also when it came with status 200.
pub(super) async fn open<E: Envelope>(
    raw: &raw::denvr::Client,
    operation: &'static str,
    sent: impl Future<Output = Result<ResponseValue<E>, RawError<()>>>,
) -> Result<Option<E::Result>> {
    let answer = match call_with_head(sent).await {
        // A deletion that was repeated and found its work done.
        Err(error) if error.kind() == ErrorKind::Decode && error.status() == Some(204) => {
            return Ok(None);
        }
        outcome => outcome?,
    };
    if answer.failed() {
        let id = answer.headers().get("x-request-id").and_then(|id| id.to_str().ok());
        let (id, status) = (id.map(str::to_owned), answer.status().as_u16());
        let body = serde_json::to_vec(&*answer).unwrap_or_default();
        return Err(refused(raw, operation, status, &body).with_request_id(id));
    }
    Ok(answer.into_inner().open())
}

/// The error that an answer with a good status is.
fn refused(raw: &raw::denvr::Client, operation: &'static str, status: u16, body: &[u8]) -> Error {
    let hide = |text: &str| raw.inner.hide(text);
    let Explanation { message, code } = explain(&redact::members(body));
    let message = match message {
        Some(message) => format!("the server answered {status}, but refused the call: {message}"),
        None => format!("the server answered {status}, but that the call failed, and not why"),
    };
    Error::new(ErrorKind::Status, message)
        .with_status(status)
        .with_code(code)
        .with_body(redact::body(body, hide))
        .with_operation("denvr", operation)
        .with_attempts(1, std::time::Duration::ZERO)
        .redacted(hide)
}

/// The result of an answer that is of no use without one.
pub(super) fn required<T>(result: Option<T>, what: &str) -> Result<T> {
    result.ok_or_else(|| {
        Error::protocol(format!("the server answered without {what}")).with_doubt(true)
    })
}

/// What the platform itself said about a failure; `None` for one of the network or a gateway.
pub(super) fn said(error: &Error) -> Option<String> {
    explain(error.body()?.as_bytes()).message
}

/// Why the platform refused a call, where it knows: with 500 it may also say that it failed itself.
pub(super) fn refusal(error: &Error) -> Option<String> {
    said(error).filter(|message| error.status() != Some(500) || !message.contains(INTERNAL))
}

/// Whether the platform does not know a thing: it says so by 404, or by 500 with a message, as it
/// does for most mistakes (source: terraform-provider-denvr, vm_resource.go).
pub(super) fn is_gone(error: &Error) -> bool {
    let by_text = || {
        let text = said(error).unwrap_or_default().to_lowercase();
        text.contains("not found") || text.contains("not be found")
    };
    error.is_not_found() || (error.status() == Some(500) && by_text())
}

macro_rules! envelopes {
    ($($envelope:ident => $result:ty;)*) => {$(
        impl Envelope for models::$envelope {
            type Result = $result;

            fn failed(&self) -> bool {
                self.success == Some(false) || (self.error.is_some() && self.success.is_none())
            }

            fn open(self) -> Option<$result> {
                self.result
            }
        }
    )*};
}

envelopes! {
    ApplicationAvailabilityListEnvelope => models::ApplicationAvailabilityList;
    ApplicationCommandResultEnvelope => models::ApplicationCommandResult;
    ApplicationConfigurationListEnvelope => models::ApplicationConfigurationList;
    ApplicationDetailsEnvelope => models::ApplicationDetails;
    ApplicationEnvelope => models::Application;
    ApplicationListEnvelope => models::ApplicationList;
    ApplicationLogsEnvelope => models::ApplicationLogs;
    BareMetalHostEnvelope => models::BareMetalHost;
    BareMetalHostListEnvelope => models::BareMetalHostList;
    CatalogItemListEnvelope => models::CatalogItemList;
    ClusterListEnvelope => Vec<String>;
    DeletedSnapshotEnvelope => models::DeletedSnapshot;
    LoginResultEnvelope => models::LoginResult;
    OperatingSystemImageListEnvelope => models::OperatingSystemImageList;
    ServerAvailabilityListEnvelope => models::ServerAvailabilityList;
    ServerBootLogsEnvelope => models::ServerBootLogs;
    ServerCommandResultEnvelope => models::ServerCommandResult;
    ServerConfigurationListEnvelope => models::ServerConfigurationList;
    SnapshotEnvelope => models::Snapshot;
    SnapshotListEnvelope => models::SnapshotList;
    TokenRefreshEnvelope => models::TokenRefresh;
    VirtualServerEnvelope => models::VirtualServer;
    VirtualServerListEnvelope => models::VirtualServerList;
    VpcEnvelope => models::Vpc;
    VpcListEnvelope => models::VpcList;
}
