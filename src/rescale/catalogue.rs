//! What there is to compute with: hardware, software, prices, automations.

use super::lists::paged_list;
use super::models::{
    Analysis as AnalysisInfo, AnalysisVersion, Automation, AutomationList, CoreType, Price,
    RemoteVizConfig,
};
use super::{Client, natural};
use crate::error::{Error, ErrorKind, Result};
use crate::page::List;
use crate::transport::call::call;

paged_list! {
    /// Kinds of hardware.
    CoreTypeQuery: CoreType = list_core_types() {
        /// Only those that can be used now, or only those that cannot.
        is_active: bool
    } |_client, core_type| core_type
}

paged_list! {
    /// Software.
    AnalysisQuery: AnalysisInfo = list_analyses() {} |_client, analysis| analysis
}

paged_list! {
    /// Configurations of remote desktops.
    RemoteVizQuery: RemoteVizConfig = list_remote_viz_configs() {} |_client, config| config
}

/// Kinds of hardware.
#[derive(Clone, Debug)]
pub struct CoreTypes {
    client: Client,
}

impl CoreTypes {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// All of them; narrow with `is_active`.
    pub fn list(&self) -> List<CoreTypeQuery> {
        CoreTypeQuery::list(&self.client)
    }

    /// Configurations of remote desktops (source: Rescale API documentation of 2016; may be gone).
    pub fn remote_viz(&self) -> List<RemoteVizQuery> {
        RemoteVizQuery::list(&self.client)
    }
}

/// Software.
#[derive(Clone, Debug)]
pub struct Analyses {
    client: Client,
}

impl Analyses {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// All of them.
    pub fn list(&self) -> List<AnalysisQuery> {
        AnalysisQuery::list(&self.client)
    }

    /// One by its code.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when there is none; the error names codes that are near.
    pub async fn get(&self, code: &str) -> Result<AnalysisInfo> {
        let mut all = self.list();
        let mut near = Vec::new();
        while let Some(analysis) = all.try_next().await? {
            if analysis.code == code {
                return Ok(analysis);
            }
            if near.len() < 5 && is_near(&analysis.code, code) {
                near.push(analysis.code);
            }
        }
        let hint = match near.as_slice() {
            [] => String::new(),
            near => format!("; there is {}", near.join(", ")),
        };
        Err(Error::invalid(format!("there is no analysis `{code}` in this workspace{hint}")))
    }

    /// A version of an analysis by its code or by the name that people see. Jobs want the code,
    /// which is in the answer.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when there is no such analysis or version; the error names the
    /// versions that there are.
    pub async fn version(&self, code: &str, version: &str) -> Result<AnalysisVersion> {
        let analysis = self.get(code).await?;
        let by_code = analysis.versions.iter().find(|known| known.version_code == version);
        let named = |known: &&AnalysisVersion| known.version.as_deref() == Some(version);
        if let Some(found) = by_code.or_else(|| analysis.versions.iter().find(named)) {
            return Ok(found.clone());
        }
        let known: Vec<_> = analysis.versions.iter().map(|v| v.version_code.as_str()).collect();
        let known = known.join(", ");
        Err(Error::invalid(format!("`{code}` has no version `{version}`; it has {known}")))
    }

    /// The version of an analysis with the highest code. The platform does not say which version
    /// is the newest, and does not list them in a known order; here numbers count as numbers, so
    /// that `4.10` is above `4.9`, and a code with an ending, such as `4.10-gpu`, is above the one
    /// without.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when there is no such analysis, or it has no versions.
    pub async fn latest_version(&self, code: &str) -> Result<AnalysisVersion> {
        let versions = self.get(code).await?.versions.into_iter();
        let by_code = |a: &AnalysisVersion, b: &AnalysisVersion| {
            natural::compare(&a.version_code, &b.version_code)
        };
        let latest = versions.max_by(by_code);
        latest.ok_or_else(|| Error::invalid(format!("the analysis `{code}` has no versions")))
    }

    /// Scripts that the organisation runs before or after jobs.
    ///
    /// # Errors
    /// As any call.
    pub async fn automations(&self) -> Result<Vec<Automation>> {
        Ok(match call(self.client.raw().list_automations().send()).await? {
            AutomationList::Array(all) => all,
            AutomationList::AutomationPage(page) => page.results,
        })
    }
}

fn is_near(known: &str, wanted: &str) -> bool {
    let (known, wanted) = (known.to_lowercase(), wanted.to_lowercase());
    known.contains(&wanted) || wanted.contains(&known)
}

/// What hardware costs.
#[derive(Clone, Debug)]
pub struct Prices {
    client: Client,
}

/// A core type with its price.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The hardware.
    pub core_type: CoreType,
    /// Its price per core and hour.
    pub price: Price,
    /// The price as a number, in the price's currency.
    pub amount: f64,
}

impl Prices {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// All prices, of all plans and operating systems.
    ///
    /// # Errors
    /// As any call.
    pub async fn list(&self) -> Result<Vec<Price>> {
        call(self.client.raw().list_compute_prices().send()).await
    }

    /// Looks for the cheapest active core type; by default for Linux and on demand at the economy
    /// price.
    pub fn cheapest(&self) -> Cheapest {
        Cheapest {
            client: self.client.clone(),
            os: "linux".to_owned(),
            plan: "on-demand".to_owned(),
            category: None,
            cores: None,
            deprecated: false,
        }
    }
}

/// A search for the cheapest core type; `.await` gives an [`Offer`].
#[derive(Clone, Debug)]
#[must_use = "nothing is asked for until it is awaited"]
pub struct Cheapest {
    client: Client,
    os: String,
    plan: String,
    category: Option<String>,
    cores: Option<i64>,
    deprecated: bool,
}

impl Cheapest {
    /// The operating system, `linux` by default.
    pub fn os(mut self, os: impl Into<String>) -> Self {
        self.os = os.into();
        self
    }

    /// How the plan's type ends: `on-demand` (economy, the default) or `on-demand-pro`.
    pub fn plan(mut self, ending: impl Into<String>) -> Self {
        self.plan = ending.into();
        self
    }

    /// Only core types of this category, such as `general`.
    pub fn category(mut self, code: impl Into<String>) -> Self {
        self.category = Some(code.into());
        self
    }

    /// Only core types that offer this number of cores.
    pub fn cores(mut self, cores: i64) -> Self {
        self.cores = Some(cores);
        self
    }

    /// Also core types that are deprecated.
    pub fn deprecated(mut self, allowed: bool) -> Self {
        self.deprecated = allowed;
        self
    }

    async fn find(self) -> Result<Offer> {
        let prices = Prices::new(&self.client).list().await?;
        let core_types = CoreTypes::new(&self.client).list().collect_all().await?;
        let offers = core_types.into_iter().filter(|core_type| self.suits(core_type));
        let priced = offers.filter_map(|core_type| {
            let mine = |price: &&Price| price.core_type == core_type.code && self.applies(price);
            let (price, amount) = prices
                .iter()
                .filter(mine)
                .filter_map(|price| Some((price, price.value.amount.to_f64()?)))
                .min_by(|a, b| a.1.total_cmp(&b.1))?;
            Some(Offer { core_type, price: price.clone(), amount })
        });
        priced.min_by(|a, b| a.amount.total_cmp(&b.amount)).ok_or_else(|| self.nothing())
    }

    fn suits(&self, core_type: &CoreType) -> bool {
        let categories = core_type.category_codes.as_deref().unwrap_or_default();
        core_type.is_active != Some(false)
            && (self.deprecated || core_type.is_deprecated != Some(true))
            && self.category.as_ref().is_none_or(|wanted| categories.contains(wanted))
            && self.cores.is_none_or(|wanted| core_type.cores.contains(&wanted))
    }

    fn applies(&self, price: &Price) -> bool {
        price.is_active && price.os == self.os && price.plan_type.ends_with(&self.plan)
    }

    fn nothing(&self) -> Error {
        let Self { os, plan, .. } = self;
        let message = format!("no core type fits the filter and has a price for {os}, {plan}");
        Error::new(ErrorKind::InvalidInput, message)
    }
}

crate::awaits::awaits!(Cheapest => Offer, find);
