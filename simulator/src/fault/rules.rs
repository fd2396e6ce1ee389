//! The rules in force: which of them act on a request, counted and drawn.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Action, Condition, Fault};
use crate::content::scramble;
use crate::glob;
use crate::http::Request;

/// All rules of one simulator.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    rules: Mutex<Vec<Rule>>,
    /// Spares the lock while there are no rules.
    any: AtomicBool,
}

#[derive(Debug)]
struct Rule {
    fault: Fault,
    matched: u64,
    fired: u64,
}

impl Rules {
    pub(crate) fn add(&self, fault: Fault) {
        self.lock().push(Rule { fault, matched: 0, fired: 0 });
        self.any.store(true, Ordering::Release);
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
        self.any.store(false, Ordering::Release);
    }

    /// The actions on this request, in the order of the rules.
    pub(crate) fn fire(&self, request: &Request) -> Vec<Action> {
        if !self.any.load(Ordering::Acquire) {
            return Vec::new();
        }
        self.lock().iter_mut().filter_map(|rule| rule.fire(request)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rule {
    fn fire(&mut self, request: &Request) -> Option<Action> {
        let condition = &self.fault.condition;
        if !condition.fits(request) {
            return None;
        }
        self.matched += 1;
        let exhausted = condition.limit.is_some_and(|limit| self.fired >= limit);
        if self.matched <= condition.skip || exhausted || !condition.drawn(self.matched) {
            return None;
        }
        self.fired += 1;
        Some(pick(&self.fault.action, condition.draw(self.matched, 1)))
    }
}

/// One action of several, by a random number.
fn pick(action: &Action, number: u64) -> Action {
    match action {
        Action::OneOf(actions) if !actions.is_empty() => {
            pick(&actions[(number % actions.len() as u64) as usize], scramble(number))
        }
        action => action.clone(),
    }
}

impl Condition {
    fn fits(&self, request: &Request) -> bool {
        let query = |name: &str| request.query(name).map(|value| value.into_owned());
        let header = |name: &str| request.header(name).map(str::to_owned);
        self.method.as_ref().is_none_or(|method| method == "*" || request.method.as_str() == method)
            && self.path.as_ref().is_none_or(|pattern| glob::matches(pattern, request.path()))
            && self.query.iter().all(|(name, pattern)| value_fits(query(name), pattern.as_deref()))
            && self
                .headers
                .iter()
                .all(|(name, pattern)| value_fits(header(name), pattern.as_deref()))
    }

    fn drawn(&self, matched: u64) -> bool {
        self.rate
            .is_none_or(|rate| (self.draw(matched, 0) >> 11) as f64 / (1u64 << 53) as f64 <= rate)
    }

    /// A pure function of seed and match number, so that a run can be repeated.
    fn draw(&self, matched: u64, purpose: u64) -> u64 {
        scramble(scramble(self.seed) ^ scramble(matched * 2 + purpose))
    }
}

fn value_fits(value: Option<String>, pattern: Option<&str>) -> bool {
    value.is_some_and(|value| pattern.is_none_or(|pattern| glob::matches(pattern, &value)))
}
