//! A server that costs as little as a server can: raw sockets, answers made beforehand.

use std::rc::Rc;
use std::time::Duration;

use longhaul::rescale::models::JobSummary;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{Role, runtime};

/// The role of a process that serves.
pub(crate) const SERVER: &str = "server";

/// How many items a page has.
pub(crate) const PER_PAGE: usize = 100;

/// So many pages differ; a longer list has them again and again.
pub(crate) const DISTINCT: usize = 1000;

/// Starts a server whose list has so many pages and which thinks for so long.
pub(crate) fn start(pages: usize, latency: Duration) -> std::io::Result<(Role, String)> {
    let (pages, latency) = (pages.to_string(), latency.as_millis().to_string());
    let mut server = Role::start(SERVER, &[&pages, &latency])?;
    let url = server.line()?;
    Ok((server, url))
}

/// What a process in the role [`SERVER`] does.
pub(crate) fn serve(arguments: &[String]) -> super::Checked {
    let (pages, latency) = (arguments[0].parse()?, Duration::from_millis(arguments[1].parse()?));
    runtime().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let answers = Rc::new(Answers::prepare(url.clone(), pages));
        println!("{url}");
        let tasks = tokio::task::LocalSet::new();
        let accepting = tasks.run_until(async move {
            loop {
                let (socket, _) = listener.accept().await?;
                tokio::task::spawn_local(connection(socket, answers.clone(), latency));
            }
        });
        accepting.await
    })
}

async fn connection(mut socket: TcpStream, answers: Rc<Answers>, latency: Duration) {
    let _ = socket.set_nodelay(true);
    let mut request = Vec::with_capacity(4096);
    let mut answer = Vec::new();
    loop {
        request.clear();
        while !request.ends_with(b"\r\n\r\n") {
            match socket.read_buf(&mut request).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        answer.clear();
        answers.write(&request, &mut answer);
        if socket.write_all(&answer).await.is_err() {
            return;
        }
    }
}

/// Whether this is the n-th item of the list.
pub(crate) fn is_item(n: usize, job: &JobSummary) -> bool {
    let n = n % (DISTINCT * PER_PAGE);
    let id = job.id.strip_prefix('J').and_then(|id| id.parse().ok());
    id == Some(n) && job.storage == Some(1000 + n as i64) && job.date_inserted.is_some()
}

/// The id of the one job that is given by its id.
pub(crate) const JOB: &str = "JobOne";

struct Answers {
    url: String,
    pages: usize,
    items: Vec<String>,
    job: Vec<u8>,
}

impl Answers {
    fn prepare(url: String, pages: usize) -> Self {
        let items = (0..pages.min(DISTINCT)).map(page).collect();
        let mut job = Vec::new();
        wrap(&format!("{{\"id\":\"{JOB}\",\"name\":\"one of many\"}}"), "", &mut job);
        Self { url, pages, items, job }
    }

    fn write(&self, request: &[u8], answer: &mut Vec<u8>) {
        let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let line = std::str::from_utf8(line).unwrap_or_default();
        if line.starts_with("GET /api/v2/jobs/J") {
            answer.extend_from_slice(&self.job);
            return;
        }
        let number = line.split(['?', '&', ' ']).find_map(|part| part.strip_prefix("page="));
        let number = number.map_or(Some(1), |text| text.parse().ok());
        match number.filter(|number| (1..=self.pages).contains(number)) {
            Some(number) => self.write_page(number, answer),
            None => {
                answer.extend_from_slice(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
            }
        }
    }

    fn write_page(&self, number: usize, answer: &mut Vec<u8>) {
        let next = match number < self.pages {
            true => {
                format!("\"{}/api/v2/jobs/?page={}&page_size={PER_PAGE}\"", self.url, number + 1)
            }
            false => "null".to_owned(),
        };
        let count = self.pages * PER_PAGE;
        let head = format!("{{\"count\":{count},\"next\":{next},\"previous\":null,\"results\":");
        wrap(&head, &self.items[(number - 1) % DISTINCT], answer);
    }
}

/// Appends an answer with this body, given in two parts.
pub(crate) fn wrap(start: &str, rest: &str, answer: &mut Vec<u8>) {
    let length = start.len() + rest.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    for part in [&head, start, rest] {
        answer.extend_from_slice(part.as_bytes());
    }
}

/// The items of one page and the end of its body: about 45 KB.
fn page(index: usize) -> String {
    let items: Vec<String> = (index * PER_PAGE..(index + 1) * PER_PAGE).map(item).collect();
    format!("[{}]}}", items.join(","))
}

fn item(n: usize) -> String {
    let storage = 1000 + n;
    format!(
        "{{\"id\":\"J{n:07}\",\"name\":\"a job of the list, number {n}\",\
         \"owner\":\"somebody@example.com\",\"dateInserted\":\"2026-01-01T00:00:00Z\",\
         \"jobStatus\":{{\"content\":\"Completed\",\"statusReason\":\"Completed successfully\",\
         \"labelClass\":\"\",\"useLabel\":false}},\
         \"clusterStatusDisplay\":{{\"content\":\"Stopped\",\"labelClass\":\"\",\"useLabel\":false}},\
         \"analysisNames\":[\"Bring Your Own Software\"],\"storage\":{storage},\
         \"sharedWith\":[],\"isVisible\":true}}"
    )
}
