//! Many downloads into one folder.

mod transfer_server;

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt;
use longhaul::progress::Event;
use longhaul::transfer::{Downloads, Ended, Remote, inputs};
use transfer_server::{Answer, File, Server};

const SIZE: usize = 300_000;

fn downloads(to: &std::path::Path) -> Downloads {
    Downloads::new(to).part_size(32 * 1024).parallel(3)
}

#[tokio::test]
async fn each_gets_its_own_safe_name_and_failures_stay_apart() {
    let (file, dir) = (File::new(SIZE, 1), tempfile::tempdir().unwrap());
    let (good, bad) = (Server::good(&file), Server::start(|_| Answer::status(404)));
    let names = ["run1/a.txt", "run1/a.txt", "../../run1/A.txt", "missing", "/abs/b", "run1/a.txt"];
    let files = names.map(|name| {
        let server = if name == "missing" { &bad } else { &good };
        let remote = Remote::new(name).size(file.size()).checksum(file.checksum());
        (name, server.link(), remote)
    });
    let ended: Vec<Ended<&str>> = downloads(dir.path()).run(inputs(files)).collect().await;
    let mut by_index = BTreeMap::new();
    for one in ended {
        assert_eq!(one.input, names[one.index]);
        let path = one.outcome.map(|done| done.path);
        by_index.insert(one.index, path.map_err(|error| error.status()));
    }
    let paths: Vec<_> = by_index.into_values().collect();
    let right = |path: &str| Ok(dir.path().join(path));
    let expected = [
        right("run1/a.txt"),
        right("run1/a (2).txt"),
        right("run1/A (3).txt"),
        Err(Some(404)),
        right("abs/b"),
        right("run1/a (4).txt"),
    ];
    assert_eq!(paths, expected);
    for path in paths.into_iter().flatten() {
        assert!(fs::read(path).unwrap() == *file.bytes);
    }
}

#[tokio::test]
async fn all_share_the_connections_and_a_listener() {
    let (file, dir) = (File::new(SIZE, 2), tempfile::tempdir().unwrap());
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let server = Server::start({
        let (file, now, most) = (file.clone(), now.clone(), most.clone());
        move |asked| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(3));
            now.fetch_sub(1, Ordering::SeqCst);
            file.answer(asked)
        }
    });
    let seen = Arc::new(Mutex::new(BTreeMap::new()));
    let log = seen.clone();
    let files = (0..8).map(|n| {
        let remote = Remote::new(format!("f{n}")).size(file.size()).checksum(file.checksum());
        (n, server.link(), remote)
    });
    let work = downloads(dir.path()).on_event(move |event| {
        if let Event::Bytes { name, done, .. } = event {
            log.lock().unwrap().insert(name.to_string(), *done);
        }
    });
    let ended: Vec<_> = work.run(inputs(files)).collect().await;
    assert!(ended.iter().all(|one| one.outcome.as_ref().is_ok_and(|done| done.is_verified())));
    assert_eq!(most.load(Ordering::SeqCst), 3);
    let seen = seen.lock().unwrap();
    assert!(seen.len() == 8 && seen.values().all(|done| *done == file.size()), "{seen:?}");
}

#[tokio::test]
async fn a_run_that_was_broken_off_is_repeated_as_it_was() {
    let (file, dir) = (File::new(SIZE, 3), tempfile::tempdir().unwrap());
    let server = Server::start({
        let file = file.clone();
        move |asked| file.answer(asked).pace(16 * 1024, Duration::from_millis(2))
    });
    let files = |server: &Server| {
        let link = server.link();
        let remote = file.remote();
        inputs((0..5).map(move |n| (n, link.clone(), remote.clone())))
    };
    {
        let mut first = std::pin::pin!(downloads(dir.path()).run(files(&server)));
        first.next().await.unwrap().outcome.unwrap();
    }
    let server = Server::good(&file);
    let work = downloads(dir.path()).keep_existing(true);
    let ended: Vec<_> = work.run(files(&server)).collect().await;
    assert_eq!(ended.len(), 5);
    for one in ended {
        let done = one.outcome.unwrap();
        assert!(fs::read(done.path).unwrap() == *file.bytes);
    }
    assert!(server.sent() <= 4 * file.size(), "{}", server.sent());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 5, "nothing else is left");
}
