//! What is added to the generator's output: open enums, the operation table, the shapes.

use std::fmt::Write;

use progenitor::Generator;
use serde_json::{Map, Value};

/// A named string enum of the spec.
pub(super) struct Enum {
    pub(super) name: String,
    values: Vec<String>,
}

impl Enum {
    /// All of them, by name.
    pub(super) fn all(spec: &Value) -> Vec<Self> {
        let schemas = spec["components"]["schemas"].as_object().into_iter().flatten();
        let named = schemas.filter_map(|(name, schema)| {
            let values = schema.get("enum")?.as_array()?;
            let values = values.iter().filter_map(|value| value.as_str().map(str::to_owned));
            Some(Self { name: pascal(name), values: values.collect() })
        });
        named.collect()
    }
}

/// The module that declares the enums with the crate's macro.
pub(super) fn enum_module(enums: &[Enum]) -> String {
    let mut code =
        "/// String enums that keep values this version does not know.\npub mod enums {\n"
            .to_owned();
    for one in enums {
        let _ = writeln!(code, "    crate::status::open_enum!({} {{", one.name);
        for value in &one.values {
            let _ = writeln!(code, "        {} = {value:?},", pascal(value));
        }
        code.push_str("    });\n");
    }
    code + "}\n"
}

/// One row of the operation table.
pub(super) struct Operation {
    id: String,
    method: String,
    path: String,
    repeat: &'static str,
    scope: String,
    streamed: bool,
}

/// All operations, sorted by id, so that a new one is a small change.
pub(super) fn operations(spec: &Value) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in spec["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if let Some(id) = operation["operationId"].as_str() {
                all.push(Operation {
                    id: id.to_owned(),
                    method: method.to_uppercase(),
                    path: path.clone(),
                    repeat: match operation["x-repeat"].as_str() {
                        Some("free") => "Free",
                        Some("keyed") => "Keyed",
                        _ => "Once",
                    },
                    scope: operation["x-scope"].as_str().unwrap_or_default().to_owned(),
                    streamed: is_streamed(operation),
                });
            }
        }
    }
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

/// What is read whole; every other success is handed on as a stream of bytes.
const DOCUMENTS: [&str; 3] = ["application/json", "application/xml", "text/plain"];

fn is_streamed(operation: &Value) -> bool {
    let answers = operation["responses"].as_object().into_iter().flatten();
    let mut successes = answers.filter(|(status, _)| status.starts_with('2'));
    successes.any(|(_, answer)| {
        let contents = answer["content"].as_object();
        let whole = |types: &Map<_, _>| DOCUMENTS.iter().any(|one| types.contains_key(*one));
        contents.is_some_and(|types| !types.is_empty() && !whole(types))
    })
}

/// The table that the transport and the snapshots read.
pub(super) fn operation_table(operations: &[Operation]) -> String {
    let mut code = "/// Every operation, sorted by id.\npub const OPERATIONS: &[crate::raw::Operation] = {\n    \
        use crate::raw::{Operation, Repeat};\n    &[\n".to_owned();
    for one in operations {
        let Operation { id, method, path, repeat, scope, streamed } = one;
        let _ = writeln!(
            code,
            "        Operation::new({id:?}, {method:?}, {path:?}, Repeat::{repeat}, {scope:?}, {streamed}),"
        );
    }
    code + "    ]\n};\n"
}

/// The names of the generated types, without references and containers of them.
pub(super) fn type_names(generator: &Generator) -> Vec<String> {
    let types = generator.get_type_space().iter_types().map(|one| one.name());
    types.filter(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_')).collect()
}

/// The named objects without a required member: nothing keeps them from having a default.
pub(super) fn optional_structs(spec: &Value) -> Vec<String> {
    let schemas = spec["components"]["schemas"].as_object().into_iter().flatten();
    let optional = schemas
        .filter(|(_, schema)| schema["properties"].is_object() && schema.get("required").is_none());
    optional.map(|(name, _)| pascal(name)).collect()
}

/// The named whole numbers, which can be compared and copied.
pub(super) fn numbers(spec: &Value) -> Vec<String> {
    let schemas = spec["components"]["schemas"].as_object().into_iter().flatten();
    schemas.filter(|(_, one)| one["type"] == "integer").map(|(name, _)| pascal(name)).collect()
}

/// A function that gives the JSON Schema of every generated type, for the snapshots.
pub(super) fn shapes(file: &syn::File, enums: &[Enum]) -> syn::Item {
    let mut code = "#[cfg(feature = \"schemars\")]\
        #[doc = \"The JSON Schema of every generated type.\"]\
        pub fn shapes() -> serde_json::Map<String, serde_json::Value> {\
        let mut generator = schemars::SchemaGenerator::default();"
        .to_owned();
    for name in declared_types(file) {
        let _ = write!(code, "generator.subschema_for::<types::{name}>();");
    }
    for one in enums {
        let _ = write!(code, "generator.subschema_for::<enums::{}>();", one.name);
    }
    syn::parse_str(&(code + "generator.take_definitions(true) }")).expect("valid code")
}

fn declared_types(file: &syn::File) -> Vec<String> {
    let modules = file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    let names = modules.flat_map(|(_, items)| items).filter_map(|item| match item {
        syn::Item::Struct(one) => Some(one.ident.to_string()),
        syn::Item::Enum(one) => Some(one.ident.to_string()),
        _ => None,
    });
    names.collect()
}

/// `waiting for queue` and `WAITING_FOR_QUEUE` become `WaitingForQueue`.
fn pascal(text: &str) -> String {
    let mut name = String::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let shouted = !word.chars().any(char::is_lowercase);
        let mut letters = word.chars();
        if let Some(first) = letters.next() {
            if name.is_empty() && first.is_numeric() {
                name.push('N');
            }
            name.extend(first.to_uppercase());
        }
        let rest: String = letters.collect();
        name.push_str(&if shouted { rest.to_lowercase() } else { rest });
    }
    name
}
