//! The platform's configuration, whose values are mostly texts.

use serde_json::{Map, Value};

use super::Client;
use super::envelope::open;
use crate::error::Result;

/// The platform's configuration. It needs a token: API keys are turned away.
#[derive(Clone, Debug)]
pub struct Platform {
    client: Client,
}

impl Client {
    /// The platform's configuration.
    pub fn platform(&self) -> Platform {
        Platform { client: self.clone() }
    }
}

impl Platform {
    /// The configuration for the current user.
    ///
    /// # Errors
    /// As any call; 401 with an API key.
    pub async fn get_config(&self) -> Result<Configuration> {
        let raw = self.client.raw_origin();
        let opened = open(raw, "get_configuration", raw.get_configuration().send()).await?;
        Ok(Configuration(opened.data.unwrap_or_default()))
    }

    /// The whole configuration.
    ///
    /// # Errors
    /// As any call; 401 with an API key.
    pub async fn get_full_config(&self) -> Result<Configuration> {
        let raw = self.client.raw_origin();
        let opened = open(raw, "get_full_configuration", raw.get_full_configuration().send());
        Ok(Configuration(opened.await?.data.unwrap_or_default()))
    }
}

/// Settings of the platform by name. The platform writes numbers and switches as texts; the getters
/// read both.
///
/// Names that are worth knowing (source: cspark, docs/samples): `Batch_Chunk_Size`,
/// `Batch_Max_Input_In_Mb`, `Batch_Max_Output_In_Mb`, `ImpExSizeLimit_InBytes`,
/// `UploadFileSizeLimit_InBytes`, `ExportAPIJobLimit`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Configuration(Map<String, Value>);

impl Configuration {
    /// A value as the platform sent it; `None` when it is absent or null.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// A number, also from a text.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A whole number, also from a text; `None` when it has a fraction.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A switch, also from a text such as `True`, `yes` or `1`.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => Some(number.as_f64()? != 0.0),
            Value::String(text) => match text.trim().to_lowercase().as_str() {
                "true" | "yes" | "on" | "1" => Some(true),
                "false" | "no" | "off" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// The parts of a text that are divided by commas, such as `Transforms_List`.
    pub fn list(&self, name: &str) -> Vec<&str> {
        let parts = self.text(name).unwrap_or_default().split(',').map(str::trim);
        parts.filter(|part| !part.is_empty()).collect()
    }

    /// All values by name.
    pub fn values(&self) -> &Map<String, Value> {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_are_read_as_what_they_mean() {
        let Value::Object(values) = json!({
            "n": "100", "f": " 2.5 ", "x": 7, "yes": "True", "no": false, "odd": "maybe",
            "nothing": null, "list": "a, b,,c"
        }) else {
            unreachable!()
        };
        let config = Configuration(values);
        assert_eq!((config.integer("n"), config.number("n")), (Some(100), Some(100.0)));
        assert_eq!((config.integer("f"), config.number("f")), (None, Some(2.5)));
        assert_eq!((config.integer("x"), config.text("x")), (Some(7), None));
        assert_eq!((config.flag("yes"), config.flag("no")), (Some(true), Some(false)));
        assert_eq!((config.flag("odd"), config.flag("x")), (None, Some(true)));
        assert_eq!((config.get("nothing"), config.get("absent")), (None, None));
        assert_eq!(config.list("list"), ["a", "b", "c"]);
    }
}
