//! `multipart/form-data`, read part by part as it streams in.

use bytes::{Bytes, BytesMut};
use memchr::memmem;

use super::inbound::Inbound;

/// A reader of one multipart body.
#[derive(Debug)]
pub(crate) struct Multipart<'a> {
    body: &'a mut Inbound,
    buffer: BytesMut,
    /// Line break, two dashes and the boundary.
    delimiter: Vec<u8>,
}

/// The head of one part.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) filename: Option<String>,
}

/// The body does not follow the format, or ended early.
#[derive(Debug)]
pub(crate) struct Malformed;

impl<'a> Multipart<'a> {
    /// `None` when the content type names no boundary.
    pub(crate) fn new(content_type: &str, body: &'a mut Inbound) -> Option<Self> {
        let parameters = content_type.strip_prefix("multipart/form-data")?;
        let boundary = parameters.split(';').find_map(|p| p.trim().strip_prefix("boundary="))?;
        let delimiter = format!("\r\n--{}", boundary.trim_matches('"')).into_bytes();
        // The first delimiter has no line break of its own before it.
        Some(Self { body, buffer: BytesMut::from(&b"\r\n"[..]), delimiter })
    }

    /// The head of the next part, or `None` after the last one.
    pub(crate) async fn next_part(&mut self) -> Result<Option<Part>, Malformed> {
        while self.chunk().await?.is_some() {}
        self.need(self.delimiter.len() + 2).await?;
        let _ = self.buffer.split_to(self.delimiter.len());
        if self.buffer.starts_with(b"--") {
            return Ok(None);
        }
        loop {
            if let Some(end) = memmem::find(&self.buffer, b"\r\n\r\n") {
                let head = self.buffer.split_to(end + 4);
                return Ok(Some(parse_head(&String::from_utf8_lossy(&head))));
            }
            self.fill().await?;
        }
    }

    /// The next bytes of the current part, or `None` at its end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Malformed> {
        loop {
            if let Some(end) = memmem::find(&self.buffer, &self.delimiter) {
                return Ok((end > 0).then(|| self.buffer.split_to(end).freeze()));
            }
            let safe = self.buffer.len().saturating_sub(self.delimiter.len());
            if safe > 0 {
                return Ok(Some(self.buffer.split_to(safe).freeze()));
            }
            self.fill().await?;
        }
    }

    /// The rest of the current part as text, at most 1 KiB of it.
    pub(crate) async fn text(&mut self) -> Result<String, Malformed> {
        let mut text = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            text.extend_from_slice(&chunk);
            text.truncate(1024);
        }
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    async fn need(&mut self, count: usize) -> Result<(), Malformed> {
        while self.buffer.len() < count {
            self.fill().await?;
        }
        Ok(())
    }

    async fn fill(&mut self) -> Result<(), Malformed> {
        let chunk = self.body.chunk().await.ok_or(Malformed)?;
        self.buffer.extend_from_slice(&chunk);
        Ok(())
    }
}

fn parse_head(head: &str) -> Part {
    let disposition =
        head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"));
    let mut part = Part { name: String::new(), filename: None };
    let mut quoted = false;
    let separates = |c: char| {
        quoted ^= c == '"';
        c == ';' && !quoted
    };
    for parameter in disposition.unwrap_or_default().split(separates).skip(1) {
        let Some((key, value)) = parameter.trim().split_once('=') else { continue };
        match key {
            "name" => part.name = unquote(value),
            "filename" => part.filename = part.filename.or_else(|| Some(unquote(value))),
            "filename*" => part.filename = Some(extended(value)),
            _ => {}
        }
    }
    part
}

fn unquote(value: &str) -> String {
    value.trim_matches('"').replace("%22", "\"")
}

/// RFC 5987: charset, language and percent-encoded value.
fn extended(value: &str) -> String {
    let encoded = value.rsplit('\'').next().unwrap_or_default();
    percent_encoding::percent_decode_str(encoded).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_give_name_and_filename() {
        let plain = "Content-Disposition: form-data; name=\"file\"; filename=\"a;b.txt\"\r\nContent-Type: {'type_id': 1}\r\n\r\n";
        assert_eq!(
            parse_head(plain),
            Part { name: "file".into(), filename: Some("a;b.txt".into()) }
        );
        let extended =
            "content-disposition: form-data; name=\"file\"; filename*=utf-8''%CF%80.txt\r\n\r\n";
        assert_eq!(parse_head(extended).filename.as_deref(), Some("π.txt"));
    }
}
