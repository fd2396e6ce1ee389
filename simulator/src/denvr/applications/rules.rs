//! The rules for names and values, as the published interface words them.

use serde_json::{Map, Value};

use super::super::fields::Fields;

/// The reverse proxy keeps it for itself.
const RESERVED_PORT: i32 = 443;

/// Names of environment variables are identifiers, values are one line.
pub(super) fn environment(fields: &mut Fields, variables: &Map<String, Value>) {
    let field = "environmentVariables";
    for (name, value) in variables {
        let value = value.as_str().unwrap_or_default();
        fields.demand(is_identifier(name), field, "has a name that is no identifier");
        fields.demand(!value.contains(['\0', '\r', '\n']), field, "has a value of several lines");
    }
}

fn is_identifier(name: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(is_inner)
}

/// The port may not be the proxy's own; keys need a port.
pub(super) fn proxy(fields: &mut Fields, port: Option<i32>) {
    let keys = fields.maybe_texts("proxyApiKeys").unwrap_or_default();
    let is_usable = |port: i32| (1..=65_535).contains(&port) && port != RESERVED_PORT;
    fields.demand(port.is_none_or(is_usable), "proxyPort", "must be a port other than 443");
    let field = "proxyApiKeys";
    fields.demand(keys.is_empty() || port.is_some(), field, "needs a proxyPort");
    fields.demand(keys.len() <= 10, field, "must have at most 10 keys");
    let rule = "must have keys of 1 to 512 letters, digits, hyphens and underscores";
    fields.demand(keys.iter().all(|key| is_key(key)), field, rule);
}

fn is_key(key: &str) -> bool {
    let is_allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
    (1..=512).contains(&key.len()) && key.bytes().all(is_allowed)
}

/// Scripts have plain file names and a size within bounds.
pub(super) fn scripts(fields: &mut Fields, scripts: &Map<String, Value>) {
    for (name, content) in scripts {
        let length = content.as_str().unwrap_or_default().chars().count();
        fields.demand(is_file_name(name), "userScripts", "has a file name that is not allowed");
        let rule = "must have contents of 1 to 16384 characters";
        fields.demand((1..=16_384).contains(&length), "userScripts", rule);
    }
}

fn is_file_name(name: &str) -> bool {
    let is_allowed = |c: u8| c.is_ascii_alphanumeric() || b". ()".contains(&c);
    (1..=255).contains(&name.len()) && name.bytes().all(is_allowed)
}
