//! File names that a server chose, made safe for any file system and kept inside a folder.

use std::collections::HashSet;
use std::path::PathBuf;

/// Longer names leave no room for the endings that a download adds while it runs.
const LONGEST: usize = 200;

/// Folders nested deeper than this are not made.
const DEEPEST: usize = 32;

/// What stands in for a name of which nothing can be used.
const NAMELESS: &str = "unnamed";

/// The last component of a server's name as a safe file name: never empty, never a path, at most
/// 200 bytes, and valid on every common system.
pub(super) fn file_name(name: &str) -> String {
    component(name.rsplit(['/', '\\']).next().unwrap_or_default())
}

/// A server's name as a safe path of one or more components, relative to a folder.
pub(super) fn relative_path(name: &str) -> PathBuf {
    let mut parts: Vec<&str> =
        name.split(['/', '\\']).filter(|part| !matches!(part.trim(), "" | "." | "..")).collect();
    let surplus = parts.len().saturating_sub(DEEPEST);
    parts.drain(..surplus);
    if parts.is_empty() {
        return PathBuf::from(NAMELESS);
    }
    parts.into_iter().map(component).collect()
}

/// One component, with whatever a file system or a terminal would misunderstand replaced.
fn component(text: &str) -> String {
    let replaced: String =
        text.chars().map(|letter| if is_harmful(letter) { '_' } else { letter }).collect();
    let trimmed = replaced.trim_start().trim_end_matches(['.', ' ']);
    let name = shortened(trimmed);
    match name.as_str() {
        "" => NAMELESS.to_owned(),
        reserved if is_device(reserved) => format!("_{reserved}"),
        _ => name,
    }
}

/// Separators, wildcards, controls, and marks that turn or hide the text around them.
fn is_harmful(letter: char) -> bool {
    let forbidden = matches!(letter, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*');
    let marks = matches!(letter,
        '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
    forbidden || marks || letter.is_control()
}

/// The names that Windows gives to devices, with any extension and in any case.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_ascii_uppercase();
    if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") {
        return true;
    }
    let numbered = stem.strip_prefix("COM").or(stem.strip_prefix("LPT"));
    let mut number = numbered.unwrap_or_default().chars();
    matches!((number.next(), number.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
}

/// Cut in the middle, so that the extension stays.
fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, extension) = match name.rfind('.') {
        Some(dot) if name.len() - dot <= 20 => name.split_at(dot),
        _ => (name, ""),
    };
    let mut end = LONGEST - extension.len();
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", stem[..end].trim_end_matches(['.', ' ']))
}

/// Hands out every name once.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// The path, or where it is taken, the path with a number: `a.txt`, `a (2).txt`.
    ///
    /// Case does not tell names apart, because on some file systems it does not.
    pub(super) fn distinct(&mut self, path: PathBuf) -> PathBuf {
        let mut candidate = path.clone();
        let mut number = 1_u32;
        while !self.taken.insert(candidate.to_string_lossy().to_lowercase()) {
            number += 1;
            candidate = numbered(&path, number);
        }
        candidate
    }
}

fn numbered(path: &std::path::Path, number: u32) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut name = format!("{stem} ({number})");
    if let Some(extension) = path.extension() {
        name = format!("{name}.{}", extension.to_string_lossy());
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    fn is_contained(path: &Path) -> bool {
        let mut components = path.components().peekable();
        components.peek().is_some() && components.all(|part| matches!(part, Component::Normal(_)))
    }

    fn check(name: &str) -> Result<(), TestCaseError> {
        let path = relative_path(name);
        prop_assert!(is_contained(&path), "{name:?} became {path:?}");
        let last = file_name(name);
        prop_assert!(is_contained(Path::new(&last)));
        prop_assert_eq!(Path::new(&last).components().count(), 1);
        for part in path.iter().map(|part| part.to_str().unwrap()).chain([last.as_str()]) {
            prop_assert!(!part.is_empty() && part.len() <= LONGEST + 1);
            prop_assert!(!part.chars().any(is_harmful) && !part.ends_with(['.', ' ']));
            prop_assert!(!is_device(part), "{part:?}");
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn any_text_becomes_a_name_inside_the_folder(name in "\\PC*|(?s).*") {
            check(&name)?;
        }

        #[test]
        fn nasty_pieces_do_too(pieces in proptest::collection::vec(
            prop_oneof![
                Just("."), Just(".."), Just("/"), Just("\\"), Just("\0"), Just(" "), Just("CON"),
                Just("nul"), Just("C:"), Just("~"), Just("\u{202e}"), Just("é"), Just("a.b"),
                Just("0123456789012345678901234567890123456789"),
            ], 0..40)
        ) {
            check(&pieces.concat())?;
        }
    }

    #[test]
    fn known_attacks_are_harmless_and_good_names_stay() {
        let path = |name: &str| relative_path(name).to_str().unwrap().replace('\\', "/");
        assert_eq!(path("../../etc/x"), "etc/x");
        assert_eq!(path("/etc/passwd"), "etc/passwd");
        assert_eq!(path("C:\\x"), "C_/x");
        assert_eq!(path("\\\\host\\share"), "host/share");
        for nothing in ["", ".", "..", "/", "./..", " ", "..."] {
            assert_eq!(path(nothing), NAMELESS, "{nothing:?}");
        }
        assert_eq!(path("a\0b\nc"), "a_b_c");
        assert_eq!(path("CON"), "_CON");
        assert_eq!(path("com1.txt"), "_com1.txt");
        assert_eq!(path("COM¹"), "_COM¹");
        assert_eq!(path("x. . "), "x");
        assert_eq!(path("evil\u{202e}txt.exe"), "evil_txt.exe");
        assert_eq!(path("run1/Ünïcode (1).tar.gz"), "run1/Ünïcode (1).tar.gz");
        assert_eq!(path(".bashrc"), ".bashrc");
        assert_eq!(file_name("../../etc/x"), "x");
        let long = file_name(&format!("{}.csv", "é".repeat(150)));
        assert!(long.len() <= LONGEST && long.ends_with("é.csv"), "{long}");
    }

    #[test]
    fn the_same_name_twice_becomes_two_names() {
        let mut names = Names::default();
        let mut next = |path: &str| names.distinct(path.into()).to_str().unwrap().to_owned();
        assert_eq!(next("run/a.txt"), "run/a.txt");
        assert_eq!(next("run/A.TXT"), "run/A (2).TXT");
        assert_eq!(next("run/a.txt"), "run/a (3).txt");
        assert_eq!(next("run/a (2).txt"), "run/a (2) (2).txt");
        assert_eq!(next("b"), "b");
    }
}
