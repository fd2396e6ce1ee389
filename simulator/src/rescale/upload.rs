//! Uploads: multipart bodies, streamed; and the registration of what went to cloud storage.

use hyper::StatusCode;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE};
use serde_json::{Value, json};

use super::file::File;
use super::server::{Server, body, invalid, refused, text};
use super::{files, inferred, validate};
use crate::content::{Content, Writer};
use crate::http::multipart::{Malformed, Multipart};
use crate::http::{Answer, Call, Reply, Request};

/// What a form held.
struct Form {
    file: Option<(String, Content)>,
    type_id: u64,
}

/// POST or PUT of a file's contents: a new file each time.
pub(super) fn contents<'a>(server: &'a Server, call: Call<'a>) -> Answer<'a> {
    Box::pin(async move {
        match receive(call.request).await {
            Ok((name, content, type_id)) => {
                created(server, call.request, &name, content, type_id).await
            }
            Err(error) => *error,
        }
    })
}

async fn receive(request: &mut Request) -> Result<(String, Content, u64), Box<Reply>> {
    if request.header(CONTENT_LENGTH).is_none() {
        return Err(refused("Uploads need a Content-Length."));
    }
    let content_type = request.header(CONTENT_TYPE).unwrap_or_default().to_owned();
    let form = Multipart::new(&content_type, &mut request.body)
        .ok_or_else(|| refused("Multipart form parse error"))?;
    let form = read_form(form).await.map_err(|Malformed| refused("Multipart form parse error"))?;
    let (name, content) =
        form.file.ok_or_else(|| invalid(&json!({"file": ["No file was submitted."]})))?;
    Ok((name, content, form.type_id))
}

/// The type may be a plain field or a part with a file name.
async fn read_form(mut multipart: Multipart<'_>) -> Result<Form, Malformed> {
    let mut form = Form { file: None, type_id: 1 };
    while let Some(part) = multipart.next_part().await? {
        match (part.name.as_str(), part.filename) {
            ("file", Some(filename)) => {
                let name = filename.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
                let mut writer = Writer::default();
                while let Some(chunk) = multipart.chunk().await? {
                    writer.write(&chunk).map_err(|_| Malformed)?;
                }
                form.file = Some((name, writer.finish()));
            }
            ("typeId", _) => {
                form.type_id = multipart.text().await?.trim().parse().unwrap_or(form.type_id)
            }
            _ => {}
        }
    }
    Ok(form)
}

async fn created(
    server: &Server,
    request: &Request,
    name: &str,
    content: Content,
    type_id: u64,
) -> Reply {
    let file = {
        let mut state = server.state();
        let folder = state.folders.library().to_owned();
        let id = state
            .files
            .insert(|id| File::uploaded(id, name, type_id, content, folder, server.now()));
        state.files.get(&id).cloned()
    };
    match file {
        Some(file) => {
            Reply::json(StatusCode::CREATED, &files::render(server, request, &file).await)
        }
        None => Reply::empty(inferred::SERVER_ERROR),
    }
}

/// Registers a file whose bytes went to cloud storage directly.
pub(super) fn register<'a>(server: &'a Server, mut call: Call<'a>) -> Answer<'a> {
    Box::pin(async move {
        call.body = call.request.body.collect(1 << 20).await.unwrap_or_default();
        match body(&call).and_then(|declared| add(server, declared)) {
            Ok(file) => {
                Reply::json(StatusCode::CREATED, &files::render(server, call.request, &file).await)
            }
            Err(error) => *error,
        }
    })
}

fn add(server: &Server, declared: Value) -> Result<File, Box<Reply>> {
    let name = text(&declared, "name")?;
    let mut state = server.state();
    let folder = declared["currentFolderId"].as_str().unwrap_or(state.folders.library()).to_owned();
    if !state.folders.exists(&folder) {
        return Err(refused("The folder does not exist."));
    }
    if state
        .files
        .newest_first()
        .any(|file| file.name == name && file.folder == folder && !file.trashed)
    {
        let body = json!({"detail": inferred::duplicate(&name)});
        return Err(Box::new(Reply::json(StatusCode::CONFLICT, &body)));
    }
    let type_id = validate::integer(&declared["typeId"]).unwrap_or(1);
    let now = server.now();
    let id = state.files.insert(|id| {
        let file = File::uploaded(id, &name, type_id, Content::of(""), folder, now);
        let path = declared["pathParts"]["path"].as_str().unwrap_or(&file.path).to_owned();
        File { content: None, path, declared, ..file }
    });
    state.files.get(&id).cloned().ok_or_else(super::server::not_found)
}
