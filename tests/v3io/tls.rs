//! A server with a certificate that nobody vouches for.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

/// The certificate for 127.0.0.1, signed by itself, as PEM.
pub(crate) const CERTIFICATE: &[u8] = include_bytes!("tls/certificate.pem");
const KEY: &[u8] = include_bytes!("tls/key.der");

const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Length: 26\r\nConnection: close\r\n\r\n<ListAllMyBucketsResult/>\n\n";

/// Answers every request with an empty list of containers, on threads that end with the process.
pub(crate) struct SelfSigned {
    url: String,
    requests: Arc<AtomicUsize>,
}

impl SelfSigned {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("https://{}", listener.local_addr().expect("bound"));
        let (config, requests) = (Arc::new(config()), Arc::new(AtomicUsize::new(0)));
        let count = requests.clone();
        std::thread::spawn(move || {
            for mut tcp in listener.incoming().flatten() {
                let mut tls = ServerConnection::new(config.clone()).expect("a good config");
                let mut stream = Stream::new(&mut tls, &mut tcp);
                // A client that does not trust the certificate leaves before it has asked.
                if matches!(stream.read(&mut [0; 4096]), Ok(1..)) {
                    count.fetch_add(1, Ordering::SeqCst);
                    let _ = stream.write_all(ANSWER.as_bytes());
                    tls.send_close_notify();
                    let _ = tls.complete_io(&mut tcp);
                }
            }
        });
        Self { url, requests }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn config() -> ServerConfig {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).expect("a certificate");
    let key = PrivatePkcs8KeyDer::from(KEY).into();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().expect("TLS 1.2");
    builder.with_no_client_auth().with_single_cert(vec![certificate], key).expect("they fit")
}
