//! Which attributes are asked for, as the platform wants it written.

use crate::error::{Error, Result};
use crate::v3io::attributes::check_attribute_name;

/// The attributes to get.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Names {
    /// Those that users made.
    #[default]
    User,
    /// Those and the platform's own.
    All,
    /// These.
    Listed(Vec<String>),
}

impl Names {
    pub(super) fn listed<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        Self::Listed(names.into_iter().map(Into::into).collect())
    }

    /// The text of `AttributesToGet`.
    ///
    /// # Errors
    /// When the list is empty or has something that is no name: a comma in it would be taken for
    /// two names.
    pub(super) fn text(&self) -> Result<String> {
        match self {
            Self::User => Ok("*".to_owned()),
            Self::All => Ok("**".to_owned()),
            Self::Listed(names) if names.is_empty() => {
                Err(Error::invalid("the list of attributes to get is empty; leave it out for all"))
            }
            Self::Listed(names) => {
                names.iter().try_for_each(|name| check_attribute_name(name))?;
                Ok(names.join(","))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_and_checked() {
        assert_eq!(Names::default().text().unwrap(), "*");
        assert_eq!(Names::All.text().unwrap(), "**");
        assert_eq!(Names::listed(["__size", "age"]).text().unwrap(), "__size,age");
        assert!(Names::listed([""; 0]).text().unwrap_err().to_string().contains("empty"));
        let text = Names::listed(["age", "a,b"]).text().unwrap_err().to_string();
        assert!(text.contains("a,b"), "{text}");
    }
}
