//! Everything that a program shows, to look for secrets in it.

use std::fmt::Debug;
use std::io::Write;
use std::sync::{Arc, Mutex};

use longhaul::Error;
use tracing::Level;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::format::FmtSpan;

/// The log at its most talkative, errors, debug output.
#[derive(Clone, Default)]
pub(crate) struct Shown(Arc<Mutex<Vec<u8>>>);

impl Write for Shown {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Shown {
    /// Records the log of this thread until the guard is dropped.
    pub(crate) fn listen(&self) -> DefaultGuard {
        let writer = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    pub(crate) fn add(&self, what: &dyn Debug) {
        writeln!(self.clone(), "{what:?} {what:#?}").unwrap();
    }

    /// Adds all that can be asked of an error, and its causes.
    pub(crate) fn error(&self, error: &Error) {
        self.add(error);
        writeln!(self.clone(), "{error} {} {:?} {:?}", error.message(), error.code(), error.body())
            .unwrap();
        let mut cause = std::error::Error::source(error);
        while let Some(source) = cause {
            writeln!(self.clone(), "{source} {source:?}").unwrap();
            cause = source.source();
        }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}
