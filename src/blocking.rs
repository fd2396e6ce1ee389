//! Work that blocks, away from the async threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::{JoinError, spawn_blocking};

use crate::error::{Error, ErrorKind, Result};

/// Runs work on a thread that may block. The flag tells it when nobody waits for it any more.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce(&AtomicBool) -> Result<T> + Send + 'static,
) -> Result<T> {
    struct Raised(Arc<AtomicBool>);
    impl Drop for Raised {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let raised = Raised(Arc::default());
    let cancelled = raised.0.clone();
    spawn_blocking(move || work(&cancelled)).await.map_err(panicked)?
}

/// A panic goes on in the caller; the only other cause is a runtime that shuts down.
pub(crate) fn panicked(error: JoinError) -> Error {
    match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => Error::new(ErrorKind::Interrupted, "the runtime is shutting down"),
    }
}
