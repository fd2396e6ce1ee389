//! What lists are narrowed by.

use crate::error::{Error, Result};
use crate::raw::bodo::enums::SortOrder;

/// A value of a filter.
pub(in crate::bodo) trait FilterValue {
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

impl<T> Many<T> {
    pub(in crate::bodo) fn extend(&mut self, values: impl IntoIterator<Item = impl Into<T>>) {
        self.0.get_or_insert_default().extend(values.into_iter().map(Into::into));
    }
}

/// What a list is narrowed by.
pub(in crate::bodo) trait Filter {
    /// Refuses what is misspelt: a server that does not know a value may list everything.
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
            None => Ok(()),
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
