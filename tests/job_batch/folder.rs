//! Folders that are uploaded as archives.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

use longhaul::ErrorKind;
use zip::ZipArchive;

use crate::support::Lab;

/// The paths in an archive with their contents; folders have none.
fn unpacked(archive: &std::path::Path) -> BTreeMap<String, Option<String>> {
    let mut archive = ZipArchive::new(fs::File::open(archive).unwrap()).unwrap();
    let mut all = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut content = String::new();
        entry.read_to_string(&mut content).unwrap();
        let name = entry.name().unwrap().into_owned();
        all.insert(name, (!entry.is_dir()).then_some(content));
    }
    all
}

#[tokio::test]
async fn a_folder_arrives_as_an_archive_of_its_whole_name() {
    let lab = Lab::start().await;
    let long = "0123456789".repeat(50_000);
    lab.file("model.v2/a.txt", "alpha");
    lab.file("model.v2/deep/er/b.txt", &long);
    fs::create_dir(lab.path("model.v2/empty")).unwrap();
    let file = lab.client.files().upload_folder(lab.path("model.v2")).await.unwrap();
    assert_eq!(file.name(), "model.v2.zip");
    assert!(file.size().unwrap() < 50_000, "it is compressed");
    let down = file.download_to(lab.path("down/")).await.unwrap();
    let expected = [
        ("a.txt", Some("alpha")),
        ("deep/", None),
        ("deep/er/", None),
        ("deep/er/b.txt", Some(&*long)),
        ("empty/", None),
    ];
    let expected = expected.map(|(name, text)| (name.to_owned(), text.map(str::to_owned)));
    assert_eq!(unpacked(&down.path), BTreeMap::from(expected));
}

#[cfg(unix)]
#[tokio::test]
async fn links_in_a_folder_are_not_followed_and_programs_stay_programs() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let lab = Lab::start().await;
    let secret = lab.file("secret.txt", "not yours");
    let program = lab.file("model/run.sh", "#!/bin/sh");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    symlink(&secret, lab.path("model/link")).unwrap();
    symlink(".", lab.path("model/round")).unwrap();
    let file = lab.client.files().upload_folder(lab.path("model")).await.unwrap();
    let down = file.download_to(lab.path("down/")).await.unwrap();
    let all = unpacked(&down.path);
    let target = secret.to_str().map(str::to_owned);
    assert_eq!((all.len(), &all["link"], &all["round"]), (3, &target, &Some(".".to_owned())));
    let mut archive = ZipArchive::new(fs::File::open(&down.path).unwrap()).unwrap();
    assert!(archive.by_name("link").unwrap().is_symlink());
    assert_eq!(archive.by_name("run.sh").unwrap().unix_mode().unwrap() & 0o777, 0o755);
}

#[tokio::test]
async fn what_is_no_folder_is_refused_before_any_request() {
    let lab = Lab::start().await;
    let file = lab.file("a.txt", "alpha");
    let error = lab.client.files().upload_folder(&file).await.unwrap_err();
    assert!(error.to_string().contains("is no folder; use `upload`"), "{error}");
    let error = lab.client.files().upload_folder(lab.path("absent")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    let error = lab.client.files().upload(lab.dir.path()).await.unwrap_err();
    assert!(error.to_string().contains("upload_folder"), "{error}");
    assert_eq!(lab.simulator.request_count(), 0);
}
