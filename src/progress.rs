//! What long work tells while it goes on, and bars that show it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What a wait, a list, a batch or a transfer tells about its progress.
///
/// Events come in order and before the work goes on, so a slow listener slows the work.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A wait looked at a status.
    Status {
        /// What is waited for, such as `job Jaaac`.
        name: Arc<str>,
        /// The status, as the platform spells it.
        status: String,
        /// How long the wait has lasted.
        elapsed: Duration,
        /// When the next look comes; `None` after the last.
        next: Option<Duration>,
    },
    /// A look of a wait failed in a way that is expected to pass.
    Trouble {
        /// What is waited for.
        name: Arc<str>,
        /// What went wrong.
        message: String,
        /// How many looks in a row have failed.
        in_a_row: u32,
    },
    /// A page of a list arrived.
    Page {
        /// How many items have come so far.
        items: u64,
        /// How many there are, where the platform says so.
        total: Option<u64>,
    },
    /// An input of a batch is done, well or not.
    Item {
        /// How many succeeded so far.
        done: usize,
        /// How many failed so far.
        failed: usize,
        /// How many there are, where that is known before the end.
        total: Option<usize>,
    },
    /// Bytes of a transfer arrived or left.
    Bytes {
        /// The file's name.
        name: Arc<str>,
        /// How many bytes are done; what an earlier run left counts.
        done: u64,
        /// How many there are.
        total: u64,
    },
}

/// Whoever wants the events.
pub(crate) type Listener = Box<dyn FnMut(&Event) + Send>;

/// One listener for several pieces of work at once.
#[derive(Clone)]
pub(crate) struct SharedListener(Option<Arc<Mutex<Listener>>>);

impl SharedListener {
    pub(crate) fn new(listener: Option<Listener>) -> Self {
        Self(listener.map(|listener| Arc::new(Mutex::new(listener))))
    }

    /// A listener for one of the pieces.
    pub(crate) fn for_one(&self) -> Option<Listener> {
        let shared = self.0.clone()?;
        Some(Box::new(move |event| shared.lock().unwrap_or_else(PoisonError::into_inner)(event)))
    }
}

/// Tells the listener, if there is one.
pub(crate) fn tell(listener: &mut Option<Listener>, event: impl FnOnce() -> Event) {
    if let Some(listener) = listener {
        listener(&event());
    }
}

/// A listener that shows progress as a bar or spinner on the terminal's error output, and nothing
/// where there is no terminal.
///
/// ```no_run
/// # async fn f(mut job: longhaul::rescale::Job) -> longhaul::Result<()> {
/// use longhaul::rescale::JobStatus;
/// job.wait_for_status(JobStatus::Completed).on_event(longhaul::progress::bar()).await?;
/// # Ok(()) }
/// ```
#[cfg(feature = "progress")]
pub fn bar() -> impl FnMut(&Event) + Send + 'static {
    let bars = indicatif::MultiProgress::new();
    let mut shown = bars::Bars::new(bars);
    move |event| shown.show(event)
}

#[cfg(feature = "progress")]
mod bars {
    use std::collections::HashMap;
    use std::time::Duration;

    use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

    use super::Event;

    /// One bar for each name.
    pub(super) struct Bars {
        all: MultiProgress,
        by_name: HashMap<String, ProgressBar>,
    }

    impl Bars {
        pub(super) fn new(all: MultiProgress) -> Self {
            Self { all, by_name: HashMap::new() }
        }

        pub(super) fn show(&mut self, event: &Event) {
            match event {
                Event::Status { name, status, next, .. } => {
                    let bar = self.spinner(name);
                    bar.set_message(format!("{name}: {status}"));
                    if next.is_none() {
                        bar.finish();
                    }
                }
                Event::Trouble { name, message, .. } => {
                    self.spinner(name).set_message(format!("{name}: {message}"));
                }
                Event::Page { items, total } => self.count("items", *items, *total),
                Event::Item { done, failed, total } => {
                    let ended = (done + failed) as u64;
                    self.count("inputs", ended, total.map(|total| total as u64));
                }
                Event::Bytes { name, done, total } => self.bytes(name, *done, *total),
            }
        }

        fn spinner(&mut self, name: &str) -> &ProgressBar {
            self.bar(name, || {
                let bar = ProgressBar::new_spinner();
                bar.enable_steady_tick(Duration::from_millis(120));
                bar
            })
        }

        fn count(&mut self, name: &str, done: u64, total: Option<u64>) {
            let bar = self.bar(name, || match total {
                Some(total) => ProgressBar::new(total).with_style(style("{pos}/{len} {msg}")),
                None => ProgressBar::new_spinner(),
            });
            bar.set_message(name.to_owned());
            bar.set_position(done);
            if Some(done) == total {
                bar.finish();
            }
        }

        fn bytes(&mut self, name: &str, done: u64, total: u64) {
            let bar = self.bar(name, || {
                let template = "{msg} {bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
                ProgressBar::new(total).with_style(style(template))
            });
            bar.set_message(name.to_owned());
            bar.set_position(done);
            if done == total {
                bar.finish();
            }
        }

        fn bar(&mut self, name: &str, make: impl FnOnce() -> ProgressBar) -> &ProgressBar {
            let all = &self.all;
            self.by_name.entry(name.to_owned()).or_insert_with(|| all.add(make()))
        }
    }

    fn style(template: &str) -> ProgressStyle {
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
    }
}
