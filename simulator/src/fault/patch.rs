//! Changes in a JSON document by pointer, where `*` stands for every element.

use serde_json::Value;

/// Sets the value at the pointer; a missing member is added to its object.
pub(super) fn set(document: &mut Value, pointer: &str, new: &Value) {
    visit(document, pointer, &mut |parent, key| match parent {
        Value::Object(members) => {
            members.insert(key.to_owned(), new.clone());
        }
        Value::Array(items) => {
            if let Some(item) = key.parse().ok().and_then(|i: usize| items.get_mut(i)) {
                *item = new.clone();
            }
        }
        _ => {}
    });
}

/// Removes the value at the pointer.
pub(super) fn remove(document: &mut Value, pointer: &str) {
    visit(document, pointer, &mut |parent, key| match parent {
        Value::Object(members) => {
            members.remove(key);
        }
        Value::Array(items) => {
            if let Some(index) = key.parse().ok().filter(|i: &usize| *i < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    });
}

/// Calls back with the parent and the last key of every place that the pointer names.
fn visit(document: &mut Value, pointer: &str, change: &mut dyn FnMut(&mut Value, &str)) {
    let Some((first, rest)) = pointer.trim_start_matches('/').split_once('/') else {
        return change(document, &unescape(pointer.trim_start_matches('/')));
    };
    match (document, first) {
        (Value::Array(items), "*") => items.iter_mut().for_each(|item| visit(item, rest, change)),
        (Value::Object(members), "*") => {
            members.values_mut().for_each(|member| visit(member, rest, change))
        }
        (Value::Array(items), index) => {
            if let Some(item) = index.parse().ok().and_then(|i: usize| items.get_mut(i)) {
                visit(item, rest, change);
            }
        }
        (Value::Object(members), key) => {
            if let Some(member) = members.get_mut(&unescape(key)) {
                visit(member, rest, change);
            }
        }
        _ => {}
    }
}

fn unescape(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_star_reaches_every_element() {
        let mut page = json!({"next": null, "results": [{"a": 1, "b": 2}, {"a": 3}]});
        set(&mut page, "/results/*/a", &json!("x"));
        set(&mut page, "/results/0/new", &json!(true));
        remove(&mut page, "/results/*/b");
        remove(&mut page, "/next");
        assert_eq!(page, json!({"results": [{"a": "x", "new": true}, {"a": "x"}]}));
    }
}
