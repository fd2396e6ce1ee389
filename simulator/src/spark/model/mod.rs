//! What a service computes: its inputs again, or formulas over them.

mod expression;
mod parser;

use std::fmt;
use std::str::FromStr;

pub(super) use expression::{Expression, render};

/// The value that makes its record fail, whatever the model.
pub(super) const BOOM: &str = "\"boom\"";

/// What a service computes from a record.
///
/// Text becomes a model by [`FromStr`]: `echo`, or formulas as in `total=price*(1+tax);net=price`.
/// A formula knows numbers, names of inputs, `+ - * /` and parentheses. An input that is missing is
/// 0, as if that were the default in the workbook.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model(pub(super) Kind);

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Kind {
    #[default]
    Echo,
    /// Names of outputs and what they are.
    Formulas(Vec<(String, Expression)>),
}

/// A text that is no model; it displays as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelError(String);

impl Model {
    /// Outputs repeat the inputs.
    pub fn echo() -> Self {
        Self(Kind::Echo)
    }

    /// What a workbook of this name computes: formulas when the name holds `=`, else its inputs.
    pub(super) fn of_workbook(file_name: &str) -> Result<Self, ModelError> {
        let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
        if stem.contains('=') { stem.parse() } else { Ok(Self::echo()) }
    }

    pub(super) fn inputs(&self) -> Vec<&str> {
        let mut names = Vec::new();
        if let Kind::Formulas(formulas) = &self.0 {
            formulas.iter().for_each(|(_, formula)| formula.collect_inputs(&mut names));
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    pub(super) fn outputs(&self) -> Vec<&str> {
        match &self.0 {
            Kind::Echo => Vec::new(),
            Kind::Formulas(formulas) => formulas.iter().map(|(name, _)| name.as_str()).collect(),
        }
    }
}

impl FromStr for Model {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        if text.trim() == "echo" {
            return Ok(Self::echo());
        }
        let formulas = text.split(';').filter(|formula| !formula.trim().is_empty()).map(formula);
        let formulas = formulas.collect::<Result<Vec<_>, _>>()?;
        match formulas.is_empty() {
            true => Err(ModelError("a model needs a formula such as total=price*2".to_owned())),
            false => Ok(Self(Kind::Formulas(formulas))),
        }
    }
}

fn formula(text: &str) -> Result<(String, Expression), ModelError> {
    let refused = |reason: &str| ModelError(format!("formula {:?}: {reason}", text.trim()));
    let (name, formula) =
        text.split_once('=').ok_or_else(|| refused("NAME=FORMULA is expected"))?;
    let name = name.trim();
    if name.is_empty() || !name.bytes().all(parser::is_name) {
        return Err(refused("a name has letters, digits, _ and . only"));
    }
    let expression = parser::parse(formula).map_err(|reason| refused(&reason))?;
    Ok((name.to_owned(), expression))
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ModelError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_a_model_or_a_sentence() {
        let model: Model = " total = price*(1+tax) ; net=price ".parse().expect("a model");
        assert_eq!((model.inputs(), model.outputs()), (vec!["price", "tax"], vec!["total", "net"]));
        assert_eq!("echo".parse(), Ok(Model::echo()));
        for wrong in ["", ";", "total", "=1", "a b=1", "a=", "a=1+", "a=(1", "a=1)", "a=$"] {
            let error = wrong.parse::<Model>().expect_err(wrong);
            assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn the_name_of_a_workbook_decides() {
        assert_eq!(Model::of_workbook("rates.xlsx"), Ok(Model::echo()));
        assert_eq!(Model::of_workbook("double=2*value.xlsx").map(|m| m.outputs().len()), Ok(1));
        assert!(Model::of_workbook("double=2*.xlsx").is_err());
    }
}
