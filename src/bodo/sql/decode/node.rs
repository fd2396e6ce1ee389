//! How the values of a column are put together from its leaves.

use std::sync::Arc;

use parquet::basic::{ConvertedType, LogicalType, Repetition};
use parquet::schema::types::{Type, TypePtr};

use super::leaf::Leaf;
use crate::bodo::sql::SqlValue;
use crate::error::{Error, ErrorKind, Result};

/// Deeper ones are taken for a damaged file.
const DEEPEST: i16 = 64;

/// How the values of a column, or of a part of it, are put together.
pub(super) struct Node {
    shape: Shape,
    /// The leaves that belong to it.
    first: usize,
    end: usize,
    /// The level at which it is there at all.
    present: i16,
}

enum Shape {
    Value,
    Struct(Vec<(Arc<str>, Node)>),
    List(Items),
    Map(Items),
}

/// What is repeated: the elements of a list, or the keys and values of a map.
struct Items {
    nodes: Vec<Node>,
    /// The level at which there is at least one.
    some: i16,
    /// The level at which another one follows.
    another: i16,
}

/// Where the description of a column is being read.
struct Walk {
    leaf: usize,
    definition: i16,
    repetition: i16,
    depth: i16,
}

impl Node {
    /// Reads how the columns of a file are made.
    pub(super) fn of_columns(fields: &[TypePtr]) -> Result<Vec<Self>> {
        let mut walk = Walk { leaf: 0, definition: 0, repetition: 0, depth: 0 };
        fields.iter().map(|field| walk.node(field)).collect()
    }

    /// The value in the present row; goes on to the next.
    pub(super) fn read(&self, leaves: &mut [Leaf]) -> Result<SqlValue> {
        let Some(lead) = leaves.get(self.first) else { return Ok(SqlValue::Null) };
        if lead.definition() < self.present {
            return self.absent(leaves);
        }
        match &self.shape {
            Shape::Value => leaves[self.first].take(),
            Shape::Struct(fields) => fields
                .iter()
                .map(|(name, node)| Ok((name.clone(), node.read(leaves)?)))
                .collect::<Result<_>>()
                .map(SqlValue::Struct),
            Shape::List(items) => {
                let mut list = Vec::new();
                self.each(items, leaves, |mut values| list.extend(values.pop()))?;
                Ok(SqlValue::Array(list))
            }
            Shape::Map(items) => {
                let mut pairs = Vec::new();
                self.each(items, leaves, |values| {
                    let mut values = values.into_iter();
                    let (key, value) = (values.next(), values.next());
                    pairs.extend(key.map(|key| (key, value.unwrap_or(SqlValue::Null))));
                })?;
                Ok(SqlValue::Map(pairs))
            }
        }
    }

    fn absent(&self, leaves: &mut [Leaf]) -> Result<SqlValue> {
        self.pass(leaves)?;
        Ok(SqlValue::Null)
    }

    fn pass(&self, leaves: &mut [Leaf]) -> Result<()> {
        leaves[self.first..self.end].iter_mut().try_for_each(Leaf::pass)
    }

    fn each(
        &self,
        items: &Items,
        leaves: &mut [Leaf],
        mut take: impl FnMut(Vec<SqlValue>),
    ) -> Result<()> {
        if leaves[self.first].definition() < items.some {
            return self.pass(leaves);
        }
        loop {
            let values = items.nodes.iter().map(|node| node.read(leaves));
            take(values.collect::<Result<_>>()?);
            if leaves[self.first].repetition() < items.another {
                return Ok(());
            }
        }
    }
}

impl Walk {
    /// A field with the level that its repetition adds. One that repeats outside of a list is a
    /// list that is always there.
    fn node(&mut self, field: &Type) -> Result<Node> {
        if self.depth >= DEEPEST {
            return Err(odd(field));
        }
        let (definition, repetition) = (self.definition, self.repetition);
        let first = self.leaf;
        self.depth += 1;
        let shape = match field.get_basic_info().repetition() {
            Repetition::REPEATED => self.items(|walk| walk.itself(field)).map(Shape::List),
            repetition => {
                self.definition += i16::from(repetition == Repetition::OPTIONAL);
                self.shape(field)
            }
        };
        let present = self.definition;
        (self.definition, self.repetition, self.depth) = (definition, repetition, self.depth - 1);
        Ok(Node { shape: shape?, first, end: self.leaf, present })
    }

    fn shape(&mut self, field: &Type) -> Result<Shape> {
        if field.is_primitive() {
            self.leaf += 1;
            return Ok(Shape::Value);
        }
        match kind(field) {
            Kind::List => self.list(field),
            Kind::Map => self.map(field),
            Kind::Struct => self.fields(field).map(Shape::Struct),
        }
    }

    fn fields(&mut self, field: &Type) -> Result<Vec<(Arc<str>, Node)>> {
        let fields = field.get_fields().iter();
        fields.map(|field| Ok((Arc::from(field.name()), self.node(field)?))).collect()
    }

    fn list(&mut self, field: &Type) -> Result<Shape> {
        let repeated = repeated_of(field)?;
        let items = self.items(|walk| match wrapped(repeated) {
            Some(element) => Ok(vec![walk.node(element)?]),
            None => walk.itself(repeated),
        })?;
        Ok(Shape::List(items))
    }

    fn map(&mut self, field: &Type) -> Result<Shape> {
        let repeated = repeated_of(field)?;
        if repeated.is_primitive() || !matches!(repeated.get_fields().len(), 1 | 2) {
            return Err(odd(field));
        }
        let items = self
            .items(|walk| repeated.get_fields().iter().map(|field| walk.node(field)).collect())?;
        Ok(Shape::Map(items))
    }

    /// A repeated field that is the element itself.
    fn itself(&mut self, repeated: &Type) -> Result<Vec<Node>> {
        let first = self.leaf;
        let shape = self.shape(repeated)?;
        Ok(vec![Node { shape, first, end: self.leaf, present: self.definition }])
    }

    /// What is repeated, one level of each kind deeper.
    fn items(&mut self, nodes: impl FnOnce(&mut Self) -> Result<Vec<Node>>) -> Result<Items> {
        self.definition += 1;
        self.repetition += 1;
        let (some, another) = (self.definition, self.repetition);
        let nodes = nodes(self);
        self.definition -= 1;
        self.repetition -= 1;
        Ok(Items { nodes: nodes?, some, another })
    }
}

enum Kind {
    List,
    Map,
    Struct,
}

fn kind(group: &Type) -> Kind {
    let info = group.get_basic_info();
    match (info.logical_type_ref(), info.converted_type()) {
        (Some(LogicalType::List), _) | (None, ConvertedType::LIST) => Kind::List,
        (Some(LogicalType::Map), _) | (None, ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE) => {
            Kind::Map
        }
        _ => Kind::Struct,
    }
}

/// The one repeated field that a list or a map has.
fn repeated_of(field: &Type) -> Result<&Type> {
    match field.get_fields() {
        [one] if one.get_basic_info().repetition() == Repetition::REPEATED => Ok(one),
        _ => Err(odd(field)),
    }
}

/// The element inside the repeated group of a list; `None` where older writers repeat the element
/// itself (source: the format's rules for backward compatibility).
fn wrapped(repeated: &Type) -> Option<&Type> {
    if repeated.is_primitive() {
        return None;
    }
    let [element] = repeated.get_fields() else { return None };
    let is_itself = repeated.name() == "array" || repeated.name().ends_with("_tuple");
    (!is_itself).then_some(element)
}

fn odd(field: &Type) -> Error {
    let name = field.name();
    Error::new(
        ErrorKind::Decode,
        format!("the Parquet file declares column `{name}` in an odd way"),
    )
}
