//! Where settings come from: code, environment, profile file, default. Every value keeps its
//! origin, so that an error can name it.

#[cfg(feature = "rescale")]
mod ini;

use std::path::PathBuf;

#[cfg(feature = "rescale")]
pub(crate) use ini::IniFile;

/// A setting and where it was found, such as `the variable X` or `/path/file, [section] key`.
#[derive(Clone, Debug)]
pub(crate) struct Sourced<T> {
    pub(crate) value: T,
    pub(crate) origin: String,
}

/// The variables of the process, or those of a test.
pub(crate) struct Environment(Lookup);

type Lookup = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

impl Environment {
    /// The variables that the process was started with.
    pub(crate) fn of_process() -> Self {
        Self(Box::new(|name| std::env::var(name).ok()))
    }

    #[cfg(test)]
    pub(crate) fn of_test(variables: &[(&str, &str)]) -> Self {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let variables: std::collections::HashMap<_, _> = variables.iter().map(own).collect();
        Self(Box::new(move |name| variables.get(name).cloned()))
    }

    /// A variable that is set and not blank.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.trim().is_empty())
    }

    /// The first of several spellings that is set.
    pub(crate) fn first(&self, names: &[&str]) -> Option<Sourced<String>> {
        names.iter().find_map(|name| {
            let value = self.get(name)?.trim().to_owned();
            Some(Sourced { value, origin: format!("the variable {name}") })
        })
    }

    /// The user's home folder.
    pub(crate) fn home(&self) -> Option<PathBuf> {
        self.get("HOME").or_else(|| self.get("USERPROFILE")).map(PathBuf::from)
    }
}
