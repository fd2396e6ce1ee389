//! What each kind of error says, made by what makes it in practice.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

use longhaul::rescale::{Analysis, Client, Job, JobStatus};
use longhaul::{Error, ErrorKind, Options, Result};
use longhaul_simulator::rescale::{API_KEY, Rescale};
use longhaul_simulator::{Fault, Handle, Simulator};

use crate::failure::failure;

const ME: &str = "/api/v2/users/me/";
const JOBS: &str = "/api/v2/jobs/";

/// Errors as text, each under the name of its cause.
#[derive(Default)]
pub(crate) struct Album {
    pub(crate) text: String,
    kinds: BTreeSet<String>,
}

impl Album {
    pub(crate) fn add(&mut self, cause: &str, error: &Error, simulator: Option<&Handle>) {
        self.kinds.insert(format!("{:?}", error.kind()));
        let mut text = format!("== {cause}\n{error}\n");
        let mut source = std::error::Error::source(error);
        while let Some(one) = source {
            writeln!(text, "  caused by: {one}").expect("memory");
            source = one.source();
        }
        writeln!(text, "{error:#?}\n").expect("memory");
        self.text += &steady(text, error, simulator);
    }
}

/// Replaces what differs from run to run.
fn steady(text: String, error: &Error, simulator: Option<&Handle>) -> String {
    let seconds = format!("attempts in {:.1} s", error.elapsed().as_secs_f64());
    let mut text = without_numbers_of_the_system(&text.replace(&seconds, "attempts in T s"));
    if let Some(id) = error.request_id() {
        text = text.replace(id, "ID");
    }
    match simulator {
        Some(simulator) => text.replace(&format!(":{}", simulator.port()), ":PORT"),
        None => text,
    }
}

/// Systems number their errors differently.
fn without_numbers_of_the_system(text: &str) -> String {
    let mut parts = text.split(" (os error ");
    let first = parts.next().unwrap_or_default().to_owned();
    let after =
        |part: &str| part.split_once(')').map_or(String::new(), |(_, rest)| rest.to_owned());
    let text = parts.fold(first, |text, part| text + &after(part));
    let is_number = |text: &str| text.trim_end_matches(',').parse::<i32>().is_ok();
    let is_code = |line: &str| line.trim().strip_prefix("code: ").is_some_and(is_number);
    let lines = text.lines().filter(|line| !is_code(line));
    lines.map(|line| format!("{line}\n")).collect()
}

fn fast() -> Simulator<Rescale> {
    Simulator::rescale().pace(Duration::from_millis(5))
}

async fn faulty(fault: Fault) -> Handle {
    fast().fault(fault).start().await.expect("a free port")
}

fn client(simulator: &Handle, options: Options) -> Client {
    let builder = Client::builder().base_url(simulator.url()).api_key(API_KEY);
    builder.options(options).build().expect("good settings")
}

fn once() -> Options {
    Options::new().attempts(1)
}

async fn create(client: &Client, core_type: &str, command: &str) -> Result<Job> {
    let work = Analysis::new("user_included", "0").command(command).hardware(core_type, 1);
    client.jobs().create("a job", work).await
}

#[tokio::test]
async fn every_kind_of_error_says_what_was_reviewed() {
    let mut album = Album::default();
    refusals(&mut album).await;
    connections(&mut album).await;
    answers(&mut album).await;
    jobs(&mut album).await;
    files(&mut album).await;
    settings(&mut album).await;
    insta::assert_snapshot!("errors", album.text);
    let kinds = [
        ErrorKind::Config,
        ErrorKind::InvalidInput,
        ErrorKind::Connect,
        ErrorKind::Timeout,
        ErrorKind::Interrupted,
        ErrorKind::Status,
        ErrorKind::Decode,
        ErrorKind::Protocol,
        ErrorKind::NoEffect,
        ErrorKind::Failed,
        ErrorKind::Integrity,
        ErrorKind::Io,
    ];
    let all: BTreeSet<_> = kinds.iter().map(|kind| format!("{kind:?}")).collect();
    assert_eq!(album.kinds, all, "a kind is missing here");
}

/// Error statuses.
async fn refusals(album: &mut Album) {
    let simulator = fast().start().await.expect("a free port");
    let plain = client(&simulator, Options::new());
    let error = failure(create(&plain, "no-such-core", "echo")).await;
    album.add("a field with a wrong value", &error, Some(&simulator));
    album.add("not found", &failure(plain.jobs().get("Jzzzz")).await, Some(&simulator));
    let wrong = Client::builder().base_url(simulator.url()).api_key("wrong").build().unwrap();
    album.add("a wrong key", &failure(wrong.current_user()).await, Some(&simulator));
    let faults = [
        ("several wrong fields", Fault::status(400).with_body(WRONG_FIELDS)),
        ("too many requests", Fault::status(429).retry_after(7)),
        ("a gateway's page", Fault::status(502).as_html()),
    ];
    for (cause, fault) in faults {
        let simulator = faulty(fault.path(ME)).await;
        let error = failure(client(&simulator, once()).current_user()).await;
        album.add(cause, &error, Some(&simulator));
    }
    let simulator = faulty(Fault::status(503).path(ME)).await;
    let error = failure(client(&simulator, Options::new()).current_user()).await;
    album.add("unavailable after all attempts", &error, Some(&simulator));
    let simulator = faulty(Fault::status(503).on("POST", JOBS)).await;
    let error = failure(create(&client(&simulator, Options::new()), "emerald", "echo")).await;
    album.add("unavailable while a job is made", &error, Some(&simulator));
}

const WRONG_FIELDS: &str = r#"{"jobanalyses": [{"hardware": {"coresPerSlot": ["1 is not a valid choice."]}}],
    "projectId": ["Invalid project id."]}"#;

/// The way to the server and back.
async fn connections(album: &mut Album) {
    let limits = once().timeout(Duration::from_millis(100));
    let faults = [
        ("no answer", Fault::hang()),
        ("a reset connection", Fault::reset()),
        ("a truncated answer", Fault::truncate(5)),
    ];
    for (cause, fault) in faults {
        let simulator = faulty(fault.path(ME)).await;
        let error = failure(client(&simulator, limits.clone()).current_user()).await;
        album.add(cause, &error, Some(&simulator));
    }
    let simulator = fast().start().await.expect("a free port");
    let plain = client(&simulator, once());
    simulator.refuse(Duration::from_secs(60)).await;
    album.add("a closed port", &failure(plain.current_user()).await, Some(&simulator));
}

/// Answers that break a promise.
async fn answers(album: &mut Album) {
    let faults = [
        ("a value of another type", Fault::set("/email", 7)),
        ("an answer that breaks off", Fault::garbage()),
        ("a login page", Fault::html()),
        ("a redirect without a target", Fault::raw("HTTP/1.1 302 Found\r\n\r\n")),
    ];
    for (cause, fault) in faults {
        let simulator = faulty(fault.path(ME)).await;
        let error = failure(client(&simulator, once()).current_user()).await;
        album.add(cause, &error, Some(&simulator));
    }
    let simulator = fast().jobs(30).start().await.expect("a free port");
    simulator.fault(Fault::next_link("https://evil.test").path(JOBS));
    let list = client(&simulator, once()).jobs().list().page_size(10);
    album.add("a link to another server", &failure(list.collect_all()).await, Some(&simulator));
    simulator.clear_faults();
    simulator.fault(Fault::next_link("self").path(JOBS).query("page", "2"));
    let list = client(&simulator, once()).jobs().list().page_size(10);
    album.add("a link to the same page", &failure(list.collect_all()).await, Some(&simulator));
    let tiny = client(&simulator, once().max_response_bytes(10));
    album.add("an answer too large", &failure(tiny.current_user()).await, Some(&simulator));
    simulator.fault(Fault::redirect(307, "https://evil.test/?key=x").on("POST", JOBS));
    let error = failure(create(&client(&simulator, once()), "emerald", "echo")).await;
    album.add("a redirect of a write", &error, Some(&simulator));
}

/// What jobs do.
async fn jobs(album: &mut Album) {
    let simulator = fast().start().await.expect("a free port");
    let client = client(&simulator, once());
    let mut job = create(&client, "emerald", "echo about to fail; exit 3").await.unwrap();
    let fresh = failure(job.wait_for_status(JobStatus::Completed)).await;
    album.add("a wait for a job that was not submitted", &fresh, Some(&simulator));
    job.submit().await.unwrap();
    let wait = job.wait_for_status(JobStatus::Completed).every(Duration::from_millis(10));
    album.add("a failed run", &failure(wait).await, Some(&simulator));
    album.add("a job submitted twice", &failure(job.submit()).await, Some(&simulator));
    let error = failure(job.update().name("other")).await;
    album.add("a change of a job that has ended", &error, Some(&simulator));
    let mut running = create(&client, "emerald", "sleep inf").await.unwrap();
    running.submit().await.unwrap();
    running.wait_for_status(JobStatus::Executing).every(Duration::from_millis(5)).await.unwrap();
    let wait = running.wait_for_status(JobStatus::Completed).timeout(Duration::from_millis(50));
    album.add("a wait that is over", &failure(wait).await, Some(&simulator));
    let error = failure(running.clone().delete()).await;
    album.add("a deletion of a running job", &error, Some(&simulator));
    let error = failure(running.run("1").tail("a.log", 0)).await;
    album.add("an argument that makes no sense", &error, Some(&simulator));
    let error = failure(running.run("1").tail("../a.log", 5)).await;
    album.add("a path that leads out", &error, Some(&simulator));
}

/// Downloads.
async fn files(album: &mut Album) {
    let simulator = fast().file("data.bin", 5_000).start().await.expect("a free port");
    let client = client(&simulator, Options::new());
    let file = client.files().get(simulator.id_of("data.bin").unwrap()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    simulator.fault(Fault::corrupt(77).path("/api/v2/files/*/contents/"));
    let damaged = failure(file.download_to(folder.path().join("data.bin"))).await;
    simulator.clear_faults();
    std::fs::write(folder.path().join("a file"), "").unwrap();
    let below_a_file = folder.path().join("a file/data.bin");
    let blocked = failure(file.download_to(below_a_file)).await;
    let mut here = Album::default();
    here.add("a damaged file", &damaged, Some(&simulator));
    here.add("a folder that is a file", &blocked, Some(&simulator));
    album.text += &here.text.replace(&folder.path().display().to_string(), "FOLDER");
    album.kinds.extend(here.kinds);
}

/// Settings.
async fn settings(album: &mut Album) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("apiconfig");
    std::fs::write(&path, "[default]\napikey = <PROVIDE_VALUE>\n").unwrap();
    let from_file = |profile: &str| Client::builder().config_file(&path).profile(profile).build();
    let cases = [
        ("no credential", Client::builder().build()),
        ("an unknown profile", from_file("eu")),
        ("a placeholder in the file", from_file("default")),
        ("no URL", Client::builder().api_key("k").base_url("platform.rescale.com").build()),
        ("no encryption", Client::builder().api_key("k").base_url("http://rescale.test").build()),
    ];
    for (cause, built) in cases {
        let mut here = Album::default();
        here.add(cause, &built.expect_err(cause), None);
        album.text += &here.text.replace(&folder.path().display().to_string(), "FOLDER");
        album.kinds.extend(here.kinds);
    }
    let provider = || async { Err("the vault is sealed".into()) };
    let client = Client::builder().base_url("http://127.0.0.1:9").token_provider(provider);
    let error = failure(client.build().unwrap().current_user()).await;
    album.add("a token provider that fails", &error, None);
}
