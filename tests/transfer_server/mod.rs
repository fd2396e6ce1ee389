//! A small server of one file that answers as badly as a test wants, written on bare sockets so
//! that no library keeps it from breaking the rules.

#![allow(dead_code, unreachable_pub, reason = "every test file uses another part of it")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use longhaul::transfer::{Algorithm, Checksum, Link, Remote};
use sha2::Digest;

/// What a request asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// How many came before it.
    pub number: usize,
    pub range: Option<Range<u64>>,
    pub if_match: Option<String>,
}

/// An answer, right or wrong.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub chunked: bool,
    /// Send only this many bytes of the body.
    pub cut: Option<usize>,
    /// After the cut, keep the connection open and silent instead of closing it.
    pub stall: bool,
    /// Pause after every so many bytes.
    pub pace: Option<(usize, Duration)>,
}

/// The file that is served.
#[derive(Clone)]
pub struct File {
    pub bytes: Arc<Vec<u8>>,
    pub etag: Option<String>,
}

impl File {
    /// Bytes that differ everywhere, the same for the same seed.
    pub fn new(size: usize, seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut bytes = vec![0; size];
        random.fill(&mut bytes);
        Self { bytes: Arc::new(bytes), etag: Some(format!("\"v{seed}\"")) }
    }

    pub fn without_etag(mut self) -> Self {
        self.etag = None;
        self
    }

    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    pub fn checksum(&self) -> Checksum {
        let hex: String =
            sha2::Sha512::digest(&*self.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Checksum::new(Algorithm::Sha512, &hex).unwrap()
    }

    /// All that a platform would declare.
    pub fn remote(&self) -> Remote {
        Remote::new("data.bin").size(self.size()).checksum(self.checksum())
    }

    /// The right answer.
    pub fn answer(&self, asked: &Asked) -> Answer {
        let mut headers = Vec::new();
        if let Some(etag) = &self.etag {
            headers.push(("etag".into(), etag.clone()));
        }
        if asked.if_match.is_some() && asked.if_match != self.etag {
            return Answer::status(412);
        }
        let size = self.size();
        let Some(range) = asked.range.clone() else {
            return Answer { headers, body: self.bytes.to_vec(), ..Answer::status(200) };
        };
        if range.start >= size {
            headers.push(("content-range".into(), format!("bytes */{size}")));
            return Answer { headers, ..Answer::status(416) };
        }
        let range = range.start..range.end.min(size);
        let told = format!("bytes {}-{}/{size}", range.start, range.end - 1);
        headers.push(("content-range".into(), told));
        let body = self.bytes[range.start as usize..range.end as usize].to_vec();
        Answer { headers, body, ..Answer::status(206) }
    }

    /// The answer of a server that knows no ranges.
    pub fn whole(&self, asked: &Asked) -> Answer {
        self.answer(&Asked { range: None, ..asked.clone() })
    }
}

impl Answer {
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            chunked: false,
            cut: None,
            stall: false,
            pace: None,
        }
    }

    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    pub fn cut(mut self, bytes: usize) -> Self {
        self.cut = Some(bytes);
        self
    }

    pub fn stall(mut self, bytes: usize) -> Self {
        self.stall = true;
        self.cut(bytes)
    }

    pub fn pace(mut self, bytes: usize, pause: Duration) -> Self {
        self.pace = Some((bytes, pause));
        self
    }

    /// Turns one bit.
    pub fn flip(mut self, at: usize) -> Self {
        let at = at.min(self.body.len().saturating_sub(1));
        if let Some(byte) = self.body.get_mut(at) {
            *byte ^= 1;
        }
        self
    }
}

/// A running server.
pub struct Server {
    address: std::net::SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    sent: Arc<AtomicU64>,
    open: Arc<AtomicUsize>,
}

impl Server {
    pub fn start(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            asked: Arc::default(),
            sent: Arc::default(),
            open: Arc::default(),
        };
        let answer: Arc<dyn Fn(&Asked) -> Answer + Send + Sync> = Arc::new(answer);
        let (asked, sent, open) = (server.asked.clone(), server.sent.clone(), server.open.clone());
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let (answer, asked, sent) = (answer.clone(), asked.clone(), sent.clone());
                let open = open.clone();
                std::thread::spawn(move || {
                    open.fetch_add(1, Ordering::SeqCst);
                    let _ = serve(socket, &*answer, &asked, &sent);
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        server
    }

    /// A server that does nothing wrong.
    pub fn good(file: &File) -> Self {
        let file = file.clone();
        Self::start(move |asked| file.answer(asked))
    }

    pub fn url(&self) -> String {
        format!("http://{}/file?signature=hush", self.address)
    }

    pub fn link(&self) -> Link {
        link(&self.url())
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// How many bytes of bodies were sent.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::SeqCst)
    }

    /// How many connections are open.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }
}

/// A link with a short patience.
pub fn link(url: &str) -> Link {
    let client = longhaul::Options::new().http_client().unwrap();
    Link::new(client, url.parse().unwrap()).stall_timeout(Duration::from_millis(400))
}

fn serve(
    mut socket: TcpStream,
    answer: &(dyn Fn(&Asked) -> Answer + Send + Sync),
    log: &Mutex<Vec<Asked>>,
    sent: &AtomicU64,
) -> std::io::Result<()> {
    socket.set_nodelay(true)?;
    let mut reader = BufReader::new(socket.try_clone()?);
    while let Some(mut asked) = read_request(&mut reader)? {
        {
            let mut log = log.lock().unwrap();
            asked.number = log.len();
            log.push(asked.clone());
        }
        let answer = answer(&asked);
        send(&mut socket, &answer, sent)?;
        if answer.stall {
            // Until the client goes away.
            let _ = reader.fill_buf();
        }
        if answer.cut.is_some() {
            return Ok(());
        }
    }
    Ok(())
}

fn read_request(reader: &mut impl BufRead) -> std::io::Result<Option<Asked>> {
    let mut asked = Asked { number: 0, range: None, if_match: None };
    let mut line = String::new();
    let mut first = true;
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let text = line.trim();
        if text.is_empty() && !first {
            return Ok(Some(asked));
        }
        first = false;
        let Some((name, value)) = text.split_once(": ") else { continue };
        match name.to_ascii_lowercase().as_str() {
            "range" => asked.range = parse_range(value),
            "if-match" => asked.if_match = Some(value.to_owned()),
            _ => {}
        }
    }
}

fn parse_range(value: &str) -> Option<Range<u64>> {
    let (first, last) = value.strip_prefix("bytes=")?.split_once('-')?;
    Some(first.parse().ok()?..last.parse::<u64>().ok()? + 1)
}

fn send(socket: &mut TcpStream, answer: &Answer, sent: &AtomicU64) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {} X\r\n", answer.status);
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let length_given = answer.headers.iter().any(|(name, _)| name == "content-length");
    if answer.chunked {
        head.push_str("transfer-encoding: chunked\r\n");
    } else if !length_given {
        head.push_str(&format!("content-length: {}\r\n", answer.body.len()));
    }
    head.push_str("\r\n");
    socket.write_all(head.as_bytes())?;
    let body = &answer.body[..answer.cut.unwrap_or(answer.body.len()).min(answer.body.len())];
    let (piece, pause) = answer.pace.unwrap_or((16 * 1024, Duration::ZERO));
    for piece in body.chunks(piece) {
        if answer.chunked {
            write!(socket, "{:x}\r\n", piece.len())?;
        }
        socket.write_all(piece)?;
        if answer.chunked {
            socket.write_all(b"\r\n")?;
        }
        sent.fetch_add(piece.len() as u64, Ordering::SeqCst);
        std::thread::sleep(pause);
    }
    if answer.chunked && answer.cut.is_none() {
        socket.write_all(b"0\r\n\r\n")?;
    }
    socket.flush()
}
