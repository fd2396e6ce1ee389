//! The list of instance roles, which comes as a page or all at once.

use super::InstanceRole;
use crate::bodo::lists::{
    Filter, Many, Order, PAGE_SIZE, everything, filter_setter, ordering, page,
};
use crate::bodo::models::InstanceRoleList;
use crate::bodo::{Group, Workspace};
use crate::error::Result;
use crate::page::{Cursor, List, Page, Query};

/// What a list of instance roles asks for.
#[derive(Clone, Debug)]
pub struct InstanceRoleQuery {
    client: Workspace,
    ids: Many<String>,
    names: Many<String>,
    role_arns: Many<String>,
    identities: Many<String>,
    ordering: Many<String>,
}

impl InstanceRoleQuery {
    pub(super) fn list(client: &Workspace) -> List<Self> {
        let query = Self {
            client: client.clone(),
            ids: Many::default(),
            names: Many::default(),
            role_arns: Many::default(),
            identities: Many::default(),
            ordering: Many::default(),
        };
        List::new(query, Some(PAGE_SIZE))
    }

    fn is_empty(&self) -> bool {
        let filters = [&self.ids, &self.names, &self.role_arns, &self.identities];
        filters.into_iter().any(Filter::selects_nothing)
    }

    async fn ask(&self, number: u64, size: Option<u32>) -> Result<InstanceRoleList> {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let mut request = self.client.raw().list_instance_roles().page(number);
        if let Some(size) = size {
            request = request.size(i64::from(size));
        }
        macro_rules! narrow {
            ($($filter:ident = $key:ident),*) => {$(
                if let Some(values) = self.$filter.0.clone() {
                    request = request.$key(values);
                }
            )*};
        }
        narrow!(ids = uuid, names = name, role_arns = role_arn);
        narrow!(identities = identity, ordering = ordering);
        self.client.session.call(request.send()).await
    }
}

impl Query for InstanceRoleQuery {
    type Item = InstanceRole;
    const OPERATION: (&'static str, &'static str) = ("bodo", "list_instance_roles");
    const NUMBERED: bool = true;

    async fn fetch(&self, at: Cursor, size: Option<u32>) -> Result<Page<InstanceRole>> {
        if self.is_empty() {
            return everything(Vec::new(), &at);
        }
        let wrap = |data| InstanceRole::with_data(&self.client, data);
        match self.ask(at.number().unwrap_or(1), size).await? {
            InstanceRoleList::InstanceRolePage(answer) => {
                page(answer.data.into_iter().map(wrap).collect(), &answer.metadata, &at)
            }
            InstanceRoleList::Array(all) => everything(all.into_iter().map(wrap).collect(), &at),
        }
    }
}

impl List<InstanceRoleQuery> {
    filter_setter! {
        /// Only those with these ids.
        many ids: String
    }
    filter_setter! {
        /// Only those with these names.
        many names: String
    }
    filter_setter! {
        /// Only those for these roles of AWS, by their ARNs.
        many role_arns: String
    }
    filter_setter! {
        /// Only those for these managed identities of Azure, by their resource ids.
        many identities: String
    }

    /// Sorts by a field as the platform spells it, such as `name`. Given several times, the first
    /// comes first.
    pub fn order_by(mut self, field: impl AsRef<str>, order: Order) -> Self {
        self.query.ordering.extend([ordering(field.as_ref(), order)]);
        self
    }

    /// All of the list, to act on as one.
    ///
    /// # Errors
    /// When a page fails.
    pub async fn group(self) -> Result<Group<InstanceRole>> {
        Ok(self.collect_all().await?.into())
    }
}
