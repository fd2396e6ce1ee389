//! The calls that were made: who executed what, and what came of it.

use serde_json::{Value, json};

use super::catalog::Located;
use super::ids::stamp;
use super::inferred;
use super::kept::Kept;
use crate::clock::Moment;

/// Longer bodies are not kept.
const TEXT_LIMIT: usize = 64 << 10;

/// The latest calls by their ids.
pub(super) type History = Kept<Entry>;

/// One call.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) time: Moment,
    pub(super) service: Located,
    /// `V3` or `V4`.
    pub(super) api: &'static str,
    pub(super) purpose: Option<String>,
    pub(super) source: Option<String>,
    pub(super) correlation: Option<String>,
    /// The bodies as text; empty where they are long.
    pub(super) request: String,
    pub(super) response: String,
    /// The records of a call by API v4; `None` for other calls.
    pub(super) records: Option<usize>,
    pub(super) failed: bool,
}

/// A body as it is kept.
pub(super) fn text(body: &[u8]) -> String {
    let kept: &[u8] = if body.len() > TEXT_LIMIT { b"" } else { body };
    String::from_utf8_lossy(kept).into_owned()
}

impl Entry {
    pub(super) fn is_of(&self, folder: &str, service: &str) -> bool {
        self.service.folder == folder && self.service.service == service
    }

    /// All that is known of the call.
    pub(super) fn describe(&self, id: &str, tenant: &str) -> Value {
        json!({
            "EngineCallId": id, "LogTime": stamp(self.time), "TransactionDate": stamp(self.time),
            "SourceSystem": self.source, "Purpose": self.purpose, "UserName": inferred::USER,
            "HostName": "simulator", "Tenant": tenant, "Service": self.service.service,
            "Product": self.service.folder, "EngineDetails": self.details(), "CalcTime": 1,
            "SparkTotalTime": 1, "ServiceRevision": self.service.version.number(),
            "APIVersion": self.api, "ControlLogReference": null,
        })
    }

    fn details(&self) -> Value {
        let request: Value = serde_json::from_str(&self.request).unwrap_or_default();
        let response: Value = serde_json::from_str(&self.response).unwrap_or_default();
        match self.api {
            "V3" => json!({
                "request_data": request["request_data"], "request_meta": request["request_meta"],
                "response_data": response["response_data"], "response_meta": response["response_meta"],
            }),
            _ => json!({"request_data": request, "response_data": response}),
        }
    }

    /// The row in the list of a service's calls.
    pub(super) fn row(&self, id: &str) -> Value {
        let version = &self.service.version;
        json!({
            "id": id, "callGUID": id, "transactionDate": stamp(self.time),
            "timeStamp": stamp(self.time), "engineGUID": self.service.service_id,
            "engineHASH": version.id, "serviceName": self.service.service,
            "serviceVersion": version.number(), "calcTime": "1", "callPurpose": self.purpose,
            "sourceSystem": self.source, "log": null, "totalTime": 1, "username": inferred::USER,
            "isBatchCall": self.records.is_some(), "correlationId": self.correlation,
        })
    }
}
