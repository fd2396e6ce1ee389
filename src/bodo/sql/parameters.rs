//! The values of a query, bound to its text.

use serde_json::{Map, Value};

use super::SqlValue;
use super::tokens::{Piece, pieces};
use crate::error::{Error, Result};

/// The values of a query: by position, for its `?`, or by name, for its `:name`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters {
    positional: Vec<SqlValue>,
    named: Vec<(String, SqlValue)>,
}

/// A query as it is sent: with a `?` for every value, in order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bound {
    pub(crate) text: String,
    values: Vec<SqlValue>,
}

impl Parameters {
    pub(crate) fn push(&mut self, value: SqlValue) {
        self.positional.push(value);
    }

    /// A second value of one name takes the place of the first.
    pub(crate) fn name(&mut self, name: String, value: SqlValue) {
        let name = name.strip_prefix(':').unwrap_or(&name);
        self.named.retain(|(other, _)| other != name);
        self.named.push((name.to_owned(), value));
    }

    /// Binds the values to a text: every `:name` becomes a `?`, whose value is repeated as often.
    ///
    /// # Errors
    /// `InvalidInput` when a place has no value or a value no place.
    pub(crate) fn bind(&self, sql: &str) -> Result<Bound> {
        if sql.trim().is_empty() {
            return Err(Error::invalid("the query is empty"));
        }
        let pieces = pieces(sql);
        self.check(&pieces)?;
        let mut bound = Bound { text: String::with_capacity(sql.len()), values: Vec::new() };
        let mut positional = self.positional.iter();
        for piece in pieces {
            let value = match piece {
                Piece::Text(text) => {
                    bound.text.push_str(text);
                    continue;
                }
                Piece::Mark => positional.next(),
                Piece::Name(name) => self.value_of(name),
            };
            bound.text.push('?');
            bound.values.extend(value.cloned());
        }
        Ok(bound)
    }

    /// Whether there is no value.
    pub(crate) fn is_empty(&self) -> bool {
        self.positional.is_empty() && self.named.is_empty()
    }

    /// The values for a text that is not at hand, such as that of a file.
    ///
    /// # Errors
    /// `InvalidInput` when a value has a name: only the text tells its position.
    pub(crate) fn unbound(self) -> Result<Map<String, Value>> {
        match self.named.first() {
            Some((name, _)) => Err(Error::invalid(format!(
                "the value for `:{name}` needs the text of the query; give values by position"
            ))),
            None => Ok(Bound { text: String::new(), values: self.positional }.to_wire()),
        }
    }

    fn value_of(&self, name: &str) -> Option<&SqlValue> {
        self.named.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    fn check(&self, pieces: &[Piece<'_>]) -> Result<()> {
        let names = || {
            pieces.iter().filter_map(|piece| match piece {
                Piece::Name(name) => Some(*name),
                _ => None,
            })
        };
        let marks = pieces.iter().filter(|piece| **piece == Piece::Mark).count();
        if let Some(name) = names().find(|name| self.value_of(name).is_none()) {
            return Err(Error::invalid(format!(
                "the query has `:{name}` and no value of that name"
            )));
        }
        if let Some((name, _)) = self.named.iter().find(|(name, _)| !names().any(|n| n == name)) {
            return Err(Error::invalid(format!(
                "there is a value for `:{name}`, which the query has not"
            )));
        }
        if marks != self.positional.len() {
            let values = self.positional.len();
            return Err(Error::invalid(format!(
                "the number of `?` in the query is {marks}, and that of the values for them {values}"
            )));
        }
        if marks > 0 && !self.named.is_empty() {
            let message = "the query has both `?` and `:name`: use one of the two";
            return Err(Error::invalid(message));
        }
        Ok(())
    }
}

impl Bound {
    /// The values as a job takes them: by position, counted from 0.
    pub(crate) fn to_wire(&self) -> Map<String, Value> {
        let numbered = self.values.iter().enumerate();
        numbered
            .map(|(index, value)| {
                let parameter = value.to_parameter();
                let json = serde_json::json!({ "type": parameter.type_, "value": parameter.value });
                (index.to_string(), json)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn positional(values: &[i64]) -> Parameters {
        let positional = values.iter().map(|value| SqlValue::Int(*value)).collect();
        Parameters { positional, ..Parameters::default() }
    }

    fn named(values: &[(&str, i64)]) -> Parameters {
        let mut parameters = Parameters::default();
        for (name, value) in values {
            parameters.name((*name).to_owned(), (*value).into());
        }
        parameters
    }

    fn refused(parameters: &Parameters, sql: &str) -> String {
        parameters.bind(sql).unwrap_err().to_string()
    }

    #[test]
    fn a_name_becomes_a_mark_as_often_as_it_stands_there() {
        let parameters = named(&[(":b", 2), ("a", 1)]);
        let bound = parameters.bind("SELECT :a::int, '10:30', :b, x:city WHERE :a < :b").unwrap();
        assert_eq!(bound.text, "SELECT ?::int, '10:30', ?, x:city WHERE ? < ?");
        assert_eq!(bound.values, [1, 2, 1, 2].map(SqlValue::Int));
    }

    #[test]
    fn values_are_numbered_on_the_wire() {
        let bound = positional(&[7, 8]).bind("SELECT ?, ?").unwrap();
        assert_eq!(bound.text, "SELECT ?, ?");
        let wire =
            json!({"0": {"type": "INT64", "value": "7"}, "1": {"type": "INT64", "value": "8"}});
        assert_eq!(Value::Object(bound.to_wire()), wire);
        assert!(Parameters::default().bind("SELECT 1").unwrap().to_wire().is_empty());
    }

    #[test]
    fn what_does_not_match_is_named() {
        let none = Parameters::default();
        assert_eq!(refused(&none, "SELECT :a"), "the query has `:a` and no value of that name");
        assert!(refused(&named(&[("a", 1)]), "SELECT :a, :b").contains("`:b`"));
        assert!(refused(&named(&[("a", 1), ("b", 2)]), "SELECT :a, ':b'").contains("`:b`"));
        assert_eq!(
            refused(&positional(&[1]), "SELECT ?, ?"),
            "the number of `?` in the query is 2, and that of the values for them 1"
        );
        assert!(
            refused(&positional(&[1, 2]), "SELECT '?', ?")
                .contains("is 1, and that of the values for them 2")
        );
        let both = Parameters { named: named(&[("a", 1)]).named, ..positional(&[2]) };
        assert!(refused(&both, "SELECT :a, ?").contains("use one of the two"));
        assert_eq!(refused(&none, " \n"), "the query is empty");
    }

    #[test]
    fn the_last_value_of_a_name_counts() {
        let bound = named(&[("a", 1), ("a", 2)]).bind("SELECT :a").unwrap();
        assert_eq!(bound.values, [SqlValue::Int(2)]);
    }
}
