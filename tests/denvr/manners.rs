//! What is Denvr Cloud's own where requests are compared.

use longhaul::raw::Operation;
use longhaul::raw::denvr::OPERATIONS;

use super::wire::{Manners, Message};

pub(crate) struct Denvr;

impl Manners for Denvr {
    /// Of the official client.
    fn goldens(&self) -> &'static str {
        include_str!("golden.jsonl")
    }

    fn spec(&self) -> &'static str {
        include_str!("../../openapi/denvr.json")
    }

    fn operations(&self) -> &'static [Operation] {
        OPERATIONS
    }

    /// The official client names the type of a body that is not there.
    fn correct(&self, golden: &mut Message) {
        if golden.body.is_null() {
            golden.headers.remove("content-type");
        }
    }

    /// Tokens differ from one run to the next.
    fn normalise(&self, message: &mut Message) {
        if let Some(token) = message.query.get_mut("refreshToken") {
            *token = "{token}".into();
        }
        let authorization = message.headers.get_mut("authorization");
        if let Some(token) = authorization.filter(|value| value.starts_with("Bearer ")) {
            *token = "{token}".to_owned();
        }
    }
}
