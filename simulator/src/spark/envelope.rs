//! Successes in the forms of APIs v1 and v3, and pages of lists.

use serde_json::{Value, json};

use super::server::Server;
use crate::http::Reply;

/// Success in the form of API v1.
pub(super) fn v1(data: &Value) -> Reply {
    Reply::ok(&json!({"status": "Success", "data": data, "message": null, "errorCode": null}))
}

/// Success in the form of API v3.
pub(super) fn v3(data: &Value, meta: &Value) -> Reply {
    let body =
        json!({"status": "Success", "response_data": data, "response_meta": meta, "error": null});
    Reply::ok(&body)
}

/// Success in the form of API v3, about no service in particular.
pub(super) fn v3_plain(server: &Server, data: &Value) -> Reply {
    v3(data, &json!({"system": "SPARK", "request_timestamp": server.stamp()}))
}

/// A part of a list, by number and size of the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub(super) number: u64,
    pub(super) size: Option<u64>,
}

impl Page {
    /// The page that a body asks for; a negative size means all.
    pub(super) fn of(body: &Value, size_name: &str, default: Option<u64>) -> Self {
        let number = body["page"].as_u64().unwrap_or(1).max(1);
        let size = match body[size_name].as_i64() {
            Some(size) => u64::try_from(size).ok().filter(|size| *size > 0),
            None => default,
        };
        Self { number, size }
    }

    pub(super) fn cut(self, items: &[Value]) -> Vec<Value> {
        let size = usize::try_from(self.size.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
        let number = usize::try_from(self.number - 1).unwrap_or(usize::MAX);
        items.iter().skip(number.saturating_mul(size)).take(size).cloned().collect()
    }

    pub(super) fn pages(self, count: usize) -> u64 {
        self.size.map_or(1, |size| (count as u64).div_ceil(size))
    }

    /// The numbers of the next and the previous page, where there are any.
    pub(super) fn neighbours(self, count: usize) -> (Option<u64>, Option<u64>) {
        let next = (self.number < self.pages(count)).then_some(self.number + 1);
        (next, Some(self.number - 1).filter(|number| *number > 0))
    }

    /// A page of a list in the form of API v1.
    pub(super) fn v1(self, items: &[Value]) -> Reply {
        let (next, previous) = self.neighbours(items.len());
        Reply::ok(&json!({
            "status": "Success", "data": self.cut(items), "message": null, "errorCode": null,
            "count": items.len(), "next": next, "previous": previous,
        }))
    }
}

/// Whether an item fits all of the `search` of a body, by `value` telling its fields.
pub(super) fn fits<'a>(
    search: &Value,
    value: impl Fn(&str) -> Option<std::borrow::Cow<'a, str>>,
) -> bool {
    let fits = |term: &Value| {
        let wanted = match &term["value"] {
            Value::String(text) => text.to_lowercase(),
            other => other.to_string(),
        };
        let field = term["field"].as_str().unwrap_or_default().to_lowercase();
        value(&field).is_none_or(|value| value.to_lowercase().contains(&wanted))
    };
    search.as_array().is_none_or(|terms| terms.iter().all(fits))
}
