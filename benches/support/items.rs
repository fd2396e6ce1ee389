//! A server of V3IO items that costs as little as a server can, and counts what it is asked.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{Role, runtime};

/// The role of a process that serves items.
pub(crate) const ITEMS: &str = "items";

/// The path that answers with the counts.
const COUNTS: &str = "/counts";

/// The end of an item's key, after which its number comes.
pub(crate) const KEY: &str = "key-";

/// Starts a server that thinks for so long about every item.
pub(crate) fn start(latency: Duration) -> std::io::Result<(Role, String)> {
    let mut server = Role::start(ITEMS, &[&latency.as_millis().to_string()])?;
    let url = server.line()?;
    Ok((server, url))
}

/// How many items were written with the value that belongs to their key, and how many were read.
pub(crate) async fn counts(http: &reqwest::Client, url: &str) -> reqwest::Result<(usize, usize)> {
    http.get(format!("{url}{COUNTS}")).send().await?.json().await
}

/// What a process in the role [`ITEMS`] does.
pub(crate) fn serve(arguments: &[String]) -> super::Checked {
    let latency = Duration::from_millis(arguments[0].parse()?);
    runtime().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("http://{}", listener.local_addr()?);
        let counts = Rc::<Cell<(usize, usize)>>::default();
        let tasks = tokio::task::LocalSet::new();
        let accepting = tasks.run_until(async move {
            loop {
                let (socket, _) = listener.accept().await?;
                tokio::task::spawn_local(connection(socket, counts.clone(), latency));
            }
        });
        accepting.await
    })
}

async fn connection(mut socket: TcpStream, counts: Rc<Cell<(usize, usize)>>, latency: Duration) {
    let _ = socket.set_nodelay(true);
    let (mut request, mut answer) = (Vec::with_capacity(4096), Vec::with_capacity(4096));
    loop {
        request.clear();
        while !is_whole(&request) {
            match socket.read_buf(&mut request).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        answer.clear();
        respond(&request, &counts, &mut answer);
        if socket.write_all(&answer).await.is_err() {
            return;
        }
    }
}

/// Whether the head is there, and as much of a body as it announces.
fn is_whole(request: &[u8]) -> bool {
    let Some(end) = find(request, b"\r\n\r\n") else { return false };
    let head = std::str::from_utf8(&request[..end]).unwrap_or_default();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length = length.map_or(0, |text| text.parse().unwrap_or(0));
    request.len() >= end + 4 + length
}

fn respond(request: &[u8], counts: &Cell<(usize, usize)>, answer: &mut Vec<u8>) {
    let text = std::str::from_utf8(request).unwrap_or_default();
    let target = text.split(' ').nth(1).unwrap_or_default();
    let number = target.rsplit(KEY).next().unwrap_or_default();
    let (written, read) = counts.get();
    if target == COUNTS {
        wrap(200, &format!("[{written},{read}]"), answer);
    } else if text.contains("GetItem\r\n") {
        counts.set((written, read + 1));
        let item = format!(
            "{{\"Item\":{{\"age\":{{\"N\":\"{number}\"}},\"feature\":{{\"S\":\"bunny ears\"}}}}}}"
        );
        wrap(200, &item, answer);
    } else if text.contains(&format!("\"age\":{{\"N\":\"{number}\"}}")) {
        counts.set((written + 1, read));
        wrap(200, "", answer);
    } else {
        wrap(400, "{\"ErrorCode\":-1,\"ErrorMessage\":\"not the value of this key\"}", answer);
    }
}

fn wrap(status: u16, body: &str, answer: &mut Vec<u8>) {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    answer.extend_from_slice(head.as_bytes());
    answer.extend_from_slice(body.as_bytes());
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
