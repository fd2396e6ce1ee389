//! Lists of prices, which may come as pages, all at once or as a single one.

use super::Span;
use crate::bodo::WorkspaceId;
use crate::bodo::lists::{PAGE_SIZE, everything, page};
use crate::bodo::models::{ClusterPrice, ClusterPrices, JobPrice, JobPrices};
use crate::error::Result;
use crate::page::{Cursor, List, Page, Query};

/// Declares a list of prices. The official client knows pages and reads a single price (source:
/// bodosdk 2.3.2, api/billing.py), so that every form is taken.
macro_rules! price_list {
    (
        $(#[$meta:meta])*
        $query:ident: $item:ident = $operation:ident -> $answer:ident::$page:ident
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $query(Span);

        impl $query {
            pub(super) fn list(span: Span) -> List<Self> {
                List::new(Self(span), Some(PAGE_SIZE))
            }
        }

        impl Query for $query {
            type Item = $item;
            const OPERATION: (&'static str, &'static str) = ("bodo", stringify!($operation));
            const NUMBERED: bool = true;

            async fn fetch(&self, at: Cursor, size: Option<u32>) -> Result<Page<$item>> {
                let Span { session, workspace, .. } = &self.0;
                let (from, to) = self.0.days()?;
                let number = i64::try_from(at.number().unwrap_or(1)).unwrap_or(i64::MAX);
                let request = session.raw.$operation().started_at(from).finished_at(to);
                let mut request = request.page(number);
                if let Some(size) = size {
                    request = request.size(i64::from(size));
                }
                if let Some(workspace) = workspace {
                    request = request.workspace_uuid(workspace);
                }
                match session.call(request.send()).await? {
                    $answer::$page(answer) => page(answer.data, &answer.metadata, &at),
                    $answer::Array(all) => everything(all, &at),
                    $answer::$item(one) => everything(vec![one], &at),
                }
            }
        }

        impl List<$query> {
            /// Only those of this workspace.
            pub fn workspace(mut self, id: impl Into<WorkspaceId>) -> Self {
                self.query.0.workspace = Some(id.into());
                self
            }
        }
    };
}

price_list! {
    /// What a list of the prices of clusters asks for.
    ClusterPriceQuery: ClusterPrice = get_cluster_prices -> ClusterPrices::ClusterPricePage
}
price_list! {
    /// What a list of the prices of jobs asks for.
    JobPriceQuery: JobPrice = get_job_prices -> JobPrices::JobPricePage
}
