//! Queries and their rows, against a simulated Bodo whose results come in files of two rows.

#[cfg(feature = "arrow")]
mod arrow;
mod cursor;
mod memory;
mod parameters;
mod transfer;
mod values;

use std::time::Duration;

use longhaul::Error;
use longhaul::bodo::{Connection, Row, Rows, Workspace};
use longhaul_simulator::bodo::{Bodo, KEYS};
use longhaul_simulator::{Fault, Handle, Recorded, Simulator};

use crate::support::{failure, sent};

const CATALOG: &str = "shop";
const CLUSTER: &str = "ready";

/// Rows that Python takes for nothing, between others, in more files than are here at once.
const NINE: &str = "SELECT 5 AS x, 'a' AS t UNION ALL SELECT 0, '' UNION ALL SELECT NULL, NULL \
    UNION ALL SELECT 7, 'b' UNION ALL SELECT 0, NULL UNION ALL SELECT NULL, NULL \
    UNION ALL SELECT 1, 'c' UNION ALL SELECT 2, 'd' UNION ALL SELECT 3, 'e'";

const XS: [Option<i64>; 9] =
    [Some(5), Some(0), None, Some(7), Some(0), None, Some(1), Some(2), Some(3)];

fn simulator() -> Simulator<Bodo> {
    let simulator = Simulator::bodo().pace(Duration::from_millis(2));
    simulator.cluster(CLUSTER).catalog(CATALOG).rows_per_file(2)
}

async fn start_with(simulator: Simulator<Bodo>) -> (Handle, Connection) {
    let handle = simulator.start().await.expect("a free port");
    let connection = connection(&handle);
    (handle, connection)
}

async fn start() -> (Handle, Connection) {
    start_with(simulator()).await
}

/// With this rule for what the storage does.
async fn faulty(rule: Fault) -> (Handle, Connection) {
    start_with(simulator().fault(rule)).await
}

fn workspace(url: &str) -> Workspace {
    let (id, key) = KEYS;
    Workspace::builder().server(url).client_id(id).secret_key(key).build().expect("a client")
}

fn connection(handle: &Handle) -> Connection {
    let cluster = handle.id_of(CLUSTER).expect("the cluster is there");
    workspace(&handle.url()).connect(CATALOG, cluster)
}

/// The requests to the storage whose path ends so.
fn stored(handle: &Handle, ending: &str) -> Vec<Recorded> {
    let requests = handle.requests().into_iter();
    requests
        .filter(|request| request.path.contains("/storage/") && request.path.ends_with(ending))
        .collect()
}

fn xs(rows: &[Row]) -> Vec<Option<i64>> {
    rows.iter().map(|row| row.get("x").expect("a number or nothing")).collect()
}

/// Reads until a failure and gives what came before it.
async fn until_failure(mut rows: Rows) -> (Vec<Row>, Error) {
    let mut came = Vec::new();
    loop {
        match rows.try_next().await {
            Ok(Some(row)) => came.push(row),
            Ok(None) => panic!("{} rows came and no failure", came.len()),
            Err(error) => return (came, error),
        }
    }
}
