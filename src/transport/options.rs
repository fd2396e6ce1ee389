//! How a client talks: time-outs, attempts, connections, certificates.

use std::time::Duration;

use reqwest::Certificate;

use crate::error::{Error, Result};

/// How clients name themselves.
pub(super) const USER_AGENT: &str = concat!("longhaul/", env!("CARGO_PKG_VERSION"));

/// How long an unused connection is kept.
pub(super) const IDLE_TIMEOUT: Duration = Duration::from_secs(90);

/// How many connections a client opens unless told otherwise.
pub(crate) const DEFAULT_CONNECTIONS: usize = 256;

/// How a client talks to its server, the same for all platforms. Every value has a default.
///
/// ```
/// use std::time::Duration;
/// let options = longhaul::Options::new().timeout(Duration::from_secs(10)).attempts(2);
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) timeout: Duration,
    pub(crate) deadline: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) stall_timeout: Duration,
    pub(crate) attempts: u32,
    pub(crate) max_connections: usize,
    pub(crate) max_response_bytes: usize,
    certificates: Vec<Certificate>,
    verify_certificates: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            deadline: Duration::from_secs(120),
            connect_timeout: Duration::from_secs(10),
            stall_timeout: Duration::from_secs(30),
            attempts: 4,
            max_connections: DEFAULT_CONNECTIONS,
            max_response_bytes: 64 * 1024 * 1024,
            certificates: Vec::new(),
            verify_certificates: true,
        }
    }
}

impl Options {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long one attempt of a call may take, its answer included; 30 s by default. Streamed
    /// bodies are not limited by it, see [`Options::stall_timeout`].
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// How long a call may take with all its attempts and the waits between them; 120 s by
    /// default.
    #[must_use]
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }

    /// How long opening a connection may take; 10 s by default.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long a streamed body may be silent while it is being read; 30 s by default.
    #[must_use]
    pub fn stall_timeout(mut self, limit: Duration) -> Self {
        self.stall_timeout = limit;
        self
    }

    /// How often a request that may be repeated is sent at most; 4 by default, 1 turns repeats
    /// off.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// How many connections the client and its clones open at most; 256 by default. More work
    /// queues.
    #[must_use]
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// How many bytes an answer may have that is not streamed; 64 MiB by default.
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Trusts a further certificate authority, given in PEM, beside those of the system.
    ///
    /// # Errors
    /// When the text is no PEM certificate.
    pub fn trust_pem(mut self, pem: &[u8]) -> Result<Self> {
        let certificate = Certificate::from_pem(pem)
            .map_err(|error| Error::config(format!("the certificate is not valid PEM: {error}")))?;
        self.certificates.push(certificate);
        Ok(self)
    }

    /// Accepts any certificate. Whoever sits between you and the server can then read your
    /// credentials and your data; a warning is logged whenever such a client is built.
    #[must_use]
    pub fn danger_accept_invalid_certificates(mut self) -> Self {
        self.verify_certificates = false;
        self
    }

    /// Refuses what cannot work.
    pub(crate) fn check(&self) -> Result<()> {
        let positive = [
            ("timeout", !self.timeout.is_zero()),
            ("deadline", !self.deadline.is_zero()),
            ("connect_timeout", !self.connect_timeout.is_zero()),
            ("stall_timeout", !self.stall_timeout.is_zero()),
            ("attempts", self.attempts > 0),
            ("max_connections", self.max_connections > 0),
            ("max_response_bytes", self.max_response_bytes > 0),
        ];
        match positive.iter().find(|(_, good)| !good) {
            Some((name, _)) => Err(Error::config(format!("the option `{name}` must be above 0"))),
            None => Ok(()),
        }
    }

    /// An HTTP client with these options and without a credential, for example for a
    /// [`Link`](crate::transfer::Link). It does not follow redirects: the platforms' clients do,
    /// with more care.
    ///
    /// # Errors
    /// When an option is 0 or the system's certificates cannot be used.
    pub fn http_client(&self) -> Result<reqwest::Client> {
        self.check()?;
        install_tls_provider();
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.connect_timeout)
            .pool_max_idle_per_host(self.max_connections)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .tcp_nodelay(true)
            .tls_certs_merge(self.certificates.iter().cloned());
        if !self.verify_certificates {
            tracing::warn!("TLS certificates are not verified: credentials can be stolen");
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        builder.build().map_err(|error| {
            let cause = super::wire::innermost(&error);
            Error::config(format!("the HTTP client could not be built: {cause}"))
        })
    }
}

/// reqwest without a bundled provider panics unless the process has one. One that the program
/// chose before stays.
fn install_tls_provider() {
    #[cfg(feature = "rustls")]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}
