//! Uploads to servers that take them, and to servers that do not.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use longhaul::ErrorKind;
use longhaul::progress::Event;
use longhaul::transfer::{Content, Form, Upload};

/// What a server received.
#[derive(Clone, Debug, Default)]
struct Received {
    head: String,
    body: Vec<u8>,
}

/// A server that answers with these statuses, one after the other, the last one for ever.
struct Server {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    fn start(statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/upload", listener.local_addr().unwrap());
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let log = received.clone();
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let count = log.lock().unwrap().len();
                let status = statuses[count.min(statuses.len() - 1)];
                let _ = answer(socket, status, &log);
            }
        });
        Self { url, received }
    }

    fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Sends as a generated operation would.
    async fn post(&self, body: reqwest::Body, content_type: String) -> longhaul::Result<u16> {
        let client = longhaul::Options::new().http_client().unwrap();
        let request = client.post(&self.url).header("content-type", content_type).body(body);
        send(request).await
    }
}

/// Only the crate can make its errors, so a link has to fail in the same way.
async fn send(request: reqwest::RequestBuilder) -> longhaul::Result<u16> {
    match request.send().await {
        Ok(response) if response.status().is_success() => Ok(response.status().as_u16()),
        Ok(response) => Err(failed_by(response.status().as_u16()).await),
        Err(_) => Err(failed_by(0).await),
    }
}

/// The error of a link to a server that answers with this status, or hangs up for 0.
async fn failed_by(status: u16) -> longhaul::Error {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || answer(listener.accept().unwrap().0, status, &Mutex::default()));
    failure(&url).await
}

/// The error of a link to a server that does this.
async fn failure(url: &str) -> longhaul::Error {
    use longhaul::transfer::{Link, Source, Wanted};
    let client = longhaul::Options::new().http_client().unwrap();
    Link::new(client, url.parse().unwrap()).open(Wanted::default()).await.unwrap_err()
}

fn answer(socket: TcpStream, status: u16, log: &Mutex<Vec<Received>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(socket.try_clone()?);
    let mut received = Received::default();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        let line = line.to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        received.head.push_str(&line);
    }
    received.body.resize(length, 0);
    let whole = reader.read_exact(&mut received.body);
    log.lock().unwrap().push(received);
    whole?;
    let mut socket = socket;
    if status > 0 {
        write!(socket, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")?;
    }
    Ok(())
}

fn bytes(size: usize) -> Vec<u8> {
    let mut bytes = vec![0; size];
    fastrand::Rng::with_seed(size as u64).fill(&mut bytes);
    bytes
}

#[tokio::test]
async fn a_form_arrives_whole_with_its_length_and_in_its_order() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("in put.py");
    let content = bytes(1_000_003);
    std::fs::write(&path, &content).unwrap();
    let server = Server::start(&[201]);
    let file = Content::file(&path).await.unwrap();
    let name = file.file_name().unwrap();
    let form = Form::new().file("file", &name, file).field("typeId", "4");
    let upload = Upload::form(&name, form);
    let size = upload.size();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    let upload = upload.on_event(move |event| log.lock().unwrap().push(event.clone()));
    let status = upload.send(|body, kind| server.post(body, kind)).await.unwrap();
    assert_eq!(status, 201);
    let received = &server.received()[0];
    assert!(received.head.contains(&format!("content-length: {size}\r\n")), "{}", received.head);
    assert!(!received.head.contains("transfer-encoding"), "{}", received.head);
    let boundary = received.head.split_once("boundary=").unwrap().1.lines().next().unwrap();
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"in put.py\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let tail = format!(
        "\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"typeId\"\r\n\r\n4\r\n\
         --{boundary}--\r\n"
    );
    let expected = [head.as_bytes(), &content, tail.as_bytes()].concat();
    assert!(received.body == expected);
    let seen = seen.lock().unwrap();
    let end = Event::Bytes { name: "in put.py".into(), done: size, total: size };
    assert_eq!(seen.last(), Some(&end));
}

#[tokio::test]
async fn plain_bodies_of_every_kind_arrive_with_their_length() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    for size in [0, 5, 600_000] {
        let content = bytes(size);
        std::fs::write(&path, &content).unwrap();
        let streamed = content.clone();
        let kinds = [
            Content::bytes(content.clone()),
            Content::file(&path).await.unwrap(),
            Content::stream(size as u64, move || {
                let pieces: Vec<_> = streamed.chunks(1000).map(Bytes::copy_from_slice).collect();
                futures_util::stream::iter(pieces.into_iter().map(Ok))
            }),
        ];
        for kind in kinds {
            let server = Server::start(&[200]);
            let upload = Upload::plain("x", kind);
            upload.send(|body, content_type| server.post(body, content_type)).await.unwrap();
            let received = &server.received()[0];
            assert!(received.head.contains(&format!("content-length: {size}\r\n")));
            assert!(received.body == content);
        }
    }
}

/// Uploads to such a server and counts what it received.
async fn outcome(statuses: &'static [u16]) -> (longhaul::Result<u16>, usize) {
    let server = Server::start(statuses);
    let form = Form::new().file("file", "a", Content::bytes("abc"));
    let upload = Upload::form("a", form);
    let result = upload.send(|body, kind| server.post(body, kind)).await;
    let received = server.received();
    assert!(received.iter().all(|one| one.body == received[0].body), "every attempt is whole");
    (result, received.len())
}

#[tokio::test]
async fn only_what_cannot_have_happened_is_sent_again() {
    let (result, count) = outcome(&[429, 429, 201]).await;
    assert_eq!((result.unwrap(), count), (201, 3));
    let (result, count) = outcome(&[401, 201]).await;
    assert_eq!((result.unwrap(), count), (201, 2));
    let (result, count) = outcome(&[401]).await;
    assert_eq!((result.unwrap_err().status(), count), (Some(401), 2));
    let (result, count) = outcome(&[429]).await;
    assert_eq!((result.unwrap_err().status(), count), (Some(429), 4));
    for status in [500, 503, 504] {
        let statuses: &'static [u16] = Box::leak(Box::new([status, 201]));
        let (result, count) = outcome(statuses).await;
        let error = result.unwrap_err();
        assert!(error.to_string().contains("may exist on the platform"), "{error}");
        assert_eq!(count, 1, "a second copy must not be made");
    }
    let (result, count) = outcome(&[400, 201]).await;
    let error = result.unwrap_err();
    assert!(error.to_string().contains("was not uploaded"), "{error}");
    assert_eq!(count, 1);
    let (result, count) = outcome(&[0, 201]).await;
    let error = result.unwrap_err();
    assert_eq!((error.kind(), count), (ErrorKind::Interrupted, 1));
    assert!(error.to_string().contains("may exist on the platform"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_yet_is_tried_again() {
    let tries = AtomicUsize::new(0);
    let server = Server::start(&[201]);
    let upload = Upload::plain("a", Content::bytes("abc"));
    let result = upload.send(|body, kind| async {
        if tries.fetch_add(1, Ordering::SeqCst) < 2 {
            return Err(failure("http://127.0.0.1:1/").await);
        }
        server.post(body, kind).await
    });
    assert_eq!(result.await.unwrap(), 201);
    assert_eq!(tries.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_sent_is_an_error_that_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("growing.log");
    std::fs::write(&path, bytes(400_000)).unwrap();
    for size in [300_000, 400_001] {
        std::fs::write(&path, bytes(400_000)).unwrap();
        let content = Content::file(&path).await.unwrap();
        std::fs::write(&path, bytes(size)).unwrap();
        let server = Server::start(&[201]);
        let calls = AtomicU64::new(0);
        let upload = Upload::plain("growing.log", content);
        let error = upload
            .send(|body, kind| {
                calls.fetch_add(1, Ordering::SeqCst);
                server.post(body, kind)
            })
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(error.to_string().contains("growing.log"), "{error}");
        assert!(error.to_string().contains("was not uploaded"), "{error}");
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }
}
