//! Downloads from servers that behave, and from servers that do not.

mod transfer_server;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use longhaul::ErrorKind;
use longhaul::progress::Event;
use longhaul::transfer::{Download, Downloaded, Incoming, Link, Remote, Source, Wanted};
use transfer_server::{Answer, File, Server};

const PART: u64 = 64 * 1024;
const SIZE: usize = 20 * PART as usize + 123;

fn download(server: &Server, remote: Remote, to: &Path) -> Download<Link> {
    Download::new(server.link(), remote, to).part_size(PART).parallel(4)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Everything in a folder, by name.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[track_caller]
fn assert_right(done: &Downloaded, file: &File, folder: &Path) {
    assert!(fs::read(&done.path).unwrap() == *file.bytes, "the bytes are not right");
    assert_eq!(done.bytes, file.size());
    assert_eq!(names(folder), ["data.bin"]);
}

#[tokio::test]
async fn every_part_is_asked_for_once_and_pinned_to_the_first_version() {
    let (file, dir) = (File::new(SIZE, 1), folder());
    let server = Server::good(&file);
    let done = download(&server, file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert_eq!(done.path, dir.path().join("data.bin"));
    assert_eq!(done.checksum, Some(file.checksum()));
    assert!(done.is_verified());
    assert_eq!((done.resumed_bytes, done.repaired_parts), (0, 0));
    assert_eq!(server.sent(), file.size());
    let mut asked = server.asked();
    assert_eq!((asked.len(), asked[0].if_match.clone()), (21, None));
    assert!(asked[1..].iter().all(|asked| asked.if_match == file.etag), "{asked:?}");
    asked.sort_by_key(|asked| asked.range.clone().unwrap().start);
    let mut reached = 0;
    for range in asked.into_iter().map(|asked| asked.range.unwrap()) {
        assert_eq!(range.start, reached);
        reached = range.end;
    }
    assert_eq!(reached, file.size());
}

#[tokio::test]
async fn sizes_are_learned_and_edges_work() {
    for size in [0, 1, PART as usize - 1, PART as usize, PART as usize + 1, 2 * PART as usize] {
        let (file, known, unknown) = (File::new(size, 2), folder(), folder());
        let server = Server::good(&file);
        let done = download(&server, file.remote(), known.path()).await.unwrap();
        assert_right(&done, &file, known.path());
        let parts = size.div_ceil(PART as usize);
        assert_eq!(server.asked().len(), parts, "size {size}");
        assert_eq!(server.asked().iter().any(|asked| asked.range.is_some()), parts > 1);
        let server = Server::good(&file);
        let remote = Remote::new("data.bin");
        let done = download(&server, remote, unknown.path()).await.unwrap();
        assert_right(&done, &file, unknown.path());
        assert!(!done.is_verified(), "nothing was declared");
        let extra = usize::from(size == 0) * 2;
        assert_eq!(server.asked().len(), parts + extra, "an empty file is asked for twice");
    }
}

#[tokio::test]
async fn a_server_without_ranges_is_read_in_one_stream() {
    let (file, dir) = (File::new(SIZE, 3), folder());
    let server = Server::start({
        let file = file.clone();
        move |asked| file.whole(asked)
    });
    let done = download(&server, file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert_eq!((server.asked().len(), server.sent()), (1, file.size()));
}

#[tokio::test]
async fn a_broken_stream_without_ranges_skips_what_is_there() {
    let (file, dir) = (File::new(SIZE, 4), folder());
    let server = Server::start({
        let file = file.clone();
        move |asked| match asked.number {
            0 => file.whole(asked).cut(5 * PART as usize + 7),
            1 => file.whole(asked).cut(11 * PART as usize),
            _ => file.whole(asked),
        }
    });
    let done = download(&server, file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn ranges_that_are_ignored_now_and_then_do_no_harm() {
    let (file, dir) = (File::new(SIZE, 5), folder());
    let server = Server::start({
        let file = file.clone();
        move |asked| if asked.number % 5 == 4 { file.whole(asked) } else { file.answer(asked) }
    });
    let done = download(&server, file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert_eq!(done.repaired_parts, 0);
}

#[tokio::test]
async fn ranges_that_stop_working_end_in_one_stream() {
    let (file, dir) = (File::new(SIZE, 6), folder());
    let server = Server::start({
        let file = file.clone();
        move |asked| if asked.number < 3 { file.answer(asked) } else { file.whole(asked) }
    });
    let done = download(&server, file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
}

#[tokio::test]
async fn a_body_of_unknown_length_is_taken_whole_and_again_when_it_breaks() {
    let (file, dir) = (File::new(SIZE, 7), folder());
    let server = Server::start({
        let file = file.clone();
        move |asked| {
            let answer = file.whole(asked).chunked();
            if asked.number == 0 { answer.cut(3 * PART as usize) } else { answer }
        }
    });
    let remote = Remote::new("data.bin").checksum(file.checksum());
    let done = download(&server, remote, dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert!(done.is_verified());
    assert_eq!(server.asked().len(), 2);
}

/// Downloads from a server that is always wrong in this way.
async fn refused(wrong: impl Fn(Answer) -> Answer + Send + Sync + 'static) -> longhaul::Error {
    let (file, dir) = (File::new(SIZE, 8), folder());
    let server = Server::start({
        let file = file.clone();
        move |asked| wrong(file.answer(asked))
    });
    let error = download(&server, file.remote(), dir.path()).await.unwrap_err();
    assert!(!dir.path().join("data.bin").exists());
    assert!(error.to_string().contains("data.bin"), "{error}");
    assert!(!error.to_string().contains("hush"), "{error}");
    error
}

#[tokio::test]
async fn wrong_ranges_are_refused_and_never_written() {
    let wrong = |range: &'static str| refused(move |answer| answer.header("content-range", range));
    let errors = futures_util::future::join_all([
        wrong("bytes 1-65536/1310843"),
        wrong("bytes 0-65534/1310843"),
        wrong("bytes 0-65535/1310844"),
        wrong("bytes 0-65535/*"),
        wrong("bytes */1310843"),
        wrong("nonsense"),
    ])
    .await;
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    }
    let error = refused(|mut answer| {
        answer.headers.retain(|(name, _)| name != "content-range");
        answer
    });
    assert_eq!(error.await.kind(), ErrorKind::Protocol);
}

#[tokio::test]
async fn short_and_long_parts_are_refused() {
    let (short, long, longer) = tokio::join!(
        refused(|mut answer| {
            answer.body.truncate(answer.body.len() / 2 * usize::from(answer.body.len() > 9));
            answer.chunked()
        }),
        refused(|mut answer| {
            answer.body.push(b'!');
            answer
        }),
        refused(|mut answer| {
            answer.body.extend([b'!'; 100_000]);
            answer.chunked()
        }),
    );
    assert_eq!(short.kind(), ErrorKind::Interrupted, "{short}");
    assert_eq!(long.kind(), ErrorKind::Protocol, "{long}");
    assert_eq!(longer.kind(), ErrorKind::Protocol, "{longer}");
}

#[tokio::test]
async fn one_wrong_answer_is_asked_for_again() {
    let (file, dir) = (File::new(SIZE, 9), folder());
    let server = Server::start({
        let file = file.clone();
        move |asked| match asked.number {
            2 => file.answer(asked).header("content-range", "bytes 0-65535/1310843"),
            4 => Answer::status(503),
            6 => {
                let mut answer = file.answer(asked).chunked();
                answer.body.extend([b'x'; 999]);
                answer
            }
            8 => file.answer(asked).header("content-range", "bytes 9-1/2"),
            _ => file.answer(asked),
        }
    });
    let done = download(&server, file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert_eq!(server.asked().len(), 25);
}

#[tokio::test]
async fn a_page_that_is_no_file_is_an_error() {
    let dir = folder();
    for status in [404, 403, 401, 302, 204] {
        let server = Server::start(move |_| Answer {
            body: if status == 204 { Vec::new() } else { b"<html>".to_vec() },
            ..Answer::status(status)
        });
        let remote = Remote::new("data.bin").size(10);
        let started = Instant::now();
        let error = download(&server, remote, dir.path()).await.unwrap_err();
        assert_eq!(error.status(), Some(status), "{error}");
        assert!(error.to_string().contains("was not downloaded"), "{error}");
        assert_eq!(names(dir.path()), [""; 0]);
        if status >= 400 {
            assert_eq!(server.asked().len(), 1, "a repeat would change nothing");
            assert!(started.elapsed() < Duration::from_millis(500));
        }
    }
}

#[tokio::test]
async fn a_file_that_is_smaller_than_declared_is_an_error_that_says_so() {
    let (file, dir) = (File::new(SIZE, 10), folder());
    let server = Server::good(&file);
    let remote = file.remote().size(file.size() + 10 * PART);
    let error = download(&server, remote, dir.path()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    assert!(error.to_string().contains("1310843 bytes instead of 1966203"), "{error}");
}

#[tokio::test]
async fn a_range_that_cannot_be_satisfied_makes_it_look_again() {
    let (before, dir) = (File::new(SIZE, 11), folder());
    let after = File::new(3 * PART as usize, 11);
    let server = Server::start({
        let before = before.clone();
        move |asked| if asked.number < 2 { before.answer(asked) } else { after.answer(asked) }
    });
    let error = download(&server, before.remote(), dir.path()).await.unwrap_err();
    assert!(error.to_string().contains("196608 bytes instead of 1310843"), "{error}");
}

#[tokio::test]
async fn a_change_on_the_server_is_one_clean_restart() {
    for by_status in [false, true] {
        let (old, new, dir) = (File::new(SIZE, 12), File::new(SIZE, 13), folder());
        let server = Server::start({
            let new = new.clone();
            move |asked| {
                let file = if asked.number < 7 { &old } else { &new };
                match by_status {
                    true => file.answer(asked),
                    // A server that does not know If-Match still tells the tag.
                    false => {
                        file.answer(&transfer_server::Asked { if_match: None, ..asked.clone() })
                    }
                }
            }
        });
        let remote = Remote::new("data.bin").size(new.size()).checksum(new.checksum());
        let done = download(&server, remote, dir.path()).await.unwrap();
        assert_right(&done, &new, dir.path());
        assert_eq!(done.repaired_parts, 0, "not one byte of the old version was kept");
    }
}

#[tokio::test]
async fn a_file_that_keeps_changing_is_an_error() {
    let dir = folder();
    let server = Server::start(|asked| {
        let file = File::new(SIZE, asked.number as u64);
        file.answer(&transfer_server::Asked { if_match: None, ..asked.clone() })
    });
    let remote = Remote::new("data.bin");
    let error = download(&server, remote, dir.path()).await.unwrap_err();
    assert!(error.to_string().contains("changes on the server"), "{error}");
    assert!(!dir.path().join("data.bin").exists());
}

#[tokio::test]
async fn broken_parts_go_on_from_the_byte_they_reached() {
    let (file, dir) = (File::new(SIZE, 14), folder());
    let server = Server::start({
        let file = file.clone();
        move |asked| match asked.number {
            n if n % 3 == 1 => file.answer(asked).cut(1000 + n * 997 % 40_000),
            _ => file.answer(asked),
        }
    });
    let done = download(&server, file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert!(server.sent() <= file.size() * 102 / 100, "{} of {}", server.sent(), file.size());
    let starts = server.asked().into_iter().map(|asked| asked.range.unwrap().start);
    assert!(starts.filter(|start| start % PART != 0).count() >= 6);
}

#[tokio::test]
async fn a_stalled_part_goes_on_after_the_stall() {
    let (file, dir) = (File::new(SIZE, 15), folder());
    let server = Server::start({
        let file = file.clone();
        move |asked| match asked.number {
            3 | 9 => file.answer(asked).stall(20_000),
            _ => file.answer(asked),
        }
    });
    let started = Instant::now();
    let done = download(&server, file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    assert!(server.sent() <= file.size() * 102 / 100);
}

#[tokio::test]
async fn one_wrong_bit_is_found_and_only_its_part_replaced() {
    let (file, dir) = (File::new(SIZE, 16), folder());
    let server = Server::start({
        let file = file.clone();
        move |asked| match asked.number {
            7 => file.answer(asked).flip(4711),
            _ => file.answer(asked),
        }
    });
    let done = download(&server, file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert_eq!((done.repaired_parts, done.is_verified()), (1, true));
    assert!(server.sent() * 10 <= file.size() * 21, "{} of {}", server.sent(), file.size());
}

#[tokio::test]
async fn a_wrong_bit_in_the_second_copy_does_not_spoil_the_first() {
    let (file, dir) = (File::new(SIZE, 17), folder());
    let server = Server::start({
        let file = file.clone();
        move |asked| match asked.number {
            n @ (3 | 25 | 31) => file.answer(asked).flip(n * 1000),
            _ => file.answer(asked),
        }
    });
    let done = download(&server, file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert!(done.repaired_parts <= 2);
}

#[tokio::test]
async fn a_wrong_bit_in_one_stream_is_mended_by_another() {
    let (file, dir) = (File::new(SIZE, 18), folder());
    let server = Server::start({
        let file = file.clone();
        move |asked| match asked.number {
            0 => file.whole(asked).flip(4711),
            _ => file.whole(asked),
        }
    });
    let done = download(&server, file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert!(done.repaired_parts > 0);
    assert_eq!(server.sent(), 2 * file.size());
}

#[tokio::test]
async fn a_wrong_checksum_is_an_error_and_leaves_nothing() {
    let (file, other, dir) = (File::new(SIZE, 19), File::new(SIZE, 20), folder());
    for whole in [false, true] {
        let server = Server::start({
            let file = file.clone();
            move |asked| if whole { file.whole(asked) } else { file.answer(asked) }
        });
        let remote = file.remote().checksum(other.checksum());
        let error = download(&server, remote.clone(), dir.path()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Integrity, "{error}");
        for hex in [file.checksum(), other.checksum()] {
            assert!(error.to_string().contains(hex.hex()), "{error}");
        }
        assert_eq!(names(dir.path()), [""; 0]);
        assert!(server.sent() <= 4 * file.size());
        let done = download(&server, remote, dir.path()).verify(false).await.unwrap();
        assert!(!done.is_verified());
        fs::remove_file(done.path).unwrap();
    }
}

/// A server that dies after so many answers.
fn dying(file: &File, after: usize) -> Server {
    let file = file.clone();
    Server::start(move |asked| match asked.number {
        n if n < after => file.answer(asked),
        _ => Answer::status(404),
    })
}

#[tokio::test]
async fn what_an_earlier_run_left_is_not_fetched_again() {
    let (file, dir) = (File::new(SIZE, 21), folder());
    let error = download(&dying(&file, 12), file.remote(), dir.path()).await.unwrap_err();
    assert!(error.to_string().contains("data.bin.part"), "{error}");
    assert_eq!(names(dir.path()), ["data.bin.part", "data.bin.part.journal"]);
    let server = Server::good(&file);
    let done = download(&server, file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert!(done.resumed_bytes >= 8 * PART, "{}", done.resumed_bytes);
    assert_eq!(server.sent(), file.size() - done.resumed_bytes);
    assert_eq!(server.asked()[0].if_match, file.etag, "the earlier version is asked for");
}

/// Leaves an incomplete download in the folder.
async fn leave(file: &File, dir: &Path) {
    download(&dying(file, 12), file.remote(), dir).await.unwrap_err();
    assert_eq!(names(dir), ["data.bin.part", "data.bin.part.journal"]);
}

#[tokio::test]
async fn a_leftover_that_cannot_be_used_is_not_used() {
    let (file, other) = (File::new(SIZE, 22), File::new(SIZE, 23));
    let journal = |dir: &Path| dir.join("data.bin.part.journal");
    type Damage = fn(&Path, &Path);
    let damages: [(&str, Damage); 5] = [
        ("journal of nothing", |_, journal| fs::write(journal, "").unwrap()),
        ("journal of garbage", |_, journal| fs::write(journal, [0xff; 999]).unwrap()),
        ("journal cut in the header", |_, journal| {
            let text = fs::read(journal).unwrap();
            fs::write(journal, &text[..20]).unwrap();
        }),
        ("short file", |part, _| fs::write(part, "short").unwrap()),
        ("no file", |part, _| fs::remove_file(part).unwrap()),
    ];
    for (what, damage) in damages {
        let dir = folder();
        leave(&file, dir.path()).await;
        damage(&dir.path().join("data.bin.part"), &journal(dir.path()));
        let server = Server::good(&file);
        let done = download(&server, file.remote(), dir.path()).await.unwrap();
        assert_right(&done, &file, dir.path());
        assert_eq!(done.resumed_bytes, 0, "{what}");
    }
    // Another part size, another file under the same name, another version.
    let dir = folder();
    leave(&file, dir.path()).await;
    let done = download(&Server::good(&file), file.remote(), dir.path()).part_size(PART / 2);
    assert_eq!(done.await.unwrap().resumed_bytes, 0);
    let dir = folder();
    leave(&file, dir.path()).await;
    let done = download(&Server::good(&other), other.remote(), dir.path()).await.unwrap();
    assert_right(&done, &other, dir.path());
    let dir = folder();
    leave(&file, dir.path()).await;
    let mut renamed = file.clone();
    renamed.etag = other.etag.clone();
    let done = download(&Server::good(&renamed), file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert_eq!(done.resumed_bytes, 0);
}

#[tokio::test]
async fn damaged_parts_of_a_leftover_are_fetched_again() {
    let (file, dir) = (File::new(SIZE, 24), folder());
    leave(&file, dir.path()).await;
    let part = dir.path().join("data.bin.part");
    let mut bytes = fs::read(&part).unwrap();
    bytes[PART as usize + 5] ^= 1;
    fs::write(&part, bytes).unwrap();
    let server = Server::good(&file);
    let done = download(&server, file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert!(done.resumed_bytes > 0 && done.repaired_parts == 0);
    assert_eq!(server.asked()[0].range, Some(PART..2 * PART));
}

#[tokio::test]
async fn without_a_tag_and_a_checksum_nothing_is_resumed() {
    let (file, dir) = (File::new(SIZE, 25).without_etag(), folder());
    let remote = Remote::new("data.bin").size(file.size());
    download(&dying(&file, 12), remote.clone(), dir.path()).await.unwrap_err();
    let done = download(&Server::good(&file), remote, dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert_eq!(done.resumed_bytes, 0);
    let dir = folder();
    download(&dying(&file, 12), file.remote(), dir.path()).await.unwrap_err();
    let done = download(&Server::good(&file), file.remote(), dir.path()).await.unwrap();
    assert!(done.resumed_bytes > 0, "a checksum is enough");
}

#[tokio::test]
async fn a_second_download_of_the_same_target_is_refused() {
    let (file, dir) = (File::new(SIZE, 26), folder());
    let slow = Server::start({
        let file = file.clone();
        move |asked| file.answer(asked).pace(4096, Duration::from_millis(25))
    });
    let first = tokio::spawn(download(&slow, file.remote(), dir.path()).into_future());
    while slow.asked().len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let server = Server::good(&file);
    let error = download(&server, file.remote(), dir.path()).await.unwrap_err();
    assert!(error.to_string().contains("another download"), "{error}");
    assert_eq!(server.asked().len(), 0);
    assert_right(&first.await.unwrap().unwrap(), &file, dir.path());
}

#[tokio::test]
async fn nothing_is_asked_for_what_cannot_be_saved() {
    let (file, dir) = (File::new(SIZE, 27), folder());
    let server = Server::good(&file);
    fs::write(dir.path().join("data.bin"), "mine").unwrap();
    fs::write(dir.path().join("plain"), "mine").unwrap();
    let to = |path: &str| download(&server, file.remote(), &dir.path().join(path));
    let refusals = [
        (to("").await, "exists"),
        (to("data.bin").await, "exists"),
        (to("plain/").await, "plain"),
        (to("plain/sub/x").await, "plain"),
        (to("new").parallel(0).await, "connection"),
        (to("new").part_size(0).await, "part size"),
        (to("new").file_name("../x").await, "no file name"),
    ];
    for (outcome, words) in refusals {
        let error = outcome.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(fs::read(dir.path().join("data.bin")).unwrap(), b"mine");
    }
    assert_eq!(server.asked().len(), 0);
    assert_eq!(names(dir.path()), ["data.bin", "plain"]);
}

#[tokio::test]
async fn existing_files_are_replaced_or_kept_on_request() {
    let (file, dir) = (File::new(SIZE, 28), folder());
    let server = Server::good(&file);
    let path = dir.path().join("data.bin");
    fs::write(&path, "old").unwrap();
    let error = download(&server, file.remote(), dir.path()).keep_existing(true).await;
    assert!(error.unwrap_err().to_string().contains("exists"), "it is another file");
    assert_eq!((server.asked().len(), fs::read(&path).unwrap()), (0, b"old".to_vec()));
    let done = download(&server, file.remote(), dir.path()).overwrite(true).await.unwrap();
    assert_right(&done, &file, dir.path());
    let asked = server.asked().len();
    let done = download(&server, file.remote(), dir.path()).keep_existing(true).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert_eq!((server.asked().len(), done.resumed_bytes), (asked, file.size()));
}

#[cfg(unix)]
#[tokio::test]
async fn links_in_the_way_are_not_followed() {
    let (file, dir, outside) = (File::new(SIZE, 29), folder(), folder());
    let victim = outside.path().join("victim");
    let server = Server::good(&file);
    for name in ["data.bin.part", "data.bin.part.journal", "data.bin"] {
        fs::write(&victim, "mine").unwrap();
        let link = dir.path().join(name);
        std::os::unix::fs::symlink(&victim, &link).unwrap();
        download(&server, file.remote(), dir.path()).await.unwrap_err();
        assert_eq!(fs::read(&victim).unwrap(), b"mine", "{name}");
        if name == "data.bin" {
            let done = download(&server, file.remote(), dir.path()).overwrite(true).await.unwrap();
            assert_right(&done, &file, dir.path());
            assert!(!done.path.is_symlink(), "the link was replaced, not followed");
            assert_eq!(fs::read(&victim).unwrap(), b"mine");
        } else {
            fs::remove_file(link).unwrap();
        }
    }
}

#[tokio::test]
async fn names_from_the_server_stay_in_the_folder() {
    let file = File::new(10, 30);
    let server = Server::good(&file);
    let cases =
        [("../../etc/x", "x"), ("/etc/passwd", "passwd"), ("C:\\x", "x"), ("..", "unnamed")];
    for (name, expected) in cases {
        let dir = folder();
        let done = download(&server, Remote::new(name).size(10), dir.path()).await.unwrap();
        assert_eq!(done.path, dir.path().join(expected));
        assert_eq!(names(dir.path()), [expected]);
    }
}

/// A link that counts how often it is asked.
struct Counting(Link, Arc<AtomicUsize>);

impl Source for Counting {
    async fn open(&self, wanted: Wanted) -> longhaul::Result<Incoming> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.open(wanted).await
    }
}

#[tokio::test]
async fn dropping_stops_everything_and_leaves_what_can_be_resumed() {
    let (file, dir) = (File::new(SIZE, 31), folder());
    let slow = Server::start({
        let file = file.clone();
        move |asked| file.answer(asked).pace(8192, Duration::from_millis(10))
    });
    let count = Arc::new(AtomicUsize::new(0));
    let source = Counting(slow.link(), count.clone());
    let work = Download::new(source, file.remote(), dir.path()).part_size(PART).parallel(4);
    let running = tokio::spawn(work.into_future());
    while slow.asked().len() < 9 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    let requests = count.load(Ordering::SeqCst);
    let started = Instant::now();
    while slow.open() > 0 {
        assert!(started.elapsed() < Duration::from_secs(5), "a connection stayed open");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(count.load(Ordering::SeqCst), requests, "a request came after the drop");
    assert_eq!(Arc::strong_count(&count), 1, "something of the download is still alive");
    let server = Server::good(&file);
    let done = download(&server, file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert!(done.resumed_bytes >= 4 * PART, "{}", done.resumed_bytes);
    assert_eq!(server.sent(), file.size() - done.resumed_bytes);
}

#[tokio::test]
async fn events_tell_the_start_the_end_and_little_in_between() {
    let (file, dir) = (File::new(SIZE, 32), folder());
    let server = Server::start({
        let file = file.clone();
        move |asked| file.answer(asked).pace(8192, Duration::from_millis(5))
    });
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    let started = Instant::now();
    let work = download(&server, file.remote(), dir.path());
    work.on_event(move |event| log.lock().unwrap().push(event.clone())).await.unwrap();
    let most = 3 + started.elapsed().as_millis() as usize / 100;
    let seen = seen.lock().unwrap();
    let steps: Vec<u64> = seen
        .iter()
        .map(|event| match event {
            Event::Bytes { name, done, total } => {
                assert_eq!((&**name, *total), ("data.bin", file.size()));
                *done
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!((steps.first(), steps.last()), (Some(&0), Some(&file.size())));
    assert!(steps.is_sorted() && (3..=most).contains(&steps.len()), "{steps:?}");
}

#[tokio::test]
async fn a_file_that_no_disk_can_hold_is_refused_at_once() {
    let dir = folder();
    let server = Server::start(|asked| {
        let range = asked.range.clone().unwrap();
        let told = format!("bytes {}-{}/{}", range.start, range.end - 1, 1_u64 << 60);
        Answer { body: vec![0; 65536], ..Answer::status(206) }
            .header("content-range", told)
            .chunked()
    });
    let remote = Remote::new("data.bin").size(1 << 60);
    let error = download(&server, remote, dir.path()).part_size(1 << 40).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io, "{error}");
    assert!(error.to_string().contains("data.bin.part"), "{error}");
    assert_eq!(names(dir.path()), [""; 0]);
    // A server that names an absurd size must not make us keep books for it.
    let error = download(&server, Remote::new("data.bin"), dir.path()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
}

/// One in five requests is hit, evenly by each of the given faults.
async fn campaign(seed: u64, faults: &'static [&'static str]) -> (u64, u64) {
    let (file, dir) = (File::new(SIZE * 4, seed), folder());
    let random = Mutex::new(fastrand::Rng::with_seed(seed));
    let hit = Arc::new(AtomicUsize::new(0));
    let server = Server::start({
        let (file, hit) = (file.clone(), hit.clone());
        move |asked| {
            let mut random = random.lock().unwrap();
            let answer = file.answer(asked);
            if random.f64() >= 0.2 {
                return answer;
            }
            hit.fetch_add(1, Ordering::SeqCst);
            let at = random.usize(..answer.body.len().max(1));
            match faults[random.usize(..faults.len())] {
                "status" => Answer::status(503),
                "drop" => answer.cut(0),
                "truncate" => answer.cut(at),
                _ => answer.flip(at),
            }
        }
    });
    let done = download(&server, file.remote(), dir.path()).await.unwrap();
    assert_right(&done, &file, dir.path());
    assert!(done.is_verified() && hit.load(Ordering::SeqCst) > 5);
    (server.sent(), file.size())
}

#[tokio::test]
async fn a_fifth_of_all_requests_may_fail() {
    let runs = (0..6).map(|seed| campaign(100 + seed, &["status", "drop", "truncate"]));
    for (sent, size) in futures_util::future::join_all(runs).await {
        assert!(sent * 100 <= size * 105, "{sent} of {size}");
    }
}

#[tokio::test]
async fn a_fifth_of_all_requests_may_fail_or_lie() {
    let faults = &["status", "drop", "truncate", "flip"];
    let runs = (0..6).map(|seed| campaign(200 + seed, faults));
    for (sent, size) in futures_util::future::join_all(runs).await {
        assert!(sent * 10 <= size * 23, "{sent} of {size}");
    }
}
