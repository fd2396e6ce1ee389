//! Files by their addresses, as answers of the platform name them.

use std::path::PathBuf;

use progenitor_client::{Error as RawError, ResponseValue};
use reqwest::header::{HeaderName, HeaderValue, IF_MATCH, RANGE};
use reqwest::{Method, Request, Url};

use super::{Client, Document};
use crate::error::{Error, Result};
use crate::transfer::{Download, Incoming, Link, Source, Wanted};
use crate::transport::call::call_streamed;
use crate::transport::origin;

const TENANT: HeaderName = HeaderName::from_static("x-tenant-name");

/// The operation whose rules a file at an address follows: streamed and safe to repeat.
const OPERATION: &str = "download_document";

/// Files by their addresses.
#[derive(Clone, Debug)]
pub struct Files {
    client: Client,
}

impl Client {
    /// Files by their addresses.
    pub fn files(&self) -> Files {
        Files { client: self.clone() }
    }

    /// The file at an address that an answer named.
    pub(super) fn document(&self, url: &str) -> Document {
        match self.base_url().join(url.trim()) {
            Ok(url) if is_usable(&url) => self.document_at(url),
            _ => Document::refused("file", &unusable()),
        }
    }

    fn document_at(&self, url: Url) -> Document {
        let name = file_name(&url);
        if !origin::same(&url, self.base_url()) {
            let link = Link::new(self.raw_origin().client.clone(), url);
            return Document::new(name, move |wanted| {
                let link = link.clone();
                async move { link.open(wanted).await }
            });
        }
        let client = self.clone();
        Document::new(name, move |wanted| {
            let (client, url) = (client.clone(), url.clone());
            async move { fetch(&client, url, wanted).await }
        })
    }
}

impl Files {
    /// The file at an address, without asking for it yet.
    ///
    /// The client's credential goes along only when the address is on the client's own server.
    /// Elsewhere, as with a signed address of a storage service, the address itself is the
    /// credential, and it is not shown in errors.
    pub fn document(&self, url: impl AsRef<str>) -> Document {
        self.client.document(url.as_ref())
    }

    /// Downloads the file at an address to a path; see [`document`](Files::document) and
    /// [`Document::download_to`].
    pub fn download(&self, url: impl AsRef<str>, path: impl Into<PathBuf>) -> Download<Document> {
        self.document(url).download_to(path)
    }
}

fn is_usable(url: &Url) -> bool {
    let open = url.username().is_empty() && url.password().is_none();
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some() && open
}

/// The address is not shown: it may be a secret.
fn unusable() -> Error {
    Error::invalid("the address of the file is no http or https address without a user name")
}

fn file_name(url: &Url) -> String {
    let last = url.path_segments().and_then(|mut parts| parts.next_back().map(str::to_owned));
    let decoded = last.map(|name| percent_decoded(&name));
    decoded.filter(|name| !name.is_empty()).unwrap_or_else(|| "file".to_owned())
}

fn percent_decoded(text: &str) -> String {
    // In a form a plus is a space, in a path it is itself.
    let text = text.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    let pairs = url::form_urlencoded::parse(text.as_bytes());
    pairs.map(|(text, _)| text.into_owned()).collect()
}

/// Asks for a file on the client's own server, with all that its calls have.
async fn fetch(client: &Client, url: Url, wanted: Wanted) -> Result<Incoming> {
    let raw = client.raw_origin();
    let request = request(client, url, &wanted)?;
    let answer = async {
        let response = raw.inner.exec(&raw.client, request, OPERATION).await;
        match response.status().as_u16() {
            200 | 206 => Ok(ResponseValue::stream(response)),
            _ => Err(RawError::UnexpectedResponse(response)),
        }
    };
    Ok(call_streamed(answer).await?.into())
}

fn request(client: &Client, url: Url, wanted: &Wanted) -> Result<Request> {
    let mut request = Request::new(Method::GET, url);
    let unsendable = |_| Error::invalid("a header of the request has characters of no header");
    let tenant = HeaderValue::from_str(client.tenant()).map_err(unsendable)?;
    request.headers_mut().insert(TENANT, tenant);
    let conditions = [(RANGE, wanted.range_header()), (IF_MATCH, wanted.if_match.clone())];
    for (name, value) in conditions {
        if let Some(value) = value {
            let value = HeaderValue::try_from(value).map_err(unsendable)?;
            request.headers_mut().insert(name, value);
        }
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(url: &str) -> String {
        file_name(&url.parse().unwrap())
    }

    #[test]
    fn a_file_is_named_as_its_address_ends() {
        assert_eq!(named("https://host/tokens/t/package.zip?sig=x"), "package.zip");
        assert_eq!(named("https://host/a%20b+c.xlsx"), "a b+c.xlsx");
        assert_eq!(named("https://host/"), "file");
    }

    #[test]
    fn an_address_with_a_user_or_another_scheme_is_not_used() {
        for url in ["ftp://host/x", "https://user:secret@host/x", "file:///etc/passwd"] {
            assert!(!is_usable(&url.parse().unwrap()), "{url}");
        }
    }
}
