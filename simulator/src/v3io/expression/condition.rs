//! The grammar of conditions and values, from the weakest operator to the tightest.

use super::ast::{Expression, Target};
use super::functions::Function;
use super::lexer::Token;
use super::operators::{Binary, Comparison, Unary};
use super::parser::{Parsed, Parser};
use super::value::Value;

/// The most values of IN.
const CHOICES: usize = 1024;

pub(super) fn parse(text: &str) -> Parsed<Expression> {
    let mut parser = Parser::new(text)?;
    let expression = parser.condition()?;
    parser.end()?;
    Ok(expression)
}

impl Parser {
    fn condition(&mut self) -> Parsed<Expression> {
        let mut left = self.conjunction()?;
        while self.accept_keyword("or") {
            self.count_operation()?;
            left = Expression::Or(Box::new((left, self.conjunction()?)));
        }
        Ok(left)
    }

    fn conjunction(&mut self) -> Parsed<Expression> {
        let mut left = self.negation()?;
        while self.accept_keyword("and") {
            self.count_operation()?;
            left = Expression::And(Box::new((left, self.negation()?)));
        }
        Ok(left)
    }

    fn negation(&mut self) -> Parsed<Expression> {
        if !self.accept_keyword("not") {
            return self.comparison();
        }
        self.count_operation()?;
        self.nested(Self::negation).map(|operand| Expression::Not(Box::new(operand)))
    }

    fn comparison(&mut self) -> Parsed<Expression> {
        let left = self.arithmetic(0)?;
        if self.accept_keyword("in") {
            self.count_operation()?;
            self.expect("(")?;
            let choices = self.list(CHOICES, |parser| parser.arithmetic(0))?;
            return Ok(Expression::In(Box::new(left), choices));
        }
        let comparison = match self.peek() {
            Token::Symbol(symbol) => Comparison::of(symbol),
            _ => None,
        };
        let Some(comparison) = comparison else { return Ok(left) };
        self.advance();
        self.count_operation()?;
        Ok(Expression::Compare(comparison, Box::new((left, self.arithmetic(0)?))))
    }

    /// Operators that bind more tightly than `weakest`.
    pub(super) fn arithmetic(&mut self, weakest: u8) -> Parsed<Expression> {
        let mut left = self.unary()?;
        loop {
            let operator = match self.peek() {
                Token::Symbol(symbol) => Binary::of(symbol).filter(|(_, tight)| *tight > weakest),
                _ => None,
            };
            let Some((operator, tight)) = operator else { return Ok(left) };
            self.advance();
            self.count_operation()?;
            left = Expression::Binary(operator, Box::new((left, self.arithmetic(tight)?)));
        }
    }

    fn unary(&mut self) -> Parsed<Expression> {
        let operator = match self.peek() {
            Token::Symbol("-") => Unary::Minus,
            Token::Symbol("+") => Unary::Plus,
            Token::Symbol("~") => Unary::Complement,
            _ => return self.primary(),
        };
        self.advance();
        self.count_operation()?;
        self.nested(Self::unary).map(|operand| Expression::Unary(operator, Box::new(operand)))
    }

    fn primary(&mut self) -> Parsed<Expression> {
        if self.accept("(") {
            let inner = self.nested(Self::condition)?;
            self.expect(")")?;
            return Ok(inner);
        }
        match self.peek().clone() {
            Token::Literal(value) => {
                self.advance();
                Ok(Expression::Literal(value))
            }
            Token::Word(word) => self.word(&word),
            Token::Quoted(name) => {
                self.advance();
                self.attribute(name)
            }
            _ => self.error("a value is expected"),
        }
    }

    fn word(&mut self, word: &str) -> Parsed<Expression> {
        let lower = word.to_ascii_lowercase();
        match lower.as_str() {
            "true" | "false" => {
                self.advance();
                Ok(Expression::Literal(Value::Bool(lower == "true")))
            }
            "and" | "or" | "not" | "in" => self.error("a value is expected"),
            _ if self.is_call() => self.call(word),
            _ => {
                self.advance();
                self.attribute(word.to_owned())
            }
        }
    }

    fn call(&mut self, name: &str) -> Parsed<Expression> {
        let Some((function, least, most)) = Function::named(name) else {
            return self.error(format!("unknown function {name:?}"));
        };
        self.count_operation()?;
        self.advance();
        self.advance();
        let arguments = self.list(most, Self::condition)?;
        match arguments.len() < least {
            true => self.error(format!("{name} takes {least} arguments or more")),
            false => Ok(Expression::Call(function, arguments)),
        }
    }

    /// One to `most` entries and the bracket behind them.
    fn list(
        &mut self,
        most: usize,
        entry: impl Fn(&mut Self) -> Parsed<Expression>,
    ) -> Parsed<Vec<Expression>> {
        let mut entries = vec![self.nested(&entry)?];
        while self.accept(",") {
            if entries.len() == most {
                return self.error(format!("there are more than {most} values"));
            }
            entries.push(self.nested(&entry)?);
        }
        self.expect(")")?;
        Ok(entries)
    }

    /// A name with what may stand behind it.
    fn attribute(&mut self, name: String) -> Parsed<Expression> {
        Ok(match self.target(name)? {
            Target::Attribute(name) => Expression::Attribute(name),
            Target::Element(name, index) => Expression::Element(name, Box::new(index)),
            Target::Slice(name, first, last) => Expression::Slice(name, Box::new((first, last))),
        })
    }

    pub(super) fn target(&mut self, name: String) -> Parsed<Target> {
        if !self.accept("[") {
            return Ok(Target::Attribute(name));
        }
        let first = self.nested(|parser| parser.arithmetic(0))?;
        let last = match self.accept("..") {
            true => Some(self.nested(|parser| parser.arithmetic(0))?),
            false => None,
        };
        self.expect("]")?;
        Ok(match last {
            Some(last) => Target::Slice(name, first, last),
            None => Target::Element(name, first),
        })
    }
}
