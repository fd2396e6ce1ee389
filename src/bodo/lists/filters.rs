//! What lists are narrowed by.

use crate::error::{Error, Result};
use crate::raw::bodo::enums::SortOrder;

/// How long the values of a filter may be together, in bytes: servers commonly take addresses of up
/// to 8 KiB.
const LONGEST: usize = 7000;

/// A value of a filter.
pub(in crate::bodo) trait FilterValue: ToString {
    /// The value as it was written and those that there are, when it is none of them.
    fn unknown(&self) -> Option<(&str, &'static [&'static str])>;
}

impl FilterValue for String {
    fn unknown(&self) -> Option<(&str, &'static [&'static str])> {
        None
    }
}

macro_rules! filter_by {
    ($($name:ident),*) => {$(
        impl FilterValue for crate::raw::bodo::enums::$name {
            fn unknown(&self) -> Option<(&str, &'static [&'static str])> {
                match self {
                    Self::Other(text) => Some((text, Self::KNOWN)),
                    _ => None,
                }
            }
        }
    )*};
}
filter_by!(CloudConfigStatus, CloudProvider, ClusterStatus, JobStatus, JobType, WorkspaceStatus);

/// A filter of one value.
#[derive(Clone, Debug)]
pub(in crate::bodo) struct One<T>(pub(in crate::bodo) Option<T>);

/// A filter of several values, any of which an item has to have.
#[derive(Clone, Debug)]
pub(in crate::bodo) struct Many<T>(pub(in crate::bodo) Option<Vec<T>>);

/// The direction of a list, which is always sent, as by the official client: so that what is made
/// meanwhile comes at the end and moves nothing to another page.
#[derive(Clone, Debug)]
pub(in crate::bodo) struct Ascending(pub(in crate::bodo) Option<SortOrder>);

impl Default for Ascending {
    fn default() -> Self {
        Self(Some(SortOrder::Asc))
    }
}

impl<T> Default for One<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: FilterValue> Many<T> {
    /// Refuses what does not fit in one request, of which a server might take a part.
    fn check_length(&self, name: &str) -> Result<()> {
        // With the name and the separators beside each.
        let length: usize = self.0.iter().flatten().map(|value| value.to_string().len() + 8).sum();
        if length <= LONGEST {
            return Ok(());
        }
        let values = self.0.as_ref().map_or(0, Vec::len);
        Err(Error::invalid(format!(
            "the filter `{name}` has {values} values, which do not fit in one request: ask for about \
             150 ids at a time"
        )))
    }
}

impl<T> Many<T> {
    pub(in crate::bodo) fn extend(&mut self, values: impl IntoIterator<Item = impl Into<T>>) {
        self.0.get_or_insert_default().extend(values.into_iter().map(Into::into));
    }
}

/// What a list is narrowed by.
pub(in crate::bodo) trait Filter {
    /// Refuses what is misspelt, as a server that does not know a value may list everything, and
    /// what is too much for one request.
    fn known(&self, _name: &str) -> Result<()> {
        Ok(())
    }

    /// Whether it was given without a value. On the wire it would be no filter at all, and a list
    /// of everything is the last thing that somebody who selected nothing wants to delete.
    fn selects_nothing(&self) -> bool {
        false
    }
}

impl Filter for Ascending {}

impl<T> Filter for One<T> {}

impl<T: FilterValue> Filter for Many<T> {
    fn known(&self, name: &str) -> Result<()> {
        let mut unknown = self.0.iter().flatten().filter_map(FilterValue::unknown);
        match unknown.next() {
            None => self.check_length(name),
            Some((text, known)) => {
                let known = known.join(", ");
                let message = format!("the filter `{name}` cannot be `{text}`: it knows {known}");
                Err(Error::invalid(message))
            }
        }
    }

    fn selects_nothing(&self) -> bool {
        self.0.as_ref().is_some_and(Vec::is_empty)
    }
}
