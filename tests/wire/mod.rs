//! Compares what a client sends with what official programs sent for the same action (the
//! goldens), and with the spec.
//!
//! A suite has in its `main.rs`
//!
//! ```text
//! #[path = "../wire/mod.rs"]
//! mod wire;
//! ```
//!
//! says what is its platform's own in an implementation of [`Manners`], and calls every method of
//! its client by way of a [`Bench`]:
//!
//! ```text
//! const WHOLE: Differs = What::NoQuery("page_size").because("the answer has no pages");
//!
//! let mut bench = Bench::new(&handle, &Rescale);
//! bench.golden("user", &[], client.current_user()).await.unwrap();
//! bench.golden("directory", &[WHOLE], run.directory()).await.unwrap();
//! bench.spec("create_user", users.create(user)).await.unwrap();
//! bench.finish(2, &[("withdrawn by the platform", &["list_all"])]);
//! ```
//!
//! Goldens are lines of JSON with the members of [`Message`]. Their headers are all but the
//! [`PLAIN_HEADERS`], a header's boundary is left out, and a parameter that is repeated has a list
//! of values. How bodies are written down is said at [`Manners::body`].

#![allow(dead_code, unused_imports, reason = "every suite uses another part of it")]

mod bench;
mod body;
mod differs;
mod message;
mod spec;

use longhaul::raw::Operation;
use longhaul_simulator::Recorded;
use serde_json::Value;

pub(crate) use bench::Bench;
pub(crate) use body::Part;
pub(crate) use differs::{Differs, What};
pub(crate) use message::{Message, PLAIN_HEADERS, decoded};

/// What is a platform's own.
pub(crate) trait Manners {
    /// The requests of official programs, one in a line.
    fn goldens(&self) -> &'static str;

    /// The OpenAPI document.
    fn spec(&self) -> &'static str;

    /// The operations of the document.
    fn operations(&self) -> &'static [Operation];

    /// The request's path as the templates of [`Manners::operations`] have it, with the fragment
    /// that tells apart operations on one method and path.
    fn target(&self, request: &Recorded) -> String {
        request.path.clone()
    }

    /// Whether a request goes to the API that the document describes.
    fn is_of_spec(&self, _request: &Recorded) -> bool {
        true
    }

    /// The body as the goldens have it: null when it is empty, the fields of a form as `form`, the
    /// parts of a multipart body as `multipart`, JSON as it is, and else the text.
    fn body(&self, request: &Recorded) -> Value {
        body::read(request, |part| self.part(part))
    }

    /// A part of a multipart body as the goldens have it.
    fn part(&self, part: &Part<'_>) -> Value {
        part.digest()
    }

    /// Takes out of a golden what official programs say needlessly throughout.
    fn correct(&self, _golden: &mut Message) {}

    /// Hides what says nothing or differs from one run to the next, on both sides.
    fn normalise(&self, _message: &mut Message) {}
}
