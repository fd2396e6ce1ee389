//! Compares what was sent with what the official client sent for the same action, and with the
//! spec.

use std::collections::{BTreeMap, BTreeSet};
use std::future::IntoFuture;
use std::pin::Pin;

use longhaul::Result;
use longhaul::raw::Operation;
use longhaul::raw::spark::OPERATIONS;
use longhaul_simulator::{Handle, Recorded};
use serde::Deserialize;
use serde_json::{Value, json};

/// Requests that the official client sent.
const GOLDEN: &str = include_str!("golden.jsonl");

/// Headers that say something about the action.
const TELLING_HEADERS: [&str; 6] = [
    "authorization",
    "content-type",
    "x-meta",
    "x-request-meta",
    "x-synthetic-key",
    "x-tenant-name",
];

/// What we do otherwise on purpose, and why.
#[derive(Clone, Copy)]
pub(crate) struct Differs {
    what: What,
    why: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    /// Our path.
    Path(&'static str),
    /// Our request lacks this header.
    NoHeader(&'static str),
    /// Our body has this JSON at the pointer, where the other has something.
    Body(&'static str, &'static str),
    /// Our body has the same under another name.
    Renamed(&'static str, &'static str),
    /// Our body is what the other has at the pointer.
    Unwrapped(&'static str),
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
            let (outcome, requests) = self.run(call).await;
            let expected = self.expected(wanted);
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

    /// The goldens with what we do otherwise.
    fn expected(&mut self, wanted: &[(&str, &[Differs])]) -> Vec<Message> {
        let mut expected = Vec::new();
        for (name, differs) in wanted {
            let Some(golden) = self.goldens.get(*name) else {
                self.problems.push(format!("there is no golden `{name}`"));
                continue;
            };
            let mut message = golden.clone();
            if !self.compared.insert((*name).to_owned()) {
                self.problems.push(format!("`{name}` is compared twice"));
            }
            for Differs { what, why } in *differs {
                if !apply(*what, &mut message) {
                    self.problems.push(format!("`{name}`: {what:?} does not show ({why})"));
                }
            }
            expected.push(message.normalised());
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

    /// Every request is an operation of the spec, says who sends it and can be told from all
    /// others by its id.
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
fn apply(what: What, expected: &mut Message) -> bool {
    fn is_new<T: PartialEq>(place: &mut T, value: T) -> bool {
        std::mem::replace(place, value) != *place
    }
    let read = |text| serde_json::from_str::<Value>(text).expect("JSON");
    match what {
        What::Path(path) => is_new(&mut expected.path, path.to_owned()),
        What::NoHeader(name) => expected.headers.remove(name).is_some(),
        What::Body(pointer, text) => {
            let place = expected.body.pointer_mut(pointer);
            place.is_some_and(|place| is_new(place, read(text)))
        }
        What::Renamed(from, to) => {
            let (parent, from) = from.rsplit_once('/').expect("a pointer");
            let parent = expected.body.pointer_mut(parent).and_then(Value::as_object_mut);
            let Some(parent) = parent else { return false };
            let value = parent.remove(from);
            value.is_some_and(|value| parent.insert(to.to_owned(), value).is_none())
        }
        What::Unwrapped(pointer) => match expected.body.pointer(pointer).cloned() {
            Some(inner) => is_new(&mut expected.body, inner),
            None => false,
        },
    }
}

impl Message {
    fn of(request: &Recorded) -> Self {
        let telling = |(name, _): &&(String, String)| TELLING_HEADERS.contains(&name.as_str());
        let headers = request.headers.iter().filter(telling);
        Self {
            name: String::new(),
            method: request.method.clone(),
            path: request.path.clone(),
            query: parameters(request),
            headers: headers.map(|(name, value)| (name.clone(), fixed(name, value))).collect(),
            body: body(request),
            status: request.status.unwrap_or_default(),
        }
    }

    /// Which letters of a path are escaped makes no difference, ids differ from one run to the
    /// next, and what is not set we leave out where others send null.
    fn normalised(mut self) -> Self {
        self.path = without_ids(&decoded(&self.path));
        let text = without_ids(&self.body.to_string());
        self.body = without_nulls(serde_json::from_str(&text).expect("JSON"));
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

/// A header's value without what differs from one run to the next.
fn fixed(name: &str, value: &str) -> String {
    match name {
        "authorization" if value.contains("issued-") => "Bearer {issued}".to_owned(),
        "x-meta" | "x-request-meta" => {
            let json: Value = serde_json::from_str(value.trim_matches('\'')).expect("JSON");
            json.to_string()
        }
        _ => value.split("; boundary=").next().unwrap_or_default().to_owned(),
    }
}

fn decoded(path: &str) -> String {
    // What means something in a query means itself in a path.
    let path = path.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    let pairs = url::form_urlencoded::parse(path.as_bytes());
    pairs.map(|(path, _)| path.into_owned()).collect()
}

/// Ids are 36 hexadecimal digits and dashes.
fn without_ids(text: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some(next) = rest.chars().next() {
        match rest.get(..36).filter(|text| is_id(text)) {
            Some(id) => {
                plain.push_str("{id}");
                rest = &rest[id.len()..];
            }
            None => {
                plain.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
    }
    plain
}

fn is_id(text: &str) -> bool {
    let dashes = [8, 13, 18, 23];
    let fits = |(at, byte): (usize, u8)| match dashes.contains(&at) {
        true => byte == b'-',
        false => byte.is_ascii_hexdigit(),
    };
    text.bytes().enumerate().all(fits)
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let filled = members.into_iter().filter(|(_, member)| !member.is_null());
            filled.map(|(name, member)| (name, without_nulls(member))).collect()
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

fn parameters(request: &Recorded) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(request.query.as_bytes()).into_owned().collect()
}

/// The body as the goldens have it.
fn body(request: &Recorded) -> Value {
    let content = request.header("content-type").unwrap_or_default();
    if let Some((_, boundary)) = content.split_once("boundary=") {
        return json!({"multipart": parts(&request.text(), boundary)});
    }
    if content == "application/x-www-form-urlencoded" {
        let fields: BTreeMap<_, _> =
            url::form_urlencoded::parse(&request.body).into_owned().collect();
        return json!({"form": fields});
    }
    match request.json() {
        Value::Object(mut members) => {
            if let Some(Value::String(text)) = members.get("transform_content") {
                let content = serde_json::from_str(text).expect("JSON text");
                members.insert("transform_content".to_owned(), content);
            }
            Value::Object(members)
        }
        other => other,
    }
}

/// The parts of a multipart body; of files only what is said about them.
fn parts(body: &str, boundary: &str) -> Vec<Value> {
    let delimiter = format!("--{boundary}");
    let inner = body
        .split(delimiter.as_str())
        .filter_map(|part| part.strip_prefix("\r\n").and_then(|part| part.strip_suffix("\r\n")));
    inner.map(part).collect()
}

fn part(text: &str) -> Value {
    let (head, content) = text.split_once("\r\n\r\n").expect("a head");
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    };
    let disposition = header("content-disposition").unwrap_or_default();
    let field = |name: &str| {
        let (_, rest) = disposition.split_once(&format!("; {name}=\""))?;
        rest.split('"').next().map(str::to_owned)
    };
    let text = || serde_json::from_str(content).unwrap_or_else(|_| content.into());
    let value: Value = if field("filename").is_none() { text() } else { Value::Null };
    json!({
        "name": field("name"), "filename": field("filename"),
        "content_type": header("content-type"), "value": value,
    })
}

/// The operation that a request is: its method and the form of its path tell.
fn operation_of(request: &Recorded) -> Option<&'static Operation> {
    let below = request.path.strip_prefix("/my-tenant").unwrap_or(&request.path);
    let fits = |operation: &&Operation| {
        operation.method == request.method && fits_template(operation.path, below)
    };
    // The most literal template wins.
    OPERATIONS.iter().filter(fits).min_by_key(|operation| operation.path.matches('{').count())
}

fn fits_template(template: &str, path: &str) -> bool {
    if let Some(start) = template.strip_suffix("{path}") {
        return path.strip_prefix(start).is_some_and(|rest| !rest.is_empty());
    }
    let (wanted, found) = (template.split('/'), path.split('/'));
    let open = |wanted: &str, found: &str| wanted.starts_with('{') && !found.is_empty();
    wanted.clone().count() == found.clone().count()
        && wanted.zip(found).all(|(wanted, found)| wanted == found || open(wanted, found))
}
