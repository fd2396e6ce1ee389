//! Bodies as goldens have them.

use longhaul_simulator::Recorded;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::message::parameters;

pub(super) fn read(request: &Recorded, describe: impl Fn(&Part<'_>) -> Value) -> Value {
    let content = request.header("content-type").unwrap_or_default();
    if let Some((_, boundary)) = content.split_once("boundary=") {
        let parts: Vec<_> = parts(&request.body, boundary).iter().map(describe).collect();
        return json!({ "multipart": parts });
    }
    match content {
        _ if request.body.is_empty() => Value::Null,
        "application/x-www-form-urlencoded" => json!({"form": parameters(&request.body)}),
        _ => serde_json::from_slice(&request.body).unwrap_or_else(|_| request.text().into()),
    }
}

/// A part of a multipart body.
pub(crate) struct Part<'b> {
    pub(crate) name: Option<String>,
    pub(crate) filename: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) content: &'b [u8],
}

fn parts<'b>(body: &'b [u8], boundary: &str) -> Vec<Part<'b>> {
    let delimiter = format!("--{boundary}");
    let positions = find_all(body, delimiter.as_bytes());
    let between = positions.windows(2).map(|pair| {
        let inner = &body[pair[0] + delimiter.len()..pair[1]];
        inner.strip_prefix(b"\r\n").and_then(|inner| inner.strip_suffix(b"\r\n")).expect("a part")
    });
    between.map(Part::new).collect()
}

fn find_all(body: &[u8], what: &[u8]) -> Vec<usize> {
    let windows = body.windows(what.len()).enumerate();
    windows.filter(|(_, window)| *window == what).map(|(at, _)| at).collect()
}

impl<'b> Part<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        let end = find_all(bytes, b"\r\n\r\n")[0];
        let (head, content) = (String::from_utf8_lossy(&bytes[..end]), &bytes[end + 4..]);
        let header = |name: &str| {
            head.lines().find_map(|line| {
                let (key, value) = line.split_once(": ")?;
                key.eq_ignore_ascii_case(name).then(|| value.to_owned())
            })
        };
        let disposition = header("content-disposition").unwrap_or_default();
        let field = |name: &str| {
            let (_, rest) = disposition.split_once(&format!("; {name}=\""))?;
            rest.split('"').next().map(str::to_owned)
        };
        let content_type = header("content-type");
        Self { name: field("name"), filename: field("filename"), content_type, content }
    }

    /// Its head, and its content by size and checksum.
    pub(super) fn digest(&self) -> Value {
        let digest = Sha256::digest(self.content);
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        json!({
            "name": self.name, "filename": self.filename, "content_type": self.content_type,
            "size": self.content.len(), "sha256": hex,
        })
    }
}
