//! `denvr.toml`: sections of keys, whose values know their line.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use toml::de::{DeTable, DeValue};

use crate::config::Sourced;
use crate::error::{Error, Result};

/// The sections and keys of the official clients (source: denvr 0.5.0, config.py and auth.py).
const KNOWN: [(&str, &[&str]); 2] = [
    ("defaults", &["server", "api", "cluster", "tenant", "vpcid", "rpool", "retries"]),
    ("credentials", &["apikey", "username", "password"]),
];

/// What a file says. Blank texts count as not set.
#[derive(Default)]
pub(super) struct ConfigFile {
    values: Vec<Entry>,
}

struct Entry {
    section: String,
    key: String,
    /// Any of them may be a credential.
    value: Scalar,
    origin: String,
}

enum Scalar {
    Text(SecretString),
    Number(i64),
    /// Its kind, for the error of whoever wants the value.
    Other(&'static str),
}

impl ConfigFile {
    /// Reads a file. Sections and keys that are not known are passed over with a warning.
    ///
    /// # Errors
    /// When it cannot be read or is no TOML; the error names line and column.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|cause| {
            Error::config(format!("the config file {} cannot be read: {cause}", path.display()))
        })?;
        // It holds credentials, so it is wiped after use.
        let text = SecretString::from(text);
        warn_if_open(path);
        Self::parse(path, text.expose_secret())
    }

    fn parse(path: &Path, text: &str) -> Result<Self> {
        let table = DeTable::parse(text).map_err(|error| {
            // Not the error's own display, which quotes the line and perhaps a password.
            let at = error.span().map(|span| place(text, span.start));
            let (line, column) = at.unwrap_or((1, 1));
            let (path, why) = (path.display(), error.message());
            Error::config(format!("{path}: line {line}, column {column}: {why}"))
        })?;
        let mut file = Self::default();
        for (name, section) in table.get_ref() {
            let (line, _) = place(text, name.span().start);
            let Some(keys) = section.get_ref().as_table() else {
                unknown(path, line, format!("the key `{}` outside of a section", name.get_ref()));
                continue;
            };
            file.take(Source { path, text }, name.get_ref(), keys);
        }
        Ok(file)
    }

    fn take(&mut self, source: Source<'_>, section: &str, keys: &DeTable<'_>) {
        let Source { path, text } = source;
        let known = KNOWN.iter().find(|(name, _)| *name == section).map(|(_, keys)| *keys);
        for (key, value) in keys {
            let (line, _) = place(text, key.span().start);
            let key = key.get_ref().as_ref();
            if !known.is_some_and(|known| known.contains(&key)) {
                unknown(path, line, format!("the key `{key}` in [{section}]"));
                continue;
            }
            let origin = format!("{}, line {line}, `{key}` in [{section}]", path.display());
            let value = Scalar::of(value.get_ref());
            self.values.push(Entry { section: section.into(), key: key.into(), value, origin });
        }
    }

    /// A text with its place.
    ///
    /// # Errors
    /// When the value is something else.
    pub(super) fn text(&self, section: &str, key: &str) -> Result<Option<Sourced<SecretString>>> {
        let Some(entry) = self.entry(section, key) else { return Ok(None) };
        match &entry.value {
            Scalar::Text(text) if text.expose_secret().trim().is_empty() => Ok(None),
            Scalar::Text(text) => {
                Ok(Some(Sourced { value: text.clone(), origin: entry.origin.clone() }))
            }
            other => Err(entry.expected("a text in quotes", other.kind())),
        }
    }

    /// A number that is not below 0.
    ///
    /// # Errors
    /// When the value is something else.
    pub(super) fn count(&self, section: &str, key: &str) -> Result<Option<u32>> {
        let Some(entry) = self.entry(section, key) else { return Ok(None) };
        let expected = "a whole number from 0 on";
        match entry.value {
            Scalar::Number(number) => match u32::try_from(number) {
                Ok(count) => Ok(Some(count)),
                Err(_) => Err(entry.expected(expected, &number.to_string())),
            },
            ref other => Err(entry.expected(expected, other.kind())),
        }
    }

    fn entry(&self, section: &str, key: &str) -> Option<&Entry> {
        self.values.iter().find(|entry| entry.section == section && entry.key == key)
    }
}

impl Entry {
    fn expected(&self, what: &str, found: &str) -> Error {
        Error::config(format!("{}: expected {what}, found {found}", self.origin))
    }
}

impl Scalar {
    fn of(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => Self::Text(SecretString::from(text.as_ref())),
            DeValue::Integer(number) => {
                let parsed = i64::from_str_radix(number.as_str(), number.radix());
                parsed.map_or(Self::Other("a number that is too large"), Self::Number)
            }
            other => Self::Other(other.type_str()),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Other(kind) => kind,
        }
    }
}

#[derive(Clone, Copy)]
struct Source<'a> {
    path: &'a Path,
    text: &'a str,
}

fn unknown(path: &Path, line: usize, what: String) {
    let path = path.display();
    tracing::warn!("{path}, line {line}: {what} is not known and was passed over");
}

/// Line and column of a byte, both from 1.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

/// The platform's own documentation asks for `chmod 600`.
#[cfg(unix)]
fn warn_if_open(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    const OTHERS_READ: u32 = 0o044;
    let mode = std::fs::metadata(path).map(|found| found.permissions().mode()).unwrap_or_default();
    if mode & OTHERS_READ != 0 {
        let path = path.display();
        tracing::warn!("{path} holds credentials and can be read by others: run chmod 600 {path}");
    }
}

#[cfg(not(unix))]
fn warn_if_open(_: &Path) {}

/// The file of whoever names none.
pub(super) fn default_path(home: PathBuf) -> PathBuf {
    home.join(".config").join("denvr.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<ConfigFile> {
        ConfigFile::parse(Path::new("/etc/denvr.toml"), text)
    }

    fn refused(text: &str) -> String {
        parse(text).err().expect("a slip").to_string()
    }

    #[test]
    fn values_know_their_place() {
        let file = parse("[defaults]\ncluster = 'Hou1'\nretries = 0x2\n\n[credentials]\n").unwrap();
        let cluster = file.text("defaults", "cluster").unwrap().unwrap();
        assert_eq!(cluster.value.expose_secret(), "Hou1");
        assert_eq!(cluster.origin, "/etc/denvr.toml, line 2, `cluster` in [defaults]");
        assert_eq!(file.count("defaults", "retries").unwrap(), Some(2));
        assert!(file.text("credentials", "apikey").unwrap().is_none());
    }

    #[test]
    fn inline_tables_and_dotted_keys_are_sections_too() {
        let file = parse("defaults = { cluster = \"a\" }\ncredentials.apikey = \"k\"\n").unwrap();
        assert!(file.text("defaults", "cluster").unwrap().is_some());
        let key = file.text("credentials", "apikey").unwrap().unwrap();
        assert!(key.origin.contains("line 2"), "{}", key.origin);
    }

    #[test]
    fn slips_are_named_with_line_and_column_and_without_their_text() {
        let broken = refused("[credentials]\nusername = \"a\"\npassword = hunter2\n");
        assert!(broken.contains("/etc/denvr.toml: line 3, column 12"), "{broken}");
        assert!(!broken.contains("hunter2"), "{broken}");
        assert!(refused("[defaults\n").contains("line 1, column"));
        assert!(refused("[defaults]\nserver\n").contains("line 2"));
        let twice = refused("[defaults]\ncluster = 'a'\ncluster = 'b'\n");
        assert!(twice.contains("line 3"), "{twice}");
    }

    #[test]
    fn values_of_another_kind_are_named_and_not_shown() {
        let file = parse("[defaults]\nretries = -1\n[credentials]\npassword = 12345\n").unwrap();
        let retries = file.count("defaults", "retries").unwrap_err().to_string();
        assert!(retries.contains("line 2") && retries.contains("from 0 on"), "{retries}");
        let password = file.text("credentials", "password").unwrap_err().to_string();
        assert!(password.contains("line 4") && password.contains("in quotes"), "{password}");
        assert!(!password.contains("12345"), "{password}");
        let file = parse("[defaults]\nretries = 'three'\n").unwrap();
        assert!(file.count("defaults", "retries").is_err());
    }

    #[test]
    fn what_is_not_known_and_what_is_blank_is_passed_over() {
        let file = parse("x = 1\n[defaults]\nclsuter = 'a'\nserver = ' '\n[other]\ny = 2\n");
        assert!(file.unwrap().text("defaults", "server").unwrap().is_none());
    }

    #[test]
    fn places_are_counted_in_characters() {
        assert_eq!(place("a\nä = x", 0), (1, 1));
        assert_eq!(place("a\nä = x", 7), (2, 5));
    }
}
