//! A server that says exactly what it is told, for what no platform would say.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Answers every request with the same bytes and counts what happens.
pub(crate) struct Server {
    url: String,
    state: Arc<State>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    answer: Mutex<Answer>,
    requests: Mutex<Vec<String>>,
    connections: AtomicUsize,
    answering: AtomicUsize,
    most_at_once: AtomicUsize,
}

#[derive(Clone, Default)]
struct Answer {
    bytes: Vec<u8>,
    delay: Duration,
    /// Sent again and again after the answer.
    endless: Option<Vec<u8>>,
    keep_open: bool,
}

impl Server {
    /// Answers with these bytes and closes.
    pub(crate) async fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self::start(Answer { bytes: bytes.into(), ..Answer::default() }).await
    }

    /// Answers with this JSON after a while and keeps the connection.
    pub(crate) async fn json(body: &str, delay: Duration) -> Self {
        let bytes = ok(&[], body.as_bytes());
        Self::start(Answer { bytes, delay, endless: None, keep_open: true }).await
    }

    /// Answers with a body that never ends.
    pub(crate) async fn endless() -> Self {
        let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000)).into_bytes();
        Self::start(Answer { bytes, endless: Some(chunk), ..Answer::default() }).await
    }

    async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let state = Arc::new(State { answer: Mutex::new(answer), ..State::default() });
        let shared = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, shared.clone()));
            }
        });
        Self { url, state, task }
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// From now on answers with these bytes.
    pub(crate) fn say(&self, bytes: impl Into<Vec<u8>>) {
        self.state.answer.lock().unwrap().bytes = bytes.into();
    }

    /// The heads of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.state.requests.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// The largest number of requests that were answered at one time.
    pub(crate) fn most_at_once(&self) -> usize {
        self.state.most_at_once.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, state: Arc<State>) {
    while let Some(head) = read_head(&mut stream).await {
        let now = state.answering.fetch_add(1, Ordering::SeqCst) + 1;
        state.most_at_once.fetch_max(now, Ordering::SeqCst);
        state.requests.lock().unwrap().push(head);
        let answer = state.answer.lock().unwrap().clone();
        tokio::time::sleep(answer.delay).await;
        state.answering.fetch_sub(1, Ordering::SeqCst);
        let mut sent = stream.write_all(&answer.bytes).await;
        while let (Ok(()), Some(more)) = (&sent, &answer.endless) {
            sent = stream.write_all(more).await;
        }
        if sent.is_err() || !answer.keep_open {
            break;
        }
    }
    let _ = stream.shutdown().await;
    // Reading to the end keeps the system from resetting the connection under the answer.
    let _ = tokio::time::timeout(Duration::from_millis(200), stream.read(&mut [0; 1024])).await;
}

/// The head of the next request; the requests here have small bodies or none.
async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let (mut head, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
        head.extend_from_slice(&buffer[..read]);
        if let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") {
            return Some(String::from_utf8_lossy(&head[..end]).into_owned());
        }
    }
}

/// A good answer with these headers and this body.
pub(crate) fn ok(headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    answer(200, headers, body)
}

pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} As Told\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    [head.as_bytes(), b"\r\n", body].concat()
}
