//! Health and the configuration of the platform.

use serde_json::{Value, json};

use super::envelope::v1;
use super::inferred::MEGABYTE;
use super::server::Server;
use crate::http::{Call, Outcome, Reply};

pub(super) fn health(_: &Server, _: &Call<'_>) -> Outcome {
    Ok(Reply::ok(&json!({"status": "UP"})))
}

/// Numbers and switches are text in the platform's configuration.
pub(super) fn configuration(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand_bearer(call.request)?;
    Ok(v1(&values(server)))
}

fn values(server: &Server) -> Value {
    let options = &server.options;
    let megabytes = |bytes: u64| (bytes as f64 / MEGABYTE).to_string();
    json!({
        "Batch_Chunk_Size": "100", "Batch_Max_Input_In_Mb": "450", "Batch_Max_Output_In_Mb": "450",
        "Batch_Tenant_In_Mb": "500", "Batch_Buffer_MaxLimit_In_Mb": "500",
        "Batch_Input_Buffer_In_Mb": megabytes(options.input_buffer),
        "Batch_Output_Buffer_In_Mb": megabytes(options.output_buffer),
        "Batch_Concurrent_Execution_Limit": "800", "Initial_Workers": "2",
        "Acceptable_Error_Percentage": "0", "ExportAPIJobLimit": "1", "ImportAPIJobLimit": "1",
        "ImpExSizeLimit_InBytes": "209715200", "UploadFileSizeLimit_InBytes": "199229440",
        "DownloadJSONSizeLimit_InBytes": "26214400", "DownloadCSVSizeLimit_InBytes": "26214400",
        "DownloadFileSizeLimit_InBytes": "262144000", "APICallHistory_DownloadLimit": "100000",
        "WorkQueueJobTimeout_Batch_InMin": "20",
        "Transforms_List": "JSONtransforms_v1.0.1,Nodejs22_v1.0.0",
        "IsPrivateSharingTenant": false, "Tags": {}, "SupportLink": null,
    })
}
