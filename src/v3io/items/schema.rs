//! The schema of a table, for tools that want one (source: v3io-py, v3io/dataplane/client.py).

use serde::{Deserialize, Serialize};

use crate::status::open_enum;

/// What a table's items look like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Schema {
    /// How keys are spread; 0 for the platform's own way.
    #[serde(rename = "hashingBucketNum", default)]
    pub hashing_bucket_num: u64,
    /// The attribute that is the key.
    #[serde(default)]
    pub key: String,
    /// The attributes.
    #[serde(default)]
    pub fields: Vec<Field>,
}

impl Schema {
    pub(super) fn new(key: String, fields: Vec<Field>) -> Self {
        Self { hashing_bucket_num: 0, key, fields }
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers can be written")
    }
}

/// An attribute in a [`Schema`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Whether an item may lack it.
    #[serde(default)]
    pub nullable: bool,
}

impl Field {
    /// An attribute that every item has.
    pub fn new(name: impl Into<String>, kind: FieldType) -> Self {
        Self { name: name.into(), kind, nullable: false }
    }

    /// Says that an item may lack it.
    #[must_use]
    pub fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }
}

open_enum!(
    /// The type of an attribute in a [`Schema`].
    FieldType {
        String = "string",
        Double = "double",
        Long = "long",
    }
);
