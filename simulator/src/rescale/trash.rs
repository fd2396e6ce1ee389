//! The trash bin: archive, list, recover and delete for good; all or nothing.

use hyper::StatusCode;
use serde_json::Value;

use super::server::{Server, body, refused};
use super::state::State;
use super::{folders, inferred};
use crate::http::{Answer, Call, Outcome, Reply};

/// Moves what lies directly in a folder to the trash.
pub(super) fn archive(server: &Server, call: &Call<'_>) -> Outcome {
    let request = body(call)?;
    let (files, folders) =
        (ids(&request, "fileIds", "file_ids"), ids(&request, "folderIds", "folder_ids"));
    let parent = call.param(0);
    let mut state = server.state();
    let files_fit = files
        .iter()
        .all(|id| state.files.get(id).is_some_and(|file| file.folder == parent && !file.trashed));
    let is_here =
        |id: &String| state.folders.all().any(|f| f.id == *id && f.parent == parent && !f.trashed);
    if !files_fit || !folders.iter().all(is_here) {
        return Err(refused("Not all of these lie directly in this folder."));
    }
    mark(&mut state, &files, &folders, true);
    Ok(Reply::empty(StatusCode::CREATED))
}

pub(super) fn list<'a>(server: &'a Server, call: Call<'a>) -> Answer<'a> {
    Box::pin(async move {
        folders::list(server, &call, |folder| folder.trashed, |file| file.trashed).await
    })
}

pub(super) fn recover(server: &Server, call: &Call<'_>) -> Outcome {
    act(server, call, |state, files, folders| mark(state, files, folders, false))
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    act(server, call, |state, files, folders| {
        for id in files {
            state.files.remove(id);
        }
        let gone: Vec<_> = folders.iter().flat_map(|id| state.folders.remove(id)).collect();
        state.files.retain(|file| !gone.contains(&file.folder));
    })
}

fn act(
    server: &Server,
    call: &Call<'_>,
    act: impl Fn(&mut State, &[String], &[String]),
) -> Outcome {
    let request = body(call)?;
    let links = ids(&request, "filesymlink_ids", "filesymlinkIds");
    let folders = ids(&request, "folderIds", "folder_ids");
    let mut state = server.state();
    let trashed: Vec<_> = state
        .files
        .newest_first()
        .filter(|file| file.trashed)
        .map(|file| file.id.clone())
        .collect();
    let files: Vec<_> =
        trashed.into_iter().filter(|id| links.contains(&inferred::symlink(id))).collect();
    let in_trash =
        |id: &String| state.folders.all().any(|folder| folder.id == *id && folder.trashed);
    if files.len() != links.len() || !folders.iter().all(in_trash) {
        return Err(refused("Not all of these are in the trash bin."));
    }
    act(&mut state, &files, &folders);
    Ok(Reply::empty(StatusCode::CREATED))
}

fn mark(state: &mut State, files: &[String], folders: &[String], trashed: bool) {
    for id in files {
        if let Some(file) = state.files.get_mut(id) {
            file.trashed = trashed;
        }
    }
    for id in folders {
        if let Some(folder) = state.folders.get_mut(id) {
            folder.trashed = trashed;
        }
    }
}

/// A list of ids under either spelling of its key.
fn ids(request: &Value, key: &str, other: &str) -> Vec<String> {
    let list = request.get(key).or_else(|| request.get(other)).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
