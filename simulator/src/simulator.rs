//! Builds and starts a simulator.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use crate::clock::Clock;
use crate::fault::{Fault, Rules};
use crate::handle::Handle;
use crate::platforms::{Named, Platform};
use crate::record::Record;
use crate::server::{self, Backend, Command, Shared, World};

/// The settings of one simulated platform, before it starts.
///
/// `P` is what can be set for that platform only, for example
/// [`Simulator::rescale`](crate::Simulator::rescale) gives a `Simulator<Rescale>`.
#[derive(Debug, Clone)]
pub struct Simulator<P> {
    pub(crate) options: P,
    platform: &'static Platform,
    open: fn(P, World) -> Arc<dyn Backend>,
    settings: Settings,
}

#[derive(Debug, Clone)]
struct Settings {
    bind: IpAddr,
    port: u16,
    pace: Duration,
    page_size: Option<usize>,
    latency: Duration,
    bandwidth: Option<u64>,
    record: bool,
    storage: bool,
    faults: Vec<Fault>,
}

impl<P: Send + 'static> Simulator<P> {
    pub(crate) fn new(
        platform: &'static Platform,
        options: P,
        open: fn(P, World) -> Arc<dyn Backend>,
    ) -> Self {
        let settings = Settings {
            bind: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            pace: Duration::from_millis(20),
            page_size: None,
            latency: Duration::ZERO,
            bandwidth: None,
            record: true,
            storage: false,
            faults: Vec::new(),
        };
        Self { options, platform, open, settings }
    }

    /// The port to listen on; any free one by default.
    pub fn port(mut self, port: u16) -> Self {
        self.settings.port = port;
        self
    }

    /// The address to listen on; loopback by default.
    pub fn bind(mut self, address: IpAddr) -> Self {
        self.settings.bind = address;
        self
    }

    /// The time that one step of a life cycle takes; 20 ms by default.
    pub fn pace(mut self, step: Duration) -> Self {
        self.settings.pace = step;
        self
    }

    /// The size of pages for requests that name none; the platform's own by default.
    pub fn page_size(mut self, items: usize) -> Self {
        self.settings.page_size = Some(items);
        self
    }

    /// Adds a rule. Rules can be written as text as well: see [`fault`](crate::fault).
    pub fn fault(mut self, rule: Fault) -> Self {
        self.settings.faults.push(rule);
        self
    }

    /// The time before anything happens to a request.
    pub fn latency(mut self, time: Duration) -> Self {
        self.settings.latency = time;
        self
    }

    /// The bytes a second that one connection gets for the contents of files.
    pub fn bandwidth(mut self, bytes_per_second: u64) -> Self {
        self.settings.bandwidth = Some(bytes_per_second);
        self
    }

    /// Whether requests are recorded; they are by default. They are counted in any case.
    pub fn record(mut self, on: bool) -> Self {
        self.settings.record = on;
        self
    }

    /// The same settings for a platform that only its name tells.
    pub(crate) fn into_named(self) -> Simulator<Named> {
        let (options, open) = (self.options, self.open);
        Simulator {
            options: Named(Box::new(move |world| open(options, world))),
            platform: self.platform,
            open: |named, world| (named.0)(world),
            settings: self.settings,
        }
    }

    /// Opens a second port that stands for the platform's cloud storage.
    pub(crate) fn with_storage(mut self) -> Self {
        self.settings.storage = true;
        self
    }

    /// The name of the platform.
    pub fn platform(&self) -> &'static str {
        self.platform.name
    }

    /// The port that the program uses for this platform.
    pub fn default_port(&self) -> u16 {
        self.platform.port
    }

    /// Starts the server on a thread of its own and waits until it accepts connections.
    ///
    /// # Errors
    ///
    /// Fails when the address cannot be used, for example because the port is taken.
    pub async fn start(self) -> io::Result<Handle> {
        let (commands, inbox) = mpsc::unbounded_channel();
        let (ready, started) = oneshot::channel();
        let addresses = self.addresses();
        let name = self.platform.name;
        let sender = commands.clone();
        let thread =
            std::thread::Builder::new().name(format!("simulated-{name}")).spawn(move || {
                server::run(addresses, |bound| self.shared(bound, sender), inbox, ready);
            })?;
        let (bound, shared) = started.await.map_err(io::Error::other)??;
        Ok(Handle::new(bound, shared, thread))
    }

    fn addresses(&self) -> Vec<SocketAddr> {
        let main = SocketAddr::new(self.settings.bind, self.settings.port);
        let storage = self.settings.storage.then(|| SocketAddr::new(self.settings.bind, 0));
        std::iter::once(main).chain(storage).collect()
    }

    fn shared(self, bound: &[SocketAddr], commands: mpsc::UnboundedSender<Command>) -> Arc<Shared> {
        let world = World {
            clock: Clock::start(),
            pace: self.settings.pace,
            page_size: self.settings.page_size,
            storage: bound.get(1).map(|address| format!("http://{address}")),
        };
        let rules = Rules::default();
        self.settings.faults.into_iter().for_each(|fault| rules.add(fault));
        Arc::new(Shared {
            backend: (self.open)(self.options, world),
            rules,
            record: Record::new(self.settings.record),
            latency: self.settings.latency,
            bandwidth: self.settings.bandwidth,
            commands,
            resets: watch::Sender::new(()),
        })
    }
}
