//! Redirects: followed for reading only, and never with a credential to another origin.

use futures_util::StreamExt;
use longhaul::ErrorKind;
use longhaul_simulator::Fault;

use crate::server::{Server, ok};
use crate::support::{JOBS, ME, client, failure, fast, faulty, start, work};

#[tokio::test]
async fn a_redirect_to_another_origin_takes_along_what_is_wanted_and_not_who_wants_it() {
    let foreign = Server::raw(ok(&[], b"0123456789")).await;
    let simulator = start(fast().file("data.bin", 1000)).await;
    let client = client(&simulator);
    for status in [301, 302, 303, 307, 308] {
        simulator.clear_faults();
        simulator.fault(Fault::redirect(status, foreign.url()).path("/api/v2/files/*/contents/"));
        let file = simulator.id_of("data.bin").unwrap();
        let call = client.raw().download_file().file(file).range("bytes=0-9").if_match("\"tag\"");
        let mut body = call.send().await.unwrap().into_inner_stream();
        assert_eq!(body.next().await.unwrap().unwrap(), "0123456789");
    }
    let heads = foreign.requests();
    assert_eq!(heads.len(), 5);
    for head in heads {
        let head = head.to_lowercase();
        assert!(head.starts_with("get /api/v2/files/"), "{head}");
        assert!(head.contains("range: bytes=0-9") && head.contains("if-match: \"tag\""), "{head}");
        for secret in ["authorization", "x-request-id", "cookie", "fake0000", "referer"] {
            assert!(!head.contains(secret), "{secret} left the origin: {head}");
        }
    }
}

#[tokio::test]
async fn a_redirect_within_the_origin_keeps_the_credential() {
    let simulator = faulty([Fault::redirect(307, "/api/v3/users/me/").path(ME)]).await;
    let user = client(&simulator).current_user().await;
    assert!(user.is_ok(), "{user:?}");
    let last = simulator.requests().pop().unwrap();
    assert_eq!((last.path.as_str(), last.status), ("/api/v3/users/me/", Some(200)));
}

#[tokio::test]
async fn a_redirect_of_a_write_is_refused_and_not_repeated() {
    let foreign = Server::raw(ok(&[], b"{}")).await;
    for (status, target) in
        [(301, foreign.url()), (302, "/x".into()), (307, foreign.url()), (308, "/x".into())]
    {
        let simulator = faulty([Fault::redirect(status, target).on("POST", JOBS)]).await;
        let error = failure(client(&simulator).jobs().create("a", work("echo"))).await;
        assert_eq!(error.kind(), ErrorKind::Protocol);
        assert!(error.to_string().contains("redirected a POST to"), "{error}");
        assert!(!error.may_have_happened());
        assert_eq!(simulator.request_count(), 1);
    }
    assert_eq!(foreign.connections(), 0);
}

#[tokio::test]
async fn a_circle_of_redirects_ends() {
    let simulator = faulty([Fault::redirect(302, ME).path(ME)]).await;
    let error = failure(client(&simulator).current_user()).await;
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.to_string().contains("more than 10 redirects"), "{error}");
    assert_eq!(simulator.request_count(), 11);
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_an_error() {
    for location in ["Location: file:///etc/passwd\r\n", "Location: ftp://x/\r\n", ""] {
        let answer = format!("HTTP/1.1 302 Found\r\n{location}Content-Length: 0\r\n\r\n");
        let simulator = faulty([Fault::raw(answer).path(ME)]).await;
        let error = failure(client(&simulator).current_user()).await;
        assert_eq!(error.kind(), ErrorKind::Protocol);
        assert!(error.to_string().contains("without saying where to"), "{error}");
    }
}

#[tokio::test]
async fn the_target_of_a_refused_redirect_is_shown_without_its_signature() {
    let target = "http://storage.test/bucket?X-Signature=hunter2";
    let simulator = faulty([Fault::redirect(307, target).on("POST", JOBS)]).await;
    let error = failure(client(&simulator).jobs().create("a", work("echo"))).await;
    assert!(error.to_string().contains("storage.test/bucket?X-Signature=***"), "{error}");
}
