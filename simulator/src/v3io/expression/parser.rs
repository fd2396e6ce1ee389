//! Tokens become a tree.

use super::ast::{Action, Expression, Target};
use super::functions::Function;
use super::lexer::{Token, tokens};
use super::operators::{Binary, Comparison, Unary};
use super::value::Value;
use super::{OPERATIONS, SyntaxError};

/// How deep brackets, signs and negations may be nested.
const DEPTH: usize = 100;
/// The most values of IN.
const CHOICES: usize = 1024;

type Parsed<T> = Result<T, SyntaxError>;

pub(super) fn condition(text: &str) -> Parsed<Expression> {
    let mut parser = Parser::new(text)?;
    let expression = parser.condition()?;
    parser.end()?;
    Ok(expression)
}

pub(super) fn update(text: &str) -> Parsed<Vec<Action>> {
    let mut parser = Parser::new(text)?;
    let mut actions = Vec::new();
    loop {
        while parser.accept(";") {}
        if parser.peek() == &Token::End {
            return Ok(actions);
        }
        actions.push(parser.action()?);
        if parser.peek() != &Token::End {
            parser.expect(";")?;
        }
    }
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    operations: usize,
    depth: usize,
}

impl Parser {
    fn new(text: &str) -> Parsed<Self> {
        Ok(Self { tokens: tokens(text)?, next: 0, operations: 0, depth: 0 })
    }

    fn peek(&self) -> &Token {
        &self.tokens[self.next].1
    }

    fn advance(&mut self) -> Token {
        let token = self.peek().clone();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    fn error<T>(&self, reason: impl Into<String>) -> Parsed<T> {
        Err(SyntaxError::new(self.tokens[self.next].0, reason))
    }

    fn accept(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(found) if *found == symbol);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, symbol: &str) -> Parsed<()> {
        if self.accept(symbol) { Ok(()) } else { self.error(format!("{symbol:?} is expected")) }
    }

    fn accept_keyword(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case(keyword));
        if found {
            self.advance();
        }
        found
    }

    fn end(&self) -> Parsed<()> {
        match self.peek() {
            Token::End => Ok(()),
            _ => self.error("the end of the expression is expected"),
        }
    }

    fn count_operation(&mut self) -> Parsed<()> {
        self.operations += 1;
        match self.operations > OPERATIONS {
            true => self.error(format!("there are more than {OPERATIONS} operations")),
            false => Ok(()),
        }
    }

    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > DEPTH {
            return self.error("the expression is nested too deeply");
        }
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

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
    fn arithmetic(&mut self, weakest: u8) -> Parsed<Expression> {
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

    fn is_call(&self) -> bool {
        self.tokens.get(self.next + 1).is_some_and(|(_, token)| *token == Token::Symbol("("))
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

    fn target(&mut self, name: String) -> Parsed<Target> {
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

    fn action(&mut self) -> Parsed<Action> {
        if self.is_action("remove") {
            self.advance();
            return self.name().map(Action::Remove);
        }
        if self.is_call() && self.accept_keyword("delete") {
            self.expect("(")?;
            let name = self.name()?;
            self.expect(")")?;
            return Ok(Action::Remove(name));
        }
        if self.is_action("set") {
            self.advance();
        }
        self.assignment()
    }

    /// Whether a keyword stands before a name, and is not itself the name of an attribute.
    fn is_action(&self, keyword: &str) -> bool {
        let follows = self.tokens.get(self.next + 1).map(|(_, token)| token);
        matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case(keyword))
            && matches!(follows, Some(Token::Word(_) | Token::Quoted(_)))
    }

    fn assignment(&mut self) -> Parsed<Action> {
        self.count_operation()?;
        let name = self.name()?;
        let target = self.target(name)?;
        self.expect("=")?;
        Ok(Action::Set(target, self.arithmetic(0)?))
    }

    fn name(&mut self) -> Parsed<String> {
        match self.peek().clone() {
            Token::Word(name) | Token::Quoted(name) => {
                self.advance();
                Ok(name)
            }
            _ => self.error("the name of an attribute is expected"),
        }
    }
}
