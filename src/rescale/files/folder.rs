//! Folders, which are uploaded as one archive.

use std::fs::{self, File as LocalFile};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{File, Files};
use crate::blocking::blocking;
use crate::error::{Error, ErrorKind, Result};

/// Files from this size on need the larger headers, whatever they shrink to.
const LARGE: u64 = 0xffff_0000;

/// The upload of a folder; `.await` gives the [`File`] that holds it. Made by
/// [`Files::upload_folder`].
#[derive(Clone, Debug)]
#[must_use = "nothing is uploaded until it is awaited"]
pub struct UploadFolder {
    files: Files,
    folder: PathBuf,
}

impl Files {
    /// Uploads a folder as a zip archive with the folder's whole name, such as `model.v2.zip`. The
    /// platform unpacks it in the working directory of a job that has it as an input.
    ///
    /// The archive has everything below the folder, also what is empty, with paths relative to it
    /// and with Unix permissions. Symbolic links stay links. It is written to the system's folder
    /// for temporary files first, and removed after the upload.
    ///
    /// ```no_run
    /// # async fn f(rescale: longhaul::rescale::Client) -> longhaul::Result<()> {
    /// let model = rescale.files().upload_folder("model.v2").await?;
    /// assert_eq!(model.name(), "model.v2.zip");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When something in the folder cannot be read, is neither a file, a folder nor a link, or has
    /// a name that is not Unicode; otherwise as [`upload`](Files::upload).
    pub fn upload_folder(&self, folder: impl Into<PathBuf>) -> UploadFolder {
        UploadFolder { files: self.clone(), folder: folder.into() }
    }
}

impl UploadFolder {
    async fn send(self) -> Result<File> {
        let Self { files, folder } = self;
        // Dropped, and so removed, whatever becomes of the upload.
        let (_place, archive) = blocking(move |cancelled| pack(&folder, cancelled)).await?;
        files.upload(archive).await
    }
}

crate::awaits::awaits!(UploadFolder => File, send);

/// Writes the archive into a temporary folder, because its own name has to be the right one.
fn pack(folder: &Path, cancelled: &AtomicBool) -> Result<(TempDir, PathBuf)> {
    let name = archive_name(folder)?;
    let place = tempfile::Builder::new().prefix("longhaul-").tempdir();
    let place = place.map_err(|error| Error::io("make a temporary folder", error))?;
    let path = place.path().join(name);
    let failed = |error| Error::io(format!("write `{}`", path.display()), error);
    let archive = LocalFile::create_new(&path).map_err(failed)?;
    let mut packer = Packer { zip: ZipWriter::new(archive), path: path.clone(), cancelled };
    packer.folder(folder, "")?;
    packer.zip.finish().map_err(|error| packing(&path, error))?;
    Ok((place, path))
}

/// The whole name: what follows a dot belongs to it.
fn archive_name(folder: &Path) -> Result<String> {
    let failed = |error| Error::io(format!("read the folder `{}`", folder.display()), error);
    let whole = fs::canonicalize(folder).map_err(failed)?;
    if !whole.is_dir() {
        let message = format!("`{}` is no folder; use `upload` for a file", folder.display());
        return Err(Error::invalid(message));
    }
    let given = folder.file_name().or(whole.file_name());
    let name = given.and_then(|name| name.to_str()).ok_or_else(|| nameless(folder))?;
    Ok(format!("{name}.zip"))
}

struct Packer<'a> {
    zip: ZipWriter<LocalFile>,
    path: PathBuf,
    cancelled: &'a AtomicBool,
}

impl Packer<'_> {
    /// Adds everything in a folder, by name, so that equal folders give equal archives.
    fn folder(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        let failed = |error| Error::io(format!("read the folder `{}`", folder.display()), error);
        let entries = fs::read_dir(folder).map_err(failed)?;
        let mut paths = entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<Vec<_>>>()
            .map_err(failed)?;
        paths.sort();
        for path in paths {
            let name = path.file_name().and_then(|name| name.to_str());
            let name = name.ok_or_else(|| nameless(&path))?;
            self.entry(&path, format!("{prefix}{name}"))?;
        }
        Ok(())
    }

    fn entry(&mut self, path: &Path, name: String) -> Result<()> {
        let found = fs::symlink_metadata(path).map_err(|error| unreadable(path, error))?;
        let options = options(&found);
        if found.is_symlink() {
            let target = fs::read_link(path).map_err(|error| unreadable(path, error))?;
            let target = target.to_str().ok_or_else(|| nameless(&target))?;
            self.zip.add_symlink(name, target, options).map_err(|error| packing(&self.path, error))
        } else if found.is_dir() {
            let added = self.zip.add_directory(name.as_str(), options);
            added.map_err(|error| packing(&self.path, error))?;
            self.folder(path, &format!("{name}/"))
        } else if found.is_file() {
            self.zip.start_file(name, options).map_err(|error| packing(&self.path, error))?;
            self.content(path)
        } else {
            let message = format!("`{}` is neither a file, a folder nor a link", path.display());
            Err(Error::invalid(message))
        }
    }

    fn content(&mut self, path: &Path) -> Result<()> {
        let mut file = LocalFile::open(path).map_err(|error| unreadable(path, error))?;
        let mut buffer = vec![0; 128 * 1024];
        loop {
            if self.cancelled.load(Ordering::Relaxed) {
                return Err(Error::new(ErrorKind::Interrupted, "the upload was given up"));
            }
            match file.read(&mut buffer).map_err(|error| unreadable(path, error))? {
                0 => return Ok(()),
                length => self.zip.write_all(&buffer[..length]).map_err(|error| {
                    Error::io(format!("write `{}`", self.path.display()), error)
                })?,
            }
        }
    }
}

fn options(found: &fs::Metadata) -> SimpleFileOptions {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .large_file(found.len() >= LARGE);
    #[cfg(unix)]
    let options = {
        use std::os::unix::fs::PermissionsExt;
        options.unix_permissions(found.permissions().mode())
    };
    options
}

fn unreadable(path: &Path, error: io::Error) -> Error {
    Error::io(format!("read `{}`", path.display()), error)
}

fn nameless(path: &Path) -> Error {
    Error::invalid(format!("`{}` has no name that is Unicode", path.display()))
}

fn packing(path: &Path, error: zip::result::ZipError) -> Error {
    Error::io(format!("write `{}`", path.display()), error.into())
}
