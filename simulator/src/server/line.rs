//! How the parts of one connection agree on its end and its speed.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

/// How a connection ends before its client wants it to.
#[derive(Debug, Clone)]
pub(crate) enum Ending {
    /// RST.
    Reset,
    /// FIN.
    Close,
    /// These bytes, then FIN.
    Raw(Bytes),
}

/// Shared by the socket, the bodies and the driver of one connection.
#[derive(Debug, Default)]
pub(crate) struct Line {
    ending: Mutex<Option<Ending>>,
    ended: Notify,
    /// Whether the next completed flush ends the connection.
    armed: AtomicBool,
    /// Bytes a second; 0 for no limit.
    rate: AtomicU64,
}

impl Line {
    /// Ends the connection now; what was not sent is lost. Never returns.
    pub(crate) async fn end(&self, ending: Ending) {
        self.set(ending);
        self.ended.notify_one();
        std::future::pending().await
    }

    /// Ends the connection once everything that was written is sent.
    pub(crate) fn end_when_flushed(&self, ending: Ending) {
        self.set(ending);
        self.armed.store(true, Ordering::Relaxed);
    }

    pub(super) fn flushed(&self) {
        if self.armed.load(Ordering::Relaxed) {
            self.armed.store(false, Ordering::Relaxed);
            self.ended.notify_one();
        }
    }

    /// Waits for the end.
    pub(super) async fn ended(&self) -> Ending {
        self.ended.notified().await;
        self.ending.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or(Ending::Close)
    }

    pub(super) fn set_rate(&self, bytes_per_second: u64) {
        self.rate.store(bytes_per_second, Ordering::Relaxed);
    }

    pub(super) fn rate(&self) -> u64 {
        self.rate.load(Ordering::Relaxed)
    }

    fn set(&self, ending: Ending) {
        *self.ending.lock().unwrap_or_else(PoisonError::into_inner) = Some(ending);
    }
}
