//! Folders: the two roots, what was made below them, and what they hold.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::file::File;
use super::server::{Server, body, invalid_page, not_found, refused, text};
use super::{files, inferred};
use crate::clock::Moment;
use crate::http::{Answer, Call, Outcome, Reply};

const LIBRARY: &str = "LibRt";
const JOBS: &str = "JobRt";

/// The folders of a workspace by creation, trashed ones included.
#[derive(Debug, Default)]
pub(super) struct Folders {
    made: Vec<Folder>,
    count: u64,
}

/// A folder that somebody made.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) parent: String,
    pub(super) inserted: Moment,
    pub(super) trashed: bool,
}

impl Folders {
    pub(super) fn library(&self) -> &'static str {
        LIBRARY
    }

    pub(super) fn exists(&self, id: &str) -> bool {
        id == LIBRARY
            || id == JOBS
            || self.made.iter().any(|folder| folder.id == id && !folder.trashed)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Folder> {
        self.made.iter_mut().find(|folder| folder.id == id)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Folder> {
        self.made.iter()
    }

    fn make(&mut self, name: String, parent: String, inserted: Moment) -> Folder {
        self.count += 1;
        let folder = Folder {
            id: super::ids::encode('D', self.count),
            name,
            parent,
            inserted,
            trashed: false,
        };
        self.made.push(folder.clone());
        folder
    }

    /// Removes the folder and those below it; the ids of all of them.
    pub(super) fn remove(&mut self, id: &str) -> Vec<String> {
        let mut gone = vec![id.to_owned()];
        let mut next = 0;
        while next < gone.len() {
            let below = self
                .made
                .iter()
                .filter(|folder| folder.parent == gone[next])
                .map(|folder| folder.id.clone());
            gone.extend(below.collect::<Vec<_>>());
            next += 1;
        }
        self.made.retain(|folder| !gone.contains(&folder.id));
        gone
    }
}

impl Folder {
    pub(super) fn entry(&self) -> Value {
        json!({"type": "folder", "item": {"id": self.id, "name": self.name, "dateInserted": self.inserted.zulu()}})
    }
}

/// A file as an entry of a list; in the trash it has an id of its own.
pub(super) fn file_entry(mut item: Value, in_trash: bool) -> Value {
    if in_trash {
        item["id"] = inferred::symlink(item["id"].as_str().unwrap_or_default()).into();
    }
    json!({"type": if in_trash { "filesymlink" } else { "file" }, "item": item})
}

pub(super) fn roots(_: &Server, _: &Call<'_>) -> Outcome {
    Ok(Reply::ok(&json!({"myJobs": JOBS, "myLibrary": LIBRARY})))
}

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let name = text(&body(call)?, "name")?;
    let mut state = server.state();
    if !state.folders.exists(call.param(0)) {
        return Err(not_found());
    }
    let folder = state.folders.make(name, call.param(0).to_owned(), server.now());
    Ok(Reply::json(StatusCode::CREATED, &folder.entry()["item"]))
}

pub(super) fn contents<'a>(server: &'a Server, call: Call<'a>) -> Answer<'a> {
    Box::pin(async move {
        let id = call.param(0).to_owned();
        if !server.state().folders.exists(&id) {
            return *not_found();
        }
        list(
            server,
            &call,
            |folder| folder.parent == id && !folder.trashed,
            |file| file.folder == id && !file.trashed,
        )
        .await
    })
}

/// One page of the folders and files that are wanted, folders first.
pub(super) async fn list(
    server: &Server,
    call: &Call<'_>,
    folder: impl Fn(&Folder) -> bool,
    file: impl Fn(&File) -> bool,
) -> Reply {
    let page = match server.page(call.request) {
        Ok(page) => page,
        Err(error) => return *error,
    };
    let (folders, found) = select(server, folder, file);
    let total = folders.len() + found.len();
    let Some(window) = page.window(total) else { return *invalid_page() };
    let mut entries = Vec::new();
    for index in window {
        let entry = match folders.get(index) {
            Some(folder) => folder.clone(),
            None => {
                let file = &found[index - folders.len()];
                file_entry(files::render(server, call.request, file).await, file.trashed)
            }
        };
        entries.push(entry.to_string());
    }
    page.with(call.request, total, &entries).unwrap_or_else(|| *invalid_page())
}

fn select(
    server: &Server,
    folder: impl Fn(&Folder) -> bool,
    file: impl Fn(&File) -> bool,
) -> (Vec<Value>, Vec<File>) {
    let state = server.state();
    let folders = state.folders.all().filter(|f| folder(f)).map(Folder::entry).collect();
    let files = state.files.newest_first().filter(|f| f.origin.is_none() && file(f));
    (folders, files.cloned().collect())
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    let mut state = server.state();
    if !state.folders.all().any(|folder| folder.id == call.param(0)) {
        return Err(if state.folders.exists(call.param(0)) {
            refused("A root folder cannot be deleted.")
        } else {
            not_found()
        });
    }
    let gone = state.folders.remove(call.param(0));
    state.files.retain(|file| !gone.contains(&file.folder));
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
