//! The columns of a row, by name and index.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::Row;

/// The names of a result's columns.
#[derive(Debug, PartialEq)]
pub(in crate::bodo::sql) struct Columns {
    names: Vec<Arc<str>>,
    /// Of equal names the first.
    places: HashMap<Arc<str>, usize>,
    /// Whether a column is the first of its name.
    is_first: Vec<bool>,
}

impl Columns {
    pub(in crate::bodo::sql) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Arc<Self> {
        let names: Vec<Arc<str>> = names.map(Arc::from).collect();
        let mut places = HashMap::with_capacity(names.len());
        let numbered = names.iter().enumerate();
        let is_first = numbered
            .map(|(place, name)| *places.entry(name.clone()).or_insert(place) == place)
            .collect();
        Arc::new(Self { names, places, is_first })
    }

    pub(in crate::bodo::sql) fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(AsRef::as_ref)
    }

    /// The names that a column can be found by, each with what stands in its place.
    pub(super) fn distinct<'a, T>(
        &'a self,
        values: &'a [T],
    ) -> impl Iterator<Item = (&'a str, &'a T)> {
        let pairs = self.names().zip(values).zip(&self.is_first);
        pairs.filter(|(_, is_first)| **is_first).map(|(pair, _)| pair)
    }

    pub(super) fn name(&self, place: usize) -> &str {
        &self.names[place]
    }

    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }
}

/// What a column can be known by: its name or its index, counted from 0.
pub trait ColumnIndex: fmt::Display {
    /// The place of the column in a row.
    #[doc(hidden)]
    fn place(&self, row: &Row) -> Option<usize>;
}

impl ColumnIndex for usize {
    fn place(&self, row: &Row) -> Option<usize> {
        (*self < row.len()).then_some(*self)
    }
}

impl ColumnIndex for &str {
    fn place(&self, row: &Row) -> Option<usize> {
        row.columns.place(self)
    }
}

impl ColumnIndex for &String {
    fn place(&self, row: &Row) -> Option<usize> {
        self.as_str().place(row)
    }
}
