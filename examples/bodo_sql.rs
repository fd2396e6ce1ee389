//! SQL on Bodo: values bound to a query whose rows become structs, rows in portions, a result that
//! is found again by its id, a query on a cluster of its own, and a query that fails.
//!
//! `cargo run --example bodo_sql`; with `-- --live --catalog NAME` on the platform, where it costs a
//! few minutes of two `c5.large`. Both are removed at the end. The queries need no table.

mod support;

use std::error::Error;
use std::time::Duration;

use chrono::NaiveDate;
use longhaul::bodo::{Cluster, ClusterConfig, ClusterStatus, JobStatus, Workspace};
use longhaul_simulator::Simulator;

type Outcome = Result<(), Box<dyn Error>>;

const CATALOG: &str = "longhaul";

/// Names in quotes keep their case in every catalog.
const SHIFTS: &str = r#"
    SELECT * FROM (
        SELECT 1 AS "id", 'bob' AS "cook", DATE '2024-07-01' AS "day"
        UNION ALL SELECT 2, 'linda', DATE '2024-08-15'
        UNION ALL SELECT 3, NULL, DATE '2024-09-30'
    ) AS shifts
    WHERE "day" >= :since::date OR "cook" = :cook
    ORDER BY "id"
"#;

#[derive(Debug, serde::Deserialize)]
struct Shift {
    id: i64,
    cook: Option<String>,
    day: NaiveDate,
}

#[tokio::main]
async fn main() -> Outcome {
    let (bodo, _simulator) = support::bodo(Simulator::bodo().catalog(CATALOG)).await?;
    let catalog = support::option("--catalog").unwrap_or_else(|| CATALOG.to_owned());
    let cluster = bodo.clusters().create("longhaul-sql", "c5.large", 1);
    let cluster = cluster.auto_pause(None).auto_stop(Duration::from_secs(15 * 60));
    let mut cluster = cluster.await?;
    let outcome = on_cluster(&bodo, &mut cluster, &catalog).await;
    cluster.delete().wait().await?;
    println!("the cluster is gone");
    outcome?;
    on_temporary_cluster(&bodo, &catalog).await
}

async fn on_cluster(bodo: &Workspace, cluster: &mut Cluster, catalog: &str) -> Outcome {
    cluster.wait_for_status(ClusterStatus::Running).on_event(support::print_status).await?;
    typed(cluster, catalog).await?;
    let query = in_portions(cluster, catalog).await?;
    again(bodo, &query).await?;
    refused(cluster, catalog).await
}

/// Rows come one by one, however many there are.
async fn typed(cluster: &Cluster, catalog: &str) -> Outcome {
    let query = cluster.connect(catalog).query(SHIFTS);
    let rows = query.bind_named("since", "2024-09-01").bind_named("cook", "bob").await?;
    println!("{} shifts:", rows.row_count());
    let (mut shifts, mut found) = (rows.typed::<Shift>(), Vec::new());
    while let Some(Shift { id, cook, day }) = shifts.try_next().await? {
        println!("  {id}, {day}: {}", cook.as_deref().unwrap_or("nobody"));
        found.push((id, cook));
    }
    assert_eq!(found, [(1, Some("bob".to_owned())), (3, None)]);
    Ok(())
}

/// The query is only submitted, its rows are taken later; gives its id.
async fn in_portions(cluster: &Cluster, catalog: &str) -> Result<String, Box<dyn Error>> {
    let numbers = "SELECT ? AS n UNION ALL SELECT ? UNION ALL SELECT ? ORDER BY n";
    let query = cluster.connect(catalog).query(numbers).params([10, 20, 30]);
    let mut query = query.timeout(Duration::from_secs(300)).submit().await?;
    println!("submitted query {}", query.id());
    let mut rows = query.rows().await?;
    let columns = rows.columns().iter().filter_map(|column| column.name.as_deref());
    println!("its columns are {}", columns.collect::<Vec<_>>().join(", "));
    let first: i64 = rows.fetch_one().await?.ok_or("there is no row")?.get(0)?;
    let rest = rows.fetch_many(10).await?;
    let rest = rest.iter().map(|row| row.get::<i64>(0)).collect::<Result<Vec<_>, _>>()?;
    println!("first {first}, then {rest:?}");
    assert_eq!((first, rest), (10, vec![20, 30]));
    Ok(query.id().to_string())
}

/// The id is enough to have the result again, also in another program.
async fn again(bodo: &Workspace, query: &str) -> Outcome {
    let rows = bodo.job(query).rows().await?.collect_all().await?;
    println!("query {query} has {} rows still", rows.len());
    assert_eq!(rows.len(), 3);
    Ok(())
}

/// The error has the engine's message.
async fn refused(cluster: &Cluster, catalog: &str) -> Outcome {
    match cluster.connect(catalog).query("SELECT * FROM longhaul_no_such_table").await {
        Ok(rows) => Err(format!("a table that is not there has {} rows", rows.row_count()).into()),
        Err(error) if error.is_wait_failed() => {
            println!("as expected, {error}");
            assert!(error.to_string().contains("longhaul_no_such_table"));
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// The cluster is made for the query and ends with it.
async fn on_temporary_cluster(bodo: &Workspace, catalog: &str) -> Outcome {
    let cluster = ClusterConfig::new("c5.large", 1).name("longhaul-sql-once");
    let query = bodo.jobs().run_sql_query(catalog, "SELECT :a || ' there' AS greeting");
    let mut job = query.bind_named("a", "hello").on_temporary_cluster(cluster).await?;
    job.wait_for_status(JobStatus::Succeeded).on_event(support::print_status).await?;
    let output = job.stdout().await?;
    println!("{}\n{}", job.cluster_name().unwrap_or_default(), output.trim_end());
    assert!(output.contains("hello there"));
    Ok(())
}
