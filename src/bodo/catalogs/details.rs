//! How to reach the data of a catalog.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::CatalogType;
use crate::arguments::filled;
use crate::bodo::models::CatalogData;
use crate::error::{Error, Result};
use crate::values::Secret;

/// Shorter texts are no secrets, and without them nobody could read an error.
const SHORTEST_SECRET: usize = 4;

/// The kind of a catalog and how to reach its data. Its `Debug` shows the kind only.
#[derive(Clone)]
pub struct CatalogDetails {
    pub(super) kind: CatalogType,
    pub(super) data: CatalogData,
}

impl CatalogDetails {
    /// Those of Snowflake: the account, the user and the user's password.
    pub fn snowflake(
        account_name: impl Into<String>,
        username: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Self {
        let data = CatalogData {
            account_name: Some(account_name.into()),
            username: Some(username.into()),
            password: Some(password.into()),
            ..CatalogData::default()
        };
        Self { kind: CatalogType::Snowflake, data }
    }

    /// Those of another kind, such as `GLUE`, as a JSON object that is sent as it is. Which kinds
    /// there are and what they want is not documented.
    ///
    /// # Errors
    /// When the kind is empty, or the details are no object or cannot be written as JSON.
    pub fn other(kind: impl Into<CatalogType>, details: impl Serialize) -> Result<Self> {
        let kind = kind.into();
        filled("the kind of the catalog", kind.as_str())?;
        match serde_json::to_value(details) {
            Ok(Value::Object(extra)) => {
                Ok(Self { kind, data: CatalogData { extra, ..CatalogData::default() } })
            }
            Ok(_) => Err(Error::invalid("the details of the catalog are no JSON object")),
            Err(_) => Err(Error::invalid("the details of the catalog cannot be written as JSON")),
        }
    }

    /// Snowflake: the warehouse.
    pub fn warehouse(mut self, name: impl Into<String>) -> Self {
        self.data.warehouse = Some(name.into());
        self
    }

    /// Snowflake: the database.
    pub fn database(mut self, name: impl Into<String>) -> Self {
        self.data.database = Some(name.into());
        self
    }

    /// Snowflake: the schema of the database.
    pub fn schema(mut self, name: impl Into<String>) -> Self {
        self.data.schema = Some(name.into());
        self
    }

    /// Snowflake: the role of the user.
    pub fn user_role(mut self, name: impl Into<String>) -> Self {
        self.data.user_role = Some(name.into());
        self
    }

    /// Snowflake: the port of the server.
    pub fn port(mut self, port: u16) -> Self {
        self.data.port = Some(port.into());
        self
    }

    /// Refuses an account, a user or a password that is empty.
    pub(super) fn check(&self) -> Result<()> {
        let texts = [
            ("account", self.data.account_name.as_deref()),
            ("user", self.data.username.as_deref()),
            ("password", self.data.password.as_ref().map(Secret::expose)),
        ];
        for (what, text) in texts {
            text.map_or(Ok(""), |text| filled(&format!("the {what} of the catalog"), text))?;
        }
        Ok(())
    }
}

/// What is secret in the details: the password, and any text that only its kind understands.
pub(super) fn secrets(data: &CatalogData) -> Vec<Secret> {
    let mut secrets: Vec<_> = data.password.iter().cloned().collect();
    data.extra.values().for_each(|value| collect(value, &mut secrets));
    secrets
}

fn collect(value: &Value, secrets: &mut Vec<Secret>) {
    match value {
        Value::String(text) if text.len() >= SHORTEST_SECRET => secrets.push(text.as_str().into()),
        Value::Array(values) => values.iter().for_each(|value| collect(value, secrets)),
        Value::Object(members) => members.values().for_each(|value| collect(value, secrets)),
        _ => {}
    }
}

impl fmt::Debug for CatalogDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CatalogDetails").field("kind", &self.kind.as_str()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn details_of_another_kind_are_sent_as_they_are() {
        let given = json!({"port": "5432", "schema": ["a"], "nothing": null, "deep": {"a": 1.5}});
        let details = CatalogDetails::other("GLUE", &given).unwrap();
        assert_eq!(serde_json::to_value(&details.data).unwrap(), given);
        assert_eq!(details.kind.as_str(), "GLUE");
        for odd in [json!([1]), json!("text"), json!(null)] {
            assert!(CatalogDetails::other("GLUE", odd).is_err());
        }
        assert!(CatalogDetails::other(" ", json!({})).is_err());
    }

    #[test]
    fn every_text_of_an_unknown_kind_may_be_secret() {
        let given = json!({"key": "canary-1", "deep": [{"a": "canary-2"}], "port": 1, "a": "b"});
        let details = CatalogDetails::other("GLUE", given).unwrap();
        let found = secrets(&details.data);
        let found: Vec<_> = found.iter().map(Secret::expose).collect();
        assert_eq!(found.len(), 2);
        assert!(found.contains(&"canary-1") && found.contains(&"canary-2"));
    }
}
