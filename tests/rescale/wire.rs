//! Compares what was sent with what the official client sent for the same action, and with the
//! spec.

use std::collections::{BTreeMap, BTreeSet};
use std::future::IntoFuture;
use std::pin::Pin;

use longhaul::Result;
use longhaul::raw::Operation;
use longhaul::raw::rescale::OPERATIONS;
use longhaul_simulator::{Handle, Recorded};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Requests that official programs sent: the tutorial's notebook, rescalepy and the web client.
const GOLDEN: &str = include_str!("golden.jsonl");

/// Headers that say nothing about the action.
const PLAIN_HEADERS: [&str; 6] =
    ["accept", "accept-encoding", "content-length", "host", "user-agent", "x-request-id"];

/// What we do otherwise on purpose, and why.
#[derive(Clone, Copy)]
pub(crate) struct Differs {
    what: What,
    why: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    /// Our query has this parameter with this value.
    Query(&'static str, &'static str),
    /// Our query lacks this parameter.
    NoQuery(&'static str),
    /// Our request has this header with this value.
    Header(&'static str, &'static str),
    /// Our request lacks this header.
    NoHeader(&'static str),
    /// Our body has this JSON at the pointer.
    Body(&'static str, &'static str),
    /// Our body has nothing at the pointer.
    NoBody(&'static str),
    /// Our path.
    Path(&'static str),
    /// We ask for this as well; the path may end in `*`.
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
    method: String,
    path: String,
    query: BTreeMap<String, String>,
    headers: BTreeMap<String, String>,
    body: Value,
    status: u16,
}

#[derive(Deserialize)]
struct Golden {
    name: String,
    step: String,
    #[serde(flatten)]
    message: Message,
}

/// A call on the heap: the stack of a test does not hold a hundred of them.
type Call<'c, T> = Pin<Box<dyn Future<Output = T> + 'c>>;

/// Runs calls and compares what they send.
pub(crate) struct Bench<'a> {
    handle: &'a Handle,
    goldens: BTreeMap<String, Golden>,
    spec: Value,
    compared: BTreeSet<String>,
    reached: BTreeSet<&'static str>,
    problems: Vec<String>,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(handle: &'a Handle) -> Self {
        let goldens = GOLDEN.lines().map(|line| {
            let golden: Golden = serde_json::from_str(line).expect("a golden");
            (golden.name.clone(), golden)
        });
        Self {
            handle,
            goldens: goldens.collect(),
            spec: serde_json::from_str(include_str!("../../openapi/rescale.json")).expect("a spec"),
            compared: BTreeSet::new(),
            reached: BTreeSet::new(),
            problems: Vec::new(),
        }
    }

    /// Runs a call and compares its request with the golden of this name.
    pub(crate) fn golden<'c, T: 'c>(
        &'c mut self,
        name: &'static str,
        differs: &'c [Differs],
        call: impl IntoFuture<Output = Result<T>> + 'c,
    ) -> Call<'c, Result<T>> {
        Box::pin(async move { self.goldens(&[(name, differs)], call).await })
    }

    /// Runs a call and compares its requests with goldens, in their order.
    pub(crate) fn goldens<'c, T: 'c>(
        &'c mut self,
        wanted: &'c [(&'static str, &'c [Differs])],
        call: impl IntoFuture<Output = Result<T>> + 'c,
    ) -> Call<'c, Result<T>> {
        Box::pin(async move {
            let (outcome, requests) = self.run(call).await;
            let mut main: Vec<&Recorded> = requests.iter().collect();
            let expected: Vec<_> = wanted
                .iter()
                .filter_map(|(name, differs)| self.expected(name, differs, &mut main))
                .collect();
            self.compare(&expected, &main);
            outcome
        })
    }

    /// Runs a call of which no official program is known; among its requests has to be the
    /// operation of the spec once, with this query and body.
    pub(crate) fn spec<'c, T: 'c>(
        &'c mut self,
        operation: &'c str,
        query: &'c [(&'c str, &'c str)],
        body: Value,
        call: impl IntoFuture<Output = Result<T>> + 'c,
    ) -> Call<'c, Result<T>> {
        Box::pin(async move {
            let (outcome, mut requests) = self.run(call).await;
            let is_it =
                |request: &Recorded| operation_of(request).is_some_and(|o| o.id == operation);
            requests.retain(is_it);
            let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            let query: BTreeMap<_, _> = query.iter().map(own).collect();
            let fits = |request: &Recorded| parameters(request) == query && request.json() == body;
            if !matches!(requests.as_slice(), [request] if fits(request)) {
                let lines: Vec<_> = requests.iter().map(line).collect();
                self.problems.push(format!("{operation}: sent {lines:?}, not {query:?} {body}"));
            }
            outcome
        })
    }

    /// Runs a call whose requests were compared before.
    pub(crate) fn run<'c, T: 'c>(
        &'c mut self,
        call: impl IntoFuture<Output = Result<T>> + 'c,
    ) -> Call<'c, (Result<T>, Vec<Recorded>)> {
        Box::pin(async move {
            self.handle.clear_requests();
            let outcome = call.await;
            let requests = self.handle.requests();
            for request in &requests {
                self.check_against_spec(request);
            }
            (outcome, requests)
        })
    }

    /// The golden of this name with what we do otherwise; takes the requests out that are listed as
    /// additional.
    fn expected(
        &mut self,
        name: &str,
        differs: &[Differs],
        requests: &mut Vec<&Recorded>,
    ) -> Option<(String, Message)> {
        let Some(golden) = self.goldens.get(name) else {
            self.problems.push(format!("there is no golden `{name}`"));
            return None;
        };
        let (place, mut message) =
            (format!("`{name}` ({})", golden.step), golden.message.clone().normalised());
        if !self.compared.insert(name.to_owned()) {
            self.problems.push(format!("{place} is compared twice"));
        }
        for Differs { what, why } in differs {
            if !apply(*what, &mut message, requests) {
                self.problems.push(format!("{place}: {what:?} does not show any more ({why})"));
            }
        }
        Some((place, message))
    }

    fn compare(&mut self, expected: &[(String, Message)], requests: &[&Recorded]) {
        if expected.len() != requests.len() {
            let places: Vec<_> = expected.iter().map(|(place, _)| place).collect();
            let lines: Vec<_> = requests.iter().map(|request| line(request)).collect();
            self.problems.push(format!("{places:?}: sent {lines:?}"));
        }
        for ((place, message), request) in expected.iter().zip(requests) {
            let ours = Message::of(request).normalised();
            let differences = message.differences(&ours);
            self.problems.extend(differences.map(|text| format!("{place}: {text}")));
        }
    }

    /// Every request is an operation of the spec, with declared parameters and a declared type of
    /// body, and can be told from all others by its id.
    fn check_against_spec(&mut self, request: &Recorded) {
        let line = line(request);
        let Some(operation) = operation_of(request) else {
            self.problems.push(format!("{line} is no operation of the spec"));
            return;
        };
        self.reached.insert(operation.id);
        let declared = &self.spec["paths"][operation.path][operation.method.to_lowercase()];
        let names = self.query_names(declared);
        let unknown = parameters(request).into_keys().find(|name| !names.contains(name));
        let content = request.header("content-type").unwrap_or_default();
        let content = content.split(';').next().unwrap_or_default();
        let types = &declared["requestBody"]["content"];
        if let Some(name) = unknown {
            self.problems.push(format!("{line}: the spec has no parameter `{name}`"));
        }
        if !content.is_empty() && types.get(content).is_none() {
            self.problems.push(format!("{line}: the spec has no body of type {content}"));
        }
        if request.header("x-request-id").is_none_or(str::is_empty) {
            self.problems.push(format!("{line} has no id"));
        }
    }

    fn query_names(&self, declared: &Value) -> BTreeSet<String> {
        let parameters = declared["parameters"].as_array().into_iter().flatten();
        let resolved = parameters.map(|parameter| match parameter["$ref"].as_str() {
            Some(link) => self.spec.pointer(&link[1..]).unwrap_or(parameter),
            None => parameter,
        });
        let in_query = resolved.filter(|parameter| parameter["in"] == "query");
        in_query.filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect()
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
        println!("{} requests compared with those of official programs", self.compared.len());
        println!("{} of {} operations reached", self.reached.len(), all.len());
        assert!(self.problems.is_empty(), "\n{}", self.problems.join("\n"));
        assert_eq!(self.compared.len(), goldens);
    }
}

/// Makes of the golden what we send; `false` when there is no such difference.
fn apply(what: What, expected: &mut Message, requests: &mut Vec<&Recorded>) -> bool {
    match what {
        What::Query(name, value) => {
            expected.query.insert(name.to_owned(), value.to_owned()).is_none_or(|old| old != value)
        }
        What::NoQuery(name) => expected.query.remove(name).is_some(),
        What::Header(name, value) => {
            let old = expected.headers.insert(name.to_owned(), value.to_owned());
            old.is_none_or(|old| old != value)
        }
        What::NoHeader(name) => expected.headers.remove(name).is_some(),
        What::Body(pointer, json) => {
            let value: Value = serde_json::from_str(json).expect("JSON");
            place(&mut expected.body, pointer, Some(value))
        }
        What::NoBody(pointer) => place(&mut expected.body, pointer, None),
        What::Path(path) => std::mem::replace(&mut expected.path, path.to_owned()) != path,
        What::Also(method, path) => {
            let before = requests.len();
            requests.retain(|request| request.method != method || !matches(path, &request.path));
            requests.len() < before
        }
    }
}

/// Sets or removes a member of an object or an element of an array; `false` when that changes
/// nothing.
fn place(body: &mut Value, pointer: &str, value: Option<Value>) -> bool {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    match body.pointer_mut(parent) {
        Some(Value::Object(parent)) => match value {
            Some(value) => parent.insert(name.to_owned(), value.clone()) != Some(value),
            None => parent.remove(name).is_some(),
        },
        Some(Value::Array(parent)) => match value {
            Some(value) => {
                parent.insert(name.parse().expect("an index"), value);
                true
            }
            None => {
                parent.remove(name.parse().expect("an index"));
                true
            }
        },
        _ => false,
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    let path = normalised_path(path);
    match pattern.strip_suffix('*') {
        Some(start) => path.starts_with(start),
        None => path == pattern,
    }
}

impl Message {
    fn of(request: &Recorded) -> Self {
        let meaningful = |(name, _): &&(String, String)| !PLAIN_HEADERS.contains(&name.as_str());
        let headers = request.headers.iter().filter(meaningful);
        Self {
            method: request.method.clone(),
            path: request.path.clone(),
            query: parameters(request),
            headers: headers.map(|(name, value)| (name.clone(), fixed(name, value))).collect(),
            body: body(request),
            status: request.status.unwrap_or_default(),
        }
    }

    /// Ids differ from one run to the next; the order of parts says nothing.
    fn normalised(mut self) -> Self {
        self.path = normalised_path(&self.path);
        if let Some(Value::Array(parts)) = self.body.get_mut("multipart") {
            parts.sort_by_key(|part| part["name"].to_string());
        }
        hide_ids(&mut self.body);
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
        "if-match" => "{etag}".to_owned(),
        _ => value.split("; boundary=").next().unwrap_or_default().to_owned(),
    }
}

fn parameters(request: &Recorded) -> BTreeMap<String, String> {
    let url = format!("http://host/?{}", request.query);
    let url = url::Url::parse(&url).expect("a query");
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

fn body(request: &Recorded) -> Value {
    let content = request.header("content-type").unwrap_or_default();
    match content.split_once("boundary=") {
        Some((_, boundary)) => json!({"multipart": parts(&request.body, boundary)}),
        None => request.json(),
    }
}

/// The parts of a multipart body, as the goldens describe them.
fn parts(body: &[u8], boundary: &str) -> Vec<Value> {
    let delimiter = format!("--{boundary}");
    let positions = find_all(body, delimiter.as_bytes());
    let between = positions.windows(2).map(|pair| {
        let inner = &body[pair[0] + delimiter.len()..pair[1]];
        inner.strip_prefix(b"\r\n").and_then(|inner| inner.strip_suffix(b"\r\n")).expect("a part")
    });
    between.map(part).collect()
}

fn find_all(body: &[u8], what: &[u8]) -> Vec<usize> {
    let windows = body.windows(what.len()).enumerate();
    windows.filter(|(_, window)| *window == what).map(|(at, _)| at).collect()
}

fn part(bytes: &[u8]) -> Value {
    let end = find_all(bytes, b"\r\n\r\n")[0];
    let (head, content) = (String::from_utf8_lossy(&bytes[..end]), &bytes[end + 4..]);
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
    let digest = Sha256::digest(content);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({
        "name": field("name"), "filename": field("filename"),
        "content_type": header("content-type"), "size": content.len(), "sha256": hex,
    })
}

/// Four letters after a capital one: the form of ids here and in the goldens.
fn is_id(text: &str) -> bool {
    let letters = text.len() == 5 && text.bytes().all(|letter| letter.is_ascii_alphabetic());
    letters && text.starts_with(|first: char| first.is_ascii_uppercase())
}

fn normalised_path(path: &str) -> String {
    let mut before = "";
    let segments = path.split('/').map(|segment| {
        let hidden = is_id(segment) || before == "organizations" || before == "workspaces";
        before = segment;
        if hidden { "{id}" } else { segment }
    });
    segments.collect::<Vec<_>>().join("/")
}

fn hide_ids(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.iter_mut().for_each(|(name, member)| hide_id(name, member))
        }
        Value::Array(elements) => elements.iter_mut().for_each(hide_ids),
        _ => {}
    }
}

fn hide_id(name: &str, value: &mut Value) {
    match value {
        Value::String(text) if name == "id" || name.ends_with("Id") => *text = "{id}".to_owned(),
        Value::Array(all) if name.ends_with("Ids") || name.ends_with("_ids") => {
            all.iter_mut().for_each(|id| *id = "{id}".into());
        }
        _ => hide_ids(value),
    }
}

/// The operation that a request is.
fn operation_of(request: &Recorded) -> Option<&'static Operation> {
    let candidates = OPERATIONS.iter().filter(|operation| operation.method == request.method);
    let mut fitting: Vec<_> =
        candidates.filter(|operation| fits_template(operation.path, &request.path)).collect();
    let exact = fitting.iter().map(|operation| operation.path.matches('{').count()).min()?;
    fitting.retain(|operation| operation.path.matches('{').count() == exact);
    let lines = request.query_value("lines").is_some();
    fitting.into_iter().find(|operation| match operation.id {
        "tail_run_file" => lines,
        "read_run_file" => !lines,
        _ => true,
    })
}

fn fits_template(template: &str, path: &str) -> bool {
    let template = template.split('#').next().unwrap_or(template);
    if let Some((start, _)) = template.split_once("{path}") {
        let depth = start.split('/').count();
        let head: Vec<_> = path.splitn(depth, '/').collect();
        return head.len() == depth
            && fits_template(start, &format!("{}/", head[..depth - 1].join("/")));
    }
    let (wanted, found) = (template.split('/'), path.split('/'));
    let same_depth = wanted.clone().count() == found.clone().count();
    same_depth && wanted.zip(found).all(|(w, f)| w == f || (w.starts_with('{') && !f.is_empty()))
}
