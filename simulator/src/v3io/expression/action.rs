//! The grammar of updates: actions with semicolons between them.

use super::ast::Action;
use super::lexer::Token;
use super::parser::{Parsed, Parser};

pub(super) fn parse(text: &str) -> Parsed<Vec<Action>> {
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

impl Parser {
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
        matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case(keyword))
            && matches!(self.following(), Some(Token::Word(_) | Token::Quoted(_)))
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
