//! What clusters and jobs cost.

mod export;
mod prices;

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;

use super::session::Session;
use super::{Organization, Workspace, WorkspaceId};
use crate::error::{Error, Result};
use crate::page::List;

pub use export::{ExportPrices, PriceExport};
pub use prices::{ClusterPriceQuery, JobPriceQuery};

/// What clusters and jobs cost, by days.
///
/// The official client has these calls without saying whose keys they take (source: bodosdk 2.3.2,
/// api/billing.py), so that both clients offer them.
#[derive(Clone)]
pub struct Billing {
    session: Arc<Session>,
}

impl Workspace {
    /// What clusters and jobs cost.
    pub fn billing(&self) -> Billing {
        Billing { session: self.session.clone() }
    }
}

impl Organization {
    /// What clusters and jobs cost, of all workspaces or of one.
    pub fn billing(&self) -> Billing {
        Billing { session: self.session.clone() }
    }
}

impl Billing {
    /// What clusters cost from one day to another, both included.
    ///
    /// ```no_run
    /// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
    /// let organization = longhaul::bodo::Organization::from_env()?;
    /// let (from, to) = ("2025-01-01".parse()?, "2025-01-31".parse()?);
    /// let mut prices = organization.billing().cluster_prices(from, to);
    /// while let Some(price) = prices.try_next().await? {
    ///     println!("{:?} {:?}", price.cluster_name, price.total_bodo_price);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn cluster_prices(&self, from: NaiveDate, to: NaiveDate) -> List<ClusterPriceQuery> {
        ClusterPriceQuery::list(self.span(from, to))
    }

    /// What jobs cost from one day to another, both included.
    pub fn job_prices(&self, from: NaiveDate, to: NaiveDate) -> List<JobPriceQuery> {
        JobPriceQuery::list(self.span(from, to))
    }

    /// A file with what clusters cost from one day to another, both included.
    ///
    /// ```no_run
    /// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
    /// let organization = longhaul::bodo::Organization::from_env()?;
    /// let (from, to) = ("2025-01-01".parse()?, "2025-01-31".parse()?);
    /// let export = organization.billing().cluster_price_export(from, to).await?;
    /// println!("{}", export.download_to("prices/").await?.path.display());
    /// # Ok(()) }
    /// ```
    pub fn cluster_price_export(&self, from: NaiveDate, to: NaiveDate) -> ExportPrices {
        ExportPrices::of_clusters(self.span(from, to))
    }

    /// A file with what jobs cost from one day to another, both included.
    pub fn job_price_export(&self, from: NaiveDate, to: NaiveDate) -> ExportPrices {
        ExportPrices::of_jobs(self.span(from, to))
    }

    fn span(&self, from: NaiveDate, to: NaiveDate) -> Span {
        Span { session: self.session.clone(), from, to, workspace: None }
    }
}

impl fmt::Debug for Billing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Billing").field(&self.session.raw.inner).finish()
    }
}

/// Whose prices of which days are asked for.
#[derive(Clone)]
struct Span {
    session: Arc<Session>,
    from: NaiveDate,
    to: NaiveDate,
    workspace: Option<WorkspaceId>,
}

impl Span {
    /// The first and the last day as the platform writes them.
    fn days(&self) -> Result<(String, String)> {
        let Self { from, to, .. } = self;
        if to < from {
            let message = format!("the last day {to} of the prices is before the first day {from}");
            return Err(Error::invalid(message));
        }
        Ok((from.to_string(), to.to_string()))
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to, workspace, .. } = self;
        write!(f, "{from} to {to}")?;
        workspace.as_ref().map_or(Ok(()), |workspace| write!(f, " in {workspace}"))
    }
}
