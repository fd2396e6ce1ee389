//! Containers, listings, and directories with everything in them.

use std::time::Duration;

use longhaul::v3io::{Container, Entry};
use longhaul::{ErrorKind, batch};
use longhaul_simulator::{Fault, Simulator};

use super::support::{failure, faulty, plain, says, start, users, users_with};

fn paths(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.path.as_str()).collect()
}

/// Files and directories whose names take turns.
async fn mixed(users: &Container) -> Vec<String> {
    let mut all = Vec::new();
    for n in 0..4 {
        for path in [format!("mixed/{n}-directory/"), format!("mixed/{n}-file")] {
            users.object(&path).put("12345").await.unwrap();
            all.push(path);
        }
    }
    all
}

#[tokio::test]
async fn every_page_size_lists_the_same_by_name() {
    let (simulator, users) = users().await;
    let all = mixed(&users).await;
    for (size, requests) in [(1, 8), (2, 4), (3, 3), (1000, 1)] {
        simulator.clear_requests();
        let found = users.list("mixed").page_size(size).collect_all().await.unwrap();
        assert_eq!(paths(&found), all, "{size}");
        assert_eq!(simulator.request_count(), requests, "{size}");
    }
    for spelling in ["/mixed", "mixed/", "/mixed/"] {
        assert_eq!(paths(&users.list(spelling).collect_all().await.unwrap()), all);
    }
}

#[tokio::test]
async fn a_list_begins_after_its_marker_and_goes_on_where_it_was_left() {
    let (_simulator, users) = users().await;
    let all = mixed(&users).await;
    for (marker, left) in [("mixed/1-file", &all[4..]), ("mixed/2", &all[4..]), ("mixed/z", &[])] {
        let found = users.list("mixed").marker(marker).collect_all().await.unwrap();
        assert_eq!(paths(&found), left, "{marker}");
    }
    let mut list = users.list("mixed").page_size(3);
    for wanted in &all[..4] {
        assert_eq!(&list.try_next().await.unwrap().unwrap().path, wanted);
    }
    let place = list.continuation().unwrap().to_string();
    let rest = users.list("mixed").resume(place.parse().unwrap()).collect_all().await.unwrap();
    assert_eq!(paths(&rest), &all[4..]);
}

#[tokio::test]
async fn directories_come_alone_and_details_when_asked_for() {
    let (_simulator, users) = users().await;
    mixed(&users).await;
    let directories = users.list("mixed").directories_only().collect_all().await.unwrap();
    assert_eq!(directories.len(), 4);
    assert!(directories.iter().all(|entry| entry.is_directory && entry.mode.is_none()));
    let entries = users.list("mixed").details().collect_all().await.unwrap();
    let (directory, file) = (&entries[0], &entries[1]);
    assert_eq!((file.size, directory.size), (Some(5), None));
    assert_eq!((file.mode, directory.mode), (Some(0o100_664), Some(0o40_775)));
    for entry in [directory, file] {
        assert_eq!((entry.uid, entry.gid), (Some(1000), Some(1000)));
        assert!(entry.inode.is_some());
        for time in [&entry.modified, &entry.accessed, &entry.created] {
            assert!(time.as_ref().unwrap().datetime().is_some());
        }
    }
    let brief = users.list("mixed").collect_all().await.unwrap();
    assert_eq!((brief[1].size, brief[1].inode), (Some(5), None));
}

#[tokio::test]
async fn streams_are_directories_that_tell_their_shards() {
    let (_simulator, users) = users().await;
    let stream = users.stream("streams/one");
    stream.create(8).retention(Duration::from_secs(2 * 3600)).await.unwrap();
    stream.put("x").await.unwrap();
    let listed = users.list("streams").details().collect_all().await.unwrap();
    assert_eq!((listed[0].path.as_str(), listed[0].is_directory), ("streams/one/", true));
    assert_eq!(listed[0].shard_count, Some(8));
    assert_eq!(listed[0].retention, Some(Duration::from_secs(7200)));
    let shards = users.list("streams/one").collect_all().await.unwrap();
    assert_eq!((shards.len(), shards[0].last_sequence_id), (1, Some(1)));
}

#[tokio::test]
async fn thousands_of_entries_come_by_the_thousand() {
    let (simulator, users) = users().await;
    let puts = batch(0..2500, |n: usize| users.object(format!("many/{n:04}")).put("x"));
    puts.await.into_result().unwrap();
    simulator.clear_requests();
    let found = users.list("many").collect_all().await.unwrap();
    assert_eq!(simulator.request_count(), 3);
    assert!(found.iter().enumerate().all(|(n, entry)| entry.path == format!("many/{n:04}")));
    assert_eq!(found.len(), 2500);
    simulator.clear_requests();
    let some = users.list("many").max_items(1000).collect_all().await.unwrap();
    assert_eq!((some.len(), simulator.request_count()), (1000, 1));
}

#[tokio::test]
async fn a_directory_is_deleted_with_more_than_a_page_of_entries_and_others() {
    let (simulator, users) = users().await;
    let puts = batch(0..1200, |n: usize| users.object(format!("full/{n:04}")).put("x"));
    puts.await.into_result().unwrap();
    for path in ["full/a/b/c", "full/a/b/d", "full/empty/", "full/a e/x & y", "fuller/stays"] {
        users.object(path).put("x").await.unwrap();
    }
    users.delete_directory("/full/").await.unwrap();
    assert!(failure(users.list("full").collect_all()).await.is_not_found());
    assert_eq!(paths(&users.list("").collect_all().await.unwrap()), ["fuller/"]);
    assert!(plain(&simulator, "DELETE").iter().all(|one| one.status == Some(204)));
    says(&failure(users.delete_directory("full")).await, ErrorKind::Status, &["404"]);
}

#[tokio::test]
async fn entries_that_others_delete_meanwhile_are_no_failure() {
    let gone = Fault::status(404).on("DELETE", "/users/full/*").first(3);
    let (_simulator, users) = faulty(gone).await;
    for n in 0..5 {
        users.object(format!("full/{n}")).put("x").await.unwrap();
    }
    // Three were only said to be gone, and keep the directory.
    let error = failure(users.delete_directory("full")).await;
    assert!(error.is_conflict(), "{error}");
    users.delete_directory("full").await.unwrap();
}

#[tokio::test]
async fn a_deletion_that_fails_says_how_much_did() {
    let refused = Fault::status(403).on("DELETE", "/users/full/2");
    let (_simulator, users) = faulty(refused).await;
    for n in 0..5 {
        users.object(format!("full/{n}")).put("x").await.unwrap();
    }
    let error = failure(users.delete_directory("full")).await;
    says(&error, ErrorKind::Status, &["403", "1 of 5"]);
    assert_eq!(paths(&users.list("full").collect_all().await.unwrap()), ["full/2"]);
}

#[tokio::test]
async fn names_survive_the_listing_whatever_is_in_them() {
    let (_simulator, users) = users().await;
    let mut all = vec!["odd/ blanks at both ends ", "odd/a & b <c> \"d\" 'e'", "odd/100%25#?+;="];
    all.extend(["odd/\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{2713}", "odd/two  blanks"]);
    all.sort_unstable();
    for path in &all {
        users.object(path).put("x").await.unwrap();
    }
    assert_eq!(paths(&users.list("odd").page_size(2).collect_all().await.unwrap()), all);
    users.delete_directory("odd").await.unwrap();
}

#[tokio::test]
async fn a_container_exists_or_not_and_can_be_named_by_its_id() {
    let (_simulator, client) = start().await;
    assert!(client.container("users").exists().await.unwrap());
    assert!(!client.container("no-such").exists().await.unwrap());
    client.container("users").object("a").put("x").await.unwrap();
    assert_eq!(client.container("1027").object("a").get().await.unwrap(), "x");
    let error = failure(client.container("no-such").list("").collect_all()).await;
    says(&error, ErrorKind::Status, &["404", "Container not found"]);
}

#[tokio::test]
async fn more_containers_are_listed() {
    let (_simulator, users) = users_with(Simulator::v3io().container("archive")).await;
    users.object("a").put("x").await.unwrap();
    assert_eq!(users.list("").collect_all().await.unwrap().len(), 1);
}

fn listing(body: &str) -> Fault {
    let body = format!("<ListBucketResult>{body}</ListBucketResult>");
    Fault::body("application/xml", body).on("GET", "/users")
}

#[tokio::test]
async fn a_sparse_listing_is_read_as_far_as_it_goes() {
    let (_simulator, users) = faulty(listing("<News/><Contents><Key>a</Key></Contents>")).await;
    let found = users.list("").collect_all().await.unwrap();
    assert_eq!((paths(&found), found[0].size), (vec!["a"], None));
}

#[tokio::test]
async fn a_listing_without_an_end_is_an_error() {
    let endless = "<IsTruncated>true</IsTruncated><NextMarker>a</NextMarker>";
    let (simulator, users) = faulty(listing(endless)).await;
    let error = failure(users.list("").collect_all()).await;
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    assert!(simulator.request_count() < 5);
    let lost = "<IsTruncated>true</IsTruncated>";
    let (_simulator, users) = faulty(listing(lost)).await;
    says(&failure(users.list("").collect_all()).await, ErrorKind::Protocol, &["there is more"]);
}

#[tokio::test]
async fn what_is_no_listing_is_named_so() {
    let (_simulator, users) = faulty(Fault::html().on("GET", "/users")).await;
    let error = failure(users.list("").collect_all()).await;
    says(&error, ErrorKind::Decode, &["list_directory"]);
}
