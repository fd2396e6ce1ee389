//! A running simulator.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::fault::Fault;
use crate::record::Recorded;
use crate::server::{Backend, Command, Shared};

/// A running simulator; dropping it closes its port and its connections.
pub struct Handle {
    addresses: Vec<SocketAddr>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Handle {
    pub(crate) fn new(
        addresses: Vec<SocketAddr>,
        shared: Arc<Shared>,
        thread: JoinHandle<()>,
    ) -> Self {
        Self { addresses, shared, thread: Some(thread) }
    }

    pub(crate) fn backend(&self) -> &dyn Backend {
        &*self.shared.backend
    }

    /// The base URL, such as `http://127.0.0.1:40123`, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.addresses[0])
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.addresses[0].port()
    }

    /// The base URL of the second port that stands for cloud storage, where the platform has one.
    pub fn storage_url(&self) -> Option<String> {
        self.addresses.get(1).map(|address| format!("http://{address}"))
    }

    /// The id of what was given by this name when the simulator was built.
    pub fn id_of(&self, name: &str) -> Option<String> {
        self.shared.backend.id_of(name)
    }

    /// The requests so far, in the order in which they were done with; the last 10,000 of them.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.record.all()
    }

    /// The number of requests so far, recorded or not.
    pub fn request_count(&self) -> u64 {
        self.shared.record.count()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared.record.clear();
    }

    /// Adds a rule that holds from now on.
    pub fn fault(&self, rule: Fault) {
        self.shared.rules.add(rule);
    }

    /// Removes all rules.
    pub fn clear_faults(&self) {
        self.shared.rules.clear();
    }

    /// Resets every connection and refuses new ones for this time; returns once the port is closed.
    pub async fn refuse(&self, time: Duration) {
        let (done, closed) = oneshot::channel();
        let _ = self.shared.commands.send(Command::Refuse(time, Some(done)));
        let _ = closed.await;
    }

    /// Stops the server; returns once its port is closed.
    pub async fn shutdown(mut self) {
        let Some(thread) = self.stop() else { return };
        let (done, ended) = oneshot::channel();
        std::thread::spawn(move || done.send(thread.join()));
        let _ = ended.await;
    }

    fn stop(&mut self) -> Option<JoinHandle<()>> {
        let _ = self.shared.commands.send(Command::Shutdown);
        self.thread.take()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if let Some(thread) = self.stop() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("url", &self.url()).finish_non_exhaustive()
    }
}
