//! GetItem.

use hyper::StatusCode;
use serde::Deserialize;

use super::super::address::Address;
use super::super::attribute::Attributes;
use super::super::errors::not_found;
use super::super::inferred;
use super::super::server::{Server, VERIFIER, parse};
use super::super::system::Identity;
use super::locate::{existing, locate};
use super::select::Selection;
use crate::http::{Outcome, Reply};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetItem {
    attributes_to_get: Option<String>,
    table_name: Option<String>,
    key: Option<Attributes>,
}

pub(in crate::v3io) fn get(server: &Server, mut address: Address, body: &[u8]) -> Outcome {
    let request: GetItem = parse(body)?;
    locate(&mut address, request.table_name.as_deref(), request.key)?;
    let wanted = request.attributes_to_get.as_deref().unwrap_or(inferred::ATTRIBUTES_TO_GET);
    let selection = Selection::parse(wanted);
    let state = server.state();
    let (container, file) = existing(&state, &address)?.ok_or_else(not_found)?;
    let mut answer = b"{\"Item\":".to_vec();
    selection.write(Identity { name: address.split().1, container, file }, &mut answer);
    answer.push(b'}');
    Ok(Reply::json_text(StatusCode::OK, answer).with(VERIFIER, file.meta.verifier()))
}
