//! What we do otherwise than official programs on purpose, and why.

use serde_json::Value;

use super::Message;

/// A difference and its reason.
#[derive(Clone, Copy)]
pub(crate) struct Differs {
    pub(super) what: What,
    pub(super) why: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    /// Our method.
    Method(&'static str),
    /// Our path.
    Path(&'static str),
    /// Our query has this parameter with this value.
    Query(&'static str, &'static str),
    /// Our query lacks this parameter.
    NoQuery(&'static str),
    /// Our request has this header with this value.
    Header(&'static str, &'static str),
    /// Our request lacks this header.
    NoHeader(&'static str),
    /// Our body has this JSON at the pointer.
    Body(&'static str, &'static str),
    /// Our body has nothing at the pointer.
    NoBody(&'static str),
    /// Our body has the same under another name.
    Renamed(&'static str, &'static str),
    /// Our body is what the other has at the pointer.
    Unwrapped(&'static str),
    /// We ask for this as well: a method and a path in its normalised form.
    Also(&'static str, &'static str),
}

impl What {
    pub(crate) const fn because(self, why: &'static str) -> Differs {
        Differs { what: self, why }
    }

    /// Makes of the golden what we send, and takes additional requests out of ours. Where there is
    /// no such difference, nothing changes.
    pub(super) fn apply(self, golden: &mut Message, ours: &mut Vec<Message>) {
        let Message { method, path, query, headers, body, .. } = golden;
        match self {
            Self::Method(other) => *method = other.to_owned(),
            Self::Path(other) => *path = other.to_owned(),
            Self::Query(name, value) => _ = query.insert(name.to_owned(), value.into()),
            Self::NoQuery(name) => _ = query.remove(name),
            Self::Header(name, value) => _ = headers.insert(name.to_owned(), value.to_owned()),
            Self::NoHeader(name) => _ = headers.remove(name),
            Self::Body(pointer, json) => set(body, pointer, json),
            Self::NoBody(pointer) => _ = take(body, pointer),
            Self::Renamed(pointer, name) => rename(body, pointer, name),
            Self::Unwrapped(pointer) => unwrap(body, pointer),
            Self::Also(method, path) => {
                ours.retain(|request| request.method != method || request.path != path);
            }
        }
    }
}

type Members = serde_json::Map<String, Value>;

/// The object that a pointer leads into, and the name of the member there.
fn member<'v, 'p>(body: &'v mut Value, pointer: &'p str) -> Option<(&'v mut Members, &'p str)> {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    Some((body.pointer_mut(parent)?.as_object_mut()?, name))
}

fn set(body: &mut Value, pointer: &str, json: &str) {
    let value = serde_json::from_str(json).expect("JSON");
    if let Some((members, name)) = member(body, pointer) {
        members.insert(name.to_owned(), value);
    }
}

fn take(body: &mut Value, pointer: &str) -> Option<Value> {
    let (members, name) = member(body, pointer)?;
    members.remove(name)
}

fn rename(body: &mut Value, pointer: &str, to: &str) {
    if let Some((members, from)) = member(body, pointer)
        && !members.contains_key(to)
        && let Some(value) = members.remove(from)
    {
        members.insert(to.to_owned(), value);
    }
}

fn unwrap(body: &mut Value, pointer: &str) {
    if let Some(inner) = body.pointer(pointer).cloned() {
        *body = inner;
    }
}
