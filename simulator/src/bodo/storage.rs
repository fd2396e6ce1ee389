//! Files behind pre-signed links, as S3 keeps them: uploads, logs, results and exports.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::StatusCode;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderName};
use md5::{Digest, Md5};

use super::links::Refused;
use super::server::Server;
use super::{inferred, links};
use crate::content::{Content, Writer, scramble};
use crate::http::{Answer, Call, Outcome, Reply, range};

/// Where the paths of the storage begin.
pub(super) const ROOT: &str = "/storage/";
/// How Azure tells the digest of a new file.
const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");
/// Where uploads of a workspace are kept.
const WORKSPACE: &str = "workspace";

/// Whether the path belongs to the storage.
pub(super) fn is_storage(path: &str) -> bool {
    path.starts_with(ROOT)
}

/// A file with its tag.
#[derive(Debug, Clone)]
struct Stored {
    content: Content,
    kind: &'static str,
    etag: String,
}

/// Files by their key.
#[derive(Debug, Default)]
pub(super) struct Storage {
    files: HashMap<String, Stored>,
    writes: u64,
}

impl Storage {
    pub(super) fn put(&mut self, key: String, kind: &'static str, content: Content) {
        self.writes += 1;
        let (high, low) = (scramble(self.writes), scramble(!self.writes));
        self.keep(key, kind, content, format!("\"{high:016x}-{low:016x}\""));
    }

    fn keep(&mut self, key: String, kind: &'static str, content: Content, etag: String) {
        self.files.insert(key, Stored { content, kind, etag });
    }

    pub(super) fn text(&mut self, key: String, text: String) {
        self.put(key, "text/plain; charset=utf-8", Content::unhashed(text));
    }

    pub(super) fn content(&self, key: &str) -> Option<&Content> {
        self.files.get(key).map(|stored| &stored.content)
    }

    pub(super) fn remove(&mut self, key: &str) {
        self.files.remove(key);
    }
}

/// The key of an upload; `/a//b` and `./a/b` are `a/b`.
pub(super) fn workspace_key(path: &str) -> String {
    let segments = path.split('/').filter(|segment| !matches!(*segment, "" | "."));
    segments.fold(WORKSPACE.to_owned(), |key, segment| key + "/" + segment)
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    admit(server, call)?;
    let stored = server.storage().files.get(call.param(0)).cloned();
    let missing =
        || refusal(StatusCode::NOT_FOUND, "NoSuchKey", "The specified key does not exist.");
    let stored = stored.ok_or_else(missing)?;
    let reply = range::serve(stored.content, call.request, Some(&stored.etag));
    Ok(reply.with(CONTENT_TYPE, stored.kind))
}

pub(super) fn put<'a>(server: &'a Server, call: Call<'a>) -> Answer<'a> {
    Box::pin(async move { receive(server, call).await.unwrap_or_else(|error| *error) })
}

async fn receive(server: &Server, call: Call<'_>) -> Outcome {
    admit(server, &call)?;
    if server.options.azure && call.request.header("x-ms-blob-type") != Some("BlockBlob") {
        let message = "An HTTP header that's mandatory for this request is not specified.";
        return Err(refusal(StatusCode::BAD_REQUEST, "MissingRequiredHeader", message));
    }
    let (mut writer, mut digest) = (Writer::unhashed(), Md5::new());
    while let Some(chunk) = call.request.body.chunk().await {
        digest.update(&chunk);
        writer.write(&chunk).map_err(|error| {
            refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", &error.to_string())
        })?;
    }
    if call.request.body.is_broken() {
        return Err(refusal(StatusCode::BAD_REQUEST, "IncompleteBody", "The body is incomplete."));
    }
    let (content, key) = (writer.finish(), call.param(0).to_owned());
    let (etag, reply) = receipt(&digest.finalize(), server.options.azure);
    server.storage().keep(key, "binary/octet-stream", content, etag.clone());
    Ok(reply.with(ETAG, etag))
}

/// What the storage says of a new file: its tag is the digest on AWS, and stands beside it on Azure.
fn receipt(digest: &[u8], azure: bool) -> (String, Reply) {
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    if !azure {
        return (format!("\"{hex}\""), Reply::empty(StatusCode::OK));
    }
    let reply = Reply::empty(StatusCode::CREATED);
    let digest = STANDARD.encode(digest);
    (format!("\"0x{}\"", hex[..15].to_uppercase()), reply.with(CONTENT_MD5, digest))
}

/// Lets a request pass that brings a good signature, and nothing else to prove who it is.
fn admit(server: &Server, call: &Call<'_>) -> Result<(), Box<Reply>> {
    if call.request.headers.contains_key(AUTHORIZATION) {
        return Err(refusal(StatusCode::BAD_REQUEST, "InvalidArgument", inferred::TWO_CREDENTIALS));
    }
    match links::check(server, call.request, call.param(0)) {
        Ok(()) => Ok(()),
        Err(Refused::Expired) => {
            Err(refusal(StatusCode::FORBIDDEN, "AccessDenied", "Request has expired"))
        }
        Err(Refused::Missing) => {
            Err(refusal(StatusCode::FORBIDDEN, "AccessDenied", "Access Denied"))
        }
        Err(Refused::Wrong) => {
            Err(refusal(StatusCode::FORBIDDEN, "SignatureDoesNotMatch", inferred::WRONG_SIGNATURE))
        }
    }
}

/// An error of the storage.
pub(super) fn refusal(status: StatusCode, code: &str, message: &str) -> Box<Reply> {
    let escaped = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{escaped}</Message></Error>"
    );
    Box::new(Reply::text(status, "application/xml", body))
}

impl Server {
    pub(super) fn storage(&self) -> MutexGuard<'_, Storage> {
        self.storage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
