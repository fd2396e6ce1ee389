//! Zip archives: exported packages, compiled modules, logs.

use std::io::{self, Cursor, Read, Write};
use std::sync::Arc;

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::catalog::{Located, Version};
use super::model::{Kind, Model};
use crate::content::Content;

/// The name of the list of services in a package.
const MANIFEST: &str = "manifest.json";
/// A manifest may have this many bytes.
const MANIFEST_LIMIT: u64 = 16 << 20;

/// A zip archive of these files.
pub(super) fn archive(files: &[(String, Vec<u8>)]) -> io::Result<Content> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in files {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(content)?;
    }
    Ok(Content::unhashed(writer.finish()?.into_inner()))
}

/// What a browser or a Hybrid Runner needs to compute a version.
pub(super) fn module(service: &str, version: &Version) -> io::Result<Content> {
    let defaults: serde_json::Map<_, _> =
        version.model.inputs().into_iter().map(|name| (name.to_owned(), json!(0))).collect();
    let script = format!("// {service} {}: {}\n", version.number(), text(&version.model));
    archive(&[
        (format!("{service}.wasm"), b"\0asm\x01\0\0\0".to_vec()),
        (format!("{service}.js"), script.into_bytes()),
        (format!("{service}.data"), Vec::new()),
        (format!("{service}_DefaultValidations.json"), Value::Object(defaults).to_string().into()),
        (format!("{service}_Jsonformspec.json"), b"{}".to_vec()),
    ])
}

/// A package of versions, from which they can be imported.
pub(super) fn export(versions: &[Located]) -> io::Result<Content> {
    let mut files = Vec::new();
    let mut entries = Vec::new();
    for located in versions {
        let version = &located.version;
        let path = format!("services/{}/{}", version.id, version.file_name);
        entries.push(json!({
            "folder": located.folder, "service": located.service, "version": version.number(),
            "version_id": version.id, "file": path, "file_name": version.file_name,
            "model": text(&version.model), "start": version.start, "end": version.end,
        }));
        let workbook = version.workbook.read(0, version.workbook.len(), usize::MAX)?;
        files.push((path, workbook.to_vec()));
    }
    files.push((MANIFEST.to_owned(), json!({"services": entries}).to_string().into_bytes()));
    archive(&files)
}

/// A version in a package.
#[derive(Debug, Clone)]
pub(super) struct Packed {
    pub(super) folder: String,
    pub(super) service: String,
    pub(super) number: String,
    pub(super) version_id: String,
    pub(super) model: Arc<Model>,
    pub(super) file_name: String,
    pub(super) workbook: Content,
    pub(super) start: String,
    pub(super) end: String,
}

impl Packed {
    /// A version that is in no package yet.
    pub(super) fn of(located: &Located) -> Self {
        let version = &located.version;
        Self {
            folder: located.folder.clone(),
            service: located.service.clone(),
            number: version.number(),
            version_id: version.id.clone(),
            model: version.model.clone(),
            file_name: version.file_name.clone(),
            workbook: version.workbook.clone(),
            start: version.start.clone(),
            end: version.end.clone(),
        }
    }
}

/// The versions in a package; `None` when it is no zip archive.
pub(super) fn open(package: &[u8]) -> Option<Vec<Packed>> {
    let mut archive = ZipArchive::new(Cursor::new(package)).ok()?;
    let manifest = entry(&mut archive, MANIFEST, MANIFEST_LIMIT).unwrap_or_default();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap_or_default();
    let entries = manifest["services"].as_array().cloned().unwrap_or_default();
    Some(entries.iter().filter_map(|packed| unpack(&mut archive, packed)).collect())
}

fn unpack(archive: &mut ZipArchive<Cursor<&[u8]>>, packed: &Value) -> Option<Packed> {
    let text = |name: &str| packed[name].as_str().map(str::to_owned);
    let workbook = entry(archive, packed["file"].as_str()?, u64::MAX)?;
    Some(Packed {
        folder: text("folder")?,
        service: text("service")?,
        number: text("version")?,
        version_id: text("version_id")?,
        model: Arc::new(text("model")?.parse().ok()?),
        file_name: text("file_name")?,
        workbook: Content::unhashed(workbook),
        start: text("start")?,
        end: text("end")?,
    })
}

fn entry(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str, limit: u64) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    archive.by_name(name).ok()?.take(limit).read_to_end(&mut content).ok()?;
    Some(content)
}

/// A model as text, from which it can be read again.
fn text(model: &Model) -> String {
    match &model.0 {
        Kind::Echo => "echo".to_owned(),
        Kind::Formulas(formulas) => {
            let formulas = formulas.iter().map(|(name, formula)| format!("{name}={formula}"));
            formulas.collect::<Vec<_>>().join(";")
        }
    }
}
