//! Patterns of file names: `*` and `?`.

/// Whether a pattern fits a relative path, or the file's name at its end.
pub(super) fn fits(pattern: &str, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (pattern, path): (Vec<_>, Vec<_>) = (pattern.chars().collect(), path.chars().collect());
    let name = &path[path.len() - name.chars().count()..];
    matches(&pattern, &path) || matches(&pattern, name)
}

/// Whether the pattern can fit one path only.
pub(super) fn is_literal(pattern: &str) -> bool {
    !pattern.contains(['*', '?'])
}

/// Whether nothing can fit.
pub(super) fn is_empty(pattern: &str) -> bool {
    pattern.is_empty()
}

/// Goes back to the last star only, so that the time is bounded by the product of the lengths.
fn matches(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(letter) if *letter == '?' || *letter == text[t] => (p, t) = (p + 1, t + 1),
            _ => match &mut star {
                Some((at, taken)) => {
                    *taken += 1;
                    (p, t) = (*at + 1, *taken);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_the_path_or_the_name() {
        for (pattern, path) in [
            ("*.res", "pi.res"),
            ("*.res", "deep/er/pi.res"),
            ("pi.res", "deep/pi.res"),
            ("deep/*.res", "deep/er/pi.res"),
            ("p?.r*s", "pi.res"),
            ("*", "any/thing"),
            ("*a*b", "xaxbxaxb"),
            ("", ""),
            ("ü?", "üé"),
        ] {
            assert!(fits(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn what_differs_does_not_fit() {
        for (pattern, path) in [
            ("*.res", "pi.res.bak"),
            ("*.res", "pires"),
            ("er/*.res", "deep/er/pi.res"),
            ("p?.res", "p.res"),
            ("PI.res", "pi.res"),
            ("*a*b", "xaxbxa"),
            ("", "x"),
            ("a[b]", "ab"),
        ] {
            assert!(!fits(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn many_stars_take_no_longer_than_the_product_of_the_lengths() {
        assert!(!fits(&"*a".repeat(200), &"a".repeat(150)));
    }
}
