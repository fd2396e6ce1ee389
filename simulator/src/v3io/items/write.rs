//! PutItem and UpdateItem.

use hyper::StatusCode;
use serde::Deserialize;

use super::super::address::Address;
use super::super::attribute::Attributes;
use super::super::errors::{condition_is_false, invalid, item_exists, not_permitted};
use super::super::expression::{self, Action, Condition, Refusal, Scope};
use super::super::limits;
use super::super::server::{Server, VERIFIER, parse};
use super::super::state::State;
use super::super::system::Identity;
use super::super::tree::File;
use super::locate::{existing, locate};
use crate::http::{Outcome, Reply};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutItem {
    #[serde(default)]
    item: Attributes,
    condition_expression: Option<String>,
    update_mode: Option<UpdateMode>,
    table_name: Option<String>,
    key: Option<Attributes>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UpdateItem {
    update_expression: Option<String>,
    alternate_update_expression: Option<String>,
    condition_expression: Option<String>,
    update_mode: Option<UpdateMode>,
    table_name: Option<String>,
    key: Option<Attributes>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum UpdateMode {
    CreateOrReplaceAttributes,
    OverWriteAttributes,
    CreateNewItemOnly,
}

pub(in crate::v3io) fn put(server: &Server, mut address: Address, body: &[u8]) -> Outcome {
    let request: PutItem = parse(body)?;
    let mut item = request.item;
    item.extend(locate(&mut address, request.table_name.as_deref(), request.key)?);
    limits::attributes(&item)?;
    let condition = condition(request.condition_expression.as_deref())?;
    let mut state = server.state();
    let existing = existing(&state, &address)?;
    refuse_existing(request.update_mode, existing.is_some())?;
    if !holds(&condition, &address, existing) {
        return Err(condition_is_false());
    }
    if request.update_mode == Some(UpdateMode::CreateOrReplaceAttributes) {
        item = merged(existing, item);
    }
    store(server, &mut state, &address, item)
}

pub(in crate::v3io) fn update(server: &Server, mut address: Address, body: &[u8]) -> Outcome {
    let request: UpdateItem = parse(body)?;
    let key = locate(&mut address, request.table_name.as_deref(), request.key)?;
    limits::attributes(&key)?;
    let condition = condition(request.condition_expression.as_deref())?;
    let regular = actions(request.update_expression.as_deref().unwrap_or_default())?;
    let alternate = request.alternate_update_expression.as_deref().map(actions).transpose()?;
    let mut state = server.state();
    let existing = existing(&state, &address)?;
    refuse_existing(request.update_mode, existing.is_some())?;
    let actions = match (holds(&condition, &address, existing), alternate) {
        (true, _) => regular,
        (false, Some(alternate)) => alternate,
        (false, None) => return Err(condition_is_false()),
    };
    let mut item = merged(existing, key);
    let identity = existing.map(|existing| identity(&address, existing));
    expression::apply(&actions, &mut item, identity).map_err(refused)?;
    limits::attributes(&item)?;
    store(server, &mut state, &address, item)
}

/// The only place where an item changes.
fn store(server: &Server, state: &mut State, address: &Address, item: Attributes) -> Outcome {
    limits::item(&item)?;
    let file = state.make_file(address, server.now())?;
    file.attributes = item;
    Ok(Reply::empty(StatusCode::OK).with(VERIFIER, file.meta.verifier()))
}

fn merged(existing: Option<(u64, &File)>, changes: Attributes) -> Attributes {
    let mut item = existing.map(|(_, file)| file.attributes.clone()).unwrap_or_default();
    item.extend(changes);
    item
}

fn refuse_existing(mode: Option<UpdateMode>, exists: bool) -> Result<(), Box<Reply>> {
    match exists && mode == Some(UpdateMode::CreateNewItemOnly) {
        true => Err(item_exists()),
        false => Ok(()),
    }
}

fn identity<'a>(address: &'a Address, (container, file): (u64, &'a File)) -> Identity<'a> {
    Identity { name: address.split().1, container, file }
}

fn holds(condition: &Condition, address: &Address, existing: Option<(u64, &File)>) -> bool {
    let none = Attributes::new();
    condition.holds(Scope {
        attributes: existing.map_or(&none, |(_, file)| &file.attributes),
        identity: existing.map(|existing| identity(address, existing)),
    })
}

pub(super) fn condition(text: Option<&str>) -> Result<Condition, Box<Reply>> {
    Condition::parse(text).map_err(|error| invalid(&error.to_string()))
}

fn actions(text: &str) -> Result<Vec<Action>, Box<Reply>> {
    expression::parse_update(text).map_err(|error| invalid(&error.to_string()))
}

fn refused(refusal: Refusal) -> Box<Reply> {
    match refusal {
        Refusal::SystemAttribute => not_permitted(),
        Refusal::NoValue(name) => invalid(&format!("the value for {name} cannot be computed")),
    }
}
