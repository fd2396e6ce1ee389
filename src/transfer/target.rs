//! Where a download ends: the path, what may stand in its way, and the last step into place.

use std::fs::{self, File};
use std::io::ErrorKind::{AlreadyExists, NotFound};
use std::path::{Component, Path, PathBuf};

use super::name;
use crate::error::{Error, Result};

/// The final file and the two that exist beside it while it is incomplete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// What the caller chose; links in it are the caller's.
    trusted: PathBuf,
    pub(super) path: PathBuf,
    pub(super) part: PathBuf,
    pub(super) journal: PathBuf,
}

impl Target {
    /// A file at a path that the caller chose, or in a folder if the path is one.
    pub(super) fn choose(to: &Path, chosen_name: Option<&str>, server_name: &str) -> Result<Self> {
        if chosen_name.is_none() && !is_folder(to) {
            let folder = to.parent().unwrap_or(Path::new("")).to_owned();
            return Ok(Self::new(folder, to.to_owned()));
        }
        let name = match chosen_name {
            Some(name) => plain_name(name)?.to_owned(),
            None => name::file_name(server_name),
        };
        Ok(Self::new(to.to_owned(), to.join(name)))
    }

    /// A file at a safe relative path below a folder that the caller chose.
    pub(super) fn below(folder: &Path, relative: &Path) -> Self {
        Self::new(folder.to_owned(), folder.join(relative))
    }

    fn new(trusted: PathBuf, path: PathBuf) -> Self {
        let beside = |ending: &str| {
            let mut name = path.file_name().unwrap_or_default().to_owned();
            name.push(ending);
            path.with_file_name(name)
        };
        let (part, journal) = (beside(".part"), beside(".part.journal"));
        Self { trusted, path, part, journal }
    }

    /// The name to show for it.
    pub(super) fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        name.to_string_lossy().into_owned()
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        }
    }

    /// Makes the folder, and refuses a path on which no file can come to be.
    pub(super) fn prepare(&self, overwrite: bool) -> Result<()> {
        self.make_folders()?;
        match fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == NotFound => Ok(()),
            Err(error) => Err(Error::io(format!("look at `{}`", self.path.display()), error)),
            Ok(found) if found.is_dir() => Err(Error::invalid(format!(
                "`{}` is a folder; choose another name for the file",
                self.path.display()
            ))),
            Ok(_) if overwrite => Ok(()),
            Ok(_) => Err(self.exists()),
        }
    }

    fn exists(&self) -> Error {
        Error::invalid(format!(
            "`{}` exists; remove it, choose another name, or allow to overwrite it",
            self.path.display()
        ))
    }

    /// Makes missing folders. Below the trusted one, a link is not followed, because a server's
    /// name could lead through it.
    fn make_folders(&self) -> Result<()> {
        let folder = self.folder();
        let refused = |error| Error::io(format!("make the folder `{}`", folder.display()), error);
        if let Ok(below) = folder.strip_prefix(&self.trusted) {
            fs::create_dir_all(non_empty(&self.trusted)).map_err(refused)?;
            let mut reached = self.trusted.clone();
            for part in below.components().filter(|c| matches!(c, Component::Normal(_))) {
                reached.push(part);
                refuse_link(&reached)?;
            }
        }
        fs::create_dir_all(folder).map_err(refused)
    }

    /// Gives the complete file its name and forgets the two beside it.
    pub(super) fn publish(&self, overwrite: bool, sync: bool) -> Result<()> {
        let refused = |error| {
            let doing = format!("rename `{}` to its final name", self.part.display());
            Error::io(doing, error)
        };
        if overwrite {
            fs::rename(&self.part, &self.path).map_err(refused)?;
        } else {
            self.link_or_rename()?;
        }
        if sync {
            self.sync_folder()?;
        }
        remove(&self.part)?;
        remove(&self.journal)
    }

    /// A hard link fails where a file appeared meanwhile, and so never replaces one. Where links
    /// are not supported, a look must do.
    fn link_or_rename(&self) -> Result<()> {
        match fs::hard_link(&self.part, &self.path) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == AlreadyExists => Err(self.exists()),
            Err(_) if fs::symlink_metadata(&self.path).is_ok() => Err(self.exists()),
            Err(_) => fs::rename(&self.part, &self.path).map_err(|error| {
                let doing = format!("rename `{}` to its final name", self.part.display());
                Error::io(doing, error)
            }),
        }
    }

    /// A new name survives a power cut only when its folder is written. Only Unix lets a folder be
    /// opened for that.
    fn sync_folder(&self) -> Result<()> {
        if cfg!(not(unix)) {
            return Ok(());
        }
        let folder = self.folder();
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| Error::io(format!("sync the folder `{}`", folder.display()), error))
    }
}

/// Whether the caller means a folder: it ends in a separator or in dots, or it is one.
fn is_folder(path: &Path) -> bool {
    let text = path.as_os_str().to_string_lossy();
    text.is_empty()
        || text.ends_with(std::path::is_separator)
        || path.file_name().is_none()
        || text.ends_with("/.")
        || path.is_dir()
}

/// A caller's own name is used as it is, or refused; changing it in silence would surprise.
fn plain_name(name: &str) -> Result<&str> {
    let mut components = Path::new(name).components();
    match (components.next(), components.next()) {
        (Some(Component::Normal(only)), None) if only == name && !name.contains('\0') => Ok(name),
        _ => Err(Error::invalid(format!("`{}` is no file name", name.escape_debug()))),
    }
}

fn non_empty(path: &Path) -> &Path {
    if path == Path::new("") { Path::new(".") } else { path }
}

fn refuse_link(path: &Path) -> Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Err(Error::invalid(format!(
            "`{}` is a symbolic link, which a name from the server must not follow; remove it",
            path.display()
        ))),
        _ => Ok(()),
    }
}

/// Removes a file; that it is gone already is fine.
pub(super) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != NotFound => {
            Err(Error::io(format!("remove `{}`", path.display()), error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_path_is_a_folder_or_the_file_itself() {
        let dir = tempfile::tempdir().unwrap();
        let chosen = |to: &Path, name| Target::choose(to, name, "a/b.txt").map(|t| t.path);
        assert_eq!(chosen(dir.path(), None).unwrap(), dir.path().join("b.txt"));
        assert_eq!(chosen(&dir.path().join("new/"), None).unwrap(), dir.path().join("new/b.txt"));
        assert_eq!(chosen(&dir.path().join("new"), None).unwrap(), dir.path().join("new"));
        let named = chosen(&dir.path().join("new"), Some("c")).unwrap();
        assert_eq!(named, dir.path().join("new/c"));
        assert_eq!(chosen(Path::new("."), None).unwrap(), Path::new("./b.txt"));
        assert_eq!(chosen(Path::new(".."), None).unwrap(), Path::new("../b.txt"));
        for bad in ["", ".", "..", "a/b", "/a", "a\0", "a/"] {
            let error = chosen(dir.path(), Some(bad)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{bad:?}");
        }
    }

    #[test]
    fn what_stands_in_the_way_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let below = |name: &str| Target::below(dir.path(), Path::new(name));
        fs::write(dir.path().join("file"), "mine").unwrap();
        let error = below("file").prepare(false).unwrap_err();
        assert!(error.to_string().contains("exists"), "{error}");
        below("file").prepare(true).unwrap();
        let error = below("file/x").prepare(false).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io, "{error}");
        fs::create_dir(dir.path().join("folder")).unwrap();
        let error = below("folder").prepare(true).unwrap_err();
        assert!(error.to_string().contains("is a folder"), "{error}");
        below("new/deep/file").prepare(false).unwrap();
        assert!(dir.path().join("new/deep").is_dir());
    }

    #[cfg(unix)]
    #[test]
    fn links_below_the_folder_are_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path(), dir.path().join("link")).unwrap();
        let error = Target::below(dir.path(), Path::new("link/deep/x")).prepare(false).unwrap_err();
        assert!(error.to_string().contains("symbolic link"), "{error}");
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
        let through = Target::choose(&dir.path().join("link"), None, "x").unwrap();
        through.prepare(false).expect("the caller's own link is followed");
    }

    #[test]
    fn a_file_that_appeared_meanwhile_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let target = Target::below(dir.path(), Path::new("x"));
        fs::write(&target.part, "new").unwrap();
        fs::write(&target.path, "mine").unwrap();
        assert!(target.publish(false, true).is_err());
        assert_eq!(fs::read(&target.path).unwrap(), b"mine");
        target.publish(true, true).unwrap();
        assert_eq!(fs::read(&target.path).unwrap(), b"new");
        assert!(!target.part.exists());
    }
}
