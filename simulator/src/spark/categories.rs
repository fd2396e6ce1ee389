//! Categories of folders.

use serde_json::{Value, json};

use super::envelope::v1;
use super::server::{self, Server};
use super::tenant::lock;
use crate::http::{Call, Outcome, Reply};

/// The categories that exist from the beginning.
const PRESET: [&str; 11] = [
    "Medical",
    "Critical Illness",
    "Lifelong Participation",
    "Universal Life",
    "Investment Linked",
    "Annuity",
    "Term",
    "VHIS",
    "VHIS + Medical",
    "Property & Casualty",
    "Other",
];

#[derive(Debug)]
pub(super) struct Category {
    key: String,
    value: String,
    icon: String,
}

pub(super) fn preset() -> Vec<Category> {
    let category = |name: &&str| Category {
        key: (*name).to_owned(),
        value: (*name).to_owned(),
        icon: "other.svg".to_owned(),
    };
    PRESET.iter().map(category).collect()
}

pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let categories = lock(&server.tenant(call.request)?.categories);
    let row = |c: &Category| json!({"key": c.key, "value": c.value, "icon": c.icon});
    Ok(v1(&categories.iter().map(row).collect()))
}

pub(super) fn save(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand_bearer(call.request)?;
    let body = server::json(call)?;
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let key = text("key").unwrap_or_else(|| server.ids.next());
    let icon = text("icon").unwrap_or_else(|| "other.svg".to_owned());
    let mut categories = lock(&server.tenant(call.request)?.categories);
    categories.retain(|category| category.key != key);
    categories.push(Category { key, value: text("value").unwrap_or_default(), icon });
    Ok(all(&categories))
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    server.gate.demand_bearer(call.request)?;
    let mut categories = lock(&server.tenant(call.request)?.categories);
    categories.retain(|category| category.key != call.param(0));
    Ok(all(&categories))
}

/// The answer to a change tells all categories, with capital letters.
fn all(categories: &[Category]) -> Reply {
    let row = |c: &Category| json!({"Key": c.key, "Value": c.value, "Icon": c.icon});
    let rows: Value = categories.iter().map(row).collect();
    v1(&json!({"Metadata.ProductCategories": rows}))
}
