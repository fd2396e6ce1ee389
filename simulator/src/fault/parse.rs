//! The textual form of a rule.

use std::fmt;
use std::str::FromStr;

use super::{Action, Canned, Condition, Fault, Retry};
use crate::units;

/// A rule that does not follow the grammar; it displays as a sentence with the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultError(String);

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FaultError {}

/// The rest of the rule and where in it the next word begins.
struct Words<'a> {
    rule: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    fn peek(&mut self) -> Option<&'a str> {
        let rest = &self.rule[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.rule[self.at..].split_whitespace().next()
    }

    fn skip(&mut self, word: &str) {
        self.at += word.len();
    }

    fn next_if(&mut self, wanted: impl Fn(&str) -> bool) -> Option<&'a str> {
        let word = self.peek().filter(|word| wanted(word))?;
        self.skip(word);
        Some(word)
    }

    fn rest(&mut self) -> &'a str {
        let rest = self.rule[self.at..].trim();
        self.at = self.rule.len();
        rest
    }

    /// The next word, read by `read`; an error names the column of the word.
    fn read<T>(
        &mut self,
        what: &str,
        read: impl FnOnce(&'a str) -> Result<T, String>,
    ) -> Result<T, FaultError> {
        let Some(word) = self.peek() else { return Err(self.error(&format!("{what} is missing"))) };
        let value =
            read(word).map_err(|reason| self.error(&format!("expected {what}, but {reason}")))?;
        self.skip(word);
        Ok(value)
    }

    fn error(&self, reason: &str) -> FaultError {
        FaultError(format!("fault rule {:?}, column {}: {reason}", self.rule, self.at + 1))
    }
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(rule: &str) -> Result<Self, FaultError> {
        let mut words = Words { rule, at: 0 };
        let mut condition = Condition::any();
        let is_method = |word: &str| word == "*" || word.bytes().all(|c| c.is_ascii_uppercase());
        condition.method = words.next_if(is_method).map(str::to_owned);
        condition.path = words
            .next_if(|word| word.starts_with('/') || word.starts_with("**"))
            .map(str::to_owned);
        while let Some(word) = words.peek() {
            if !read_condition(&mut condition, word).map_err(|reason| words.error(&reason))? {
                break;
            }
            words.skip(word);
        }
        Ok(Fault { condition, action: read_alternatives(&mut words)? })
    }
}

/// Whether the word was a condition.
fn read_condition(condition: &mut Condition, word: &str) -> Result<bool, String> {
    if word == "once" {
        condition.limit = Some(1);
        return Ok(true);
    }
    let Some((key, value)) = word.split_once('=') else { return Ok(false) };
    let number = || value.parse::<u64>().map_err(|_| format!("{value:?} is not a whole number"));
    let pair = || match value.split_once(':') {
        Some((name, pattern)) => (name.to_owned(), Some(pattern.to_owned())),
        None => (value.to_owned(), None),
    };
    match key {
        "first" => condition.limit = Some(number()?),
        "skip" => condition.skip = number()?,
        "seed" => condition.seed = number()?,
        "query" => condition.query.push(pair()),
        "header" => condition.headers.push(pair()),
        "rate" => condition.rate = Some(share(value)?),
        _ => return Err(format!("unknown condition {key:?}")),
    }
    Ok(true)
}

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| format!("{text:?} is not a number"))?;
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        Err(format!("{text} is not between 0 and 1"))
    }
}

fn read_alternatives(words: &mut Words<'_>) -> Result<Action, FaultError> {
    let mut actions = vec![read_action(words)?];
    while words.next_if(|word| word == "|").is_some() {
        actions.push(read_action(words)?);
    }
    match words.peek() {
        Some(word) => Err(words.error(&format!("unexpected {word:?}"))),
        None if actions.len() == 1 => Ok(actions.remove(0)),
        None => Ok(Action::OneOf(actions)),
    }
}

fn read_action(words: &mut Words<'_>) -> Result<Action, FaultError> {
    let Some(name) = words.peek() else { return Err(words.error("an action is missing")) };
    let start = words.at;
    words.skip(name);
    if let Some(status) = status(name) {
        return read_status(status, words);
    }
    if let Some(action) = bare(name) {
        return Ok(action);
    }
    read_arguments(name, words)?.ok_or_else(|| {
        words.at = start;
        words.error(&format!("unknown action {name:?}"))
    })
}

/// The actions without arguments.
fn bare(name: &str) -> Option<Action> {
    Some(match name {
        "throttle" => Fault::status(429).retry_after(1).action,
        "gateway" => Fault::status(504).as_html().action,
        "expired" => Action::Expired,
        "close" => Action::Close,
        "ignore-range" => Action::IgnoreRange,
        "html" => Fault::html().action,
        "garbage" => Fault::garbage().action,
        _ => return None,
    })
}

fn read_arguments(name: &str, words: &mut Words<'_>) -> Result<Option<Action>, FaultError> {
    let text = |words: &mut Words<'_>| words.read("a value", |word| Ok(word.to_owned()));
    Ok(Some(match name {
        "redirect" => read_redirect(words)?,
        "reset" => read_reset(words)?,
        "refuse" => Action::Refuse(words.read("a time", units::duration)?),
        "delay" if is_after(words) => Action::DelayAfter(words.read("a time", units::duration)?),
        "delay" => Action::Delay(words.read("a time", units::duration)?),
        "hang" if is_after(words) => Action::HangAfter,
        "hang" => Action::Hang,
        "stall" => Action::Stall(optional_size(words)?),
        "trickle" => Action::Trickle(words.read("a rate", units::size)?.max(1)),
        "truncate" => Action::Truncate(optional_size(words)?),
        "short" => Action::Short(words.read("a size", units::size)?),
        "narrow" => Action::Narrow(words.read("a size", units::size)?),
        "corrupt" => Action::Corrupt(optional_size(words)?),
        "content-range" => Action::Header("Content-Range".to_owned(), words.rest().to_owned()),
        "etag" => Action::Etag(text(words)?),
        "body" => Action::Body("application/json", words.rest().to_owned().into()),
        "set" => Action::Set(text(words)?, words.read("a JSON value", json)?),
        "remove" => Action::Remove(text(words)?),
        "next" => Action::Next(text(words)?),
        "set-header" => Action::Header(text(words)?, words.rest().to_owned()),
        "raw" => Action::Raw(words.rest().replace("\\r", "\r").replace("\\n", "\n").into()),
        _ => return Ok(None),
    }))
}

fn status(word: &str) -> Option<u16> {
    word.parse().ok().filter(|status| (200..=599).contains(status))
}

fn read_status(status: u16, words: &mut Words<'_>) -> Result<Action, FaultError> {
    let mut canned = Canned::new(status);
    while let Some(word) = words.peek().filter(|&word| word != "|") {
        if let Some(text) = word.strip_prefix("body=") {
            let start = words.at + word.len() - text.len();
            canned.body = Some(words.rule[start..].trim().to_owned().into());
            words.rest();
            break;
        }
        read_detail(&mut canned, word).map_err(|reason| words.error(&reason))?;
        words.skip(word);
    }
    Ok(Action::Status(canned))
}

fn read_detail(canned: &mut Canned, word: &str) -> Result<(), String> {
    let (key, value) = word.split_once('=').unwrap_or((word, ""));
    let seconds =
        || value.parse::<u64>().map_err(|_| format!("{value:?} is not a number of seconds"));
    match key {
        "after" => canned.after = true,
        "html" => canned.html = true,
        "retry-after" => canned.retry = Some(Retry::Seconds(seconds()?)),
        "retry-date" => canned.retry = Some(Retry::Date(seconds()?)),
        "header" => {
            let (name, value) = value.split_once(':').ok_or("header=NAME:VALUE is expected")?;
            canned.headers.push((name.to_owned(), value.to_owned()));
        }
        _ => return Err(format!("unknown detail {word:?} of a status")),
    }
    Ok(())
}

fn read_reset(words: &mut Words<'_>) -> Result<Action, FaultError> {
    Ok(match words.next_if(|word| word == "after" || word == "body") {
        Some("body") => Action::ResetInBody(words.read("a size", units::size)?),
        Some(_) => Action::ResetAfter,
        None => Action::Reset,
    })
}

fn is_after(words: &mut Words<'_>) -> bool {
    words.next_if(|word| word == "after").is_some()
}

fn read_redirect(words: &mut Words<'_>) -> Result<Action, FaultError> {
    let code = words.next_if(|word| status(word).is_some()).and_then(status).unwrap_or(307);
    let url = words.read("a URL", |word| Ok(word.to_owned()))?;
    Ok(Fault::redirect(code, url).action)
}

fn optional_size(words: &mut Words<'_>) -> Result<Option<u64>, FaultError> {
    match words.peek() {
        None | Some("|") => Ok(None),
        Some(_) => words.read("a size", units::size).map(Some),
    }
}

fn json(word: &str) -> Result<serde_json::Value, String> {
    serde_json::from_str(word).map_err(|_| format!("{word:?} is not JSON"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(rule: &str) -> String {
        rule.parse::<Fault>().expect_err("must be refused").to_string()
    }

    #[test]
    fn every_documented_action_is_understood() {
        let rules = "503 after html retry-after=1|429 retry-date=2 header=X-A:b|500 body={\"detail\": \"x y\"}|throttle|gateway|expired\
            |redirect http://127.0.0.1:9|redirect 302 /x|refuse 2s|reset|reset after|reset body 1KiB|close|delay 200ms|delay after 1s|hang|hang after|stall|stall 5\
            |trickle 10|truncate|truncate 7|short 1|narrow 1|corrupt|corrupt 3|content-range bytes 0-1/2|ignore-range|etag \"x\"|html\
            |garbage|body {}|set /a/b {\"c\":1}|remove /a|next self|set-header X-A b c|raw HTTP/1.1 200 OK\\r\\n";
        for rule in rules.split('|') {
            let full =
                format!("GET /a/*/b skip=1 first=2 rate=0.5 seed=3 query=a:1 header=b {rule}");
            assert!(full.parse::<Fault>().is_ok(), "{full}: {:?}", full.parse::<Fault>());
            assert!(rule.parse::<Fault>().is_ok(), "{rule}");
        }
        assert!("/x rate=0.2 503 | reset after | truncate".parse::<Fault>().is_ok());
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        assert_eq!(
            error("GET /x flub"),
            "fault rule \"GET /x flub\", column 8: unknown action \"flub\""
        );
        assert_eq!(
            error("/x first=a 503"),
            "fault rule \"/x first=a 503\", column 4: \"a\" is not a whole number"
        );
        assert_eq!(error("/x"), "fault rule \"/x\", column 3: an action is missing");
        assert!(error("rate=2 503").contains("not between 0 and 1"));
        assert!(
            error("delay soon")
                .contains("column 7: expected a time, but \"soon\" is not a duration")
        );
        assert!(error("reset before").contains("unexpected \"before\""));
    }
}
