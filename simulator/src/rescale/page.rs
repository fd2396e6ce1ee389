//! Numbered pages: `page` and `page_size` in, `count`, `next`, `previous` and `results` out.

use std::ops::Range;

use form_urlencoded::Serializer;
use hyper::StatusCode;
use serde_json::Value;

use crate::http::{Reply, Request};

/// The page that a request asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    number: usize,
    size: usize,
}

impl Page {
    /// `None` when the page number is not a positive number.
    pub(super) fn of(request: &Request, default_size: usize) -> Option<Self> {
        let number = request.query("page").map_or(Ok(1), |text| text.parse()).ok()?;
        let size =
            request.query("page_size").and_then(|text| text.parse().ok()).filter(|&size| size > 0);
        (number > 0).then_some(Self { number, size: size.unwrap_or(default_size) })
    }

    /// The indices on this page; `None` past the end, except that the first page may be empty.
    pub(super) fn window(self, total: usize) -> Option<Range<usize>> {
        let start = (self.number - 1).checked_mul(self.size)?;
        (start < total || self.number == 1)
            .then(|| start..start.saturating_add(self.size).min(total))
    }

    /// The page object; `write` appends the JSON of the item with the given index.
    pub(super) fn reply(
        self,
        request: &Request,
        total: usize,
        write: impl Fn(usize, &mut Vec<u8>),
    ) -> Option<Reply> {
        let window = self.window(total)?;
        let next = (window.end < total).then(|| self.link(request, self.number + 1));
        let previous = (self.number > 1).then(|| self.link(request, self.number - 1));
        let mut body = format!(
            "{{\"count\":{total},\"next\":{},\"previous\":{},\"results\":[",
            Value::from(next),
            Value::from(previous)
        )
        .into_bytes();
        for index in window.clone() {
            if index > window.start {
                body.push(b',');
            }
            write(index, &mut body);
        }
        body.extend_from_slice(b"]}");
        Some(Reply::json_text(StatusCode::OK, body))
    }

    /// The page object with the JSON of its items.
    pub(super) fn with(self, request: &Request, total: usize, items: &[String]) -> Option<Reply> {
        let start = self.window(total)?.start;
        self.reply(request, total, |index, body| {
            body.extend_from_slice(items[index - start].as_bytes())
        })
    }

    /// The address of another page of the same list, with the other query parameters kept.
    fn link(self, request: &Request, number: usize) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(request.query_pairs().filter(|(key, _)| key != "page"));
        query.append_pair("page", &number.to_string());
        format!("{}{}?{}", request.origin(), request.path(), query.finish())
    }
}
