//! How long a run of a Spark batch takes beside what the service needs, with how many requests and
//! how much memory; and the same by the loop that the platform's documentation shows.
//!
//! `cargo bench --bench spark_batch`

mod support;

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use longhaul::spark::{Client, Run, chunks};
use longhaul_simulator::Simulator;
use longhaul_simulator::spark::{Model, TENANT, TOKEN};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use support::measure::peak_memory;
use support::table::{Table, goal};
use support::{Checked, Role, runtime};

const SERVICE: &str = "my-folder/my-service";
const SERVER: &str = "server";
const RUN: &str = "run";
const DOCUMENTED: &str = "documented";

/// What is measured: the simulated service, and the records that it gets.
struct Case {
    name: &'static str,
    records: u64,
    rate: u64,
    buffers: u64,
    roles: &'static [&'static str],
}

const CASES: [Case; 3] = [
    Case {
        name: "200 k at 20 k/s",
        records: 200_000,
        rate: 20_000,
        buffers: 70_000_000,
        roles: &[RUN, DOCUMENTED],
    },
    Case {
        name: "200 k at 20 k/s, 2 MB buffers",
        records: 200_000,
        rate: 20_000,
        buffers: 2_000_000,
        roles: &[RUN],
    },
    Case {
        name: "1 M at 200 k/s",
        records: 1_000_000,
        rate: 200_000,
        buffers: 70_000_000,
        roles: &[RUN],
    },
];

/// A record of 53 bytes.
fn record(n: u64) -> String {
    format!("{{\"value\":{n:>7},\"price\":{:>7}.25,\"region\":\"north\"}}", n % 1000)
}

/// What a process in the role [`SERVER`] does.
fn serve(arguments: &[String]) -> Checked {
    let (rate, buffers) = (arguments[0].parse()?, arguments[1].parse()?);
    let simulator = Simulator::spark().service(SERVICE, Model::echo());
    runtime().block_on(async {
        let handle = simulator.rate(rate).buffers(buffers, buffers).start().await?;
        println!("{}", handle.url());
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let asked = handle.requests();
            // Creating the batch is not a part of the run.
            let of_run = asked.iter().filter(|request| !request.path.ends_with("/batch"));
            let times: Vec<_> = of_run.map(|request| request.time).collect();
            std::fs::write(&arguments[2], busiest(&times).to_string())?;
        }
    })
}

/// The most requests in any second, give or take what the way to the server takes.
fn busiest(times: &[SystemTime]) -> usize {
    let second = Duration::from_millis(980);
    let from = |start: &SystemTime| {
        let within = |time: &&SystemTime| **time >= *start && **time < *start + second;
        times.iter().filter(within).count()
    };
    times.iter().map(from).max().unwrap_or_default()
}

fn client(url: &str) -> longhaul::Result<Client> {
    Client::builder().base_url(format!("{url}/{TENANT}")).bearer_token(TOKEN).build()
}

fn lines(path: &Path) -> std::io::Result<impl Iterator<Item = Box<RawValue>> + Send + use<>> {
    let lines = BufReader::new(File::open(path)?).lines().map_while(Result::ok);
    Ok(lines.filter_map(|line| RawValue::from_string(line).ok()))
}

/// What a process that measures prints: seconds until the last output, requests, outputs, MiB.
fn told(time: Duration, requests: u64, outputs: u64) {
    println!("{} {requests} {outputs} {}", time.as_secs_f64(), peak_memory());
}

/// A run from a file to a file.
fn run(arguments: &[String]) -> Checked {
    let (inputs, outputs) = (Path::new(&arguments[1]), Path::new(&arguments[2]));
    runtime().block_on(async {
        let pipeline = client(&arguments[0])?.batches().create(SERVICE).await?;
        let mut written = BufWriter::new(File::create(outputs)?);
        let started = Instant::now();
        let mut run: Run = pipeline.run(lines(inputs)?);
        let mut last = started;
        while let Some(chunk) = run.try_next().await? {
            for output in &chunk.outputs {
                written.write_all(output.get().as_bytes())?;
                written.write_all(b"\n")?;
            }
            last = Instant::now();
        }
        written.flush()?;
        let report = run.finish().await?;
        told(last - started, report.requests, report.records);
        Ok(())
    })
}

/// The loop of the documentation: push everything, look every 2 s, pull once when something is
/// there, stop when all is processed.
fn documented(arguments: &[String]) -> Checked {
    runtime().block_on(async {
        let pipeline = client(&arguments[0])?.batches().create(SERVICE).await?;
        let inputs: Vec<Value> = lines(Path::new(&arguments[1]))?
            .map(|line| serde_json::from_str(line.get()))
            .collect::<Result<_, _>>()?;
        let started = Instant::now();
        let mut results = Vec::new();
        let mut requests = 2;
        pipeline.push_chunks(chunks(&inputs, 150)?).await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let mut status = pipeline.status().await?;
        while status.records_completed < status.record_submitted {
            status = pipeline.status().await?;
            requests += 1;
            if status.records_available > Some(0) {
                requests += 1;
                results.extend(pipeline.pull().await?.chunks.into_iter().flat_map(|c| c.outputs));
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        let time = started.elapsed();
        pipeline.dispose().await?;
        told(time, requests, results.len() as u64);
        Ok(())
    })
}

/// Whether the file has every record once.
fn is_complete(path: &Path, count: u64) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
    let mut seen = vec![false; count as usize];
    for line in lines(path)? {
        let value: Value = serde_json::from_str(line.get())?;
        let number = value["value"].as_u64().ok_or("an output has no value")?;
        if std::mem::replace(&mut seen[number as usize], true) {
            return Ok(false);
        }
    }
    Ok(seen.into_iter().all(|seen| seen))
}

struct Measured {
    seconds: f64,
    requests: f64,
    busiest: f64,
    outputs: u64,
    memory: f64,
}

fn measure(
    case: &Case,
    role: &str,
    folder: &Path,
) -> Result<Measured, Box<dyn std::error::Error + Send + Sync>> {
    let path = |name: &str| folder.join(name).display().to_string();
    let (rate, buffers) = (case.rate.to_string(), case.buffers.to_string());
    let mut server = Role::start(SERVER, &[&rate, &buffers, &path("busiest")])?;
    let url = server.line()?;
    let mut role = Role::start(role, &[&url, &path("inputs"), &path("outputs")])?;
    let line = role.line()?;
    let figures: Vec<f64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
    let [seconds, requests, outputs, memory] = figures[..] else { return Err(line.into()) };
    std::thread::sleep(Duration::from_secs(1));
    let busiest = std::fs::read_to_string(folder.join("busiest"))?.parse()?;
    Ok(Measured { seconds, requests, busiest, outputs: outputs as u64, memory })
}

fn compare() -> Checked {
    let folder = std::env::temp_dir().join(format!("longhaul-spark-batch-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let head = ["", "s", "of ideal", "requests", "in a second", "outputs", "peak MiB"];
    let mut table = Table::new(head);
    let mut goals = Vec::new();
    for case in &CASES {
        let mut inputs = BufWriter::new(File::create(folder.join("inputs"))?);
        (0..case.records).try_for_each(|n| writeln!(inputs, "{}", record(n)))?;
        inputs.flush()?;
        let ideal = case.records as f64 / case.rate as f64;
        for role in case.roles {
            let measured = measure(case, role, &folder)?;
            table.row([
                format!("{}: {role}", case.name),
                format!("{:.2}", measured.seconds),
                format!("{:.3}", measured.seconds / ideal),
                measured.requests.to_string(),
                measured.busiest.to_string(),
                measured.outputs.to_string(),
                format!("{:.1}", measured.memory),
            ]);
            if *role == RUN {
                if !is_complete(&folder.join("outputs"), case.records)? {
                    return Err(format!("{}: not every record came back once", case.name).into());
                }
                goals.push((case.name, measured, 1.01 * ideal + 0.5));
            }
        }
    }
    table.print();
    for (name, measured, limit) in goals {
        goal(&format!("{name}, every output"), measured.seconds, limit, "s");
        goal(&format!("{name}, requests in the busiest second"), measured.busiest, 5.0, "");
        goal(&format!("{name}, memory"), measured.memory, 16.0, "MiB");
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn main() -> Checked {
    match support::role() {
        Some((role, arguments)) if role == SERVER => serve(&arguments),
        Some((role, arguments)) if role == RUN => run(&arguments),
        Some((role, arguments)) if role == DOCUMENTED => documented(&arguments),
        _ => {
            let sample = json!(serde_json::from_str::<Value>(&record(7))?);
            println!("records such as {sample} ({} bytes)", record(7).len());
            compare()
        }
    }
}
