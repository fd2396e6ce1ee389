//! Reading large objects: as a stream that survives broken answers, and into files.

use std::process::Command;

use bytes::Bytes;
use longhaul::v3io::{Client, Container, Object};
use longhaul::{ErrorKind, Result};
use longhaul_simulator::v3io::V3io;
use longhaul_simulator::{Fault, Simulator};

use super::support::{KEY, failure, faulty, plain, says, start_with, users, users_with};

const MIB: u64 = 1 << 20;

/// A simulator with an object of synthetic bytes.
fn large(size: u64) -> Simulator<V3io> {
    Simulator::v3io().object("users", "large.bin", size)
}

/// Reads a stream to its end: how many bytes, how large the largest chunk was, and a checksum.
async fn drained(object: &Object) -> Result<(u64, usize, u32)> {
    let mut reader = object.get().reader().await?;
    let (mut size, mut largest, mut sum) = (0, 0, 0_u32);
    while let Some(chunk) = reader.try_next().await? {
        size += chunk.len() as u64;
        largest = largest.max(chunk.len());
        sum = chunk.iter().fold(sum, |sum, byte| sum.rotate_left(5) ^ u32::from(*byte));
    }
    Ok((size, largest, sum))
}

/// Does nothing but in a child process, where it reads a large object and tells by how much that
/// made the process grow.
#[tokio::test]
async fn child() {
    let Ok(url) = std::env::var("LONGHAUL_TEST_READ") else { return };
    let client = Client::builder().endpoint(url).access_key(KEY).build().unwrap();
    let object = client.container("users").object("large.bin");
    object.get().num_bytes(MIB).await.unwrap();
    let before = most_memory();
    let (size, ..) = drained(&object).await.unwrap();
    println!("\noutcome: {size} {}", most_memory() - before);
}

/// The most memory that this process ever had, in KiB.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|text| text.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

#[tokio::test]
async fn a_stream_of_64_mib_needs_little_memory() {
    let (simulator, _users) = users_with(large(64 * MIB)).await;
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "downloads::child", "--nocapture"]);
    command.env("LONGHAUL_TEST_READ", simulator.url());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let outcome = text.lines().find_map(|line| line.strip_prefix("outcome: "));
    let (size, grown) = outcome.and_then(|line| line.split_once(' ')).expect("an outcome");
    assert_eq!(size.parse(), Ok(64 * MIB));
    let grown: u64 = grown.parse().unwrap();
    assert!(grown < 8 * 1024, "the process grew by {grown} KiB");
}

#[tokio::test]
async fn a_stream_that_breaks_off_goes_on_where_it_was() {
    let (whole, users) = users_with(large(3 * MIB)).await;
    let expected = drained(&users.object("large.bin")).await.unwrap().2;
    drop((whole, users));
    for fault in [Fault::reset_in_body(MIB), Fault::truncate(MIB)] {
        let broken = large(3 * MIB).fault(fault.method("GET").first(2));
        let (simulator, users) = users_with(broken).await;
        let (size, _, sum) = drained(&users.object("large.bin")).await.unwrap();
        assert_eq!((size, sum), (3 * MIB, expected));
        let ranges: Vec<_> = plain(&simulator, "GET");
        assert_eq!(ranges.len(), 3);
        assert_eq!(ranges[0].header("range"), None);
        let range = ranges[1].header("range").unwrap();
        assert!(range.ends_with(&format!("-{}", 3 * MIB - 1)), "{range}");
    }
}

#[tokio::test]
async fn small_answers_that_break_off_are_mended_too() {
    let broken = Fault::truncate(4).method("GET").first(2);
    let (_simulator, users) = faulty(broken).await;
    let object = users.object("digits");
    object.put("0123456789").await.unwrap();
    assert_eq!(object.get().await.unwrap(), "0123456789");
    let (_simulator, users) = faulty(Fault::reset_in_body(1).method("GET").first(2)).await;
    users.object("digits").put("0123456789").await.unwrap();
    assert_eq!(users.object("digits").get().offset(3).num_bytes(4).await.unwrap(), "3456");
}

#[tokio::test]
async fn an_object_that_changes_meanwhile_is_not_mixed() {
    let (simulator, users) = users_with(large(3 * MIB)).await;
    let object = users.object("large.bin");
    simulator.fault(Fault::truncate(MIB).method("GET").once());
    let mut reader = object.get().reader().await.unwrap();
    reader.try_next().await.unwrap();
    object.put(vec![1; 3 * MIB as usize]).await.unwrap();
    let error = loop {
        match reader.try_next().await {
            Ok(chunk) => assert!(chunk.is_some(), "the stream ended well"),
            Err(error) => break error,
        }
    };
    says(&error, ErrorKind::Protocol, &["changed"]);
}

#[tokio::test]
async fn a_part_without_its_place_is_taken_with_the_size_from_the_head() {
    let (simulator, users) = users().await;
    let object = users.object("digits");
    object.put("0123456789").await.unwrap();
    simulator.fault(Fault::ignore_range().method("GET"));
    assert_eq!(object.get().offset(4).num_bytes(3).await.unwrap(), "456");
    assert_eq!(object.get().offset(7).await.unwrap(), "789");
}

#[tokio::test]
async fn a_wrong_part_is_not_taken() {
    let (simulator, users) = users().await;
    let object = users.object("digits");
    object.put("0123456789").await.unwrap();
    simulator.fault(Fault::content_range("bytes 0-2/10").method("GET"));
    let error = failure(object.get().offset(4).num_bytes(3)).await;
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
}

async fn bytes_of(users: &Container) -> Bytes {
    let whole = users.object("large.bin").get().await.unwrap();
    assert_eq!(whole.len() as u64, 5 * MIB + 7);
    whole
}

#[tokio::test]
async fn an_object_is_downloaded_in_parallel_parts() {
    let (simulator, users) = users_with(large(5 * MIB + 7)).await;
    let expected = bytes_of(&users).await;
    let folder = tempfile::tempdir().unwrap();
    simulator.clear_requests();
    let object = users.object("large.bin");
    let done = object.download_to(folder.path().join("out/")).parallel(4).await.unwrap();
    assert_eq!(done.path, folder.path().join("out/large.bin"));
    assert_eq!(std::fs::read(&done.path).unwrap(), expected);
    assert!(!done.is_verified(), "the platform declares no checksum");
    assert!(plain(&simulator, "GET").len() >= 5);
    let exists = failure(object.download_to(&done.path)).await;
    assert_eq!(exists.kind(), ErrorKind::InvalidInput, "{exists}");
}

#[tokio::test]
async fn an_interrupted_download_asks_for_the_rest_alone() {
    let (simulator, users) = users_with(large(5 * MIB + 7)).await;
    let expected = bytes_of(&users).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.bin");
    let object = users.object("large.bin");
    simulator.fault(Fault::status(403).method("GET").skip(3));
    failure(object.download_to(&path).parallel(1)).await;
    assert!(!path.exists());
    simulator.clear_faults();
    simulator.clear_requests();
    object.download_to(&path).parallel(1).await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), expected);
    let again = plain(&simulator, "GET").len();
    assert!(again < 5, "{again} parts were asked for again");
}

#[tokio::test]
async fn a_download_starts_over_when_the_object_changes() {
    let (simulator, users) = users_with(large(5 * MIB + 7)).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.bin");
    let object = users.object("large.bin");
    simulator.fault(Fault::status(403).method("GET").skip(3));
    failure(object.download_to(&path).parallel(1)).await;
    simulator.clear_faults();
    let changed = vec![9_u8; 5 * MIB as usize + 7];
    object.put(changed.clone()).await.unwrap();
    object.download_to(&path).parallel(2).await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), changed);
}

#[tokio::test]
async fn an_empty_object_becomes_an_empty_file() {
    let (_simulator, client) = start_with(Simulator::v3io()).await;
    let object = client.container("users").object("empty");
    object.put("").await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let done = object.download_to(folder.path()).await.unwrap();
    assert_eq!(std::fs::read(done.path).unwrap(), b"");
}
