//! What a transform says.

use std::str::FromStr;

use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::spark::models::TransformContent;

const JSON_TRANSFORM: &str = "JSONtransforms_v1.0.1";
const NODE_TRANSFORM: &str = "Nodejs22_v1.0.0";

/// A transform: expressions for the inputs and the outputs, or a program.
///
/// ```
/// use longhaul::spark::Transform;
/// let transform = Transform::json().inputs("{\"value\": $.raw}").for_many();
/// let program = Transform::nodejs("async function handler(event) { return event; }");
/// assert!(transform.to_string().contains("JSONtransforms"));
/// ```
#[derive(Clone, Debug)]
pub struct Transform {
    content: TransformContent,
}

impl Transform {
    /// Expressions, for version 3 of the API unless told otherwise.
    pub fn json() -> Self {
        Self::new(TransformContent {
            transform_type: JSON_TRANSFORM.to_owned(),
            target_api_version: Some("v3".to_owned()),
            input_body_transform: None,
            output_body_transform: None,
            transform_code: None,
            extra: Map::new(),
        })
    }

    /// A program for Node.js.
    pub fn nodejs(code: impl Into<String>) -> Self {
        Self::new(TransformContent {
            transform_type: NODE_TRANSFORM.to_owned(),
            target_api_version: None,
            input_body_transform: None,
            output_body_transform: None,
            transform_code: Some(code.into()),
            extra: Map::new(),
        })
    }

    fn new(content: TransformContent) -> Self {
        Self { content }
    }

    /// The expression that makes the service's inputs.
    #[must_use]
    pub fn inputs(mut self, expression: impl Into<String>) -> Self {
        self.content.input_body_transform = Some(expression.into());
        self
    }

    /// The expression that makes the answer of the service's outputs.
    #[must_use]
    pub fn outputs(mut self, expression: impl Into<String>) -> Self {
        self.content.output_body_transform = Some(expression.into());
        self
    }

    /// For version 4 of the API, which takes several records.
    #[must_use]
    pub fn for_many(mut self) -> Self {
        self.content.target_api_version = Some("v4".to_owned());
        self
    }

    /// Another type of transform, such as one that the platform's `Transforms_List` names.
    #[must_use]
    pub fn transform_type(mut self, name: impl Into<String>) -> Self {
        self.content.transform_type = name.into();
        self
    }

    /// A further field, sent as it is.
    #[must_use]
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.content.extra.insert(name.into(), value.into());
        self
    }

    /// All that it says.
    pub fn content(&self) -> &TransformContent {
        &self.content
    }

    pub(super) fn text(&self) -> String {
        serde_json::to_string(&self.content).expect("texts")
    }

    /// Its text, unless it can do nothing.
    pub(super) fn checked_text(&self) -> Result<String> {
        let content = &self.content;
        let kind = content.transform_type.to_lowercase();
        let filled = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        if kind.starts_with("nodejs") && !filled(&content.transform_code) {
            return Err(Error::invalid("a transform for Node.js needs its program"));
        }
        let version = content.target_api_version.as_deref();
        if kind.starts_with("jsontransforms") && !matches!(version, Some("v3" | "v4")) {
            return Err(Error::invalid("a transform is for version v3 or v4 of the API"));
        }
        if kind.trim().is_empty() {
            return Err(Error::invalid("a transform has a type"));
        }
        Ok(self.text())
    }
}

/// The JSON that the platform stores.
impl std::fmt::Display for Transform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.text())
    }
}

impl FromStr for Transform {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let content = serde_json::from_str(text);
        content.map(Self::new).map_err(|error| {
            Error::invalid(format!("this is no transform as the platform stores them: {error}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transform_survives_a_round_trip() {
        let transform = Transform::json().inputs("a").outputs("b").for_many().extra("x", 1);
        let back: Transform = transform.to_string().parse().unwrap();
        assert_eq!(back.to_string(), transform.to_string());
        assert_eq!(back.content().extra["x"], 1);
        assert!("{}".parse::<Transform>().is_err());
    }

    #[test]
    fn a_transform_that_can_do_nothing_is_not_stored() {
        assert!(Transform::nodejs("").checked_text().is_err());
        assert!(Transform::json().transform_type(" ").checked_text().is_err());
        let wrong: Transform =
            r#"{"transform_type":"JSONtransforms_v1.0.1","target_api_version":"v5"}"#
                .parse()
                .unwrap();
        assert!(wrong.checked_text().unwrap_err().to_string().contains("v3 or v4"));
        assert!(Transform::json().checked_text().is_ok());
    }
}
