//! Downloads in processes that are killed, or that meet a full disk.

mod transfer_server;

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use longhaul::transfer::{Download, Remote};
use transfer_server::{File, Server, link};

const PART: u64 = 32 * 1024;
const CONNECTIONS: usize = 4;

fn child(server: &Server, file: &File, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "the_child_downloads", "--nocapture"])
        .env("TRANSFER_URL", server.url())
        .env("TRANSFER_SIZE", file.size().to_string())
        .env("TRANSFER_SHA512", file.checksum().hex())
        .env("TRANSFER_FOLDER", folder)
        .stdin(Stdio::null());
    command
}

/// Does nothing in the test run itself: the tests below start it in a process of its own.
#[tokio::test]
async fn the_child_downloads() {
    let Ok(url) = std::env::var("TRANSFER_URL") else { return };
    let text = |name: &str| std::env::var(name).unwrap();
    let algorithm = longhaul::transfer::Algorithm::Sha512;
    let checksum = longhaul::transfer::Checksum::new(algorithm, &text("TRANSFER_SHA512")).unwrap();
    let size: u64 = text("TRANSFER_SIZE").parse().unwrap();
    let remote = Remote::new("data.bin").size(size).checksum(checksum);
    let download = Download::new(link(&url), remote, text("TRANSFER_FOLDER"));
    match download.part_size(PART).parallel(CONNECTIONS).await {
        Ok(done) => println!("resumed={} repaired={}", done.resumed_bytes, done.repaired_parts),
        Err(error) => println!("error={error}"),
    }
}

fn wait_for(what: &str, mut ready: impl FnMut() -> bool) {
    let started = Instant::now();
    while !ready() {
        assert!(started.elapsed() < Duration::from_secs(20), "{what} did not happen");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_killed_download_goes_on_where_it_was() {
    let file = File::new(64 * PART as usize + 99, 1);
    let mut random = fastrand::Rng::with_seed(1);
    let (mut kills, mut sent) = (0, 0);
    while kills < 20 {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start({
            let file = file.clone();
            move |asked| file.answer(asked).pace(8 * 1024, Duration::from_micros(500))
        });
        // Killed up to three times at a random point of its progress, then left alone.
        for _ in 0..random.usize(1..=3) {
            let killed = child(&server, &file, folder.path()).stdout(Stdio::null()).spawn();
            let mut killed = killed.unwrap();
            let until = server.sent() + random.u64(..file.size() / 2);
            wait_for("the progress", || {
                server.sent() > until || killed.try_wait().unwrap().is_some()
            });
            kill(killed);
            kills += 1;
            let complete = folder.path().join("data.bin");
            assert!(!complete.exists() || fs::read(complete).unwrap() == *file.bytes);
        }
        if folder.path().join("data.bin").exists() {
            continue;
        }
        wait_for("the end of the connections", || server.open() == 0);
        let before = server.sent();
        let output = child(&server, &file, folder.path()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("repaired=0"), "{text}");
        assert!(fs::read(folder.path().join("data.bin")).unwrap() == *file.bytes);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let resumed = text.split_once("resumed=").unwrap().1.split(' ').next().unwrap();
        let resumed: u64 = resumed.parse().unwrap();
        assert_eq!(server.sent() - before, file.size() - resumed);
        sent += resumed;
    }
    assert!(sent > 0, "no download was ever resumed");
}

#[test]
fn a_kill_costs_at_most_a_part_for_each_connection() {
    let file = File::new(64 * PART as usize, 2);
    let folder = tempfile::tempdir().unwrap();
    // Goes silent halfway, so that everything that was sent has arrived when the process is killed.
    let server = Server::start({
        let file = file.clone();
        move |asked| match asked.number {
            n if n < 40 => file.answer(asked),
            _ => file.answer(asked).stall(100),
        }
    });
    let silent = child(&server, &file, folder.path()).stdout(Stdio::null()).spawn().unwrap();
    let journal = folder.path().join("data.bin.part.journal");
    let finished = || fs::read_to_string(&journal).map_or(0, |text| text.lines().count());
    wait_for("the silence", || finished() == 41);
    kill(silent);
    let good = Server::good(&file);
    let output = child(&good, &file, folder.path()).output().unwrap();
    assert!(output.status.success());
    assert!(fs::read(folder.path().join("data.bin")).unwrap() == *file.bytes);
    let twice = server.sent() + good.sent() - file.size();
    assert!(twice <= CONNECTIONS as u64 * PART, "{twice} bytes were fetched twice");
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_is_an_error_that_names_the_file() {
    let file = File::new(64 * PART as usize, 3);
    let folder = tempfile::tempdir().unwrap();
    let server = Server::good(&file);
    // A limit on the size of files acts like a full disk and needs no disk of its own.
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 512; exec \"$0\" \"$@\""]);
    let plain = child(&server, &file, folder.path());
    limited.arg(plain.get_program()).args(plain.get_args());
    limited.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = limited.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("error=") && text.contains("data.bin.part"), "{text}");
    assert!(!folder.path().join("data.bin").exists());
}
