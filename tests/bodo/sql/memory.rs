//! A large result in little memory.

use std::process::Stdio;

use super::{CLUSTER, simulator, workspace};

const ROWS: i64 = 1_000_000;

/// Does nothing in the test run itself: the test below starts it in a process of its own, so that
/// the memory is the reader's.
#[tokio::test]
async fn the_child_reads() {
    let Ok(url) = std::env::var("ROWS_URL") else { return };
    let text = |name: &str| std::env::var(name).unwrap();
    let connection = workspace(&url).connect(super::CATALOG, text("ROWS_CLUSTER").as_str());
    let mut rows = connection.resume(text("ROWS_QUERY").as_str()).rows().await.unwrap();
    let before = kib("VmRSS:");
    let (mut sum, mut nulls) = (0, 0);
    while let Some(row) = rows.try_next().await.unwrap() {
        sum += row.get::<i64>("i").unwrap();
        nulls += i64::from(row.value("half").unwrap().is_null());
    }
    println!("sum={sum} nulls={nulls} growth={}", kib("VmHWM:") - before);
}

/// A line of the process's memory in KiB.
fn kib(name: &str) -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse().unwrap_or_default()
}

#[tokio::test]
async fn a_million_rows_take_a_few_megabytes() {
    let simulator = simulator().rows_per_file(50_000).start().await.unwrap();
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
         SELECT i, CASE WHEN i % 2 THEN i / 2.0 END AS half FROM n"
    );
    let mut query = super::connection(&simulator).query(sql).submit().await.unwrap();
    query.wait().await.unwrap();
    let child = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sql::memory::the_child_reads", "--nocapture"])
        .env("ROWS_URL", simulator.url())
        .env("ROWS_CLUSTER", simulator.id_of(CLUSTER).unwrap())
        .env("ROWS_QUERY", query.id().as_str())
        .stdin(Stdio::null())
        .output();
    let printed = String::from_utf8(child.await.unwrap().stdout).unwrap();
    let told = |name: &str| -> i64 {
        let value = printed.split_whitespace().find_map(|word| word.strip_prefix(name));
        value.unwrap_or_else(|| panic!("{printed}")).parse().unwrap()
    };
    assert_eq!((told("sum="), told("nulls=")), (ROWS * (ROWS + 1) / 2, ROWS / 2));
    let growth = told("growth=");
    println!("{ROWS} rows: {growth} KiB");
    assert!(growth < 48 * 1024, "{growth} KiB");
}
