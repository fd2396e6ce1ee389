//! Queries over a catalog, on a cluster.

use std::time::Duration;

use super::{Query, Rows, SqlValue};
use crate::awaits::awaits;
use crate::bodo::{Cluster, ClusterConfig, ClusterId, JobId, NewJob, RunJob, Workspace};
use crate::error::Result;

/// A catalog and the cluster that answers queries over it. Making one sends nothing, and there is
/// nothing to close.
///
/// ```no_run
/// # async fn f(cluster: longhaul::bodo::Cluster) -> longhaul::Result<()> {
/// let connection = cluster.connect("MyCatalog");
/// let mut rows = connection
///     .query("SELECT id, comment FROM orders WHERE day >= :since::date AND clerk = :clerk")
///     .bind_named("since", "2024-01-31")
///     .bind_named("clerk", 7)
///     .await?;
/// while let Some(row) = rows.try_next().await? {
///     println!("{} {:?}", row.get::<i64>("id")?, row.get::<Option<String>>("comment")?);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Connection {
    workspace: Workspace,
    catalog: String,
    cluster: ClusterId,
}

impl Workspace {
    /// Queries over a catalog, given by its name, on a cluster.
    pub fn connect(&self, catalog: impl Into<String>, cluster: impl Into<ClusterId>) -> Connection {
        Connection { workspace: self.clone(), catalog: catalog.into(), cluster: cluster.into() }
    }

    /// A query over a catalog, on a cluster that is made for it and ends with it.
    pub fn query_on(
        &self,
        cluster: ClusterConfig,
        catalog: impl Into<String>,
        sql: impl Into<String>,
    ) -> RunQuery {
        let job = NewJob::sql(sql).catalog(catalog).on_temporary_cluster(cluster);
        RunQuery(RunJob::new(self, job))
    }
}

impl Cluster {
    /// Queries over a catalog, given by its name, on this cluster.
    pub fn connect(&self, catalog: impl Into<String>) -> Connection {
        self.workspace().connect(catalog, self.id())
    }
}

impl Connection {
    /// The catalog's name.
    pub fn catalog(&self) -> &str {
        &self.catalog
    }

    /// The cluster's id.
    pub fn cluster_id(&self) -> &ClusterId {
        &self.cluster
    }

    /// A query. `.await` runs it and gives its rows.
    pub fn query(&self, sql: impl Into<String>) -> RunQuery {
        let job = NewJob::sql(sql).catalog(&self.catalog).on_cluster(&self.cluster);
        RunQuery(RunJob::new(&self.workspace, job))
    }

    /// A query that was submitted before, by its id: to wait for it, take its rows or cancel it.
    /// Sends nothing.
    pub fn resume(&self, query: impl Into<JobId>) -> Query {
        Query::new(self.workspace.job(query))
    }
}

/// A query about to be run: `.await` runs it and gives its [`Rows`], [`submit`](RunQuery::submit)
/// only sends it.
///
/// Its values are given in place of `?`, in order, or of `:name`; the two do not mix. Dropping it
/// while it is waited for leaves it running on the platform: to be able to cancel it, submit it.
///
/// # Errors
/// `InvalidInput` before anything is sent, when a place has no value or a value no place; what the
/// cluster refuses. A query that fails is a `Failed` error at once
/// ([`is_wait_failed`](crate::Error::is_wait_failed)) with the platform's reason and the engine's
/// message, of which the last 2 KiB are kept; likewise one that is cancelled or runs out of time.
#[derive(Debug)]
#[must_use = "nothing runs until it is awaited or submitted"]
pub struct RunQuery(RunJob);

impl RunQuery {
    /// The value of the next `?`.
    pub fn bind(self, value: impl Into<SqlValue>) -> Self {
        Self(self.0.bind(value))
    }

    /// The value of `:name`, wherever it stands; casts (`::`), quoted text and comments are left
    /// alone.
    pub fn bind_named(self, name: impl Into<String>, value: impl Into<SqlValue>) -> Self {
        Self(self.0.bind_named(name, value))
    }

    /// The values of the next `?`, in order.
    pub fn params(self, values: impl IntoIterator<Item = impl Into<SqlValue>>) -> Self {
        Self(self.0.params(values))
    }

    /// When the platform stops the query at the latest; after 60 minutes by default. It counts in
    /// minutes: a part of one is rounded up to a whole one.
    pub fn timeout(self, limit: Duration) -> Self {
        Self(self.0.timeout(limit))
    }

    /// A name to know the query by among the jobs; the platform makes one by default.
    pub fn name(self, name: impl Into<String>) -> Self {
        Self(self.0.name(name))
    }

    /// Lets the platform start the cluster if it is `STOPPED`; see
    /// [`RunJob::resume_cluster`].
    pub fn resume_cluster(self) -> Self {
        Self(self.0.resume_cluster())
    }

    /// Sends the query and does not wait for it. It is sent once: when the answer is lost, the error
    /// says so, and the list of jobs tells whether it runs.
    ///
    /// # Errors
    /// See [`RunQuery`].
    pub async fn submit(self) -> Result<Query> {
        self.0.await.map(Query::new)
    }

    async fn run(self) -> Result<Rows> {
        self.submit().await?.rows().await
    }
}

awaits!(RunQuery => Rows, run);
