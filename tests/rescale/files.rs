//! Files, folders and the trash.

use longhaul::ErrorKind;
use longhaul::rescale::{Client, Entry, File, FileId, FileType, FolderId};
use longhaul::transfer::Algorithm;
use serde_json::json;

use super::support::{completed, kind, model, says, start, stored, work};

#[tokio::test]
async fn files_are_found_by_name() {
    let (_simulator, client) = start().await;
    for name in ["mesh.msh", "mesh_fine.msh", "other.txt"] {
        stored(&client, name, "x").await;
    }
    let found = client.files().list().search("mesh").owner(1).collect_all().await.unwrap();
    let names: Vec<_> = found.iter().map(File::name).collect();
    assert_eq!(names, ["mesh_fine.msh", "mesh.msh"]);
}

#[tokio::test]
async fn the_newest_of_several_files_of_a_name_is_taken() {
    let (_simulator, client) = start().await;
    let older = stored(&client, "input.dat", "old").await;
    let newer = stored(&client, "input.dat", "new").await;
    stored(&client, "input.data", "other").await;
    let newest = client.files().newest("input.dat").await.unwrap().expect("a file");
    assert_eq!(newest.id(), newer.id());
    assert_ne!(newest.id(), older.id());
    assert!(client.files().newest("missing").await.unwrap().is_none());
}

#[tokio::test]
async fn a_file_tells_what_it_is() {
    let (_simulator, client) = start().await;
    let mut file = stored(&client, "lines.txt", "one\ntwo\nthree").await;
    assert_eq!(file.size(), Some(13));
    assert_eq!(file.checksum().unwrap().algorithm(), Algorithm::Sha512);
    assert_eq!(file.lines().await.unwrap(), ["one\n", "two\n", "three"]);
    file.rename("renamed.txt").await.unwrap();
    file.set_type(FileType::SCRIPT).await.unwrap();
    assert_eq!((file.name(), kind(&file)), ("renamed.txt", Some(FileType::SCRIPT.0)));
    let same = client.files().get(file.id()).await.unwrap();
    assert_eq!(same.name(), "renamed.txt");
    let id = file.id().clone();
    file.delete().await.unwrap();
    assert!(client.files().get(id).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn the_end_of_the_log_is_read() {
    let (_simulator, client) = start().await;
    let job = completed(&client, "echo one\necho two").await;
    let tail = job.log_tail(2).await.unwrap().expect("a log");
    assert_eq!(tail.last().unwrap().trim_end(), "Exit code: 0");
    assert_eq!(tail.len(), 2);
    let idle = client.jobs().create("idle", work("echo")).await.unwrap();
    assert!(idle.log_tail(2).await.unwrap().is_none());
}

#[tokio::test]
async fn file_tags_come_and_go() {
    let (_simulator, client) = start().await;
    let file = stored(&client, "a.txt", "x").await;
    file.add_tag("One").await.unwrap();
    file.add_tag("Two").await.unwrap();
    file.remove_tag("One").await.unwrap();
    let names: Vec<_> = file.tags().await.unwrap().into_iter().map(|tag| tag.name).collect();
    assert_eq!(names, ["Two"]);
}

/// The ids of the folders and files in a folder.
async fn contents(client: &Client, folder: &FolderId) -> (Vec<FolderId>, Vec<FileId>) {
    let (mut folders, mut files) = (Vec::new(), Vec::new());
    let mut entries = client.folders().contents(folder);
    while let Some(entry) = entries.try_next().await.unwrap() {
        match entry {
            Entry::Folder(folder) => folders.push(folder.id.expect("an id").into()),
            Entry::File(file) => files.push(file.id().clone()),
            other => panic!("unexpected {other:?}"),
        }
    }
    (folders, files)
}

#[tokio::test]
async fn files_move_between_folders() {
    let (_simulator, client) = start().await;
    let folders = client.folders();
    let library: FolderId = folders.roots().await.unwrap().my_library.unwrap().into();
    let inner: FolderId = folders.create(&library, "inner").await.unwrap().id.unwrap().into();
    let file = stored(&client, "a.txt", "x").await;
    assert_eq!(folders.parent_of(file.id()).await.unwrap(), Some(library.clone()));
    file.move_to(&inner).await.unwrap();
    assert_eq!(folders.parent_of(file.id()).await.unwrap(), Some(inner.clone()));
    let (in_library, _) = contents(&client, &library).await;
    assert_eq!(in_library, std::slice::from_ref(&inner));
    assert_eq!(contents(&client, &inner).await.1, [file.id().clone()]);
    assert_eq!(folders.parent_of("Fzzzz").await.unwrap(), None);
    folders.delete(&inner).await.unwrap();
    let gone = folders.contents(&inner).collect_all().await.unwrap_err();
    assert!(gone.is_not_found());
}

#[tokio::test]
async fn what_lies_in_the_trash_comes_back_or_goes_for_good() {
    let (simulator, client) = start().await;
    let folders = client.folders();
    let library: FolderId = folders.roots().await.unwrap().my_library.unwrap().into();
    let (kept, lost) =
        (stored(&client, "kept.txt", "x").await, stored(&client, "lost.txt", "x").await);
    let both = [kept.id().clone(), lost.id().clone()];
    folders.trash_from(&library, both, []).await.unwrap();
    assert!(contents(&client, &library).await.1.is_empty());
    let trashed = folders.trash().list().collect_all().await.unwrap();
    let link = |name: &str| {
        let files = trashed.iter().filter_map(|entry| match entry {
            Entry::File(file) => Some(file),
            _ => None,
        });
        files.filter(|file| file.name() == name).map(|file| file.id().clone()).collect::<Vec<_>>()
    };
    folders.trash().recover(link("kept.txt"), []).await.unwrap();
    folders.trash().delete(link("lost.txt"), []).await.unwrap();
    assert_eq!(contents(&client, &library).await.1, [kept.id().clone()]);
    assert!(client.files().get(lost.id()).await.unwrap_err().is_not_found());
    simulator.clear_requests();
    let nothing = folders.trash().delete([], []).await.unwrap_err();
    says(&nothing, ErrorKind::InvalidInput, &["neither a file nor a folder"]);
    let nothing = folders.trash_from(&library, [], []).await.unwrap_err();
    says(&nothing, ErrorKind::InvalidInput, &["neither a file nor a folder"]);
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn a_file_that_is_in_the_storage_already_is_registered() {
    let (_simulator, client) = start().await;
    let library = client.folders().roots().await.unwrap().my_library.unwrap();
    let description = || {
        model(json!({
            "typeId": 1, "name": "reg.bin", "currentFolderId": library, "isUploaded": true,
            "decryptedSize": 10, "encodedEncryptionKey": "not-a-real-key",
            "pathParts": {"container": "c", "path": "user/reg.bin"},
            "storage": {"id": "stGfk", "storageType": "S3Storage"},
        }))
    };
    let file = client.files().register(description()).await.unwrap();
    assert_eq!((file.name(), file.size()), ("reg.bin", Some(10)));
    assert!(!format!("{file:?}").contains("not-a-real-key"), "{file:?}");
    let again = client.files().register(description()).await.unwrap_err();
    assert!(again.is_conflict() || again.status() == Some(400), "{again}");
}
