//! The constructors and conditions of [`Fault`].

use std::time::Duration;

use bytes::Bytes;
use hyper::StatusCode;
use serde_json::Value;

use super::{Action, Canned, Condition, Fault, Retry};

impl Condition {
    pub(super) fn any() -> Self {
        Self {
            method: None,
            path: None,
            query: Vec::new(),
            headers: Vec::new(),
            skip: 0,
            limit: None,
            rate: None,
            seed: 1,
        }
    }
}

impl Canned {
    pub(super) fn new(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, after: false, html: false, retry: None, headers: Vec::new(), body: None }
    }
}

/// What goes wrong.
impl Fault {
    pub(super) fn new(action: Action) -> Self {
        Self { condition: Condition::any(), action }
    }

    /// This status, with an error in the platform's own form for a body. The request has no effect.
    pub fn status(status: u16) -> Self {
        Self::new(Action::Status(Canned::new(status)))
    }

    /// 401, as for a credential that is no longer valid.
    pub fn expired_token() -> Self {
        Self::new(Action::Expired)
    }

    /// A redirect. A URL without a path gets the path and query of the request; a URL that begins
    /// with `/` stays on the host.
    pub fn redirect(status: u16, url: impl Into<String>) -> Self {
        Self::new(Action::Redirect(Canned::new(status).status, url.into()))
    }

    /// Resets every connection and refuses new ones for this time.
    pub fn refuse(time: Duration) -> Self {
        Self::new(Action::Refuse(time))
    }

    /// Resets the connection before the request takes effect.
    pub fn reset() -> Self {
        Self::new(Action::Reset)
    }

    /// Resets the connection once the request took effect, without an answer.
    pub fn reset_after() -> Self {
        Self::new(Action::ResetAfter)
    }

    /// Resets the connection after so many bytes of the body.
    pub fn reset_in_body(bytes: u64) -> Self {
        Self::new(Action::ResetInBody(bytes))
    }

    /// Answers, then closes the connection without having announced it.
    pub fn close() -> Self {
        Self::new(Action::Close)
    }

    /// Everything, the effect included, happens so much later.
    pub fn delay(time: Duration) -> Self {
        Self::new(Action::Delay(time))
    }

    /// The request takes effect at once; its answer comes so much later.
    pub fn delay_after(time: Duration) -> Self {
        Self::new(Action::DelayAfter(time))
    }

    /// The request takes effect and is never answered.
    pub fn hang_after() -> Self {
        Self::new(Action::HangAfter)
    }

    /// Never answers. The request has no effect.
    pub fn hang() -> Self {
        Self::new(Action::Hang)
    }

    /// Sends the headers and so many bytes of the body, then nothing more.
    pub fn stall(bytes: u64) -> Self {
        Self::new(Action::Stall(Some(bytes)))
    }

    /// Sends head and body at so many bytes a second.
    pub fn trickle(bytes_per_second: u64) -> Self {
        Self::new(Action::Trickle(bytes_per_second.max(1)))
    }

    /// Announces the whole body, sends so many bytes of it and closes the connection.
    pub fn truncate(bytes: u64) -> Self {
        Self::new(Action::Truncate(Some(bytes)))
    }

    /// Leaves out the last bytes of the body; Content-Length agrees, Content-Range does not.
    pub fn short(bytes: u64) -> Self {
        Self::new(Action::Short(bytes))
    }

    /// Answers a range with one that ends so much earlier, and says so.
    pub fn narrow(bytes: u64) -> Self {
        Self::new(Action::Narrow(bytes))
    }

    /// Flips a bit of the byte at this offset of the body (modulo its length).
    pub fn corrupt(offset: u64) -> Self {
        Self::new(Action::Corrupt(Some(offset)))
    }

    /// This Content-Range, whatever was sent.
    pub fn content_range(value: impl Into<String>) -> Self {
        Self::set_header("Content-Range", value)
    }

    /// Answers a range with 200 and the whole.
    pub fn ignore_range() -> Self {
        Self::new(Action::IgnoreRange)
    }

    /// The file has changed: this ETag (with its quotes), 412 for If-Match with another one.
    pub fn etag(value: impl Into<String>) -> Self {
        Self::new(Action::Etag(value.into()))
    }

    /// 200 with a page of HTML. The request has no effect.
    pub fn html() -> Self {
        Self::new(Action::Status(Canned { html: true, ..Canned::new(200) }))
    }

    /// 200 with JSON that breaks off. The request has no effect.
    pub fn garbage() -> Self {
        Self::status(200).with_body("{\"count\": 1, \"results\": [{\"id\": \"")
    }

    /// This body, of this type, in place of the real one.
    pub fn body(content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self::new(Action::Body(content_type, body.into()))
    }

    /// Sets a value in a JSON answer; in the pointer `*` stands for every element.
    pub fn set(pointer: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::new(Action::Set(pointer.into(), value.into()))
    }

    /// Removes a value from a JSON answer; in the pointer `*` stands for every element.
    pub fn remove(pointer: impl Into<String>) -> Self {
        Self::new(Action::Remove(pointer.into()))
    }

    /// Another `next` on pages that have one: `self` for the page itself, an origin such as
    /// `http://127.0.0.1:9` for the same link on another host, or a whole URL.
    pub fn next_link(link: impl Into<String>) -> Self {
        Self::new(Action::Next(link.into()))
    }

    /// Sets a header of the answer.
    pub fn set_header(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(Action::Header(name.into(), value.into()))
    }

    /// These bytes in place of an HTTP answer, then the connection closes.
    pub fn raw(bytes: impl Into<Bytes>) -> Self {
        Self::new(Action::Raw(bytes.into()))
    }

    /// One of these, drawn evenly for each match; their own conditions are left aside.
    pub fn one_of(faults: impl IntoIterator<Item = Fault>) -> Self {
        Self::new(Action::OneOf(faults.into_iter().map(|fault| fault.action).collect()))
    }
}

/// Details of a status.
impl Fault {
    /// The status comes once the request took effect.
    pub fn after_effect(self) -> Self {
        self.canned(|canned| canned.after = true)
    }

    /// Retry-After in seconds.
    pub fn retry_after(self, seconds: u64) -> Self {
        self.canned(|canned| canned.retry = Some(Retry::Seconds(seconds)))
    }

    /// Retry-After as the HTTP date so many seconds ahead.
    pub fn retry_after_date(self, seconds: u64) -> Self {
        self.canned(|canned| canned.retry = Some(Retry::Date(seconds)))
    }

    /// A page of HTML for a body, as gateways send it.
    pub fn as_html(self) -> Self {
        self.canned(|canned| canned.html = true)
    }

    /// A header of the status.
    pub fn with_header(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.canned(|canned| canned.headers.push((name.into(), value.into())))
    }

    /// A body for the status, sent as JSON whatever it is.
    pub fn with_body(self, body: impl Into<Bytes>) -> Self {
        self.canned(|canned| canned.body = Some(body.into()))
    }

    fn canned(mut self, change: impl FnOnce(&mut Canned)) -> Self {
        if let Action::Status(canned) = &mut self.action {
            change(canned);
        }
        self
    }
}

/// When it goes wrong.
impl Fault {
    /// Only on requests with this method and a path that fits the pattern.
    pub fn on(self, method: impl Into<String>, path: impl Into<String>) -> Self {
        self.method(method).path(path)
    }

    /// Only on requests with this method.
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.condition.method = Some(method.into());
        self
    }

    /// Only on paths that fit the pattern: `*` within a segment, `**` across segments.
    pub fn path(mut self, pattern: impl Into<String>) -> Self {
        self.condition.path = Some(pattern.into());
        self
    }

    /// Only on requests with this query parameter and a value that fits the pattern.
    pub fn query(mut self, name: impl Into<String>, pattern: impl Into<String>) -> Self {
        self.condition.query.push((name.into(), Some(pattern.into())));
        self
    }

    /// Only on requests with this header and a value that fits the pattern.
    pub fn request_header(mut self, name: impl Into<String>, pattern: impl Into<String>) -> Self {
        self.condition.headers.push((name.into(), Some(pattern.into())));
        self
    }

    /// At most so many times.
    pub fn first(mut self, times: u64) -> Self {
        self.condition.limit = Some(times);
        self
    }

    /// A single time.
    pub fn once(self) -> Self {
        self.first(1)
    }

    /// Not on the first so many matches.
    pub fn skip(mut self, matches: u64) -> Self {
        self.condition.skip = matches;
        self
    }

    /// On this share of the matches, between 0 and 1, chosen by a seeded generator.
    pub fn rate(mut self, share: f64) -> Self {
        self.condition.rate = Some(share);
        self
    }

    /// Other random choices than those of the default seed.
    pub fn seed(mut self, seed: u64) -> Self {
        self.condition.seed = seed;
        self
    }
}
