//! What a verified download costs beside the checksum alone and beside a plain one.
//!
//! `cargo bench --bench download [-- MIB ROUNDS FOLDER]`: 1024 MiB, 5 rounds and the system's
//! folder for temporary files by default. The server is a process of its own, so that the memory
//! is the client's, and so is every client, so that each peak is its own.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::StreamExt;
use longhaul::transfer::{Algorithm, Checksum, Download, Link, Remote};
use sha2::Digest;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

const MIB: u64 = 1024 * 1024;

/// What each connection of the slow server sends in a second.
const CAP: u64 = 50 * MIB;

const CONNECTIONS: usize = 10;

fn main() {
    #[cfg(feature = "rustls")]
    let _ = rustls::crypto::ring::default_provider().install_default();
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|text| text != "--bench").collect();
    match arguments.first().map(String::as_str) {
        Some("serve") => block_on(serve(number(&arguments[1]), number(&arguments[2]))),
        Some("client") => client(&arguments[1..]),
        _ => compare(&arguments),
    }
}

fn number(text: &str) -> u64 {
    text.parse().expect("a number")
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

/// Runs all cases in turns and prints the medians.
fn compare(arguments: &[String]) {
    let argument = |at: usize, default: u64| arguments.get(at).map_or(default, |text| number(text));
    let (mib, rounds) = (argument(0, 1024), argument(1, 5));
    let folder = arguments.get(2).map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(folder).expect("a folder");
    let size = mib * MIB;
    let (fast, slow) = (Served::start(size, 0), Served::start(size, CAP));
    let cases = [
        ("digest alone", "digest", &fast),
        ("reqwest, 1 connection, unverified", "plain", &fast),
        ("longhaul x10, unverified, no sync", "unverified", &fast),
        ("longhaul x10, verified, no sync", "verified", &fast),
        ("write and sync alone", "disk", &fast),
        ("longhaul x10, verified, synced", "synced", &fast),
        ("longhaul x10, verified, 50 MiB/s each", "verified", &slow),
    ];
    let mut results = vec![Vec::new(); cases.len()];
    for _ in 0..rounds {
        for ((_, case, server), results) in cases.iter().zip(&mut results) {
            results.push(run(case, &server.url, size, &server.checksum, folder.path()));
        }
    }
    let medians: Vec<(f64, f64, f64)> = results.iter().map(|rows| median(rows)).collect();
    println!("{mib} MiB, {rounds} rounds, medians");
    for ((name, ..), (seconds, cpu, peak)) in cases.iter().zip(&medians) {
        println!("{name:40} {seconds:7.3} s  cpu {cpu:6.2} s  peak +{peak:5.1} MiB");
    }
    let bound = size as f64 / (CONNECTIONS as u64 * CAP) as f64;
    println!("verified / digest alone   {:.3}", medians[3].0 / medians[0].0);
    println!("unverified                {:.2} GiB/s", mib as f64 / 1024.0 / medians[2].0);
    println!("unverified against reqwest {:.2} x", medians[1].0 / medians[2].0);
    println!("synced / slower of its two {:.3}", medians[5].0 / medians[4].0.max(medians[0].0));
    println!("capped / bound of {bound:.3} s  {:.3}", medians[6].0 / bound);
}

/// The medians of seconds, CPU seconds and memory, each by itself.
fn median(rows: &[(f64, f64, f64)]) -> (f64, f64, f64) {
    let middle = |pick: fn(&(f64, f64, f64)) -> f64| {
        let mut all: Vec<f64> = rows.iter().map(pick).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    (middle(|row| row.0), middle(|row| row.1), middle(|row| row.2))
}

/// Runs a case in a process of its own: seconds, CPU seconds, growth of memory in MiB.
fn run(case: &str, url: &str, size: u64, checksum: &str, folder: &Path) -> (f64, f64, f64) {
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["client", case, url, &size.to_string(), checksum])
        .arg(folder)
        .stderr(Stdio::inherit())
        .output()
        .expect("a process");
    let text = String::from_utf8(output.stdout).expect("numbers");
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|text| text.parse().ok()).collect();
    match numbers[..] {
        [seconds, cpu, peak] => (seconds, cpu, peak),
        _ => panic!("the case `{case}` failed"),
    }
}

fn client(arguments: &[String]) {
    let [case, url, size, checksum, folder] = arguments else { panic!("five arguments") };
    let (size, folder) = (number(size), Path::new(folder));
    let target = folder.join("file");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let before = status_mib("VmRSS:");
    let (started, cpu) = (Instant::now(), cpu_seconds());
    match case.as_str() {
        "digest" => assert_eq!(digest(size), *checksum),
        "disk" => write_and_sync(&target, size),
        "plain" => assert_eq!(runtime.block_on(plain(url, &target)), size),
        _ => {
            let checksum = Checksum::new(Algorithm::Sha512, checksum).expect("a checksum");
            let remote = Remote::new("file").size(size).checksum(checksum);
            let link = Link::new(reqwest::Client::new(), url.parse().expect("a URL"));
            let download = Download::new(link, remote, &target)
                .parallel(CONNECTIONS)
                .verify(case != "unverified")
                .sync(case == "synced");
            let done = runtime.block_on(download.into_future()).expect("a download");
            assert_eq!((done.bytes, done.is_verified()), (size, case != "unverified"));
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{seconds} {} {}", cpu_seconds() - cpu, status_mib("VmHWM:") - before);
    let _ = std::fs::remove_file(target);
}

/// The checksum of bytes that are in memory already.
fn digest(size: u64) -> String {
    let block = block();
    let mut digest = sha2::Sha512::new();
    for _ in 0..size / MIB {
        digest.update(&block);
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write_and_sync(path: &Path, size: u64) {
    use std::io::Write;
    let block = block();
    let mut file = std::fs::File::create(path).expect("a file");
    for _ in 0..size / MIB {
        file.write_all(&block).expect("room");
    }
    file.sync_all().expect("a disk");
}

async fn plain(url: &str, path: &Path) -> u64 {
    let mut body = reqwest::get(url).await.expect("an answer").bytes_stream();
    let mut file = tokio::fs::File::create(path).await.expect("a file");
    let mut size = 0;
    while let Some(chunk) = body.next().await {
        let chunk = chunk.expect("bytes");
        file.write_all(&chunk).await.expect("room");
        size += chunk.len() as u64;
    }
    file.flush().await.expect("room");
    size
}

/// The bytes that the file repeats.
fn block() -> Bytes {
    let mut bytes = vec![0; MIB as usize];
    fastrand::Rng::with_seed(1).fill(&mut bytes);
    bytes.into()
}

/// A line of `/proc/self/status`, or 0 on systems that have none.
fn status_mib(name: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// The time on the CPU that this process has used, or 0 on systems that do not tell.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let fields = after_name.split_whitespace().skip(11).take(2);
    // The kernel counts in hundredths.
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// A server in a process of its own.
struct Served {
    process: std::process::Child,
    url: String,
    checksum: String,
}

impl Served {
    fn start(size: u64, cap: u64) -> Self {
        let mut process = Command::new(std::env::current_exe().expect("this program"))
            .args(["serve", &size.to_string(), &cap.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let mut url = String::new();
        let out = process.stdout.take().expect("piped");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut url).expect("a line");
        Self { process, url: url.trim().to_owned(), checksum: digest(size) }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn serve(size: u64, cap: u64) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("http://{}/", listener.local_addr().expect("an address"));
    let block = block();
    loop {
        let (socket, _) = listener.accept().await.expect("a connection");
        tokio::spawn(connection(socket, size, cap, block.clone()));
    }
}

/// Answers ranged requests until the client goes away.
async fn connection(socket: TcpStream, size: u64, cap: u64, block: Bytes) -> Option<Infallible> {
    socket.set_nodelay(true).ok()?;
    let (reading, mut writing) = socket.into_split();
    let mut lines = BufReader::new(reading).lines();
    let mut due = Instant::now();
    loop {
        let mut range = None;
        loop {
            let line = lines.next_line().await.ok()??;
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("range: bytes=") {
                let (first, last) = value.split_once('-')?;
                range = Some((first.parse().ok()?, last.parse::<u64>().ok()? + 1));
            }
        }
        let (start, end) = range.unwrap_or((0, size));
        let status = if range.is_some() { 206 } else { 200 };
        let head = format!(
            "HTTP/1.1 {status} OK\r\netag: \"1\"\r\ncontent-length: {}\r\n\
             content-range: bytes {start}-{}/{size}\r\n\r\n",
            end - start,
            end - 1
        );
        writing.write_all(head.as_bytes()).await.ok()?;
        let mut offset = start;
        while offset < end {
            let within = (offset % MIB) as usize;
            // A capped connection sends small pieces, each when it is due.
            let most = if cap > 0 { 64 * 1024 } else { MIB };
            let length = (end - offset).min(MIB - within as u64).min(most) as usize;
            if cap > 0 {
                // Time that was spent waiting for a request is not made up for.
                due = due.max(Instant::now() - Duration::from_millis(5));
                due += Duration::from_secs_f64(length as f64 / cap as f64);
                tokio::time::sleep_until(due.into()).await;
            }
            writing.write_all(&block[within..within + length]).await.ok()?;
            offset += length as u64;
        }
    }
}
