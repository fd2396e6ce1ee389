//! The platform's rules for new applications, checked before anything is sent (source: go-denvr,
//! the texts of its generated types).

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::values::Secret;

/// The reverse proxy's own port.
const PROXY: i64 = 443;
const PORTS: std::ops::RangeInclusive<i64> = 1..=65535;
const MOST_KEYS: usize = 10;
const LONGEST_KEY: usize = 512;
const LONGEST_NAME: usize = 255;
const LONGEST_SCRIPT: usize = 16384;

/// A name and what it stands for, `None` for nothing.
type Map<T> = BTreeMap<String, Option<T>>;

pub(super) fn environment_variables(variables: Option<&Map<Secret>>) -> Result<()> {
    for (name, value) in variables.into_iter().flatten() {
        let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
        let first = name.bytes().next().is_some_and(letter);
        if !first || !name.bytes().all(|byte| letter(byte) || byte.is_ascii_digit()) {
            return Err(Error::invalid(format!(
                "the environment variable `{name}` must begin with a letter or an underscore and go \
                 on with letters, digits and underscores"
            )));
        }
        if value.as_ref().is_some_and(|value| value.expose().contains(['\0', '\r', '\n'])) {
            return Err(Error::invalid(format!(
                "the value of the environment variable `{name}` must be one line without NUL"
            )));
        }
    }
    Ok(())
}

/// A port that is open to users. `what` names it in the error.
pub(super) fn port(what: &str, port: i64) -> Result<()> {
    match PORTS.contains(&port) {
        true => Ok(()),
        false => Err(Error::invalid(format!("{what} {port} is no port; it must be 1 to 65535"))),
    }
}

pub(super) fn proxy(wanted: Option<i64>, keys: Option<&Vec<Secret>>) -> Result<()> {
    let keys = keys.map(Vec::as_slice).unwrap_or_default();
    match wanted {
        Some(PROXY) => {
            let message = "the proxy port 443 is the reverse proxy's own; give that of the program";
            return Err(Error::invalid(message));
        }
        Some(wanted) => port("the proxy port", wanted)?,
        None if !keys.is_empty() => {
            return Err(Error::invalid("the proxy's API keys need a proxy port"));
        }
        None => {}
    }
    if keys.len() > MOST_KEYS {
        let count = keys.len();
        return Err(Error::invalid(format!(
            "{count} API keys for the proxy; at most 10 are taken"
        )));
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let good = |key: &Secret| {
        (1..=LONGEST_KEY).contains(&key.expose().len()) && key.expose().bytes().all(allowed)
    };
    match keys.iter().position(|key| !good(key)) {
        None => Ok(()),
        Some(index) => Err(Error::invalid(format!(
            "the proxy's API key number {} must be 1 to {LONGEST_KEY} letters, digits, hyphens and \
             underscores",
            index + 1
        ))),
    }
}

pub(super) fn user_scripts(scripts: Option<&Map<String>>) -> Result<()> {
    for (name, content) in scripts.into_iter().flatten() {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b". ()".contains(&byte);
        if !(1..=LONGEST_NAME).contains(&name.len()) || !name.bytes().all(allowed) {
            return Err(Error::invalid(format!(
                "the script name `{name}` must be 1 to {LONGEST_NAME} letters, digits, dots, spaces \
                 and parentheses"
            )));
        }
        let length = content.as_deref().unwrap_or_default().chars().count();
        if !(1..=LONGEST_SCRIPT).contains(&length) {
            return Err(Error::invalid(format!(
                "the script `{name}` has {length} characters; it must have 1 to {LONGEST_SCRIPT}"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(name: &str, value: &str) -> Result<()> {
        environment_variables(Some(&[(name.to_owned(), Some(Secret::from(value)))].into()))
    }

    fn keys(texts: &[&str]) -> Vec<Secret> {
        texts.iter().map(|text| Secret::from(*text)).collect()
    }

    fn script(name: &str, content: &str) -> Result<()> {
        user_scripts(Some(&[(name.to_owned(), Some(content.to_owned()))].into()))
    }

    #[test]
    fn names_of_variables_are_identifiers_and_values_one_line() {
        for good in ["A", "_", "a1_B"] {
            variables(good, "x = \"y\"").unwrap();
        }
        for bad in ["", "1A", "A-B", "A B", "\u{e4}"] {
            assert!(variables(bad, "x").is_err(), "{bad}");
        }
        let broken = variables("A", "hunter2\nx").unwrap_err().to_string();
        assert!(broken.contains("`A`") && !broken.contains("hunter2"), "{broken}");
        assert!(variables("A", "\0").is_err());
    }

    #[test]
    fn ports_are_ports_and_not_that_of_the_proxy() {
        proxy(Some(8000), None).unwrap();
        proxy(None, None).unwrap();
        for bad in [0, -1, 65536, 443] {
            assert!(proxy(Some(bad), None).is_err(), "{bad}");
        }
        port("the readiness port", 443).unwrap();
        assert!(port("the readiness port", 0).is_err());
    }

    #[test]
    fn keys_of_the_proxy_are_few_short_and_plain() {
        proxy(Some(1), Some(&keys(&["a-B_9"]))).unwrap();
        assert!(proxy(None, Some(&keys(&["a"]))).unwrap_err().to_string().contains("proxy port"));
        assert!(proxy(Some(1), Some(&keys(&["a"; 11]))).is_err());
        for bad in ["", "a b", "\u{e4}", &"x".repeat(513)] {
            let refused = proxy(Some(1), Some(&keys(&["good", bad]))).unwrap_err().to_string();
            assert!(refused.contains("number 2"), "{refused}");
        }
    }

    #[test]
    fn scripts_have_a_plain_name_and_a_content() {
        script("set up (1).sh", "echo").unwrap();
        for (name, content) in [("", "x"), ("a/b", "x"), ("a_b", "x"), ("a", "")] {
            assert!(script(name, content).is_err(), "{name}");
        }
        script("a", &"\u{e4}".repeat(LONGEST_SCRIPT)).unwrap();
        assert!(script("a", &"x".repeat(LONGEST_SCRIPT + 1)).is_err());
        assert!(script(&"a".repeat(256), "x").is_err());
    }
}
