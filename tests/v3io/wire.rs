//! Compares what was sent with what the official client sent for the same action, and with the
//! spec.

use std::collections::{BTreeMap, BTreeSet};
use std::future::IntoFuture;
use std::pin::Pin;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use longhaul::Result;
use longhaul::raw::Operation;
use longhaul::raw::v3io::OPERATIONS;
use longhaul_simulator::{Handle, Recorded};
use serde::Deserialize;
use serde_json::{Value, json};

use super::support::FUNCTION;

/// Requests that the official client sent.
const GOLDEN: &str = include_str!("golden.jsonl");

/// Headers that say something about the action.
const TELLING_HEADERS: [&str; 6] = [
    "authorization",
    "content-type",
    "range",
    "transfer-encoding",
    "x-v3io-function",
    "x-v3io-session-key",
];

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
    /// Our path.
    Path(&'static str),
    /// Our query has this parameter with this value.
    Query(&'static str, &'static str),
    /// Our request has this header with this value.
    Header(&'static str, &'static str),
    /// Our request lacks this header.
    NoHeader(&'static str),
    /// We ask for this as well: a method and a function.
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

    /// The names of the goldens that begin so.
    pub(crate) fn names(&self, start: &str) -> Vec<String> {
        self.goldens.keys().filter(|name| name.starts_with(start)).cloned().collect()
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
            let (outcome, mut requests) = self.run(call).await;
            let expected = self.expected(wanted, &mut requests);
            self.compare(&expected, &requests);
            outcome
        })
    }

    /// Runs a call and compares its requests with goldens, whatever their order.
    pub(crate) fn in_any_order<'c, T: 'c>(
        &'c mut self,
        wanted: &'c [(&'c str, &'c [Differs])],
        call: impl IntoFuture<Output = T> + 'c,
    ) -> Call<'c, T> {
        Box::pin(async move {
            let (outcome, mut requests) = self.run(call).await;
            let mut expected = self.expected(wanted, &mut requests);
            expected.sort_by_key(Message::place);
            requests.sort_by_key(|request| Message::of(request).place());
            self.compare(&expected, &requests);
            outcome
        })
    }

    /// Runs a call of which no request of the official client is known; among its requests has to
    /// be the operation of the spec.
    pub(crate) fn spec<'c, T: 'c>(
        &'c mut self,
        operation: &'c str,
        call: impl IntoFuture<Output = T> + 'c,
    ) -> Call<'c, T> {
        Box::pin(async move {
            let (outcome, requests) = self.run(call).await;
            let ids: Vec<_> = requests.iter().filter_map(operation_of).map(|one| one.id).collect();
            if !ids.contains(&operation) {
                self.problems.push(format!("{operation}: sent {ids:?}"));
            }
            outcome
        })
    }

    fn run<'c, T: 'c>(
        &'c mut self,
        call: impl IntoFuture<Output = T> + 'c,
    ) -> Call<'c, (T, Vec<Recorded>)> {
        Box::pin(async move {
            self.handle.clear_requests();
            let outcome = call.await;
            let requests = self.handle.requests();
            requests.iter().for_each(|request| self.check_against_spec(request));
            (outcome, requests)
        })
    }

    /// The goldens with what we do otherwise; takes the requests out that are additional.
    fn expected(
        &mut self,
        wanted: &[(&str, &[Differs])],
        requests: &mut Vec<Recorded>,
    ) -> Vec<Message> {
        let mut expected = Vec::new();
        for (name, differs) in wanted {
            let Some(golden) = self.goldens.get(*name) else {
                self.problems.push(format!("there is no golden `{name}`"));
                continue;
            };
            let mut message = golden.clone().normalised();
            if !self.compared.insert((*name).to_owned()) {
                self.problems.push(format!("`{name}` is compared twice"));
            }
            for Differs { what, why } in *differs {
                if !apply(*what, &mut message, requests) {
                    self.problems.push(format!("`{name}`: {what:?} does not show ({why})"));
                }
            }
            expected.push(message);
        }
        expected
    }

    fn compare(&mut self, expected: &[Message], requests: &[Recorded]) {
        if expected.len() != requests.len() {
            let names: Vec<_> = expected.iter().map(|message| &message.name).collect();
            let lines: Vec<_> = requests.iter().map(line).collect();
            self.problems.push(format!("{names:?}: sent {lines:#?}"));
        }
        for (message, request) in expected.iter().zip(requests) {
            let (name, ours) = (&message.name, Message::of(request).normalised());
            let differences = message.differences(&ours);
            self.problems.extend(differences.map(|text| format!("`{name}`: {text}")));
        }
    }

    /// Every request is an operation of the spec and can be told from all others by its id.
    fn check_against_spec(&mut self, request: &Recorded) {
        match operation_of(request) {
            Some(operation) => _ = self.reached.insert(operation.id),
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
        let listed: BTreeSet<_> = unused.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
        let all: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.id).collect();
        let used: BTreeSet<_> = &all - &listed;
        if used != self.reached {
            let (missing, stale) = (&used - &self.reached, &self.reached - &used);
            self.problems.push(format!("not reached: {missing:?}; listed as unused: {stale:?}"));
        }
        println!("{} requests compared with those of the official client", self.compared.len());
        println!("{} of {} operations reached", self.reached.len(), all.len());
        assert!(self.problems.is_empty(), "\n{}", self.problems.join("\n"));
        assert_eq!(self.compared.len(), goldens);
    }
}

/// Makes of the golden what we send; `false` when there is no such difference.
fn apply(what: What, expected: &mut Message, requests: &mut Vec<Recorded>) -> bool {
    fn is_new<T: PartialEq>(place: &mut T, value: T) -> bool {
        std::mem::replace(place, value) != *place
    }
    let (query, headers) = (&mut expected.query, &mut expected.headers);
    match what {
        What::Method(method) => is_new(&mut expected.method, method.to_owned()),
        What::Path(path) => is_new(&mut expected.path, path.to_owned()),
        What::Query(name, value) => {
            query.insert(name.to_owned(), value.to_owned()).is_none_or(|old| old != value)
        }
        What::Header(name, value) => {
            headers.insert(name.to_owned(), value.to_owned()).is_none_or(|old| old != value)
        }
        What::NoHeader(name) => headers.remove(name).is_some(),
        What::Also(method, function) => {
            let before = requests.len();
            let is_it = |request: &Recorded| {
                request.method == method && request.header(FUNCTION).unwrap_or_default() == function
            };
            requests.retain(|request| !is_it(request));
            requests.len() < before
        }
    }
}

impl Message {
    fn of(request: &Recorded) -> Self {
        let telling = |(name, _): &&(String, String)| TELLING_HEADERS.contains(&name.as_str());
        Self {
            name: String::new(),
            method: request.method.clone(),
            path: request.path.clone(),
            query: parameters(request),
            headers: request.headers.iter().filter(telling).cloned().collect(),
            body: body(request),
            status: request.status.unwrap_or_default(),
        }
    }

    /// Which letters of a path are escaped makes no difference, and texts that only the server
    /// understands differ from one server to the next.
    fn normalised(mut self) -> Self {
        self.path = decoded(&self.path);
        for opaque in ["Marker", "Location"] {
            if let Some(place) = self.body.get_mut(opaque) {
                *place = opaque.into();
            }
        }
        if let Some(condition) = self.body.get_mut("ConditionExpression")
            && condition.as_str().is_some_and(|text| text.starts_with("__mtime_secs=="))
        {
            *condition = "{revision}".into();
        }
        self
    }

    fn place(&self) -> (String, String) {
        (self.method.clone(), decoded(&self.path))
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
    let function = request.header(FUNCTION).unwrap_or_default();
    format!("{method} {path}?{query} {function} {}", request.text())
}

fn decoded(path: &str) -> String {
    // What means something in a query means itself in a path.
    let path = path.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    let pairs = url::form_urlencoded::parse(path.as_bytes());
    pairs.map(|(path, _)| path.into_owned()).collect()
}

fn parameters(request: &Recorded) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(request.query.as_bytes()).into_owned().collect()
}

/// The body as the goldens have it.
fn body(request: &Recorded) -> Value {
    match request.json() {
        _ if request.body.is_empty() => Value::Null,
        json @ Value::Object(_) => json,
        _ => json!({"base64": STANDARD.encode(&request.body)}),
    }
}

/// The operation that a request is: its method, its function and the form of its path tell.
fn operation_of(request: &Recorded) -> Option<&'static Operation> {
    let function = request.header(FUNCTION).unwrap_or_default();
    let fits = |operation: &&Operation| {
        let (template, fragment) = operation.path.split_once('#').unwrap_or((operation.path, ""));
        operation.method == request.method
            && fragment == function
            && fits_template(template, &request.path)
    };
    // The most literal template wins: `/api/jobs/{id}` looks like an object, too.
    OPERATIONS.iter().filter(fits).min_by_key(|operation| operation.path.matches('{').count())
}

fn fits_template(template: &str, path: &str) -> bool {
    let Some((before, after)) = template.split_once("{path}") else { return same(template, path) };
    let segments: Vec<_> = path.split('/').collect();
    let (head, tail) = (before.matches('/').count(), after.matches('/').count());
    let Some(middle) = segments.len().checked_sub(head + tail).filter(|left| *left > 0) else {
        return false;
    };
    let (start, end) = (segments[..head].join("/"), segments[head + middle..].join("/"));
    same(before.trim_end_matches('/'), &start) && same(after.trim_start_matches('/'), &end)
}

/// Whether the segments are equal, where a template does not leave them open.
fn same(template: &str, path: &str) -> bool {
    let (wanted, found) = (template.split('/'), path.split('/'));
    let open = |wanted: &str, found: &str| wanted.starts_with('{') && !found.is_empty();
    wanted.clone().count() == found.clone().count()
        && wanted.zip(found).all(|(wanted, found)| wanted == found || open(wanted, found))
}
