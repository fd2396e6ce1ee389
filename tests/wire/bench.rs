//! Runs calls and compares what they send.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;

use longhaul_simulator::{Handle, Recorded};
use serde_json::{Value, json};

use super::message::{line, parameters};
use super::spec::Spec;
use super::{Differs, Manners, Message};

/// A call on the heap: the stack of a test does not hold a hundred of them.
type Call<'c, T> = Pin<Box<dyn Future<Output = T> + 'c>>;

/// Goldens by their names, each with what we do otherwise.
type Wanted<'c> = &'c [(&'c str, &'c [Differs])];

pub(crate) struct Bench<'a> {
    handle: &'a Handle,
    manners: &'static dyn Manners,
    spec: Spec,
    goldens: BTreeMap<String, Message>,
    compared: BTreeSet<String>,
    reached: BTreeSet<&'static str>,
    problems: Vec<String>,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(handle: &'a Handle, manners: &'static dyn Manners) -> Self {
        let goldens = manners.goldens().lines().map(|line| {
            let mut golden: Message = serde_json::from_str(line).expect("a golden");
            manners.correct(&mut golden);
            (golden.name.clone(), golden)
        });
        let (compared, reached, problems) = Default::default();
        let (spec, goldens) = (Spec::new(manners), goldens.collect());
        Self { handle, manners, spec, goldens, compared, reached, problems }
    }

    /// The names of the goldens that begin so.
    pub(crate) fn names(&self, start: &str) -> Vec<String> {
        self.goldens.keys().filter(|name| name.starts_with(start)).cloned().collect()
    }

    /// Runs a call and compares its request with the golden of this name.
    pub(crate) fn golden<'c, T: 'c>(
        &'c mut self,
        name: &'c str,
        differs: &'c [Differs],
        call: impl IntoFuture<Output = T> + 'c,
    ) -> Call<'c, T> {
        Box::pin(async move { self.goldens(&[(name, differs)], call).await })
    }

    /// Runs a call and compares its requests with goldens, in their order.
    pub(crate) fn goldens<'c, T: 'c>(
        &'c mut self,
        wanted: Wanted<'c>,
        call: impl IntoFuture<Output = T> + 'c,
    ) -> Call<'c, T> {
        Box::pin(async move {
            let (outcome, mut ours) = self.sent(call).await;
            let expected = self.expected(wanted, &mut ours);
            self.compare(&expected, &ours);
            outcome
        })
    }

    /// Runs a call and compares its requests with goldens, whatever their order.
    pub(crate) fn in_any_order<'c, T: 'c>(
        &'c mut self,
        wanted: Wanted<'c>,
        call: impl IntoFuture<Output = T> + 'c,
    ) -> Call<'c, T> {
        Box::pin(async move {
            let (outcome, mut ours) = self.sent(call).await;
            let mut expected = self.expected(wanted, &mut ours);
            for messages in [&mut expected, &mut ours] {
                messages.sort_by_key(|message| (message.method.clone(), message.path.clone()));
            }
            self.compare(&expected, &ours);
            outcome
        })
    }

    /// Runs a call of which no official program is known; among its requests has to be the
    /// operation of the spec.
    pub(crate) fn spec<'c, T: 'c>(
        &'c mut self,
        operation: &'c str,
        call: impl IntoFuture<Output = T> + 'c,
    ) -> Call<'c, T> {
        Box::pin(async move {
            let (outcome, requests) = self.run(call).await;
            let ids: Vec<_> = requests.iter().filter_map(|request| self.id_of(request)).collect();
            if !ids.contains(&operation) {
                self.problems.push(format!("{operation}: sent {ids:?}"));
            }
            outcome
        })
    }

    /// Runs a call of which no official program is known; among its requests has to be the
    /// operation of the spec once, with this query and body.
    pub(crate) fn spec_with<'c, T: 'c>(
        &'c mut self,
        operation: &'c str,
        query: &'c [(&'c str, &'c str)],
        body: Value,
        call: impl IntoFuture<Output = T> + 'c,
    ) -> Call<'c, T> {
        Box::pin(async move {
            let (outcome, mut requests) = self.run(call).await;
            requests.retain(|request| self.id_of(request) == Some(operation));
            let query = query.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
            let query: BTreeMap<_, _> = query.collect();
            let fits = |request: &Recorded| {
                parameters(request.query.as_bytes()) == query && self.manners.body(request) == body
            };
            if !matches!(requests.as_slice(), [request] if fits(request)) {
                let lines: Vec<_> = requests.iter().map(|one| line(one, self.manners)).collect();
                self.problems.push(format!("{operation}: sent {lines:#?}, not {query:?} {body}"));
            }
            outcome
        })
    }

    /// Runs a call whose requests are compared elsewhere, or by the caller.
    pub(crate) fn run<'c, T: 'c>(
        &'c mut self,
        call: impl IntoFuture<Output = T> + 'c,
    ) -> Call<'c, (T, Vec<Recorded>)> {
        Box::pin(async move {
            self.handle.clear_requests();
            let outcome = call.await;
            let requests = self.handle.requests();
            let manners = self.manners;
            let of_spec = requests.iter().filter(|request| manners.is_of_spec(request));
            of_spec.for_each(|request| self.check_against_spec(request));
            (outcome, requests)
        })
    }

    async fn sent<T>(&mut self, call: impl IntoFuture<Output = T>) -> (T, Vec<Message>) {
        let (outcome, requests) = self.run(call).await;
        let ours = requests.iter().map(|request| Message::sent(request, self.manners));
        (outcome, ours.collect())
    }

    /// The goldens with what we do otherwise; takes the requests out of ours that are additional.
    fn expected(&mut self, wanted: Wanted<'_>, ours: &mut Vec<Message>) -> Vec<Message> {
        let wanted = wanted.iter();
        wanted.filter_map(|(name, differs)| self.expected_one(name, differs, ours)).collect()
    }

    fn expected_one(
        &mut self,
        name: &str,
        differs: &[Differs],
        ours: &mut Vec<Message>,
    ) -> Option<Message> {
        let Some(mut golden) = self.goldens.get(name).cloned() else {
            self.problems.push(format!("there is no golden `{name}`"));
            return None;
        };
        if !self.compared.insert(name.to_owned()) {
            self.problems.push(format!("`{name}` is compared twice"));
        }
        for Differs { what, why } in differs {
            let before = (golden.clone().normalised(self.manners), ours.len());
            what.apply(&mut golden, ours);
            if (golden.clone().normalised(self.manners), ours.len()) == before {
                self.problems.push(format!("`{name}`: {what:?} does not show any more ({why})"));
            }
        }
        Some(golden.normalised(self.manners))
    }

    fn compare(&mut self, expected: &[Message], ours: &[Message]) {
        if expected.len() != ours.len() {
            let theirs: Vec<_> = expected.iter().map(|golden| &golden.name).collect();
            let lines: Vec<_> = ours.iter().map(|message| &message.name).collect();
            self.problems.push(format!("{theirs:?}: sent {lines:#?}"));
        }
        for (golden, ours) in expected.iter().zip(ours) {
            let differences = golden.differences(ours);
            self.problems.extend(differences.map(|text| format!("`{}`: {text}", golden.name)));
        }
    }

    fn id_of(&self, request: &Recorded) -> Option<&'static str> {
        let operation = self.spec.operation(&request.method, &self.manners.target(request));
        operation.map(|operation| operation.id)
    }

    /// Every request is an operation of the spec, with declared parameters and a declared type of
    /// body, and can be told from all others by its id.
    fn check_against_spec(&mut self, request: &Recorded) {
        let line = line(request, self.manners);
        match self.spec.operation(&request.method, &self.manners.target(request)) {
            Some(operation) => {
                self.reached.insert(operation.id);
                let undeclared = self.spec.undeclared(operation, request).into_iter();
                let problems = undeclared.map(|what| format!("{line}: the spec has no {what}"));
                self.problems.extend(problems);
            }
            None => self.problems.push(format!("{line} is no operation of the spec")),
        }
        if request.header("x-request-id").is_none_or(str::is_empty) {
            self.problems.push(format!("{line} has no id"));
        }
    }

    /// Checks that so many goldens, which are all, were compared and every operation was reached,
    /// but for those that are listed with the reason.
    ///
    /// # Panics
    /// With all that was found wrong.
    pub(crate) fn finish(mut self, goldens: usize, unused: &[(&str, &[&str])]) {
        let names = self.goldens.keys();
        let left: Vec<_> = names.filter(|name| !self.compared.contains(*name)).collect();
        if !left.is_empty() {
            self.problems.push(format!("not compared: {left:?}"));
        }
        let listed: BTreeSet<_> = unused.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
        let all = self.spec.ids();
        let unreached = &all - &self.reached;
        if unreached != listed {
            let (missing, stale) = (&unreached - &listed, &listed - &unreached);
            self.problems.push(format!("operations not reached: {missing:?}; listed: {stale:?}"));
        }
        println!("{} requests compared with those of official programs", self.compared.len());
        println!("{} of {} operations reached", self.reached.len(), all.len());
        assert!(self.problems.is_empty(), "\n{}", self.problems.join("\n"));
        assert_eq!(self.compared.len(), goldens);
    }
}
