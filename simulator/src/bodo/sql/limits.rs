//! How much a statement may take, so that none runs for ever or fills the memory.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::limits::Limit;

use super::cell::Cell;

/// Bounds of one statement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) rows: usize,
    /// Of the result in memory.
    pub(super) bytes: usize,
    pub(super) time: Duration,
}

/// One value, in bytes.
const LONGEST_VALUE: i32 = 64 << 20;
/// One catalog, in pages of 4 KiB.
const CATALOG_PAGES: u32 = 65_536;
/// Instructions of SQLite's machine between two looks at the time.
const INSTRUCTIONS: i32 = 10_000;

impl Default for Limits {
    fn default() -> Self {
        Self { rows: 10_000_000, bytes: 1 << 30, time: Duration::from_secs(60) }
    }
}

impl Limits {
    /// Bounds a new database.
    pub(super) fn install(db: &Connection) -> rusqlite::Result<()> {
        db.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE)?;
        db.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
        db.execute_batch(&format!("PRAGMA max_page_count = {CATALOG_PAGES}"))
    }

    /// Stops what runs from now on when its time is up.
    pub(super) fn start(&self, db: &Connection) -> rusqlite::Result<()> {
        let deadline = Instant::now() + self.time;
        db.progress_handler(INSTRUCTIONS, Some(move || Instant::now() >= deadline))
    }

    /// What the platform says when the time is up.
    pub(super) fn timed_out(&self) -> String {
        let seconds = self.time.as_secs_f64();
        format!("Statement reached its timeout of {seconds} second(s) and was canceled.")
    }
}

/// Counts a result while it grows.
pub(super) struct Meter {
    limits: Limits,
    rows: usize,
    bytes: usize,
}

impl Meter {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, rows: 0, bytes: 0 }
    }

    pub(super) fn row(&mut self) -> Result<(), String> {
        self.rows += 1;
        match self.limits.rows {
            most if self.rows > most => Err(format!("The result has more than {most} rows.")),
            _ => Ok(()),
        }
    }

    pub(super) fn cell(&mut self, cell: &Cell) -> Result<(), String> {
        self.bytes += size_of::<Cell>() + cell.heap();
        match self.limits.bytes {
            most if self.bytes > most => Err(format!("The result is larger than {most} bytes.")),
            _ => Ok(()),
        }
    }
}
