//! Bodies of type multipart/form-data (RFC 7578), streamed and with a known length.

use bytes::Bytes;
use futures_util::{StreamExt, stream};

use super::content::{Content, Outgoing};

/// A form whose parts are sent in the order in which they were added.
#[derive(Clone, Debug)]
pub struct Form {
    boundary: String,
    parts: Vec<(Bytes, Content)>,
}

impl Default for Form {
    fn default() -> Self {
        Self::new()
    }
}

impl Form {
    /// A form without parts.
    pub fn new() -> Self {
        let boundary = format!("longhaul-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        Self { boundary, parts: Vec::new() }
    }

    /// Adds a field of text.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<String>) -> Self {
        let head = format!("Content-Disposition: form-data; name=\"{}\"\r\n", quoted(name));
        self.push(&head, Content::bytes(value.into()));
        self
    }

    /// Adds a file under a name for the server.
    #[must_use]
    pub fn file(mut self, name: &str, file_name: &str, content: Content) -> Self {
        let head = format!(
            "Content-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n",
            quoted(name),
            quoted(file_name)
        );
        self.push(&head, content);
        self
    }

    fn push(&mut self, head: &str, content: Content) {
        let start = if self.parts.is_empty() { "" } else { "\r\n" };
        let head = format!("{start}--{}\r\n{head}\r\n", self.boundary);
        self.parts.push((head.into(), content));
    }

    /// The value of the `Content-Type` header.
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    fn end(&self) -> Bytes {
        let start = if self.parts.is_empty() { "" } else { "\r\n" };
        format!("{start}--{}--\r\n", self.boundary).into()
    }

    pub(super) fn size(&self) -> u64 {
        let parts = self.parts.iter().map(|(head, content)| head.len() as u64 + content.size());
        parts.sum::<u64>() + self.end().len() as u64
    }

    pub(super) fn open(&self) -> Outgoing {
        let parts = self.parts.clone();
        let parts = stream::iter(parts)
            .flat_map(|(head, content)| stream::iter([Ok(head)]).chain(content.open()));
        Box::pin(parts.chain(stream::iter([Ok(self.end())])))
    }
}

/// Quoted as browsers do it: UTF-8 is kept, what would end the quotes or the line is encoded.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;

    use super::*;

    async fn text(form: &Form) -> String {
        let chunks: Vec<Bytes> = form.open().try_collect().await.unwrap();
        String::from_utf8(chunks.concat()).unwrap()
    }

    #[tokio::test]
    async fn the_body_is_as_the_standard_says_and_as_long_as_announced() {
        let file = Content::bytes("a\r\nb");
        let form = Form::new().file("file", "pi \"é\"\r\n.py", file).field("typeId", "1");
        let boundary = form.content_type().split_once("boundary=").unwrap().1.to_owned();
        let expected = format!(
            "--{boundary}\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"pi %22é%22%0D%0A.py\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n\
             a\r\nb\r\n\
             --{boundary}\r\n\
             Content-Disposition: form-data; name=\"typeId\"\r\n\r\n\
             1\r\n\
             --{boundary}--\r\n"
        );
        assert_eq!(text(&form).await, expected);
        assert_eq!(form.size(), expected.len() as u64);
        assert_eq!(text(&form).await, expected, "it can be sent again");
    }

    #[tokio::test]
    async fn boundaries_differ_and_an_empty_form_is_valid() {
        assert_ne!(Form::new().boundary, Form::new().boundary);
        let form = Form::new();
        assert_eq!(text(&form).await, format!("--{}--\r\n", form.boundary));
        assert_eq!(form.size(), text(&form).await.len() as u64);
    }
}
