//! A canary for a credential: over a whole tour of calls it shows up nowhere.

use std::sync::Mutex;

use longhaul::batch::batch;
use longhaul::rescale::{Client, JobStatus};
use longhaul::{Options, Token};
use longhaul_simulator::{Fault, Handle};

use crate::server::{Server, answer};
use crate::shown::Shown;
use crate::support::{ME, builder, client, failure, fast, ms, start, submitted};

const KEY: &str = "canary0123456789abcdef0123456789abcdef99";
/// It has the three parts by which a session's token is known.
const TOKEN: &str = "eyJjYW5hcnki.eyJjYW5hcnkiOjF9.Y2FuYXJ5";

/// Calls of every kind, some of which fail.
async fn tour(simulator: &Handle, client: &Client, shown: &Shown) {
    shown.add(client);
    shown.add(client.raw());
    shown.add(&client.current_user().await.unwrap());
    simulator.fault(Fault::status(503).path(ME).once());
    shown.add(&client.current_user().await.unwrap());
    let mut job = submitted(client, "echo").await;
    job.wait_for_status(JobStatus::Completed).every(ms(10)).await.unwrap();
    shown.add(&job);
    let files = job.files().page_size(1);
    shown.add(&files);
    shown.add(&files.collect_all().await.unwrap());
    let report = batch(["Jzzzz", "Jyyyy"], |id| async move { client.jobs().get(id).await });
    let report = report.await;
    report.failed.iter().for_each(|failure| shown.error(&failure.error));
    shown.add(&report);
    let faults = [
        Fault::status(401),
        Fault::status(502).as_html(),
        Fault::reset(),
        Fault::html(),
        Fault::hang(),
        Fault::truncate(3),
        Fault::redirect(302, "http://127.0.0.1:1/"),
    ];
    for fault in faults {
        simulator.fault(fault.path(ME));
        shown.error(&failure(client.current_user()).await);
        simulator.clear_faults();
    }
}

/// Answers that repeat what was sent, in every place where an answer has text.
async fn echoes(make: impl Fn(&str) -> Client, secret: &str, shown: &Shown) {
    let server = Server::raw("").await;
    let client = make(&server.url());
    let json = format!(r#"{{"detail": "the key {secret} is not known"}}"#);
    let fields = format!(r#"{{"auth": [{{"{secret}": ["no {secret}"]}}]}}"#);
    let wrong = format!(r#"{{"email": {{"{secret}": "{secret}"}}}}"#);
    let at_the_cut = format!("{}{secret}", "x".repeat(4090));
    let long = format!("{}{secret}", "x".repeat(65_530));
    let said = [
        answer(401, &[("X-Request-Id", secret)], json.as_bytes()),
        answer(400, &[], fields.as_bytes()),
        answer(500, &[("Retry-After", secret)], format!("<html>{secret}</html>").as_bytes()),
        answer(400, &[], at_the_cut.as_bytes()),
        answer(400, &[], long.as_bytes()),
        answer(200, &[("X-Request-Id", secret)], wrong.as_bytes()),
        answer(200, &[], format!("oops {secret}").as_bytes()),
        answer(302, &[("Location", &format!("http://127.0.0.1:1/{secret}?k={secret}"))], b""),
        format!("HTTP/1.1 {secret}\r\n\r\n").into_bytes(),
    ];
    for bytes in said {
        server.say(bytes);
        shown.error(&failure(client.current_user()).await);
        let create = client.jobs().create(secret_free_name(), crate::support::work("echo"));
        shown.error(&failure(create).await);
    }
    assert!(server.requests().iter().all(|head| head.contains(secret)), "the secret was not sent");
}

fn secret_free_name() -> &'static str {
    "a job"
}

fn options() -> Options {
    Options::new().timeout(ms(300)).attempts(2)
}

/// The places where the secret, or most of it, can be seen.
pub(crate) fn leaks(text: &str, secret: &str) -> Vec<String> {
    let part = &secret[..secret.len() / 2];
    text.lines().filter(|line| line.contains(part)).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_key_shows_up_in_no_log_no_error_and_no_debug_output() {
    let shown = Shown::default();
    let _guard = shown.listen();
    let simulator = start(fast().credential(KEY)).await;
    let make = |url: &str| builder(url).api_key(KEY).options(options());
    shown.add(&make(&simulator.url()));
    tour(&simulator, &make(&simulator.url()).build().unwrap(), &shown).await;
    echoes(|url| make(url).build().unwrap(), KEY, &shown).await;
    let text = shown.text();
    assert!(text.contains("will try again") && text.contains("the key *** is not known"));
    assert_eq!(leaks(&text, KEY), [""; 0]);
}

#[tokio::test]
async fn a_fetched_token_shows_up_in_no_log_no_error_and_no_debug_output() {
    let shown = Shown::default();
    let _guard = shown.listen();
    let simulator = start(fast().credential(TOKEN)).await;
    let provider = || async { Ok(Token::new(TOKEN).expires_in(ms(60_000))) };
    let make = |url: &str| builder(url).token_provider(provider).options(options());
    shown.add(&make(&simulator.url()));
    shown.add(&Token::new(TOKEN));
    tour(&simulator, &make(&simulator.url()).build().unwrap(), &shown).await;
    echoes(|url| make(url).build().unwrap(), TOKEN, &shown).await;
    let text = shown.text();
    assert!(text.contains("will try again") && text.contains("the key *** is not known"));
    assert_eq!(leaks(&text, TOKEN), [""; 0]);
}

#[tokio::test]
async fn a_late_answer_that_names_an_older_token_is_redacted_too() {
    let simulator = start(fast()).await;
    let tokens = Mutex::new(vec![longhaul_simulator::rescale::SESSION_TOKEN, TOKEN]);
    let provider = move || {
        let token = tokens.lock().unwrap().pop().expect("two tokens");
        async move { Ok(Token::new(token)) }
    };
    let client = builder(simulator.url()).token_provider(provider).build().unwrap();
    let echo = Fault::status(400).with_body(format!(r#"{{"detail": "no {TOKEN}"}}"#));
    simulator.fault(Fault::delay(ms(200)).path("/api/v2/jobs/"));
    simulator.fault(echo.path("/api/v2/jobs/"));
    let late = failure(client.jobs().list().collect_all());
    let (error, renewed) = tokio::join!(late, client.current_user());
    renewed.expect("the second token is good");
    assert!(error.to_string().contains("no ***"), "{error}");
    assert_eq!(leaks(&format!("{error:?}"), TOKEN), [""; 0]);
}

#[tokio::test]
async fn a_credential_that_cannot_be_sent_is_not_shown_by_the_refusal() {
    let error = builder("http://127.0.0.1:1").api_key(format!("{KEY}\nx")).build().unwrap_err();
    assert!(error.to_string().contains("cannot be sent"), "{error}");
    assert_eq!(leaks(&format!("{error} {error:?}"), KEY), [""; 0]);
    let with_user = format!("https://{KEY}:{KEY}@platform.test");
    let error = builder(with_user).api_key("k").build().unwrap_err();
    assert_eq!(leaks(&format!("{error} {error:?}"), KEY), [""; 0]);
}

#[tokio::test]
async fn secrets_that_the_server_sends_do_not_print() {
    const SENT: &str = "sent-by-the-server-0123456789";
    let shown = Shown::default();
    let _guard = shown.listen();
    let simulator = start(fast().file("a.txt", 10)).await;
    let client = client(&simulator);
    for field in ["accessKey", "secretKey", "sessionToken", "sasToken"] {
        simulator.fault(Fault::set(format!("/{field}"), SENT).path("/api/v3/credentials/"));
    }
    let paths = serde_json::json!([{"path": "p", "sasToken": SENT}]);
    simulator.fault(Fault::set("/paths", paths).path("/api/v3/credentials/"));
    let credentials = client.storage_devices().credentials(None).await.unwrap();
    assert_eq!(credentials.secret_key.as_ref().unwrap().expose(), SENT);
    shown.add(&credentials);
    simulator.fault(Fault::set("/encodedEncryptionKey", SENT).path("/api/v2/files/*/"));
    let file = client.files().get(simulator.id_of("a.txt").unwrap()).await.unwrap();
    assert_eq!(file.data().encoded_encryption_key.as_ref().unwrap().expose(), SENT);
    shown.add(&file);
    simulator
        .fault(Fault::status(400).with_body(format!(r#"{{"data": {{"secretKey": "{SENT}"}}}}"#)));
    shown.error(&failure(client.current_user()).await);
    let text = shown.text();
    assert!(text.contains("accessKey") || text.contains("access_key"), "nothing was shown");
    assert_eq!(leaks(&text, SENT), [""; 0]);
}
