//! Runs the actions of an update, each seeing what the ones before it did.

use super::Scope;
use super::array::Array;
use super::ast::{Action, Expression, Target};
use super::evaluate::{array, position, value};
use super::value::Value;
use crate::v3io::attribute::{Attribute, Attributes};
use crate::v3io::system::{Identity, is_system};

/// Why an update cannot be done.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::v3io) enum Refusal {
    /// It writes what only the platform may write.
    SystemAttribute,
    /// The value for this target cannot be computed.
    NoValue(String),
}

/// Changes the attributes; on a refusal they are left half-changed and have to be thrown away.
pub(in crate::v3io) fn apply(
    actions: &[Action],
    attributes: &mut Attributes,
    identity: Option<Identity<'_>>,
) -> Result<(), Refusal> {
    actions.iter().try_for_each(|action| match action {
        Action::Remove(name) => {
            writable(name)?;
            attributes.remove(name);
            Ok(())
        }
        Action::Set(target, source) => {
            let name = target.name();
            writable(name)?;
            let scope = Scope { attributes, identity };
            let new =
                assigned(target, source, scope).ok_or_else(|| Refusal::NoValue(name.to_owned()))?;
            attributes.insert(name.to_owned(), new);
            Ok(())
        }
    })
}

fn writable(name: &str) -> Result<(), Refusal> {
    if is_system(name) { Err(Refusal::SystemAttribute) } else { Ok(()) }
}

/// The new value of the whole attribute. A plain copy keeps the text of a number.
fn assigned(target: &Target, source: &Expression, scope: Scope<'_>) -> Option<Attribute> {
    match (target, source) {
        (Target::Attribute(_), Expression::Attribute(name)) => scope.attribute(name),
        (Target::Attribute(_), source) => value(source, scope).map(Value::into_attribute),
        (Target::Element(name, index), source) => {
            let mut array = array(name, scope)?;
            array.set(position(index, scope)?, value(source, scope)?.number()?)?;
            Some(Value::Array(array).into_attribute())
        }
        (Target::Slice(name, first, last), source) => {
            let mut array = array(name, scope)?;
            let (first, last) = (position(first, scope)?, position(last, scope)?);
            overwrite(&mut array, first, last, value(source, scope)?)?;
            Some(Value::Array(array).into_attribute())
        }
    }
}

/// Writes an array of the same length over a slice, whose end is included.
fn overwrite(array: &mut Array, first: usize, last: usize, source: Value) -> Option<()> {
    let Value::Array(source) = source else { return None };
    let length = last.checked_sub(first)?.checked_add(1)?;
    if source.len() != length {
        return None;
    }
    source.numbers().enumerate().try_for_each(|(n, number)| array.set(first + n, number))
}
