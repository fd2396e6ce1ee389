//! Services: executing them, looking at them, making and changing them.

mod compilation;
mod download;
mod execute;
pub(super) mod locate;
mod looks;
pub(super) mod options;
mod outcome;
mod publish;
mod recompile;
mod search;
mod setters;
mod swagger;
mod transform;
mod upload;
mod validate;

pub use compilation::{Compilation, CompilationId};
pub use download::Workbook;
pub(super) use download::wasm_package;
pub use execute::{Execute, ExecuteRecords};
pub use looks::Metadata;
pub use outcome::{Execution, Executions, RecordOutcome};
pub use publish::{CreateService, Publish, Published};
pub use recompile::{Recompile, Recompiled};
pub use search::{SearchQuery, ServiceQuery};
pub use swagger::GetSwagger;
pub use transform::ApplyTransform;
pub use upload::UploadService;
pub use validate::{Validate, Validation};

use serde::Serialize;

use super::envelope::delete;
use super::{Client, ServiceLocator};
use crate::error::{Error, Result};
use crate::transfer::Content;
use locate::{names, read};

/// The services of a tenant. Every method takes a service as text or as a [`ServiceLocator`].
#[derive(Clone, Debug)]
pub struct Services {
    client: Client,
}

impl Client {
    /// The services of the tenant.
    pub fn services(&self) -> Services {
        Services { client: self.clone() }
    }
}

impl Services {
    /// Executes a service: for one record with [`inputs`](Execute::inputs), for many with
    /// [`records`](Execute::records) or [`table`](Execute::table).
    ///
    /// ```no_run
    /// # async fn f(spark: longhaul::spark::Client) -> longhaul::Result<()> {
    /// use serde_json::json;
    /// let service = spark.services().execute("my-folder/my-service");
    /// let answer = service.inputs(json!({"value": 42})).selected_outputs(["total"]).await?;
    /// println!("{}", answer.outputs["total"]);
    ///
    /// let records = [json!({"value": 1}), json!({"value": 2})];
    /// let answers = spark.services().execute("my-folder/my-service").records(records).await?;
    /// for record in answers.records() {
    ///     println!("{} {:?}", record.outputs, record.errors);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn execute(&self, service: impl TryInto<ServiceLocator, Error: Into<Error>>) -> Execute {
        Execute::new(self.client.raw(), read(service))
    }

    /// Executes a service through a transform, which makes its inputs of any JSON and any JSON of
    /// its outputs.
    pub fn transform(
        &self,
        service: impl TryInto<ServiceLocator, Error: Into<Error>>,
        inputs: impl Serialize,
    ) -> ApplyTransform {
        ApplyTransform::new(self.client.raw(), read(service), &inputs)
    }

    /// Which inputs a service takes.
    pub fn validate(&self, service: impl TryInto<ServiceLocator, Error: Into<Error>>) -> Validate {
        Validate::new(self.client.raw(), read(service))
    }

    /// Creates a service from a workbook, or a new version of one: uploads, waits for the
    /// compilation and publishes.
    ///
    /// ```no_run
    /// # async fn f(spark: longhaul::spark::Client) -> longhaul::Result<()> {
    /// use longhaul::transfer::Content;
    /// let workbook = Content::file("my-service.xlsx").await?;
    /// let made = spark.services().create("my-folder", "my-service", workbook).label("v1").await?;
    /// println!("{:?}", made.version_id);
    /// # Ok(()) }
    /// ```
    pub fn create(
        &self,
        folder: impl Into<String>,
        service: impl Into<String>,
        workbook: impl Into<Content>,
    ) -> CreateService {
        CreateService::new(self.upload(folder, service, workbook))
    }

    /// Uploads a workbook, which starts its compilation. Wait for the [`Compilation`], then
    /// [`publish`](Services::publish) it.
    pub fn upload(
        &self,
        folder: impl Into<String>,
        service: impl Into<String>,
        workbook: impl Into<Content>,
    ) -> UploadService {
        UploadService::new(&self.client, folder.into(), service.into(), workbook.into())
    }

    /// A compilation by its id, without asking the server.
    ///
    /// # Errors
    /// When the service is not given as folder/service.
    pub fn compilation(
        &self,
        service: impl TryInto<ServiceLocator, Error: Into<Error>>,
        id: impl Into<CompilationId>,
    ) -> Result<Compilation> {
        let locator = read(service)?;
        let (folder, service) = names(&locator)?;
        Ok(Compilation::new(&self.client, folder, service, id.into()))
    }

    /// Publishes a workbook that was uploaded and compiled.
    pub fn publish(&self, compilation: &Compilation) -> Publish {
        Publish::new(compilation)
    }

    /// Compiles a service again, perhaps with another compiler.
    pub fn recompile(
        &self,
        service: impl TryInto<ServiceLocator, Error: Into<Error>>,
    ) -> Recompile {
        Recompile::new(&self.client, read(service))
    }

    /// The workbook of a service, to be stored or read.
    ///
    /// ```no_run
    /// # async fn f(spark: longhaul::spark::Client) -> longhaul::Result<()> {
    /// spark.services().download("my-folder/my-service").configured().download_to("out/").await?;
    /// # Ok(()) }
    /// ```
    pub fn download(&self, service: impl TryInto<ServiceLocator, Error: Into<Error>>) -> Workbook {
        Workbook::new(&self.client, read(service))
    }

    /// Deletes a service with all its versions.
    ///
    /// # Errors
    /// As any call; 404 when there is none.
    pub async fn delete(
        &self,
        service: impl TryInto<ServiceLocator, Error: Into<Error>>,
    ) -> Result<()> {
        let (locator, raw) = (read(service)?, self.client.raw_origin());
        let (folder, service) = names(&locator)?;
        let request = raw.delete_service().folder(folder).service(service);
        delete(raw, "delete_service", request.send()).await?;
        Ok(())
    }
}
