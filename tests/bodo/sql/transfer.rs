//! The files of a result on a bad day.

use longhaul::ErrorKind;
use longhaul_simulator::{Fault, Handle};

use super::{NINE, XS, failure, faulty, sent, start, start_with, stored, until_failure, xs};
use super::{connection, simulator};

const PARTS: &str = "**.parquet";
const METADATA: &str = "**/metadata.json";

/// What the signatures of the links look like must not be shown.
fn shows_no_link(text: &str) {
    assert!(!text.contains("X-Amz") && !text.contains("/storage/"), "{text}");
}

#[tokio::test]
async fn links_are_followed_without_the_token() {
    let (simulator, connection) = start().await;
    connection.query(NINE).await.unwrap().collect_all().await.unwrap();
    let stored = stored(&simulator, "");
    assert_eq!(stored.len(), 6);
    for request in stored {
        assert_eq!(request.header("authorization"), None, "{}", request.path);
        assert_eq!(request.header("sdk-version"), None, "{}", request.path);
    }
}

#[tokio::test]
async fn one_part_comes_while_another_is_read_and_no_more() {
    let (simulator, connection) = start().await;
    let mut rows = connection.query(NINE).await.unwrap();
    assert_eq!(stored(&simulator, ".parquet").len(), 0, "nothing was wanted yet");
    rows.try_next().await.unwrap();
    settle(&simulator).await;
    assert_eq!(stored(&simulator, ".parquet").len(), 2);
    rows.fetch_many(2).await.unwrap();
    settle(&simulator).await;
    assert_eq!(stored(&simulator, ".parquet").len(), 3);
}

/// Waits until nothing new is asked for.
async fn settle(simulator: &Handle) {
    let mut before = 0;
    while simulator.request_count() != before {
        before = simulator.request_count();
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn links_that_expire_are_asked_for_again_once() {
    let (simulator, connection) = start().await;
    let mut rows = connection.query(NINE).await.unwrap();
    let mut came = vec![rows.try_next().await.unwrap().unwrap()];
    settle(&simulator).await;
    simulator.bodo().unwrap().expire_links();
    came.extend(rows.fetch_all().await.unwrap());
    assert_eq!(xs(&came), XS);
    assert_eq!(sent(&simulator, "GET", "/result").len(), 2);
    let refused = stored(&simulator, "").iter().filter(|r| r.status == Some(403)).count();
    assert_eq!(refused, 1);
}

#[tokio::test]
async fn a_part_goes_on_with_a_new_link() {
    let cut = Fault::reset_in_body(100).method("GET").path(PARTS).once();
    let refused = Fault::status(403).method("GET").path(PARTS).skip(1).once();
    let (simulator, connection) = start_with(simulator().fault(cut).fault(refused)).await;
    let rows = connection.query(NINE).await.unwrap().collect_all().await.unwrap();
    assert_eq!(xs(&rows), XS);
    let ranges: Vec<_> = stored(&simulator, "00000.parquet")
        .iter()
        .map(|request| request.header("range").map(|range| range.starts_with("bytes=100-")))
        .collect();
    assert_eq!(ranges.first(), Some(&None));
    assert_eq!(ranges.last(), Some(&Some(true)), "it went on where it was cut");
    assert_eq!(sent(&simulator, "GET", "/result").len(), 2);
}

#[tokio::test]
async fn parts_are_gone_on_with_after_every_kind_of_cut() {
    for fault in [Fault::reset(), Fault::reset_in_body(7), Fault::truncate(99), Fault::status(503)]
    {
        let (_simulator, connection) = faulty(fault.method("GET").path(PARTS).first(2)).await;
        let rows = connection.query(NINE).await.unwrap().collect_all().await.unwrap();
        assert_eq!(xs(&rows), XS);
    }
}

#[tokio::test]
async fn metadata_that_is_refused_is_no_empty_result() {
    let (simulator, connection) = faulty(Fault::status(403).path(METADATA)).await;
    let error = failure(connection.query(NINE)).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Status, Some(403)));
    assert!(error.to_string().contains("the metadata of the result"), "{error}");
    shows_no_link(&format!("{error} {error:?}"));
    assert_eq!(stored(&simulator, "metadata.json").len(), 2, "once more with a new link");
    let body = Fault::body("application/json", "{\"message\":\"Forbidden\"}");
    let (_simulator, connection) = faulty(body.path(METADATA)).await;
    let error = failure(connection.query(NINE)).await;
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
}

#[tokio::test]
async fn a_part_that_never_comes_is_named_and_is_no_end() {
    let refuse = Fault::status(403).path(PARTS).skip(2);
    let (simulator, connection) = faulty(refuse).await;
    let mut rows = connection.query(NINE).await.unwrap();
    let first = rows.fetch_many(3).await.unwrap();
    assert_eq!(xs(&first), XS[..3]);
    let error = failure(rows.fetch_all()).await;
    assert!(error.to_string().contains("part 3 of 5 of the result"), "{error}");
    shows_no_link(&format!("{error} {error:?}"));
    let rest = rows.fetch_one().await.unwrap().unwrap();
    assert_eq!(rest.get::<Option<i64>>("x").unwrap(), XS[3], "what had come is still there");
    for _ in 0..2 {
        let again = failure(rows.try_next()).await;
        assert_eq!((again.status(), again.message()), (Some(403), error.message()));
    }
    simulator.clear_faults();
    let fresh = connection.resume(rows.query_id()).rows().await.unwrap();
    assert_eq!(xs(&fresh.collect_all().await.unwrap()), XS);
}

#[tokio::test]
async fn a_part_that_is_no_parquet_is_named() {
    let page = Fault::body("text/html", "<html>sign in</html>");
    let (_simulator, connection) = faulty(page.path(PARTS).skip(1)).await;
    let (came, error) = until_failure(connection.query(NINE).await.unwrap()).await;
    assert_eq!((xs(&came).len(), error.kind()), (2, ErrorKind::Decode));
    assert!(error.to_string().contains("part 2 of 5 of the result"), "{error}");
}

#[tokio::test]
async fn damage_is_an_error_and_never_a_panic() {
    let (simulator, connection) = start().await;
    let mut query = connection.query(NINE).submit().await.unwrap();
    for offset in (0..600).step_by(3) {
        simulator.fault(Fault::corrupt(offset).path(PARTS).once());
        let rows = query.rows().await.unwrap();
        if let Err(error) = rows.collect_all().await {
            let kinds = [ErrorKind::Decode, ErrorKind::Integrity, ErrorKind::Protocol];
            assert!(kinds.contains(&error.kind()), "{offset}: {error}");
        }
    }
}

#[tokio::test]
async fn another_number_of_rows_than_declared_is_an_error() {
    for declared in [8, 10] {
        let metadata = format!("{{\"num_rows\":{declared}}}");
        let metadata = Fault::body("application/json", metadata).path(METADATA);
        let (_simulator, connection) = faulty(metadata).await;
        let (came, error) = until_failure(connection.query(NINE).await.unwrap()).await;
        assert_eq!((came.len(), error.kind()), (9, ErrorKind::Integrity));
        let words = format!("was to have {declared} rows, and its parts have 9");
        assert!(error.to_string().contains(&words), "{error}");
    }
}

/// Large parts are kept in files that have no name; small ones in none.
#[tokio::test]
async fn nothing_is_left_in_any_folder() {
    let simulator = simulator().rows_per_file(4000).start().await.unwrap();
    let connection = connection(&simulator);
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)
        SELECT i, hex(randomblob(1000)) AS noise FROM n";
    let mut rows = connection.query(sql).await.unwrap();
    let first = rows.try_next().await.unwrap().unwrap();
    assert_eq!(first.get::<&str>("noise").unwrap().len(), 2000);
    settle(&simulator).await;
    #[cfg(target_os = "linux")]
    assert!(open_without_a_name() >= 2, "two parts of 8 MB are in files");
    let named = files_like_results();
    let mut sum = first.get::<i64>("i").unwrap();
    while let Some(row) = rows.try_next().await.unwrap() {
        sum += row.get::<i64>("i").unwrap();
    }
    assert_eq!(sum, 8000 * 8001 / 2);
    assert_eq!((named, files_like_results()), (0, 0));
}

#[cfg(target_os = "linux")]
fn open_without_a_name() -> usize {
    let open = std::fs::read_dir("/proc/self/fd").unwrap();
    let targets = open.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
    targets.filter(|target| target.to_string_lossy().ends_with("(deleted)")).count()
}

/// The working folder's files that have the endings of results.
fn files_like_results() -> usize {
    let here = std::fs::read_dir(".").unwrap();
    let names = here.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".pq") || name.ends_with(".parquet")).count()
}
