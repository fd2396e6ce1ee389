//! Files: lists, metadata, contents, lines.

use hyper::StatusCode;
use hyper::header::{AUTHORIZATION, LOCATION};
use serde_json::{Value, json};

use super::file::File;
use super::server::{Server, body, invalid_page, not_found, refused};
use super::state::State;
use super::{inferred, validate};
use crate::clock::Moment;
use crate::http::range;
use crate::http::{Answer, Call, Outcome, Reply, Request};

/// Where contents are at the port that stands for cloud storage.
const STORAGE: &str = "/storage/";

pub(super) fn list<'a>(server: &'a Server, call: Call<'a>) -> Answer<'a> {
    Box::pin(async move { page(server, call.request, |_| true).await })
}

pub(super) fn of_job<'a>(server: &'a Server, call: Call<'a>) -> Answer<'a> {
    Box::pin(async move {
        let job = call.param(0).to_owned();
        if let Err(error) = super::jobs::read(server, &job, |_| ()) {
            return *error;
        }
        page(server, call.request, |file| {
            file.origin.as_ref().is_some_and(|origin| origin.job == job)
        })
        .await
    })
}

pub(super) fn of_run<'a>(server: &'a Server, call: Call<'a>) -> Answer<'a> {
    Box::pin(async move {
        let (job, run) = (call.param(0).to_owned(), call.param(1).parse::<usize>().unwrap_or(0));
        if super::runs::find(&server.state(), &job, run, server.now()).is_none() {
            return *not_found();
        }
        let belongs = |file: &File| {
            file.origin.as_ref().is_some_and(|origin| origin.job == job && origin.run == run)
        };
        page(server, call.request, belongs).await
    })
}

/// One page of the files that match, newest first, as far as they are listed.
async fn page(server: &Server, request: &Request, matches: impl Fn(&File) -> bool) -> Reply {
    let page = match server.page(request) {
        Ok(page) => page,
        Err(error) => return *error,
    };
    let (total, files) = {
        let state = server.state();
        let found = select(&state, server.now(), request, matches);
        let Some(window) = page.window(found.len()) else { return *invalid_page() };
        (found.len(), found[window].iter().map(|&file| file.clone()).collect::<Vec<_>>())
    };
    let mut items = Vec::with_capacity(files.len());
    for file in &files {
        items.push(render(server, request, file).await.to_string());
    }
    page.with(request, total, &items).unwrap_or_else(|| *invalid_page())
}

fn select<'s>(
    state: &'s State,
    now: Moment,
    request: &Request,
    matches: impl Fn(&File) -> bool,
) -> Vec<&'s File> {
    let search = request.query("search").unwrap_or_default();
    let wanted = |file: &&File| {
        matches(file) && !file.trashed && file.name.contains(&*search) && file.is_listed(state, now)
    };
    let mut found: Vec<_> = state.files.newest_first().filter(wanted).collect();
    if request.query("ordering").is_some_and(|order| order == "dateUploaded") {
        found.reverse();
    }
    found
}

pub(super) async fn render(server: &Server, request: &Request, file: &File) -> Value {
    file.render(&request.origin(), server.options.checksums, server.options.sizes_as_text).await
}

fn find(server: &Server, id: &str) -> Option<File> {
    let state = server.state();
    let file = state.files.get(id).filter(|file| file.is_listed(&state, server.now()));
    file.cloned()
}

pub(super) fn get<'a>(server: &'a Server, call: Call<'a>) -> Answer<'a> {
    Box::pin(async move {
        match find(server, call.param(0)) {
            Some(file) => Reply::ok(&render(server, call.request, &file).await),
            None => *not_found(),
        }
    })
}

pub(super) fn patch<'a>(server: &'a Server, mut call: Call<'a>) -> Answer<'a> {
    Box::pin(async move {
        call.body = call.request.body.collect(1 << 20).await.unwrap_or_default();
        let changed = body(&call).and_then(|changes| change(server, call.param(0), &changes));
        match changed {
            Ok(file) => Reply::ok(&render(server, call.request, &file).await),
            Err(error) => *error,
        }
    })
}

fn change(server: &Server, id: &str, changes: &Value) -> Result<File, Box<Reply>> {
    let mut state = server.state();
    let folder = changes["currentFolderId"].as_str();
    if folder.is_some_and(|folder| !state.folders.exists(folder)) {
        return Err(refused("The folder does not exist."));
    }
    let file = state.files.get_mut(id).ok_or_else(not_found)?;
    if let Some(name) = changes["name"].as_str() {
        name.clone_into(&mut file.name);
    }
    if let Some(type_id) = validate::integer(&changes["typeId"]) {
        file.type_id = type_id;
    }
    if let Some(folder) = folder {
        folder.clone_into(&mut file.folder);
    }
    Ok(file.clone())
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    server.state().files.remove(call.param(0)).ok_or_else(not_found)?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

pub(super) fn contents(server: &Server, call: &Call<'_>) -> Outcome {
    let file = find(server, call.param(0)).ok_or_else(not_found)?;
    if let Some(storage) = &server.world.storage {
        let location = format!("{storage}{STORAGE}{}?signature=simulated", file.id);
        return Ok(Reply::empty(inferred::STORAGE_REDIRECT).with(LOCATION, location));
    }
    serve(server, call.request, file)
}

fn serve(server: &Server, request: &Request, file: File) -> Outcome {
    let etag = server.options.etags.then(|| inferred::etag(&file.id, file.size()));
    let content = file.content.ok_or_else(not_found)?;
    Ok(range::serve(content, request, etag.as_deref()))
}

/// Contents as cloud storage serves them: by a signed link, without any other credential.
pub(super) fn from_storage(server: &Server, request: &Request) -> Reply {
    if request.headers.contains_key(AUTHORIZATION) {
        return *refused("Only one authentication mechanism is allowed.");
    }
    let signed = request.query("signature").is_some();
    let file =
        request.path().strip_prefix(STORAGE).filter(|_| signed).and_then(|id| find(server, id));
    match file {
        Some(file) => serve(server, request, file).unwrap_or_else(|error| *error),
        None => Reply::empty(StatusCode::FORBIDDEN),
    }
}

/// The whole text at once, with its line ends.
pub(super) fn lines(server: &Server, call: &Call<'_>) -> Outcome {
    let content =
        find(server, call.param(0)).and_then(|file| file.content).ok_or_else(not_found)?;
    let bytes =
        content.read(0, content.len(), usize::MAX).map_err(|error| refused(&error.to_string()))?;
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    Ok(Reply::ok(&json!({"lines": lines})))
}
