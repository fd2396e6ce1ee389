//! The operations of a platform's spec, and what they declare.

use std::collections::BTreeSet;

use longhaul::raw::Operation;
use longhaul_simulator::Recorded;
use serde_json::Value;

use super::Manners;
use super::message::parameters;

pub(super) struct Spec {
    document: Value,
    operations: &'static [Operation],
}

impl Spec {
    pub(super) fn new(manners: &dyn Manners) -> Self {
        let document = serde_json::from_str(manners.spec()).expect("a spec");
        Self { document, operations: manners.operations() }
    }

    pub(super) fn ids(&self) -> BTreeSet<&'static str> {
        self.operations.iter().map(|operation| operation.id).collect()
    }

    /// The operation with this method on this target; of several that fit, the one whose template
    /// leaves least open.
    pub(super) fn operation(&self, method: &str, target: &str) -> Option<&'static Operation> {
        let fits = |operation: &&Operation| {
            operation.method == method && fits_template(operation.path, target)
        };
        self.operations.iter().filter(fits).min_by_key(|one| one.path.matches('{').count())
    }

    /// The parameters and the type of body that a request has and its operation does not declare.
    pub(super) fn undeclared(&self, operation: &Operation, request: &Recorded) -> Vec<String> {
        let declared = &self.document["paths"][operation.path][operation.method.to_lowercase()];
        let names = self.query_names(declared);
        let sent = parameters(request.query.as_bytes()).into_keys();
        let unknown = sent.filter(|name| !names.contains(name.as_str()));
        let mut undeclared: Vec<_> = unknown.map(|name| format!("parameter `{name}`")).collect();
        let content = request.header("content-type").unwrap_or_default();
        let content = content.split(';').next().unwrap_or_default();
        if !content.is_empty() && declared["requestBody"]["content"].get(content).is_none() {
            undeclared.push(format!("body of type {content}"));
        }
        undeclared
    }

    fn query_names<'s>(&'s self, declared: &'s Value) -> BTreeSet<&'s str> {
        let parameters = declared["parameters"].as_array().into_iter().flatten();
        let resolved = parameters.map(|parameter| match parameter["$ref"].as_str() {
            Some(link) => self.document.pointer(&link[1..]).unwrap_or(parameter),
            None => parameter,
        });
        let in_query = resolved.filter(|parameter| parameter["in"] == "query");
        in_query.filter_map(|parameter| parameter["name"].as_str()).collect()
    }
}

/// Whether a path with its fragment is one of a template; `{path}` stands for several segments.
fn fits_template(template: &str, target: &str) -> bool {
    let (template, kind) = template.split_once('#').unwrap_or((template, ""));
    let (path, found) = target.split_once('#').unwrap_or((target, ""));
    kind == found
        && match template.split_once("{path}") {
            Some((before, after)) => fits_around(before, after, path),
            None => fits_segments(template, path),
        }
}

/// Whether a path has these ends, and something between them.
fn fits_around(before: &str, after: &str, path: &str) -> bool {
    let segments: Vec<_> = path.split('/').collect();
    let (head, tail) = (before.matches('/').count(), after.matches('/').count());
    let Some(end) = segments.len().checked_sub(tail).filter(|end| *end > head) else {
        return false;
    };
    let [start, middle, rest] = [&segments[..head], &segments[head..end], &segments[end..]];
    let (before, after) = (before.trim_end_matches('/'), after.trim_start_matches('/'));
    middle.concat() != ""
        && fits_segments(before, &start.join("/"))
        && fits_segments(after, &rest.join("/"))
}

/// Whether the segments are equal, where a template does not leave them open.
fn fits_segments(template: &str, path: &str) -> bool {
    let (wanted, found) = (template.split('/'), path.split('/'));
    let open = |wanted: &str, found: &str| wanted.starts_with('{') && !found.is_empty();
    wanted.clone().count() == found.clone().count()
        && wanted.zip(found).all(|(wanted, found)| wanted == found || open(wanted, found))
}
