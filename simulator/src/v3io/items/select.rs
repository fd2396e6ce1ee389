//! Which attributes of an item are told, and how.

use super::super::system::{self, Identity};
use crate::v3io::attribute::Attribute;

/// What `AttributesToGet` asks for.
#[derive(Debug, Default)]
pub(super) struct Selection<'a> {
    own: bool,
    system: bool,
    names: Vec<&'a str>,
}

impl<'a> Selection<'a> {
    /// A list with commas; `*` stands for all own attributes, `**` for the system's as well.
    pub(super) fn parse(list: &'a str) -> Self {
        let mut selection = Self::default();
        for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match name {
                "*" => selection.own = true,
                "**" => (selection.own, selection.system) = (true, true),
                name => selection.names.push(name),
            }
        }
        selection
    }

    /// In a scan, `*` tells the name as well.
    pub(super) fn for_scan(mut self) -> Self {
        if self.own && !self.system {
            self.names.push("__name");
        }
        self
    }

    /// Appends the item as a JSON object.
    pub(super) fn write(&self, item: Identity<'_>, out: &mut Vec<u8>) {
        let mut object = Object::open(out);
        if self.system {
            system::NAMES
                .into_iter()
                .for_each(|name| object.maybe(name, item.value(name).as_ref()));
        }
        if self.own {
            item.file.attributes.iter().for_each(|(name, value)| object.member(name, value));
        }
        for name in &self.names {
            match item.file.attributes.get(*name) {
                Some(_) if self.own => {}
                Some(value) => object.member(name, value),
                None if self.system => {}
                None => object.maybe(name, item.value(name).as_ref()),
            }
        }
        object.close();
    }
}

/// A JSON object that is being written.
struct Object<'a> {
    out: &'a mut Vec<u8>,
    is_empty: bool,
}

impl<'a> Object<'a> {
    fn open(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, is_empty: true }
    }

    fn maybe(&mut self, name: &str, value: Option<&Attribute>) {
        if let Some(value) = value {
            self.member(name, value);
        }
    }

    fn member(&mut self, name: &str, value: &Attribute) {
        if !std::mem::take(&mut self.is_empty) {
            self.out.push(b',');
        }
        // Writing to memory cannot fail, and neither can these types.
        let _ = serde_json::to_writer(&mut *self.out, name);
        self.out.push(b':');
        let _ = serde_json::to_writer(&mut *self.out, value);
    }

    fn close(self) {
        self.out.push(b'}');
    }
}
