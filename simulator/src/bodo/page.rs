//! Lists: filters, order and pages, with the metadata in snake case.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::errors;
use super::server::Server;
use crate::http::{Call, Outcome, Reply, Request};

/// The values of a repeated query parameter; none admit everything.
#[derive(Debug)]
pub(super) struct Wanted(Vec<String>);

impl Wanted {
    pub(super) fn of(request: &Request, name: &str) -> Self {
        let pairs = request.query_pairs().filter(|(key, _)| key == name);
        Self(pairs.map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty()).collect())
    }

    pub(super) fn admits(&self, value: &str) -> bool {
        self.0.is_empty() || self.names(value)
    }

    pub(super) fn admits_maybe(&self, value: Option<&str>) -> bool {
        self.0.is_empty() || value.is_some_and(|value| self.names(value))
    }

    /// Whether this value was asked for by name.
    pub(super) fn names(&self, value: &str) -> bool {
        self.0.iter().any(|wanted| wanted == value)
    }

    /// Whether every wanted `key:value` is among the tags.
    pub(super) fn admits_tags(&self, tags: &serde_json::Map<String, Value>) -> bool {
        self.0.iter().all(|wanted| match wanted.split_once(':') {
            Some((key, value)) => tags.get(key).and_then(Value::as_str) == Some(value),
            None => tags.contains_key(wanted),
        })
    }
}

/// Which part of a list is wanted, and in which order.
#[derive(Debug)]
pub(super) struct Page {
    page: usize,
    size: usize,
    order: Option<String>,
    /// Field and whether it descends.
    ordering: Vec<(String, bool)>,
}

impl Page {
    pub(super) fn of(
        server: &Server,
        call: &Call<'_>,
        default_size: usize,
    ) -> Result<Self, Box<Reply>> {
        let request = &*call.request;
        let size =
            number(request, "size")?.unwrap_or(server.world.page_size.unwrap_or(default_size));
        let order = request.query("order").map(|order| order.to_ascii_uppercase());
        if order.as_deref().is_some_and(|order| order != "ASC" && order != "DESC") {
            return Err(errors::invalid(&[
                "order must be one of the following values: ASC, DESC".to_owned()
            ]));
        }
        Ok(Self {
            page: number(request, "page")?.unwrap_or(1),
            size: size.clamp(1, server.options.max_page_size.unwrap_or(usize::MAX)),
            order,
            ordering: ordering(request)?,
        })
    }

    /// One page of the items, which come in the order in which they were made.
    pub(super) fn reply<T>(&self, mut items: Vec<T>, render: impl Fn(&T) -> Value) -> Outcome {
        if self.order.as_deref() == Some("DESC") {
            items.reverse();
        }
        let total = items.len();
        let start = (self.page - 1).saturating_mul(self.size).min(total);
        let end = start.saturating_add(self.size).min(total);
        let data = match self.ordering.is_empty() {
            true => items[start..end].iter().map(&render).collect(),
            false => self
                .sorted(items.iter().map(&render).collect())?
                .drain(start..end)
                .collect::<Vec<_>>(),
        };
        let metadata = json!({
            "page": self.page, "size": self.size, "order": self.order,
            "total_pages": total.div_ceil(self.size), "total_items": total,
        });
        Ok(Reply::ok(&json!({"data": data, "metadata": metadata})))
    }

    fn sorted(&self, mut items: Vec<Value>) -> Result<Vec<Value>, Box<Reply>> {
        let unknown = self
            .ordering
            .iter()
            .find(|(field, _)| items.iter().any(|item| item.get(field).is_none()));
        if let Some((field, _)) = unknown {
            return Err(errors::invalid(&[format!("ordering: there is no field {field}")]));
        }
        items.sort_by(|a, b| {
            let by = |(field, descends): &(String, bool)| {
                let ordering = compare(&a[field.as_str()], &b[field.as_str()]);
                if *descends { ordering.reverse() } else { ordering }
            };
            self.ordering
                .iter()
                .map(by)
                .find(|ordering| ordering.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        Ok(items)
    }
}

fn number(request: &Request, name: &str) -> Result<Option<usize>, Box<Reply>> {
    let Some(text) = request.query(name) else { return Ok(None) };
    match text.parse() {
        Ok(number) if number > 0 => Ok(Some(number)),
        _ => Err(errors::invalid(&[format!("{name} must be an integer of at least 1")])),
    }
}

/// `name_desc`, `created_at_asc`: the field in either spelling and a direction.
fn ordering(request: &Request) -> Result<Vec<(String, bool)>, Box<Reply>> {
    let values = request.query_pairs().filter(|(key, _)| key == "ordering");
    values
        .map(|(_, value)| match value.rsplit_once('_') {
            Some((field, "asc")) => Ok((camel(field), false)),
            Some((field, "desc")) => Ok((camel(field), true)),
            _ => Err(errors::invalid(&[format!(
                "ordering: {value} does not end with _asc or _desc"
            )])),
        })
        .collect()
}

fn camel(field: &str) -> String {
    let mut words = field.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        let (head, tail) = word.split_at(usize::from(word.is_char_boundary(1)));
        text + &head.to_ascii_uppercase() + tail
    })
}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a.as_f64(), b.as_f64(), a.as_str(), b.as_str()) {
        (Some(a), Some(b), ..) => a.total_cmp(&b),
        (_, _, Some(a), Some(b)) => a.cmp(b),
        _ => a.to_string().cmp(&b.to_string()),
    }
}
