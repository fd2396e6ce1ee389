//! A service's workbook, its Swagger document and its WebAssembly module as files.

use std::path::PathBuf;

use super::locate::{located, names, without_version};
use crate::error::Result;
use crate::spark::document::no_json;
use crate::spark::{Client, Document, ServiceLocator, WorkbookType};
use crate::transfer::{Download, Reader};
use crate::transport::call::call_streamed;

/// The workbook of a service: where it is stored or read is said last.
#[derive(Debug)]
#[must_use = "nothing is downloaded until it is stored or read"]
pub struct Workbook {
    client: Client,
    locator: Result<ServiceLocator>,
    version_id: Option<String>,
    file_name: Option<String>,
    configured: bool,
}

impl Workbook {
    pub(super) fn new(client: &Client, locator: Result<ServiceLocator>) -> Self {
        let (version_id, file_name) = (None, None);
        Self { client: client.clone(), locator, version_id, file_name, configured: false }
    }

    /// The workbook of this version; of the latest by default.
    pub fn version_id(mut self, id: impl Into<String>) -> Self {
        self.version_id = Some(id.into());
        self
    }

    /// The name that the file shall have; the service's by default.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// The workbook as the platform has configured it, with its metadata, instead of the one that
    /// was uploaded.
    pub fn configured(mut self) -> Self {
        self.configured = true;
        self
    }

    /// Downloads it to a path; see [`Document::download_to`].
    pub fn download_to(self, path: impl Into<PathBuf>) -> Download<Document> {
        self.document().download_to(path)
    }

    /// Its bytes as a stream.
    ///
    /// # Errors
    /// As any call.
    pub async fn reader(self) -> Result<Reader> {
        self.document().reader().await
    }

    /// The file, without asking for it yet.
    pub fn document(self) -> Document {
        let Self { client, locator, version_id, file_name, configured } = self;
        let named = locator.and_then(|locator| {
            names(&locator).map(|(folder, service)| (folder.to_owned(), service.to_owned()))
        });
        let (folder, service) = match named {
            Ok(names) => names,
            Err(error) => return Document::refused("workbook", &error),
        };
        let name = file_name.clone().unwrap_or_else(|| format!("{service}.xlsx"));
        let file_name = file_name.unwrap_or_default();
        // The official client always sends both, empty for none.
        let kind = WorkbookType::from(if configured { "withmetadata" } else { "" });
        Document::new(name, move |_| {
            let (client, version_id) = (client.clone(), version_id.clone());
            let (folder, service) = (folder.clone(), service.clone());
            let (file_name, kind) = (file_name.clone(), kind.clone());
            async move {
                let raw = client.raw_origin();
                let answer = match version_id {
                    None => {
                        let request = raw.download_service().folder(folder).service(service);
                        let request = request.filename(file_name).type_(kind);
                        call_streamed(request.send()).await?
                    }
                    Some(id) => {
                        let request = raw.download_service_version().folder(folder);
                        let request = request.service(service).version_id(id);
                        let request = request.filename(file_name).type_(kind);
                        call_streamed(request.send()).await?
                    }
                };
                no_json(raw, "download_service", answer).await
            }
        })
    }
}

/// The Swagger document of a service as a file, which may be JSON or an archive.
pub(super) fn swagger_file(
    client: &Client,
    (folder, service): (&str, &str),
    subservice: &str,
    version_id: Option<&str>,
) -> Document {
    let (client, version_id) = (client.clone(), version_id.map(str::to_owned));
    let parts = [folder, service, subservice].map(str::to_owned);
    Document::new(format!("{service}.swagger"), move |_| {
        let (client, version_id) = (client.clone(), version_id.clone());
        let [folder, service, subservice] = parts.clone();
        async move {
            let raw = client.raw();
            let answer = match version_id {
                None => {
                    let request = raw.download_swagger().folder(folder).service(service);
                    call_streamed(request.subservice(subservice).send()).await?
                }
                Some(id) => {
                    let request = raw.download_version_swagger().folder(folder).service(service);
                    let request = request.subservice(subservice).version_id(id);
                    call_streamed(request.send()).await?
                }
            };
            Ok(answer.into())
        }
    })
}

/// The package of a service's WebAssembly module.
pub(in crate::spark) fn wasm_package(client: &Client, locator: Result<ServiceLocator>) -> Document {
    let checked = locator.and_then(|locator| {
        without_version(&locator)?;
        Ok(locator)
    });
    let locator = match checked {
        Ok(locator) => locator,
        Err(error) => return Document::refused("package.zip", &error),
    };
    let client = client.clone();
    Document::new("package.zip", move |_| {
        let (client, locator) = (client.clone(), locator.clone());
        async move {
            let raw = client.raw();
            located!(
                raw,
                locator,
                [download_service_wasm, download_service_by_id_wasm, download_version_wasm],
                [
                    download_public_service_wasm,
                    download_public_service_by_id_wasm,
                    download_public_version_wasm
                ],
                |request, operation| {
                    no_json(raw, operation, call_streamed(request.send()).await?).await
                }
            )
        }
    })
}
