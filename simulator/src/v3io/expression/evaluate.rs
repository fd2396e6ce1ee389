//! A tree becomes a value.

use super::Scope;
use super::array::Array;
use super::ast::Expression;
use super::functions::Function;
use super::value::Value;

/// Whether a condition is true; one without a value is not.
pub(super) fn holds(condition: &Expression, scope: Scope<'_>) -> bool {
    value(condition, scope).is_some_and(|value| value.is_true())
}

pub(super) fn value(expression: &Expression, scope: Scope<'_>) -> Option<Value> {
    match expression {
        Expression::Literal(value) => Some(value.clone()),
        Expression::Attribute(name) => Value::of(scope.attribute(name)?),
        Expression::Element(name, index) => {
            array(name, scope)?.get(position(index, scope)?).map(Value::Number)
        }
        Expression::Slice(name, bounds) => {
            let (first, last) = (position(&bounds.0, scope)?, position(&bounds.1, scope)?);
            array(name, scope)?.slice(first, last).map(Value::Array)
        }
        Expression::Call(function, arguments) => call(*function, arguments, scope),
        Expression::Unary(operator, operand) => operator.apply(&value(operand, scope)?),
        Expression::Binary(operator, operands) => {
            operator.apply(&value(&operands.0, scope)?, &value(&operands.1, scope)?)
        }
        condition => Some(Value::Bool(truth(condition, scope))),
    }
}

fn truth(condition: &Expression, scope: Scope<'_>) -> bool {
    match condition {
        Expression::Compare(comparison, operands) => {
            compare(&operands.0, &operands.1, scope).is_some_and(|order| comparison.holds(order))
        }
        Expression::In(operand, choices) => {
            let equal = |choice| compare(operand, choice, scope).is_some_and(|order| order.is_eq());
            choices.iter().any(equal)
        }
        Expression::Not(operand) => !holds(operand, scope),
        Expression::And(operands) => holds(&operands.0, scope) && holds(&operands.1, scope),
        Expression::Or(operands) => holds(&operands.0, scope) || holds(&operands.1, scope),
        other => holds(other, scope),
    }
}

fn compare(left: &Expression, right: &Expression, scope: Scope<'_>) -> Option<std::cmp::Ordering> {
    value(left, scope)?.compare(&value(right, scope)?)
}

fn call(function: Function, arguments: &[Expression], scope: Scope<'_>) -> Option<Value> {
    match (function, arguments) {
        (Function::Exists, [subject]) => Some(Value::Bool(value(subject, scope).is_some())),
        (Function::IfNotExists, [subject, default]) => {
            value(subject, scope).or_else(|| value(default, scope))
        }
        (Function::IfElse, [condition, yes, no]) => {
            value(if holds(condition, scope) { yes } else { no }, scope)
        }
        _ => {
            let values = arguments.iter().map(|argument| value(argument, scope));
            function.apply(&values.collect::<Option<Vec<_>>>()?)
        }
    }
}

pub(super) fn array(name: &str, scope: Scope<'_>) -> Option<Array> {
    match Value::of(scope.attribute(name)?)? {
        Value::Array(array) => Some(array),
        _ => None,
    }
}

/// The index that an expression stands for.
pub(super) fn position(index: &Expression, scope: Scope<'_>) -> Option<usize> {
    value(index, scope)?.number()?.as_i64()?.try_into().ok()
}
