//! The cluster of a job: instances, connection details, load, desktop password.

use serde_json::{Value, json};

use super::jobs;
use super::server::{Server, not_found};
use crate::http::{Call, Outcome, Reply};

/// A cluster's id: that of its job with another first letter.
fn cluster(job: &str) -> String {
    format!("C{}", &job[1..])
}

pub(super) fn instances(server: &Server, call: &Call<'_>) -> Outcome {
    server.list(call.request, &running(server, call.param(0))?)
}

/// One instance per slot while the cluster exists.
fn running(server: &Server, job: &str) -> Result<Vec<Value>, Box<Reply>> {
    let now = server.now();
    jobs::read(server, job, |job| {
        let Some(submission) = &job.submission else { return Vec::new() };
        let up = matches!(
            submission.cluster.latest_name(now),
            "Started" | "Stop Requested" | "Stopping"
        );
        let Some(started) = submission.cluster.begins("Started").filter(|_| up) else {
            return Vec::new();
        };
        (1..=job.slots()).map(|n| instance(&job.id, n, &started.zulu())).collect()
    })
}

fn instance(job: &str, n: u32, started: &str) -> Value {
    json!({
        "id": format!("i-{job}{n}"), "clusterId": cluster(job), "dateStarted": started, "instanceGroup": "compute0",
        "isBehindNat": false, "privateHostname": format!("ip-10-0-0-{n}"), "privateIp": format!("10.0.0.{n}"),
        "publicHostname": format!("node-{n}.example.test"), "publicIp": format!("192.0.2.{n}"),
        "role": if n == 1 { "MPI_MASTER" } else { "MPI_SLAVE" }, "sshPort": 22, "supportedServices": ["ssh"],
        "tenancy": "default", "username": "uprod_simulated",
    })
}

pub(super) fn connection_details(server: &Server, call: &Call<'_>) -> Outcome {
    let instances = running(server, call.param(0))?;
    Ok(Reply::ok(&json!({"clusterId": cluster(call.param(0)), "nodes": instances})))
}

/// Known to answer 404 in practice.
pub(super) fn load(_: &Server, _: &Call<'_>) -> Outcome {
    Err(not_found())
}

pub(super) fn password(server: &Server, call: &Call<'_>) -> Outcome {
    let state = server.state();
    let known = state
        .jobs
        .newest_first()
        .any(|job| job.submission.is_some() && cluster(&job.id) == call.param(0));
    if known { Ok(Reply::ok(&json!({"data": "not-a-real-password"}))) } else { Err(not_found()) }
}
