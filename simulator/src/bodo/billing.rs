//! Prices of clusters and job runs, and their exports.

use hyper::Method;
use serde_json::{Value, json};

use super::clusters::Cluster;
use super::jobs::Job;
use super::links::sign;
use super::page::Page;
use super::server::Server;
use super::state::State;
use super::{errors, inferred, offers};
use crate::content::Content;
use crate::http::{Call, Outcome, Reply};

pub(super) fn cluster_prices(server: &Server, call: &Call<'_>) -> Outcome {
    prices(server, call, of_clusters)
}

pub(super) fn job_prices(server: &Server, call: &Call<'_>) -> Outcome {
    prices(server, call, of_jobs)
}

pub(super) fn cluster_export(server: &Server, call: &Call<'_>) -> Outcome {
    export(server, call, "clusters", of_clusters)
}

pub(super) fn job_export(server: &Server, call: &Call<'_>) -> Outcome {
    export(server, call, "jobs", of_jobs)
}

type Rows = fn(&Server, &State) -> Vec<Value>;

/// The last row alone, which is what the official client reads, or a page of all rows.
fn prices(server: &Server, call: &Call<'_>, rows: Rows) -> Outcome {
    if call.request.query("startedAt").is_none() {
        return Err(errors::invalid(&["startedAt should not be empty".to_owned()]));
    }
    let page = Page::of(server, call, inferred::JOBS_PAGE)?;
    let mut rows = rows(server, &server.state());
    match server.options.billing_pages {
        true => page.reply(rows, Value::clone),
        false => Ok(Reply::ok(&rows.pop().unwrap_or_else(inferred::no_price))),
    }
}

fn export(server: &Server, call: &Call<'_>, what: &str, rows: Rows) -> Outcome {
    let rows = rows(server, &server.state());
    let key = format!("exports/{what}.csv");
    server.storage().put(key.clone(), "text/csv", Content::unhashed(csv(&rows)));
    Ok(Reply::ok(&json!({"url": sign(server, call.request, &Method::GET, &key)})))
}

fn csv(rows: &[Value]) -> String {
    let header = rows.first().and_then(Value::as_object).map(|row| row.keys().cloned().collect());
    let line =
        |row: &Value| row.as_object().map(|row| row.values().map(Value::to_string).collect());
    let lines = header.into_iter().chain(rows.iter().filter_map(line));
    lines.map(|cells: Vec<String>| cells.join(",") + "\n").collect()
}

fn of_clusters(server: &Server, state: &State) -> Vec<Value> {
    let now = server.now();
    let row = |cluster: &Cluster| {
        let hours = cluster.age(now).as_secs_f64() / 3600.0;
        with_price(
            cluster,
            hours,
            json!({
                "startedAt": inferred::day(cluster.created), "finishedAt": inferred::day(now),
                "duration": hours, "workspaceName": "Simulated workspace",
            }),
        )
    };
    state.clusters.values().map(row).collect()
}

/// Job runs that have ended.
fn of_jobs(_: &Server, state: &State) -> Vec<Value> {
    let row = |job: &Job| {
        let (begin, end) = (job.started?, job.finished?);
        let cluster = state.clusters.get(job.cluster.as_deref()?)?;
        let seconds = end.micros().saturating_sub(begin.micros()) as f64 / 1e6;
        Some(with_price(
            cluster,
            seconds / 3600.0,
            json!({
                "name": job.name, "jobRunUUID": job.id, "batchJobDefinitionUUID": job.template().unwrap_or(&job.id),
                "sqlQuery": job.config.sql.as_deref().unwrap_or_default(), "startedAt": inferred::day(begin),
                "finishedAt": inferred::day(end), "status": job.status, "duration": seconds,
            }),
        ))
    };
    state.jobs.values().filter_map(row).collect()
}

/// A row with what the cluster costs in these hours.
fn with_price(cluster: &Cluster, hours: f64, mut row: Value) -> Value {
    let definition = &cluster.definition;
    let workers = definition.workers as f64;
    let offer = offers::instance_named(&definition.instance_type);
    let (price, cores) = offer.map_or((0.0, 0), |offer| (offer.price, offer.cores));
    let rate = inferred::HOURLY_RATE * f64::from(cores);
    let priced = json!({
        "clusterName": definition.name, "clusterInstanceType": definition.instance_type,
        "clusterWorkersQuantity": definition.workers, "clusterUseSpotInstance": definition.spot,
        "instancePrice": price, "bodoHourlyRate": rate, "totalAWSPrice": price * workers * hours,
        "totalBodoPrice": rate * workers * hours,
    });
    if let (Value::Object(row), Value::Object(priced)) = (&mut row, priced) {
        row.extend(priced);
    }
    row
}
