//! [Bodo](https://www.bodo.ai): clusters, jobs and SQL of a workspace, and the workspaces of an
//! organisation.
//!
//! Start with a [`Workspace`] or an [`Organization`]: they need different keys. The data that the
//! platform sends is in [`models`]; statuses are open enums that keep values which this version
//! does not know.

mod billing;
mod builder;
mod calls;
mod catalogs;
mod cloud_configs;
mod clusters;
mod cron_jobs;
mod group;
mod instance_roles;
mod jobs;
mod lists;
mod organization;
mod platform;
mod secrets;
mod session;
mod settings;
mod signed;
mod sql;
mod status;
mod templates;
mod token;
mod upload;
mod workspace;
mod workspaces;

/// What the platform sends and takes, as generated from its spec.
pub use crate::raw::bodo::types as models;

pub use billing::{Billing, ClusterPriceQuery, ExportPrices, JobPriceQuery, PriceExport};
pub use builder::Builder;
pub use catalogs::{
    Catalog, CatalogDetails, CatalogId, CatalogType, Catalogs, CreateCatalog, ListCatalogs,
    UpdateCatalog,
};
pub use cloud_configs::{
    CloudConfig, CloudConfigId, CloudConfigQuery, CloudConfigs, CloudProvider,
    CreateAwsCloudConfig, CreateAzureCloudConfig, UpdateCloudConfig,
};
pub use clusters::{
    Cluster, ClusterConfig, ClusterId, ClusterQuery, Clusters, CommandCluster, CreateCluster,
    DeleteCluster, ListInstanceTypes, UpdateCluster,
};
pub use cron_jobs::{CreateCronJob, CronJob, CronJobId, CronJobQuery, CronJobs};
pub use group::{Group, GroupAction};
pub use instance_roles::{
    CreateInstanceRole, DeleteInstanceRole, InstanceRole, InstanceRoleId, InstanceRoleQuery,
    InstanceRoles,
};
pub use jobs::{
    Follow, Job, JobId, JobQuery, Jobs, Lines, Log, LogSource, LogStream, Moment, NewJob, Retries,
    RunJob, Source,
};
pub use lists::Order;
pub use organization::Organization;
pub use secrets::{CreateSecret, CreateSecretGroup, SecretGroups, SecretId, Secrets, UpdateSecret};
#[cfg(feature = "arrow")]
pub use sql::Batches;
pub use sql::{ColumnIndex, Connection, Query, Row, Rows, RunQuery, SqlValue, TypedRows};
pub use status::{
    CloudConfigStatus, ClusterStatus, InstanceRoleStatus, JobStatus, JobType, WorkspaceStatus,
};
pub use templates::{
    CreateJobTemplate, JobTemplate, JobTemplateId, JobTemplateQuery, JobTemplates,
    UpdateJobTemplate,
};
pub use upload::UploadFile;
pub use workspace::{Workspace, WorkspaceId};
pub use workspaces::{
    BodoRole, CreateWorkspace, DeleteWorkspace, ManagedWorkspace, WorkspaceQuery, Workspaces,
};
/// Arrow in the version that [`Batches`] is made of.
#[cfg(feature = "arrow")]
pub use {arrow_array, arrow_schema};
