//! Text becomes tokens with their positions.

use super::value::{Number, Value};
use super::{LENGTH, SyntaxError};

/// One token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A number, text or timestamp.
    Literal(Value),
    /// A name or keyword as written.
    Word(String),
    /// A name in back-ticks, never a keyword.
    Quoted(String),
    Symbol(&'static str),
    End,
}

/// Longer symbols first.
const SYMBOLS: [&str; 25] = [
    "==", "!=", "<=", ">=", "<<", ">>", "..", "<", ">", "=", "+", "-", "*", "/", "%", "&", "|",
    "^", "~", "(", ")", "[", "]", ",", ";",
];

/// The tokens of a text, the last one being its end.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, SyntaxError> {
    if text.len() > LENGTH {
        return Err(SyntaxError::new(
            LENGTH,
            format!("the expression is longer than {LENGTH} bytes"),
        ));
    }
    if let Some(position) = text.find('\\') {
        return Err(SyntaxError::new(position, "a backslash is not allowed"));
    }
    let mut lexer = Lexer { text, position: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blanks();
        let position = lexer.position;
        let token = lexer.token()?;
        let end = token == Token::End;
        tokens.push((position, token));
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    fn skip_blanks(&mut self) {
        self.position += self.rest().len() - self.rest().trim_start().len();
    }

    fn token(&mut self) -> Result<Token, SyntaxError> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(Token::End) };
        let second_is_digit = rest[first.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
        match first {
            '0'..='9' => self.number(),
            '.' if second_is_digit => self.number(),
            '\'' | '"' => Ok(Token::Literal(Value::Text(self.quoted(first)?))),
            '`' => Ok(Token::Quoted(self.quoted(first)?)),
            c if c.is_ascii_alphabetic() || c == '_' => {
                Ok(Token::Word(self.take(|c| c.is_ascii_alphanumeric() || c == '_').to_owned()))
            }
            _ => self.symbol(),
        }
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.position += end;
        &rest[..end]
    }

    fn quoted(&mut self, quote: char) -> Result<String, SyntaxError> {
        let (start, inner) = (self.position, &self.rest()[1..]);
        let end = inner
            .find(quote)
            .ok_or_else(|| SyntaxError::new(start, format!("the closing {quote} is missing")))?;
        self.position += end + 2;
        Ok(inner[..end].to_owned())
    }

    fn symbol(&mut self) -> Result<Token, SyntaxError> {
        let found = SYMBOLS.into_iter().find(|symbol| self.rest().starts_with(symbol));
        let symbol =
            found.ok_or_else(|| SyntaxError::new(self.position, "unexpected character"))?;
        self.position += symbol.len();
        Ok(Token::Symbol(symbol))
    }

    /// An integer, a decimal number, or a timestamp `sec:nsec`.
    fn number(&mut self) -> Result<Token, SyntaxError> {
        let start = self.position;
        let whole = self.take(|c| c.is_ascii_digit());
        if let Some(nsecs) = self.after(":") {
            return timestamp(whole, nsecs)
                .ok_or_else(|| SyntaxError::new(start, "not a timestamp"));
        }
        self.fraction();
        self.exponent();
        let number = Number::parse(&self.text[start..self.position]);
        let number = number.ok_or_else(|| SyntaxError::new(start, "the number is out of range"))?;
        Ok(Token::Literal(Value::Number(number)))
    }

    /// Digits behind a mark; nothing is taken when there are none.
    fn after(&mut self, mark: &str) -> Option<&'a str> {
        let digits = self.rest().strip_prefix(mark)?;
        if !digits.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.position += mark.len();
        Some(self.take(|c| c.is_ascii_digit()))
    }

    /// Two periods belong to a slice.
    fn fraction(&mut self) {
        if self.rest().starts_with('.') && !self.rest().starts_with("..") {
            self.position += 1;
            self.take(|c| c.is_ascii_digit());
        }
    }

    fn exponent(&mut self) {
        let marks = ["e", "E", "e+", "E+", "e-", "E-"];
        let _ = marks.into_iter().find_map(|mark| self.after(mark));
    }
}

fn timestamp(secs: &str, nsecs: &str) -> Option<Token> {
    let (secs, nsecs) = crate::v3io::attribute::timestamp(&format!("{secs}:{nsecs}"))?;
    Some(Token::Literal(Value::Time(secs, nsecs)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Token> {
        tokens(text).expect("tokens").into_iter().map(|(_, token)| token).collect()
    }

    #[test]
    fn slices_and_decimals_are_told_apart() {
        let int = |n| Token::Literal(Value::Number(Number::Int(n)));
        assert_eq!(kinds("1..3"), [int(1), Token::Symbol(".."), int(3), Token::End]);
        let double = |n| Token::Literal(Value::Number(Number::Double(n)));
        assert_eq!(
            kinds("1.5 .5 2. 1e3"),
            [double(1.5), double(0.5), double(2.0), double(1000.0), Token::End]
        );
        assert_eq!(kinds("7:8"), [Token::Literal(Value::Time(7, 8)), Token::End]);
    }

    #[test]
    fn errors_tell_their_position() {
        for (text, position) in
            [("a == 'b", 5), ("a \\ b", 2), ("a ? b", 2), ("`x", 0), ("5:9999999999", 0)]
        {
            assert_eq!(tokens(text).expect_err(text).position, position, "{text}");
        }
    }
}
