//! What became of a batch.

use crate::error::{Error, Result};

/// What became of all inputs, each part in the order of the inputs.
#[derive(Debug)]
#[must_use = "a report may hold failures"]
pub struct Report<I, T> {
    /// The outputs, each with its input's place.
    pub done: Vec<(usize, T)>,
    /// The inputs that failed, with what went wrong.
    pub failed: Vec<Failure<I>>,
}

/// An input that failed.
#[derive(Debug)]
pub struct Failure<I> {
    /// The input's place among the inputs, from 0.
    pub index: usize,
    /// The input itself, to try again or to report.
    pub input: I,
    /// What went wrong.
    pub error: Error,
}

impl<I, T> Report<I, T> {
    /// All outputs in the order of the inputs, when every input succeeded.
    ///
    /// # Errors
    /// The first failure by order of the inputs, with the number of failures added.
    pub fn into_result(self) -> Result<Vec<T>> {
        let all = self.done.len() + self.failed.len();
        let failed = self.failed.len();
        match self.failed.into_iter().next() {
            None => Ok(self.done.into_iter().map(|(_, output)| output).collect()),
            Some(first) if all == 1 => Err(first.error),
            Some(first) => {
                let index = first.index;
                let advice = format!("{failed} of {all} inputs failed, first input {index}");
                Err(first.error.with_advice(advice))
            }
        }
    }

    /// The inputs that failed, for another try.
    pub fn retry_inputs(self) -> Vec<I> {
        self.failed.into_iter().map(|failure| failure.input).collect()
    }

    /// Whether every input succeeded.
    pub fn is_success(&self) -> bool {
        self.failed.is_empty()
    }
}
