//! Where requests may go: the base URL's rules, and the guard that keeps credentials at home.

use reqwest::Url;

use crate::error::{Error, Result};

/// Reads a base URL and refuses what would send credentials astray.
///
/// `origin` says where the text came from, for the error. A trailing slash is dropped. A path is
/// kept only when `with_path` says that the platform is served below one.
///
/// # Errors
/// When there is no scheme, the scheme is not http or https, there is user info, a query, a
/// fragment or an unwanted path, or when plain http would leave this machine.
pub(crate) fn base_url(text: &str, origin: &str, plain_http: bool) -> Result<Url> {
    let refuse =
        |why: &str| Error::config(format!("{origin}: the base URL `{}` {why}", shown(text)));
    let url = Url::parse(text.trim())
        .map_err(|_| refuse("is no URL; write it like https://platform.example.com"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(refuse("must begin with https:// and a host name"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let why = "the base URL holds a user name or password; give credentials separately";
        return Err(Error::config(format!("{origin}: {why}")));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("must end with the host name or a port: drop the `?` or `#` part"));
    }
    if url.scheme() == "http" && !is_loopback(&url) && !plain_http {
        return Err(refuse(
            "would send the credential unencrypted; use https, or allow plain http explicitly",
        ));
    }
    tracing::debug!(%url, origin, "base URL");
    Ok(url)
}

/// A base URL as somebody wrote it, without what may be a secret in it.
pub(crate) fn shown(text: &str) -> String {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let mark = text[end..].chars().next().map(|mark| format!("{mark}***")).unwrap_or_default();
    let bare = match (text[..end].split_once("://"), text[..end].rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://***@{host}"),
        (None, Some((_, host))) => format!("***@{host}"),
        (_, None) => text[..end].to_owned(),
    };
    bare + &mark
}

/// Refuses a path in a base URL, for platforms that are served from the root.
pub(crate) fn without_path(url: Url, origin: &str) -> Result<Url> {
    if url.path().trim_end_matches('/').is_empty() {
        return Ok(url);
    }
    let path = url.path();
    Err(Error::config(format!(
        "{origin}: the base URL `{url}` must end with the host name: drop `{path}`"
    )))
}

/// Same scheme, host and port.
pub(crate) fn same(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme()
        && a.host() == b.host()
        && a.port_or_known_default() == b.port_or_known_default()
}

/// The origin as people write it, without path, query and credentials.
pub(crate) fn name(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        base_url(text, "test", false).unwrap_err().to_string()
    }

    #[test]
    fn good_urls_pass() {
        for text in [
            "https://platform.rescale.com",
            "https://platform.rescale.com/",
            "http://127.0.0.1:18120",
            "http://[::1]:80",
            "http://localhost:9",
        ] {
            base_url(text, "test", false).unwrap();
        }
        base_url("http://intranet", "test", true).unwrap();
    }

    #[test]
    fn bad_urls_say_what_is_wrong() {
        assert!(refused("platform.rescale.com").contains("is no URL"));
        assert!(refused("ftp://platform.rescale.com").contains("https://"));
        assert!(refused("https://x?y=1").contains("`?`"));
        assert!(refused("http://platform.rescale.com").contains("unencrypted"));
        assert!(refused("http://127.0.0.1.evil.test").contains("unencrypted"));
    }

    #[test]
    fn what_may_be_secret_in_a_bad_url_is_not_repeated() {
        let cases = [
            "https://user:hunter2@host",
            "ftp://user:hunter2@host",
            "user:hunter2@host",
            "https://host?token=hunter2",
            "https://host#hunter2",
        ];
        for text in cases {
            let refusal = refused(text);
            assert!(!refusal.contains("hunter2"), "{refusal}");
        }
    }
}
