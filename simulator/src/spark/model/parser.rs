//! Reads a formula: sums of products of numbers, names and parentheses.

use super::expression::{Expression, Operator};

/// Deeper parentheses are refused.
const DEPTH: usize = 64;

/// A formula and how much of it was read.
struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

pub(super) fn parse(text: &str) -> Result<Expression, String> {
    let mut parser = Parser { rest: text.trim(), depth: 0 };
    let expression = parser.sum()?;
    match parser.rest.is_empty() {
        true => Ok(expression),
        false => Err(format!("unexpected {:?}", parser.rest)),
    }
}

/// Whether names may have this character.
pub(super) fn is_name(character: u8) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, b'_' | b'.')
}

impl<'a> Parser<'a> {
    fn sum(&mut self) -> Result<Expression, String> {
        let mut left = self.product()?;
        loop {
            let operator = match self.rest.as_bytes().first() {
                Some(b'+') => Operator::Add,
                Some(b'-') => Operator::Subtract,
                _ => return Ok(left),
            };
            self.skip(1);
            left = Expression::Binary(Box::new(left), operator, Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Result<Expression, String> {
        let mut left = self.factor()?;
        loop {
            let operator = match self.rest.as_bytes().first() {
                Some(b'*') => Operator::Multiply,
                Some(b'/') => Operator::Divide,
                _ => return Ok(left),
            };
            self.skip(1);
            left = Expression::Binary(Box::new(left), operator, Box::new(self.factor()?));
        }
    }

    fn factor(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err("too many levels".to_owned());
        }
        let factor = match self.rest.as_bytes().first() {
            None => Err("it breaks off".to_owned()),
            Some(b'-') => {
                self.skip(1);
                self.factor().map(|inner| Expression::Negative(Box::new(inner)))
            }
            Some(b'(') => self.parenthesis(),
            Some(_) => self.atom(),
        };
        self.depth -= 1;
        factor
    }

    fn parenthesis(&mut self) -> Result<Expression, String> {
        self.skip(1);
        let inner = self.sum()?;
        if !self.rest.starts_with(')') {
            return Err("a ) is missing".to_owned());
        }
        self.skip(1);
        Ok(inner)
    }

    fn atom(&mut self) -> Result<Expression, String> {
        let length = self.rest.bytes().take_while(|&c| is_name(c)).count();
        let word: &'a str = &self.rest[..length];
        if word.is_empty() {
            return Err(format!("unexpected {:?}", self.rest));
        }
        self.skip(length);
        if word.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            let number = word.parse::<f64>().map_err(|_| format!("{word:?} is no number"))?;
            return Ok(Expression::Number(number));
        }
        Ok(Expression::Input(word.to_owned()))
    }

    fn skip(&mut self, length: usize) {
        self.rest = self.rest[length..].trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_come_before_sums() {
        let value = |text: &str| {
            let inputs = |name: &str| if name == "x" { Ok(4.0) } else { Err(name.to_owned()) };
            parse(text).and_then(|formula| formula.value(&inputs))
        };
        assert_eq!(value("1 + 2 * x"), Ok(9.0));
        assert_eq!(value("(1 + 2) * x - -1"), Ok(13.0));
        assert_eq!(value("12 / 3 / 2"), Ok(2.0));
        assert_eq!(value("1 / (x - 4)"), Err("#DIV/0!".to_owned()));
        assert_eq!(value("y"), Err("y".to_owned()));
        assert!(value(&format!("{}1{}", "(".repeat(100), ")".repeat(100))).is_err());
    }
}
