//! A table of routes: which handler answers a method and a path.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use hyper::Method;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::{Reply, Request};

/// An answer that may take its time.
pub(crate) type Answer<'a> = Pin<Box<dyn Future<Output = Reply> + Send + 'a>>;

/// An answer, or the error that stands in for it.
pub(crate) type Outcome = Result<Reply, Box<Reply>>;

/// What answers a request.
pub(crate) enum Handler<S> {
    /// At once, with the body already read.
    Now(fn(&S, &Call<'_>) -> Outcome),
    /// Later: it reads the body itself, or waits for something.
    Later(for<'a> fn(&'a S, Call<'a>) -> Answer<'a>),
}

/// A request with what its path and body hold.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) request: &'a mut Request,
    pub(crate) params: Vec<String>,
    /// Empty for handlers that read the body themselves.
    pub(crate) body: Bytes,
}

impl Call<'_> {
    /// The value at the n-th `{name}` of the pattern, decoded.
    pub(crate) fn param(&self, n: usize) -> &str {
        self.params.get(n).map_or("", String::as_str)
    }

    /// The body as JSON; an empty one counts as null.
    pub(crate) fn json(&self) -> Result<Value, serde_json::Error> {
        if self.body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&self.body) }
    }
}

/// One line of the table: `{name}` stands for a segment, `{name..}` for all that follow.
pub(crate) struct Route<S> {
    pub(crate) method: Method,
    pub(crate) pattern: &'static str,
    pub(crate) handler: Handler<S>,
}

/// What a look-up gave.
pub(crate) enum Found<'r, S> {
    Handler(&'r Handler<S>, Vec<String>),
    /// The path exists, with other methods.
    WrongMethod,
    Nothing,
}

/// The compiled table of one platform, by the number of segments.
pub(crate) struct Router<S> {
    by_length: Vec<Vec<Compiled<S>>>,
    open_ended: Vec<Compiled<S>>,
    same: fn(&str, &str) -> bool,
}

struct Compiled<S> {
    segments: Vec<&'static str>,
    route: Route<S>,
}

impl<S> Router<S> {
    pub(crate) fn new(routes: Vec<Route<S>>) -> Self {
        let same = |pattern: &str, segment: &str| pattern == segment;
        let mut router = Self { by_length: Vec::new(), open_ended: Vec::new(), same };
        for route in routes {
            let segments: Vec<_> = route.pattern.split('/').collect();
            let open = route.pattern.ends_with("..}");
            let length = segments.len();
            let compiled = Compiled { segments, route };
            if open {
                router.open_ended.push(compiled);
                continue;
            }
            if router.by_length.len() <= length {
                router.by_length.resize_with(length + 1, Vec::new);
            }
            router.by_length[length].push(compiled);
        }
        router
    }

    /// The same table for a platform to which the case of its literal segments is all one.
    pub(crate) fn ignoring_case(mut self) -> Self {
        self.same = str::eq_ignore_ascii_case;
        self
    }

    /// HEAD is answered by the handler of GET; the server leaves the body out.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Found<'_, S> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        let segments: Vec<&str> = path.split('/').collect();
        let closed = self.by_length.get(segments.len()).map_or(&[][..], Vec::as_slice);
        let mut path_exists = false;
        for compiled in closed.iter().chain(&self.open_ended) {
            let Some(params) = compiled.params(&segments, self.same) else { continue };
            if compiled.route.method == *method {
                return Found::Handler(&compiled.route.handler, params);
            }
            path_exists = true;
        }
        if path_exists { Found::WrongMethod } else { Found::Nothing }
    }
}

impl<S> Compiled<S> {
    fn params(&self, segments: &[&str], same: fn(&str, &str) -> bool) -> Option<Vec<String>> {
        if !self.fits(segments, same) {
            return None;
        }
        let named =
            self.segments.iter().enumerate().filter(|(_, pattern)| pattern.starts_with('{'));
        let value = |(i, pattern): (usize, &&str)| match pattern.ends_with("..}") {
            true => decode(&segments[i..].join("/")),
            false => decode(segments[i]),
        };
        Some(named.map(value).collect())
    }

    fn fits(&self, segments: &[&str], same: fn(&str, &str) -> bool) -> bool {
        let fits = |(pattern, segment): (&&str, &&str)| match pattern.starts_with('{') {
            true => !segment.is_empty(),
            false => same(pattern, segment),
        };
        segments.len() >= self.segments.len() && self.segments.iter().zip(segments).all(fits)
    }
}

fn decode(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}
