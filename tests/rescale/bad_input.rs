//! What cannot work is a clear error, before anything is sent where that is possible.

use longhaul::page::Continuation;
use longhaul::rescale::{Analysis, Client, JobStatus, NewJob};
use longhaul::{ErrorKind, Token};
use longhaul_simulator::Fault;
use longhaul_simulator::rescale::API_KEY;

use super::support::{PACE, broken, builder, fast, says, sent, start, start_with, work};

/// The error of a client that cannot be made.
#[track_caller]
fn refused(builder: longhaul::rescale::Builder, words: &[&str]) {
    says(&builder.build().unwrap_err(), ErrorKind::Config, words);
}

#[test]
fn a_client_needs_a_credential() {
    refused(Client::builder(), &["no Rescale API key", "`api_key` on the builder"]);
    for empty in ["", "  \n"] {
        refused(Client::builder().api_key(empty), &["API key", "empty"]);
    }
    refused(Client::builder().api_key("two\nlines"), &["credential", "line break"]);
}

#[test]
fn a_client_has_one_credential() {
    let provider = || async { Ok(Token::new("t")) };
    let both = Client::builder().api_key("k").token_provider(provider);
    refused(both, &["both an API key and a token provider"]);
}

#[test]
fn a_base_url_has_a_scheme_a_host_and_nothing_else() {
    let with = |url: &str| Client::builder().api_key(API_KEY).base_url(url);
    refused(with("platform.rescale.com"), &["`platform.rescale.com`", "https://"]);
    refused(with("eu.rescale.com:443"), &["`eu.rescale.com:443`", "https://"]);
    refused(with(""), &["base_url", "https://"]);
    refused(with("https://eu.rescale.com/portal"), &["drop `/portal`"]);
    refused(with("https://eu.rescale.com/?x=1"), &["drop the `?`"]);
    refused(with("http://eu.rescale.com"), &["unencrypted", "https"]);
    refused(with("ftp://eu.rescale.com"), &["https://"]);
    with("http://eu.rescale.com").allow_plain_http().build().unwrap();
    with("https://eu.rescale.com/api/v2/").build().unwrap();
    let with_password = with("https://user:hunter2@eu.rescale.com").build().unwrap_err();
    assert!(!with_password.to_string().contains("hunter2"));
}

fn profile(text: &str, name: &str) -> (tempfile::TempDir, longhaul::rescale::Builder) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("apiconfig");
    std::fs::write(&file, text).unwrap();
    (folder, Client::builder().config_file(file).profile(name))
}

#[test]
fn a_profile_that_does_not_exist_is_named_with_the_file_and_those_that_do() {
    let (folder, client) = profile("[default]\napikey = k\n[eu]\napikey = k\n", "us");
    let file = folder.path().join("apiconfig").display().to_string();
    refused(client, &[&file, "no profile `us`", "default, eu"]);
    let missing = Client::builder().config_file("/nowhere/apiconfig").profile("eu");
    refused(missing, &["profile `eu`", "/nowhere/apiconfig"]);
}

#[test]
fn a_malformed_config_file_is_named_with_line_and_key() {
    let (_folder, client) =
        profile("[default]\napibaseurl = https://eu.rescale.com\napikey\n", "default");
    refused(client, &["apiconfig", "line 3", "`apikey` in [default]"]);
    let (_folder, client) = profile("[default]\n[broken\napikey = k\n", "default");
    refused(client, &["apiconfig", "line 2"]);
    let (_folder, client) = profile("[default]\napikey = k\napiurl = eu.rescale.com\n", "default");
    refused(client, &["apiconfig, line 3", "`apiurl` in [default]", "https://"]);
    let (_folder, client) = profile("[default]\napikey = <PROVIDE_VALUE>\n", "default");
    refused(client, &["line 2", "placeholder"]);
}

#[test]
fn options_and_rates_are_above_nothing() {
    let zero = longhaul::Options::new().attempts(0);
    refused(Client::builder().api_key("k").options(zero), &["`attempts`", "above 0"]);
    let scope = longhaul::rescale::RateScope::User;
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        refused(Client::builder().api_key("k").rate_limit(scope, Some(rate)), &["rate", "above 0"]);
    }
}

#[tokio::test]
async fn a_job_needs_a_name_an_analysis_a_command_and_hardware() {
    let (simulator, client) = start().await;
    let jobs = client.jobs();
    let cases = [
        (NewJob::new("none"), "needs at least one analysis"),
        (NewJob::new(" ").analysis(work("echo")), "needs a name"),
        (NewJob::new("x").analysis(work(" ")), "analysis 1 (`user_included`) has no command"),
        (
            NewJob::new("x").analysis(work("echo")).analysis(Analysis::new("a", "1").command("b")),
            "analysis 2 (`a`) has no hardware",
        ),
        (NewJob::new("x").analysis(work("echo").hardware("emerald", 0)), "at least 1 core"),
        (NewJob::new("x").analysis(work("echo").hardware("", 1)), "has no hardware"),
        (NewJob::new("x").analysis(Analysis::new("", "1").command("b")), "has no code"),
    ];
    for (job, words) in cases {
        let refused = jobs.create_from(job).await.unwrap_err();
        says(&refused, ErrorKind::InvalidInput, &[words]);
    }
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn ids_that_are_no_ids_are_refused() {
    let (simulator, client) = start().await;
    let expected = ["empty, `.` or `..`"];
    for id in ["", ".", ".."] {
        let (mut job, run) = (client.job(id), client.job("Jaaab").run(id));
        says(&job.refresh().await.unwrap_err(), ErrorKind::InvalidInput, &expected);
        says(&job.submit().await.unwrap_err(), ErrorKind::InvalidInput, &expected);
        says(&job.clone().delete().await.unwrap_err(), ErrorKind::InvalidInput, &expected);
        let waited = job.wait_for_status(JobStatus::Completed).every(PACE).await;
        says(&waited.unwrap_err(), ErrorKind::InvalidInput, &expected);
        says(&run.get().await.unwrap_err(), ErrorKind::InvalidInput, &expected);
        let files = client.files().get(id).await.unwrap_err();
        says(&files, ErrorKind::InvalidInput, &expected);
        let folder = client.folders().delete(id).await.unwrap_err();
        says(&folder, ErrorKind::InvalidInput, &expected);
        let contents = client.folders().contents(id).collect_all().await.unwrap_err();
        says(&contents, ErrorKind::InvalidInput, &expected);
        let device = client.storage_devices().get(id).await.unwrap_err();
        says(&device, ErrorKind::InvalidInput, &expected);
    }
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn an_id_with_odd_letters_stays_one_value() {
    let (simulator, client) = start().await;
    for id in ["a/b", "a?b", "a#b", "%2e%2e", "a b", "../users/me"] {
        assert!(client.jobs().get(id).await.unwrap_err().is_not_found(), "{id}");
    }
    let paths: Vec<_> = simulator.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths[0], "/api/v2/jobs/a%2Fb/");
    assert!(
        paths
            .iter()
            .all(|path| path.starts_with("/api/v2/jobs/") && path.matches('/').count() == 5)
    );
}

#[tokio::test]
async fn months_are_written_like_months() {
    let (simulator, client) = start().await;
    let organization = client.organization().await.unwrap();
    simulator.clear_requests();
    for month in ["2026", "2026-13", "2026-1", "01-2026", "2026-00", ""] {
        let refused = organization.billing(month, "2026-02").await.unwrap_err();
        says(&refused, ErrorKind::InvalidInput, &["no month", "2026-01"]);
        assert!(organization.billing("2026-02", month).await.is_err());
    }
    assert_eq!(simulator.request_count(), 0);
}

#[test]
fn a_continuation_is_one_that_a_list_gave() {
    for text in ["", "abc", "1:2:3", "0:100:page:x", "-1:100:page:1", "0:100:leaf:1"] {
        let refused = text.parse::<Continuation>().unwrap_err();
        says(&refused, ErrorKind::InvalidInput, &["is no continuation"]);
    }
}

#[tokio::test]
async fn an_answer_that_is_not_json_is_said_to_be_none() {
    let (_simulator, client) = broken(Fault::body("text/plain", "hello")).await;
    let odd = client.current_user().await.unwrap_err();
    says(&odd, ErrorKind::Decode, &["get_current_user", "not JSON"]);
    assert_eq!((odd.status(), odd.body()), (Some(200), Some("hello")));
    let (_simulator, client) = broken(Fault::garbage()).await;
    says(&client.current_user().await.unwrap_err(), ErrorKind::Decode, &["not JSON"]);
    let (_simulator, client) = broken(Fault::set("/email", 7)).await;
    says(&client.current_user().await.unwrap_err(), ErrorKind::Decode, &["`email`"]);
}

#[tokio::test]
async fn a_page_of_html_is_told_from_an_answer() {
    let (_simulator, client) = broken(Fault::html()).await;
    let login = client.current_user().await.unwrap_err();
    says(&login, ErrorKind::Decode, &["HTML", "login page"]);
    let (_simulator, client) = broken(Fault::status(502).as_html()).await;
    let gateway = client.current_user().await.unwrap_err();
    says(&gateway, ErrorKind::Status, &["502"]);
    assert!(gateway.is_retryable());
    assert!(!gateway.to_string().contains("<html"), "{gateway}");
}

#[tokio::test]
async fn a_page_that_links_to_another_host_is_not_followed() {
    let (simulator, client) = start().await;
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let link = format!("http://{}", elsewhere.local_addr().unwrap());
    simulator.fault(Fault::next_link(&link));
    let mut list = client.core_types().list().page_size(5).in_flight(1);
    let foreign = loop {
        match list.try_next().await {
            Ok(item) => assert!(item.is_some(), "the list ended well"),
            Err(error) => break error,
        }
    };
    says(&foreign, ErrorKind::Protocol, &[link.as_str(), "was not followed"]);
    let nobody = elsewhere.accept().unwrap_err();
    assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
}

#[tokio::test]
async fn a_page_that_links_to_itself_ends_the_list() {
    let (simulator, client) = start().await;
    let list = || client.core_types().list().page_size(5);
    simulator.fault(Fault::next_link("self").query("page", "2"));
    let endless = list().collect_all().await.unwrap_err();
    says(&endless, ErrorKind::Protocol, &["itself", "never end"]);
    assert!(sent(&simulator, "GET", "/coretypes/").len() <= 3);
    simulator.fault(Fault::next_link("self"));
    let first = list().collect_all().await.unwrap_err();
    says(&first, ErrorKind::Protocol, &["itself", "never end"]);
}

#[tokio::test]
async fn a_redirect_to_another_host_gets_no_credential() {
    let other = fast().start().await.unwrap();
    let (simulator, client) = start_with(fast().fault(Fault::redirect(302, other.url()))).await;
    let refused = client.current_user().await.unwrap_err();
    assert_eq!(refused.status(), Some(401), "{refused}");
    let [request] = other.requests().try_into().expect("one request");
    assert!(request.header("authorization").is_none());
    let posted = client.jobs().create("x", work("echo")).await.unwrap_err();
    says(&posted, ErrorKind::Protocol, &["redirected a POST", "not followed"]);
    assert_eq!((other.request_count(), simulator.request_count()), (1, 2));
}

#[tokio::test]
async fn an_answer_larger_than_allowed_is_not_read() {
    let (simulator, _) = start().await;
    let small = longhaul::Options::new().max_response_bytes(1000);
    let client = builder(&simulator).options(small).build().unwrap();
    let large = client.prices().list().await.unwrap_err();
    says(&large, ErrorKind::Protocol, &["larger than the allowed 1000 bytes"]);
}
