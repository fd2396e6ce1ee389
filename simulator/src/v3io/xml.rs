//! Writes XML: elements with escaped text, nothing more.

use std::fmt::{self, Display, Write};

/// A document that grows.
#[derive(Debug)]
pub(super) struct Xml(String);

impl Xml {
    pub(super) fn new() -> Self {
        Self("<?xml version=\"1.0\" encoding=\"utf-8\"?>".to_owned())
    }

    pub(super) fn open(&mut self, name: &str) -> &mut Self {
        self.tag("<", name)
    }

    pub(super) fn close(&mut self, name: &str) -> &mut Self {
        self.tag("</", name)
    }

    /// An element with a text.
    pub(super) fn text(&mut self, name: &str, value: impl Display) -> &mut Self {
        self.open(name);
        let _ = write!(Escaped(&mut self.0), "{value}");
        self.close(name)
    }

    pub(super) fn finish(self) -> String {
        self.0
    }

    fn tag(&mut self, bracket: &str, name: &str) -> &mut Self {
        self.0.extend([bracket, name, ">"]);
        self
    }
}

/// Escapes what is written through it.
struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '\r' => self.0.push_str("&#13;"),
                character if is_forbidden(character) => self.0.push('\u{fffd}'),
                character => self.0.push(character),
            }
        }
        Ok(())
    }
}

/// Characters that XML cannot carry, not even escaped.
fn is_forbidden(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped() {
        let mut xml = Xml::new();
        xml.text("Key", "a<b>&\u{1}");
        assert!(xml.finish().ends_with("<Key>a&lt;b&gt;&amp;\u{fffd}</Key>"));
    }
}
