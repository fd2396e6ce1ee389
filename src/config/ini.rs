//! INI files, whose values know their line.

use std::path::{Path, PathBuf};

use super::Sourced;
use crate::error::{Error, Result};

/// An INI file: sections of keys, `#` and `;` before comments, quotes around values allowed.
pub(crate) struct IniFile {
    path: PathBuf,
    text: String,
    ini: configparser::ini::Ini,
}

impl IniFile {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or a line is no section and no setting; the error names the line.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|cause| {
            Error::config(format!("the config file {} cannot be read: {cause}", path.display()))
        })?;
        Self::parse(path, text)
    }

    fn parse(path: &Path, text: String) -> Result<Self> {
        let mut ini = configparser::ini::Ini::new_cs();
        let read = ini.read(text.clone());
        read.map_err(|why| Error::config(format!("{}: {why}", path.display())))?;
        let file = Self { path: path.to_owned(), text, ini };
        file.refuse_bare_keys()?;
        Ok(file)
    }

    /// A key without a value is a slip, not an empty setting.
    fn refuse_bare_keys(&self) -> Result<()> {
        let sections = self.ini.get_map_ref();
        let bare = sections.iter().find_map(|(section, keys)| {
            let (key, _) = keys.iter().find(|(_, value)| value.is_none())?;
            Some((section, key))
        });
        let Some((section, key)) = bare else { return Ok(()) };
        let line = self.line_of(section, key).unwrap_or_default();
        let path = self.path.display();
        Err(Error::config(format!(
            "{path}: line {line}, `{key}` in [{section}] has no value; write `{key} = value`"
        )))
    }

    /// A value with its place. Keys are compared without case, like the platforms' own tools do.
    pub(crate) fn get(&self, section: &str, key: &str) -> Option<Sourced<String>> {
        let keys = self.ini.get_map_ref().get(section)?;
        let (spelled, value) = keys.iter().find(|(name, _)| name.eq_ignore_ascii_case(key))?;
        let value = unquoted(value.as_deref()?);
        if value.is_empty() {
            return None;
        }
        let line = self.line_of(section, spelled).unwrap_or_default();
        let path = self.path.display();
        let origin = format!("{path}, line {line}, `{spelled}` in [{section}]");
        Some(Sourced { value: value.to_owned(), origin })
    }

    /// Whether there is such a section.
    pub(crate) fn has(&self, section: &str) -> bool {
        self.ini.get_map_ref().contains_key(section)
    }

    /// The names of all sections, sorted.
    pub(crate) fn sections(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.ini.get_map_ref().keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// Where the file lies.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The number of the line that sets the key.
    fn line_of(&self, section: &str, key: &str) -> Option<usize> {
        let header = |line: &str| line.trim() == format!("[{section}]");
        let mut lines = self.text.lines().enumerate().skip_while(|(_, line)| !header(line)).skip(1);
        let (index, _) = lines.find(|(_, line)| {
            let name = line.split(['=', ':']).next().unwrap_or_default();
            name.trim() == key
        })?;
        Some(index + 1)
    }
}

/// Scripts in the wild write values in quotes.
fn unquoted(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner.trim();
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<IniFile> {
        IniFile::parse(Path::new("/etc/conf"), text.to_owned())
    }

    #[test]
    fn values_know_their_place() {
        let text = "; mine\n[default]\nApiKey = 'abc'\n\n[us]\napikey: def\n# end\n";
        let file = parse(text).unwrap();
        let found = file.get("default", "apikey").unwrap();
        assert_eq!(found.value, "abc");
        assert_eq!(found.origin, "/etc/conf, line 3, `ApiKey` in [default]");
        assert_eq!(file.get("us", "apikey").unwrap().value, "def");
        assert!(file.get("us", "other").is_none());
        assert_eq!(file.sections(), ["default", "us"]);
    }

    #[test]
    fn slips_are_named_with_their_line() {
        let broken = parse("[default]\nx = 1\n[us\n").err().unwrap().to_string();
        assert!(broken.contains("/etc/conf") && broken.contains("line 3"), "{broken}");
        let bare = parse("[default]\nx = 1\napikey\n").err().unwrap().to_string();
        assert!(bare.contains("line 3") && bare.contains("`apikey` in [default]"), "{bare}");
    }
}
