//! The API call history: one call, its workbook, lists, and downloads as jobs.

use serde_json::{Value, json};

use super::auth::Right;
use super::envelope::{Page, fits, v3_plain};
use super::history::Entry;
use super::ids::stamp;
use super::server::{self, Server};
use super::tenant::lock;
use super::{errors, inferred, package, target};
use crate::clock::Moment;
use crate::content::Content;
use crate::http::{Call, Outcome, Reply};

/// A download that is being prepared.
#[derive(Debug)]
pub(super) struct Download {
    started: Moment,
    is_csv: bool,
    /// The calls that it will hold.
    calls: Vec<Value>,
    url: Option<String>,
}

/// One call, as JSON within JSON.
pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand(call.request, Right::DownloadApiLog)?;
    let history = server.tenant(call.request)?.history();
    let id = call.param(1);
    let log = history.get(id).map(|entry| entry.describe(id, call.param(0)));
    let text = log.unwrap_or_default().to_string();
    Ok(v3_plain(server, &text.into()))
}

/// The workbook with the inputs of one call.
pub(super) fn rehydrate(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand(call.request, Right::DownloadApiLog)?;
    let (folder, service, id) = (call.param(1), call.param(2), call.param(3));
    let workbook = {
        let history = server.tenant(call.request)?.history();
        let found = history.get(id).filter(|entry| entry.is_of(folder, service));
        let found = found.ok_or_else(|| errors::application(inferred::NO_CALL))?;
        check_index(call, found)?;
        found.service.version.workbook.clone()
    };
    let url = server.link(call.request, "file.xlsx", workbook);
    Ok(without_status(&json!({"download_url": url})))
}

/// A call by API v4 has many records, of which one is meant.
fn check_index(call: &Call<'_>, entry: &Entry) -> Result<(), Box<Reply>> {
    let Some((index, records)) = call.request.query("index").zip(entry.records) else {
        return Ok(());
    };
    match index.parse::<usize>().is_ok_and(|index| index < records) {
        true => Ok(()),
        false => Err(errors::application(inferred::NO_RECORD)),
    }
}

/// Success as the history tells it: `status` is null.
fn without_status(data: &Value) -> Reply {
    Reply::ok(&json!({"status": null, "response_data": data, "response_meta": null, "error": null}))
}

pub(super) fn start_json(server: &Server, call: &Call<'_>) -> Outcome {
    start(server, call, false)
}

pub(super) fn start_csv(server: &Server, call: &Call<'_>) -> Outcome {
    start(server, call, true)
}

fn start(server: &Server, call: &Call<'_>, is_csv: bool) -> Outcome {
    server.gate.demand(call.request, Right::DownloadApiLog)?;
    let body = server::json(call)?;
    let tenant = server.tenant(call.request)?;
    let name = target::tenant(call.request).unwrap_or_default();
    let calls = {
        let history = tenant.history();
        let wanted = |(id, entry): &(&str, &Entry)| {
            entry.is_of(call.param(1), call.param(2)) && is_wanted(id, entry, &body)
        };
        history.iter().filter(wanted).map(|(id, entry)| entry.describe(id, name)).collect()
    };
    let id = server.ids.next();
    let download = Download { started: server.now(), is_csv, calls, url: None };
    lock(&tenant.downloads).add(id.clone(), download);
    Ok(v3_plain(server, &json!({"job_id": id})))
}

/// The list may hold ids of calls, a source system or a correlation id.
fn is_wanted(id: &str, entry: &Entry, body: &Value) -> bool {
    let data = &body["request_data"];
    let names = [Some(id), entry.source.as_deref(), entry.correlation.as_deref()];
    let named = |wanted: &Value| wanted.as_str().is_some_and(|w| names.contains(&Some(w)));
    let fits_names = match data["call_ids"].as_array() {
        Some(wanted) if !wanted.is_empty() => wanted.iter().any(named),
        _ => true,
    };
    let version = body["request_meta"]["version_id"].as_str().or(data["version_id"].as_str());
    let time = stamp(entry.time);
    let after = |name: &str| data[name].as_str().is_none_or(|date| date <= time.as_str());
    let before = |name: &str| data[name].as_str().is_none_or(|date| date >= time.as_str());
    let fits_errors = data["has_errors"].as_bool().is_none_or(|wanted| wanted == entry.failed);
    fits_names
        && fits_errors
        && version.is_none_or(|version| version == entry.service.version.id)
        && after("start_date")
        && before("end_date")
}

pub(super) fn status(server: &Server, call: &Call<'_>) -> Outcome {
    let mut downloads = lock(&server.tenant(call.request)?.downloads);
    let download = downloads.get_mut(call.param(3));
    let download = download.ok_or_else(|| errors::application(inferred::NO_JOB))?;
    let progress = server.progress(download.started, inferred::DOWNLOAD_STEPS);
    if progress == 100 && download.url.is_none() {
        let content = pack(download).map_err(|_| errors::application(inferred::NO_JOB))?;
        download.url = Some(server.link(call.request, "file.zip", content));
    }
    Ok(without_status(&json!({"progress": progress, "download_url": download.url})))
}

fn pack(download: &Download) -> std::io::Result<Content> {
    let file = |call: &Value| {
        let id = call["EngineCallId"].as_str().unwrap_or_default();
        (format!("{id}.json"), call.to_string().into_bytes())
    };
    match download.is_csv {
        false => package::archive(&download.calls.iter().map(file).collect::<Vec<_>>()),
        true => package::archive(&[("calls.csv".to_owned(), table(&download.calls).into_bytes())]),
    }
}

fn table(calls: &[Value]) -> String {
    const COLUMNS: [&str; 6] =
        ["EngineCallId", "LogTime", "Service", "ServiceRevision", "SourceSystem", "Purpose"];
    let quoted =
        |value: &Value| format!("\"{}\"", value.as_str().unwrap_or_default().replace('"', "\"\""));
    let row = |call: &Value| COLUMNS.map(|column| quoted(&call[column])).join(",") + "\r\n";
    let rows: String = calls.iter().map(row).collect();
    COLUMNS.join(",") + "\r\n" + &rows
}

/// The calls of a service, newest first.
pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand(call.request, Right::DownloadApiLog)?;
    let body = server::json(call)?;
    let history = server.tenant(call.request)?.history();
    let wanted = |entry: &Entry| {
        entry.is_of(call.param(0), call.param(1))
            && fits(&body["search"], |field| match field {
                "callpurpose" => Some(entry.purpose.clone().unwrap_or_default().into()),
                "username" => Some(inferred::USER.into()),
                "version" => Some(entry.service.version.id.as_str().into()),
                _ => None,
            })
    };
    let rows: Vec<_> = history
        .iter()
        .filter(|(_, entry)| wanted(entry))
        .map(|(id, entry)| entry.row(id))
        .collect();
    let size = server.world.page_size.map_or(100, |size| size as u64);
    Ok(Page::of(&body, "pageSize", Some(size)).v1(&rows))
}
