//! What a short program costs: from the start of a process to the first reply, and its memory.
//!
//! `cargo bench --bench startup`

mod support;

use std::time::{Duration, Instant};

use longhaul::rescale::models;
use reqwest::header::AUTHORIZATION;
use support::measure::{median, peak_memory};
use support::server::{self, JOB, SERVER};
use support::table::{Table, goal};
use support::{Checked, KEY, Role};

const ROUNDS: usize = 21;

/// What a process does before it ends.
const WAYS: [&str; 3] = ["nothing", "by-hand", "facade"];

/// What a process in one of the ways does.
fn first_reply(way: &str, url: &str) -> Checked {
    let id = match way {
        "nothing" => JOB.to_owned(),
        "by-hand" => support::runtime().block_on(by_hand(url))?,
        _ => support::runtime().block_on(facade(url))?,
    };
    println!("{id} {}", peak_memory());
    Ok(())
}

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

async fn by_hand(url: &str) -> Outcome<String> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = support::plain()?;
    let request = http.get(format!("{url}/api/v2/jobs/{JOB}/"));
    let answer = request.header(AUTHORIZATION, format!("Token {KEY}")).send().await?;
    Ok(serde_json::from_slice::<models::Job>(&answer.bytes().await?)?.id)
}

async fn facade(url: &str) -> Outcome<String> {
    Ok(support::rescale(url)?.jobs().get(JOB).await?.id().to_string())
}

/// Milliseconds from the start of a process to its line, and its memory in MiB.
fn run(way: &str, url: &str) -> Outcome<(f64, f64)> {
    let started = Instant::now();
    let line = Role::start(way, &[url])?.line()?;
    let took = started.elapsed().as_secs_f64() * 1e3;
    let (id, memory) = line.split_once(' ').ok_or("no reply")?;
    if id != JOB {
        return Err(format!("{way}: got {id} instead of {JOB}").into());
    }
    Ok((took, memory.parse()?))
}

fn main() -> Checked {
    match support::role() {
        Some((role, arguments)) if role == SERVER => return server::serve(&arguments),
        Some((way, arguments)) => return first_reply(&way, &arguments[0]),
        None => {}
    }
    let (_server, url) = server::start(1, Duration::ZERO)?;
    let mut measured = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        for (way, measured) in WAYS.iter().zip(&mut measured) {
            measured.push(run(way, &url)?);
        }
    }
    let figures = measured
        .map(|runs| (median(runs.iter().map(|run| run.0)), median(runs.iter().map(|run| run.1))));
    let mut table = Table::new(["a process that asks", "ms to its line", "MiB"]);
    for (way, (time, memory)) in WAYS.iter().zip(figures) {
        table.row([(*way).to_owned(), format!("{time:.2}"), format!("{memory:.1}")]);
    }
    table.print();
    goal("start to first reply", figures[2].0, 3.0, "ms");
    goal("peak memory", figures[2].1, 10.0, "MiB");
    Ok(())
}
