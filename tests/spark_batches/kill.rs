//! Runs in processes that are killed, again and again.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use longhaul_simulator::Fault;
use serde_json::Value;

use crate::support::{SERVICE, all_closed, client_of, inputs, simulator};

const RECORDS: u64 = 20_000;
const KILLS: u32 = 50;

fn child(url: &str, folder: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "kill::the_child_runs", "--nocapture"])
        .env("RUN_URL", url)
        .env("RUN_FOLDER", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command.spawn().unwrap()
}

/// Does nothing in the test run itself: the test below starts it in a process of its own.
#[tokio::test]
async fn the_child_runs() {
    let Ok(url) = std::env::var("RUN_URL") else { return };
    let folder = std::path::PathBuf::from(std::env::var("RUN_FOLDER").unwrap());
    let mut outputs = fs::File::create(folder.join("outputs")).unwrap();
    let run = client_of(&url).batches().create_and_run(SERVICE, inputs(RECORDS));
    let mut run = run.journal(folder.join("journal")).requests_per_second(50.0);
    while let Some(chunk) = run.try_next().await.unwrap() {
        let mut lines = String::new();
        for output in &chunk.outputs {
            lines += output.get();
            lines.push('\n');
        }
        outputs.write_all(lines.as_bytes()).unwrap();
    }
    run.finish().await.unwrap();
    fs::write(folder.join("done"), "").unwrap();
}

#[tokio::test]
async fn every_record_comes_back_once_however_often_the_process_is_killed() {
    let rate = RECORDS as f64 / 20.0;
    // Answers to pulls take their time, so that many a kill falls between a pull and its writing.
    let slow = Fault::delay_after(Duration::from_millis(60)).on("GET", "/**/chunkresults");
    let handle = simulator().rate(rate).fault(slow).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(4);
    let started = Instant::now();
    let mut kills = 0;
    while kills < KILLS && !folder.path().join("done").exists() {
        let mut running = child(&handle.url(), folder.path());
        let pause = Duration::from_millis(random.u64(20..450));
        tokio::time::sleep(pause).await;
        running.kill().unwrap();
        kills += u32::from(!running.wait().unwrap().success());
    }
    let ended = child(&handle.url(), folder.path()).wait().unwrap();
    assert!(ended.success());
    let text = fs::read_to_string(folder.path().join("outputs")).unwrap();
    let mut values: Vec<u64> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["value"].as_u64().unwrap())
        .collect();
    values.sort_unstable();
    assert!(values.iter().copied().eq(0..RECORDS), "{} records", values.len());
    assert_eq!(kills, KILLS, "the run was over too soon to be killed so often");
    assert!(all_closed(&client_of(&handle.url())).await);
    let again = handle.spark().unwrap().records_computed() - RECORDS;
    assert!(again > 0, "no kill fell between a pull and its writing");
    println!("{kills} kills, {again} records calculated again, {:?}", started.elapsed());
}
