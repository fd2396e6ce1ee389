//! A request in the form in which two of them are compared.

use std::collections::BTreeMap;

use longhaul_simulator::Recorded;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Manners;

/// Headers that say nothing about the action.
pub(crate) const PLAIN_HEADERS: [&str; 6] =
    ["accept", "accept-encoding", "content-length", "host", "user-agent", "x-request-id"];

#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Message {
    /// The golden's name; of a request of ours the line that shows it.
    pub(crate) name: String,
    pub(crate) method: String,
    /// As sent, still percent-encoded.
    pub(crate) path: String,
    /// Texts, and lists of texts where a parameter is repeated.
    pub(crate) query: BTreeMap<String, Value>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Value,
    pub(crate) status: u16,
}

impl Message {
    /// What we sent, normalised.
    pub(super) fn sent(request: &Recorded, manners: &dyn Manners) -> Self {
        let told = |(name, _): &&(String, String)| !PLAIN_HEADERS.contains(&name.as_str());
        let headers = request.headers.iter().filter(told);
        let message = Self {
            name: line(request, manners),
            method: request.method.clone(),
            path: request.path.clone(),
            query: parameters(request.query.as_bytes()),
            headers: headers.map(|(name, value)| (name.clone(), unbounded(value))).collect(),
            body: manners.body(request),
            status: request.status.unwrap_or_default(),
        };
        message.normalised(manners)
    }

    pub(super) fn normalised(mut self, manners: &dyn Manners) -> Self {
        manners.normalise(&mut self);
        self
    }

    /// Everything in which ours is not the same.
    pub(super) fn differences(&self, ours: &Self) -> impl Iterator<Item = String> {
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

/// A request as problems show it.
pub(super) fn line(request: &Recorded, manners: &dyn Manners) -> String {
    let (target, query) = (manners.target(request), &request.query);
    format!("{} {target}?{query} {}", request.method, request.text())
}

/// A header's value without the boundary of parts, which is a random one.
fn unbounded(value: &str) -> String {
    value.split("; boundary=").next().unwrap_or_default().to_owned()
}

/// The parameters of a query or a form.
pub(super) fn parameters(encoded: &[u8]) -> BTreeMap<String, Value> {
    let mut parameters = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in url::form_urlencoded::parse(encoded).into_owned() {
        parameters.entry(name).or_default().push(value);
    }
    let values = parameters.into_iter().map(|(name, values)| match values.as_slice() {
        [one] => (name, json!(one)),
        several => (name, json!(several)),
    });
    values.collect()
}

/// A path without its escapes, for platforms whose official programs escape other letters.
pub(crate) fn decoded(path: &str) -> String {
    // What means something in a query means itself in a path.
    let path = path.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    let pairs = url::form_urlencoded::parse(path.as_bytes());
    pairs.map(|(path, _)| path.into_owned()).collect()
}
