//! Compares what was sent with what the official client sent for the same action, and with the
//! spec.

use std::collections::{BTreeMap, BTreeSet};
use std::future::IntoFuture;
use std::pin::Pin;

use longhaul::Result;
use longhaul::raw::Operation;
use longhaul::raw::denvr::OPERATIONS;
use longhaul_simulator::{Handle, Recorded};
use serde::Deserialize;
use serde_json::{Value, json};

/// Requests that the official client sent.
const GOLDEN: &str = include_str!("golden.jsonl");

/// What we do otherwise on purpose, and why.
#[derive(Clone, Copy)]
pub(crate) struct Differs {
    what: What,
    why: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    /// Our method.
    Method(&'static str),
    /// Our body has this JSON at the pointer.
    Body(&'static str, &'static str),
    /// We ask for this as well.
    Also(&'static str, &'static str),
}

impl What {
    pub(crate) const fn because(self, why: &'static str) -> Differs {
        Differs { what: self, why }
    }
}

/// A request in the form in which two of them are compared.
#[derive(Clone, Debug, Deserialize)]
struct Message {
    #[serde(default)]
    name: String,
    method: String,
    path: String,
    query: BTreeMap<String, String>,
    headers: BTreeMap<String, String>,
    body: Value,
    status: u16,
}

/// A call on the heap: the stack of a test does not hold a hundred of them.
type Call<'c, T> = Pin<Box<dyn Future<Output = T> + 'c>>;

/// Runs calls and compares what they send.
pub(crate) struct Bench<'a> {
    handle: &'a Handle,
    goldens: BTreeMap<String, Message>,
    compared: BTreeSet<String>,
    reached: BTreeSet<&'static str>,
    problems: Vec<String>,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(handle: &'a Handle) -> Self {
        let goldens = GOLDEN.lines().map(|line| {
            let golden: Message = serde_json::from_str(line).expect("a golden");
            (golden.name.clone(), golden)
        });
        let (compared, reached, problems) = Default::default();
        Self { handle, goldens: goldens.collect(), compared, reached, problems }
    }

    /// Runs a call and compares its request with the golden of this name.
    pub(crate) fn golden<'c, T: 'c>(
        &'c mut self,
        name: &'c str,
        differs: &'c [Differs],
        call: impl IntoFuture<Output = Result<T>> + 'c,
    ) -> Call<'c, Result<T>> {
        Box::pin(async move { self.goldens(&[(name, differs)], call).await })
    }

    /// Runs a call and compares its requests with goldens, in their order.
    pub(crate) fn goldens<'c, T: 'c>(
        &'c mut self,
        wanted: &'c [(&'c str, &'c [Differs])],
        call: impl IntoFuture<Output = Result<T>> + 'c,
    ) -> Call<'c, Result<T>> {
        Box::pin(async move {
            self.handle.clear_requests();
            let outcome = call.await;
            let mut requests = self.handle.requests();
            requests.iter().for_each(|request| self.check_against_spec(request));
            let expected: Vec<_> = wanted
                .iter()
                .filter_map(|(name, differs)| self.expected(name, differs, &mut requests))
                .collect();
            self.compare(&expected, &requests);
            outcome
        })
    }

    /// The golden of this name with what we do otherwise; takes the requests out that are listed as
    /// additional.
    fn expected(
        &mut self,
        name: &str,
        differs: &[Differs],
        requests: &mut Vec<Recorded>,
    ) -> Option<Message> {
        let Some(golden) = self.goldens.get(name) else {
            self.problems.push(format!("there is no golden `{name}`"));
            return None;
        };
        let mut message = golden.clone().normalised();
        if message.body.is_null() {
            // The official client names the type of a body that is not there.
            message.headers.remove("content-type");
        }
        if !self.compared.insert(name.to_owned()) {
            self.problems.push(format!("`{name}` is compared twice"));
        }
        for Differs { what, why } in differs {
            if !apply(*what, &mut message, requests) {
                self.problems.push(format!("`{name}`: {what:?} does not show any more ({why})"));
            }
        }
        Some(message)
    }

    fn compare(&mut self, expected: &[Message], requests: &[Recorded]) {
        if expected.len() != requests.len() {
            let names: Vec<_> = expected.iter().map(|message| &message.name).collect();
            let lines: Vec<_> = requests.iter().map(line).collect();
            self.problems.push(format!("{names:?}: sent {lines:?}"));
        }
        for (message, request) in expected.iter().zip(requests) {
            let ours = Message::of(request).normalised();
            let differences = message.differences(&ours);
            self.problems.extend(differences.map(|text| format!("`{}`: {text}", message.name)));
        }
    }

    /// Every request is an operation of the spec and can be told from all others by its id.
    fn check_against_spec(&mut self, request: &Recorded) {
        match operation_of(request) {
            Some(operation) => {
                self.reached.insert(operation.id);
            }
            None => self.problems.push(format!("{} is no operation of the spec", line(request))),
        }
        if request.header("x-request-id").is_none_or(str::is_empty) {
            self.problems.push(format!("{} has no id", line(request)));
        }
    }

    /// Checks that every golden and every operation was reached, but for those that are listed.
    ///
    /// # Panics
    /// With all that was found wrong.
    pub(crate) fn finish(mut self, goldens: usize, unused: &[(&str, &[&str])]) {
        let left: Vec<_> =
            self.goldens.keys().filter(|name| !self.compared.contains(*name)).collect();
        if !left.is_empty() {
            self.problems.push(format!("not compared: {left:?}"));
        }
        let listed: BTreeSet<&str> =
            unused.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
        let all: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
        let missing: Vec<_> =
            all.iter().filter(|id| !self.reached.contains(*id) && !listed.contains(*id)).collect();
        let stale: Vec<_> =
            listed.iter().filter(|id| self.reached.contains(*id) || !all.contains(*id)).collect();
        if !missing.is_empty() || !stale.is_empty() {
            self.problems.push(format!("operations not reached: {missing:?}; listed: {stale:?}"));
        }
        println!("{} requests compared with those of the official client", self.compared.len());
        println!("{} of {} operations reached", self.reached.len(), all.len());
        assert!(self.problems.is_empty(), "\n{}", self.problems.join("\n"));
        assert_eq!(self.compared.len(), goldens);
    }
}

/// Makes of the golden what we send; `false` when there is no such difference.
fn apply(what: What, expected: &mut Message, requests: &mut Vec<Recorded>) -> bool {
    match what {
        What::Method(method) => std::mem::replace(&mut expected.method, method.into()) != method,
        What::Body(pointer, json) => {
            let value: Value = serde_json::from_str(json).expect("JSON");
            let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
            let parent = expected.body.pointer_mut(parent).and_then(Value::as_object_mut);
            let parent = parent.expect("an object");
            parent.insert(name.to_owned(), value.clone()) != Some(value)
        }
        What::Also(method, path) => {
            let before = requests.len();
            requests.retain(|request| request.method != method || request.path != path);
            requests.len() < before
        }
    }
}

impl Message {
    fn of(request: &Recorded) -> Self {
        let telling = ["authorization", "content-type"];
        let header = |name: &str| Some((name.to_owned(), request.header(name)?.to_owned()));
        let url = url::Url::parse(&format!("http://host/?{}", request.query)).expect("a query");
        Self {
            name: String::new(),
            method: request.method.clone(),
            path: request.path.clone(),
            query: url.query_pairs().into_owned().collect(),
            headers: telling.into_iter().filter_map(header).collect(),
            body: request.json(),
            status: request.status.unwrap_or_default(),
        }
    }

    /// Tokens differ from one run to the next.
    fn normalised(mut self) -> Self {
        let hide = |value: &mut String| *value = "{token}".to_owned();
        self.query.get_mut("refreshToken").map(hide);
        let authorization = self.headers.get_mut("authorization");
        authorization.filter(|value| value.starts_with("Bearer ")).map(hide);
        self
    }

    fn differences(&self, ours: &Self) -> impl Iterator<Item = String> {
        let pairs = [
            ("method", json!(self.method), json!(ours.method)),
            ("path", json!(self.path), json!(ours.path)),
            ("query", json!(self.query), json!(ours.query)),
            ("headers", json!(self.headers), json!(ours.headers)),
            ("body", self.body.clone(), ours.body.clone()),
            ("status", json!(self.status), json!(ours.status)),
        ];
        let unequal = pairs.into_iter().filter(|(_, theirs, ours)| theirs != ours);
        unequal.map(|(part, theirs, ours)| format!("{part}: ours {ours}, theirs {theirs}"))
    }
}

fn line(request: &Recorded) -> String {
    let Recorded { method, path, query, .. } = request;
    format!("{method} {path}?{query} {}", request.text())
}

/// The operation that a request is; no path of the platform has parameters.
fn operation_of(request: &Recorded) -> Option<&'static Operation> {
    let same = |one: &&Operation| one.method == request.method && one.path == request.path;
    OPERATIONS.iter().find(same)
}
