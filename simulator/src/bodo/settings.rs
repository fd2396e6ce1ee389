//! The settings as the program takes them: keys and values.

use super::options::Bodo;
use crate::platforms::{Named, Platform};
use crate::simulator::Simulator;
use crate::units;

/// How the simulator knows this platform.
pub(crate) static PLATFORM: Platform = Platform { name: "bodo", port: 18100, configure };

fn configure(settings: &[(&str, &str)]) -> Result<Simulator<Named>, String> {
    let configured = settings
        .iter()
        .try_fold(Simulator::bodo(), |simulator, (key, value)| simulator.set(key, value));
    configured.map(Simulator::into_named)
}

impl Simulator<Bodo> {
    fn set(self, key: &str, value: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("{key}: {value:?} is not {what}");
        let switch = || value.parse::<bool>().map_err(|_| wrong("true or false"));
        let number = || value.parse::<usize>().map_err(|_| wrong("a number"));
        let pair = |what| value.split_once(':').ok_or_else(|| wrong(what));
        Ok(match key {
            "keys" => {
                let (id, secret) = pair("ID:SECRET")?;
                self.keys(id, secret)
            }
            "organization-keys" => {
                let (id, secret) = pair("ID:SECRET")?;
                self.organization_keys(id, secret)
            }
            "cluster" => self.cluster(value),
            "catalog" => self.catalog(value),
            "token-lifetime" => self.token_lifetime(units::duration(value)?),
            "exp-claim" => self.exp_claim(switch()?),
            "url-lifetime" => self.url_lifetime(units::duration(value)?),
            "minute" => self.minute(units::duration(value)?),
            "outcome" => {
                let (name, rest) = pair("NAME:STATUS[:REASON]")?;
                let (status, reason) = rest.split_once(':').unwrap_or((rest, ""));
                self.outcome(name, status, reason)
            }
            "failures" => {
                let (name, count) = pair("NAME:COUNT")?;
                self.failures(name, count.parse().map_err(|_| wrong("NAME:COUNT"))?)
            }
            "rows-per-file" => self.rows_per_file(number()?),
            "max-page-size" => self.max_page_size(number()?),
            "billing-pages" => self.billing_pages(switch()?),
            "azure" => self.azure(switch()?),
            "deprecated-version" => {
                let (version, day) = pair("VERSION:DAY")?;
                self.deprecated_version(version, day)
            }
            _ => return Err(format!("bodo has no setting {key:?}")),
        })
    }
}
