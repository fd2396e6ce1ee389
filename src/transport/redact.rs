//! Takes secrets out of text before it can reach an error or a log.

use std::borrow::Cow;

use reqwest::Url;
use serde_json::Value;

/// How much of a body an error keeps.
const KEPT: usize = 4096;

/// Words that make the value of a JSON member or query parameter a secret.
const SECRET_WORDS: [&str; 9] = [
    "password",
    "secret",
    "token",
    "apikey",
    "api_key",
    "accesskey",
    "privatekey",
    "signature",
    "encryptionkey",
];

/// The beginning of a body as text, with secrets replaced by `***`.
///
/// Members of JSON objects with telling names are masked. `hide_own` takes out the credential that
/// the client itself sent; that comes before the cut, which could leave half of it.
pub(crate) fn body(bytes: &[u8], hide_own: impl Fn(&str) -> String) -> Option<String> {
    if bytes.is_empty() {
        return None;
    }
    let text = match serde_json::from_slice::<Value>(bytes) {
        Ok(mut json) => {
            mask(&mut json, |value| !value.is_null());
            json.to_string()
        }
        Err(_) => mask_text(&String::from_utf8_lossy(bytes)),
    };
    Some(clip(&hide_own(&text), KEPT))
}

/// Replaces a credential wherever it stands.
pub(crate) fn hide(text: &str, secret: &str) -> String {
    if secret.is_empty() {
        return text.to_owned();
    }
    text.replace(secret, "***")
}

/// A URL without user info and with all query values masked: pre-signed links are credentials.
pub(crate) fn url(url: &Url) -> String {
    let mut shown = format!("{}{}", super::origin::name(url), url.path());
    let names: Vec<_> = url.query_pairs().map(|(name, _)| format!("{name}=***")).collect();
    if !names.is_empty() {
        shown = format!("{shown}?{}", names.join("&"));
    }
    shown
}

/// At most `limit` bytes, cut between characters.
pub(crate) fn clip(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= limit).last();
    format!("{}...", &text[..end.unwrap_or(0)])
}

/// The body with telling members masked, to be explained. Complaints about such a member, which
/// come as lists, stay.
pub(crate) fn members(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Ok(mut json) = serde_json::from_slice(bytes) else { return Cow::Borrowed(bytes) };
    mask(&mut json, |value| value.is_string() || value.is_number());
    Cow::Owned(json.to_string().into_bytes())
}

fn mask(json: &mut Value, is_masked: fn(&Value) -> bool) {
    match json {
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, is_masked)),
        Value::Object(members) => {
            for (name, value) in members {
                if is_secret(name) && is_masked(value) {
                    *value = "***".into();
                } else {
                    mask(value, is_masked);
                }
            }
        }
        _ => {}
    }
}

/// JSON that broke off, or something that only looks like it: quoted values behind telling names
/// are masked.
fn mask_text(text: &str) -> String {
    let mut pieces: Vec<_> = text.split('"').collect();
    // Every other piece stands between quotes: name, colon, value.
    for name in (1..pieces.len().saturating_sub(2)).step_by(2) {
        if is_secret(pieces[name]) && pieces[name + 1].trim() == ":" {
            pieces[name + 2] = "***";
        }
    }
    pieces.join("\"")
}

fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase().replace('-', "");
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_members_and_own_credentials_are_masked() {
        let json = br#"{"detail":"key abc123 refused","data":[{"secretKey":"s","sasToken":"t"}]}"#;
        let text = body(json, |text| hide(text, "abc123")).unwrap();
        assert_eq!(
            text,
            r#"{"data":[{"sasToken":"***","secretKey":"***"}],"detail":"key *** refused"}"#
        );
    }

    #[test]
    fn json_that_broke_off_is_masked_too() {
        let text = body(br#"{"name":"x","secretKey": "s3cr3t","items":["sasTok"#, str::to_owned);
        assert_eq!(text.unwrap(), r#"{"name":"x","secretKey": "***","items":["sasTok"#);
        let text = body(br#"{"sasToken":"cut of"#, str::to_owned).unwrap();
        assert_eq!(text, r#"{"sasToken":"***"#);
    }

    #[test]
    fn long_bodies_are_cut_between_characters() {
        let text = body("ä".repeat(5000).as_bytes(), str::to_owned).unwrap();
        assert!(text.len() <= KEPT + 3 && text.ends_with("..."));
        assert_eq!(body(b"", str::to_owned), None);
    }

    #[test]
    fn a_credential_at_the_cut_is_hidden_whole() {
        let long = format!("{}hunter2 refused", "x".repeat(KEPT - 3));
        let text = body(long.as_bytes(), |text| hide(text, "hunter2")).unwrap();
        assert!(!text.contains("hun"), "{text}");
    }

    #[test]
    fn an_explanation_keeps_complaints_about_a_secret_and_not_the_secret() {
        let json = br#"{"apiKey":"abc","password":["too short"],"detail":"no"}"#;
        let text = String::from_utf8(members(json).into_owned()).unwrap();
        assert_eq!(text, r#"{"apiKey":"***","detail":"no","password":["too short"]}"#);
        assert_eq!(*members(b"<html>"), *b"<html>");
    }

    #[test]
    fn queries_are_masked_in_urls() {
        let link = Url::parse("https://u:p@bucket.test/a/b?X-Sig=abc&x=1").unwrap();
        assert_eq!(url(&link), "https://bucket.test/a/b?X-Sig=***&x=***");
    }
}
