//! Uploads and downloads: what arrives, what is verified, what is refused.

use std::path::{Path, PathBuf};

use longhaul::ErrorKind;
use longhaul::rescale::FileType;
use longhaul_simulator::Fault;

use super::support::{completed, fast, kind, says, sent, start, start_with, stored};

#[tokio::test]
async fn an_upload_has_the_name_the_type_and_the_bytes_of_the_file() {
    let (simulator, client) = start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("räksmörgås \"1\".csv");
    std::fs::write(&path, "x,y\n1,2\n").unwrap();
    let file = client.files().upload(&path).file_type(FileType::PARAMETER).await.unwrap();
    assert_eq!(file.name(), "räksmörgås \"1\".csv");
    assert_eq!((file.size(), kind(&file)), (Some(8), Some(FileType::PARAMETER.0)));
    assert_eq!(file.lines().await.unwrap(), ["x,y\n", "1,2\n"]);
    let [request] = sent(&simulator, "POST", "/files/contents/").try_into().expect("one upload");
    assert!(request.header("transfer-encoding").is_none(), "the platform refuses chunks");
    let empty = stored(&client, "empty.bin", "").await;
    assert_eq!(empty.size(), Some(0));
}

#[tokio::test]
async fn a_download_is_parallel_verified_and_kept_under_its_name() {
    let (simulator, client) = start_with(fast().file("big.bin", 3_000_000)).await;
    let file = client.files().get(simulator.id_of("big.bin").unwrap()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let done = file.download_to(folder.path()).parallel(4).part_size(500_000).await.unwrap();
    assert_eq!(done.path, folder.path().join("big.bin"));
    assert_eq!((done.bytes, done.is_verified()), (3_000_000, true));
    assert_eq!(std::fs::metadata(&done.path).unwrap().len(), 3_000_000);
    assert_eq!(sent(&simulator, "GET", "/contents/").len(), 6);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn all_outputs_of_a_job_are_downloaded_with_their_folders() {
    let (_simulator, client) = start().await;
    let command =
        "simulate output case/0/U\nsimulate output case/1/U\nopenssl rand -out b.bin 5000";
    let job = completed(&client, command).await;
    let folder = tempfile::tempdir().unwrap();
    let report = job.files().download_to(folder.path()).await;
    let mut paths: Vec<_> = report.into_result().unwrap().into_iter().map(|d| d.path).collect();
    paths.sort();
    let expected = ["b.bin", "case/0/U", "case/1/U", "process_output.log"];
    assert_eq!(paths, expected.map(|path| folder.path().join(path)));
}

#[tokio::test]
async fn one_download_that_fails_is_named_and_the_others_are_done() {
    let (simulator, client) = start().await;
    let job = completed(&client, "simulate output good\nsimulate output bad").await;
    let bad = job.files().search("bad").collect_all().await.unwrap().remove(0);
    let path = format!("/api/v2/files/{}/contents/", bad.id());
    simulator.fault(Fault::status(403).on("GET", path));
    let folder = tempfile::tempdir().unwrap();
    let report = job.files().download_to(folder.path()).await;
    assert_eq!((report.done.len(), report.failed.len()), (2, 1));
    assert_eq!(report.failed[0].error.status(), Some(403));
    assert!(!folder.path().join("bad").exists());
}

#[tokio::test]
async fn the_error_of_a_download_is_not_taken_for_the_file() {
    let (_simulator, client) = start().await;
    let file = stored(&client, "gone.txt", "x").await;
    file.clone().delete().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let missing = file.download_to(folder.path()).await.unwrap_err();
    assert!(missing.is_not_found(), "{missing}");
    assert!(files_below(folder.path()).is_empty());
}

#[tokio::test]
async fn corrupted_bytes_never_get_the_name_of_the_file() {
    let (simulator, client) = start().await;
    let file = stored(&client, "a.txt", "right").await;
    simulator.fault(Fault::corrupt(2).on("GET", "**/contents/"));
    let folder = tempfile::tempdir().unwrap();
    let corrupted = file.download_to(folder.path()).await.unwrap_err();
    says(&corrupted, ErrorKind::Integrity, &["a.txt", "SHA-512"]);
    assert!(!folder.path().join("a.txt").exists());
}

#[tokio::test]
async fn contents_may_lie_in_another_storage_which_gets_no_credential() {
    let (simulator, client) = start_with(fast().redirect_contents()).await;
    let file = stored(&client, "a.txt", "elsewhere").await;
    let folder = tempfile::tempdir().unwrap();
    let done = file.download_to(folder.path()).await.unwrap();
    assert_eq!(std::fs::read_to_string(done.path).unwrap(), "elsewhere");
    let storage = simulator.storage_url().unwrap();
    let host = storage.trim_start_matches("http://");
    let all = simulator.requests();
    let there = all.iter().filter(|request| request.header("host") == Some(host));
    let there: Vec<_> = there.collect();
    assert!(!there.is_empty());
    assert!(there.iter().all(|request| request.header("authorization").is_none()));
}

#[tokio::test]
async fn a_download_needs_parts_connections_and_a_folder() {
    let (simulator, client) = start().await;
    let file = stored(&client, "a.txt", "x").await;
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("taken");
    std::fs::write(&taken, "mine").unwrap();
    simulator.clear_requests();
    let to = || file.download_to(folder.path());
    says(&to().part_size(0).await.unwrap_err(), ErrorKind::InvalidInput, &["part size", "above 0"]);
    says(
        &to().parallel(0).await.unwrap_err(),
        ErrorKind::InvalidInput,
        &["at least one connection"],
    );
    says(&file.download_to(&taken).await.unwrap_err(), ErrorKind::InvalidInput, &["exists"]);
    let below = file.download_to(taken.join("inner/")).await.unwrap_err();
    says(&below, ErrorKind::Io, &["taken"]);
    for name in ["", "..", "a/b", "/etc/x"] {
        says(&to().file_name(name).await.unwrap_err(), ErrorKind::InvalidInput, &["name"]);
    }
    assert_eq!(simulator.request_count(), 0);
    assert_eq!(std::fs::read_to_string(&taken).unwrap(), "mine");
}

#[tokio::test]
async fn a_list_is_downloaded_into_a_folder_only() {
    let (_simulator, client) = start().await;
    let job = completed(&client, "echo").await;
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("taken");
    std::fs::write(&taken, "mine").unwrap();
    let report = job.files().download_to(&taken).await;
    assert!(report.into_result().is_err());
    assert_eq!(std::fs::read_to_string(&taken).unwrap(), "mine");
}

/// Every file below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test]
async fn names_that_a_server_chose_stay_inside_the_folder() {
    let evil = ["../../etc/x", "/etc/passwd", "..\\..\\x", "", "..", "C:\\x", "a\0b", "~/x"];
    let (simulator, client) = start().await;
    let job = completed(&client, "echo").await;
    for name in evil {
        simulator.clear_faults();
        for pointer in ["/name", "/relativePath", "/results/*/name", "/results/*/relativePath"] {
            simulator.fault(Fault::set(pointer, name));
        }
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("a/b/c");
        job.files().download_to(&inner).await.into_result().unwrap();
        let file = job.files().collect_all().await.unwrap().remove(0);
        let done = file.download_to(inner.join("single/")).await.unwrap();
        assert!(done.path.starts_with(inner.join("single")), "{name:?}: {:?}", done.path);
        let all = files_below(outer.path());
        assert_eq!(all.len(), 2, "{name:?}: {all:?}");
        assert!(all.iter().all(|path| path.starts_with(&inner)), "{name:?}: {all:?}");
    }
}

#[tokio::test]
async fn bytes_are_uploaded_under_the_name_that_is_given() {
    let (_simulator, client) = start().await;
    let file = client.files().upload_bytes("first.txt", "hello").name("second.txt").await.unwrap();
    assert_eq!((file.name(), file.size()), ("second.txt", Some(5)));
    let nameless = client.files().upload_bytes(" ", "hello").await.unwrap_err();
    says(&nameless, ErrorKind::InvalidInput, &["needs a name"]);
}

#[tokio::test]
async fn a_folder_is_uploaded_as_an_archive_with_its_whole_name() {
    let (_simulator, client) = start().await;
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("model.v2");
    std::fs::create_dir_all(model.join("mesh")).unwrap();
    std::fs::write(model.join("mesh/a.msh"), "points").unwrap();
    let archive = client.files().upload_folder(&model).await.unwrap();
    assert_eq!(archive.name(), "model.v2.zip");
    let copy = archive.download_to(folder.path().join("copy.zip")).await.unwrap();
    let bytes = std::fs::read(copy.path).unwrap();
    assert!(bytes.starts_with(b"PK"));
    assert!(bytes.windows(10).any(|window| window == b"mesh/a.msh"));
    let missing = client.files().upload_folder(folder.path().join("missing")).await.unwrap_err();
    says(&missing, ErrorKind::Io, &["missing"]);
}

#[tokio::test]
async fn a_second_download_keeps_replaces_or_refuses_what_is_there() {
    let (simulator, client) = start().await;
    let job = completed(&client, "simulate output a.txt").await;
    let folder = tempfile::tempdir().unwrap();
    let list = || job.files().search("a.txt").download_to(folder.path());
    list().await.into_result().unwrap();
    let refused = list().await.into_result().unwrap_err();
    says(&refused, ErrorKind::InvalidInput, &["a.txt", "exists"]);
    simulator.clear_requests();
    list().keep_existing(true).await.into_result().unwrap();
    assert!(sent(&simulator, "GET", "/contents/").is_empty());
    std::fs::write(folder.path().join("a.txt"), "changed").unwrap();
    list().overwrite(true).await.into_result().unwrap();
    assert_eq!(std::fs::read_to_string(folder.path().join("a.txt")).unwrap(), "simulated\n");
}

#[tokio::test]
async fn an_upload_needs_a_file() {
    let (simulator, client) = start().await;
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.txt");
    let refused = client.files().upload(&missing).await.unwrap_err();
    says(&refused, ErrorKind::Io, &["missing.txt"]);
    let refused = client.files().upload(folder.path()).await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Io | ErrorKind::InvalidInput), "{refused}");
    assert_eq!(simulator.request_count(), 0);
}
