//! The settings as the program takes them: keys and values.

use super::auth::Account;
use super::options::Denvr;
use crate::platforms::{Named, Platform};
use crate::simulator::Simulator;
use crate::units;

/// How the simulator knows this platform.
pub(crate) static PLATFORM: Platform = Platform { name: "denvr", port: 18140, configure };

fn configure(settings: &[(&str, &str)]) -> Result<Simulator<Named>, String> {
    let configured = settings
        .iter()
        .try_fold(Simulator::denvr(), |simulator, (key, value)| simulator.set(key, value));
    configured.map(Simulator::into_named)
}

impl Simulator<Denvr> {
    fn set(self, key: &str, value: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("{key}: {value:?} is not {what}");
        let switch = || value.parse::<bool>().map_err(|_| wrong("true or false"));
        let pair = |mark, what| value.split_once(mark).ok_or_else(|| wrong(what));
        Ok(match key {
            "tenant" => self.tenant(value),
            "user" => {
                let (name, rest) = pair(':', "NAME:PASSWORD[:ACCOUNT]")?;
                let (password, account) = rest.split_once(':').unwrap_or((rest, ""));
                self.user(name, password, account_of(account).ok_or_else(|| wrong("a user"))?)
            }
            "api-key" => self.api_key(value),
            "token-lifetime" => self.token_lifetime(units::duration(value)?),
            "refresh-token-lifetime" => self.refresh_token_lifetime(units::duration(value)?),
            "cluster" => self.cluster(value),
            "server" => {
                let (cluster, name) = pair('/', "CLUSTER/NAME")?;
                self.server(cluster, name)
            }
            "host" => {
                let (cluster, id) = pair('/', "CLUSTER/ID")?;
                self.host(cluster, id)
            }
            "capacity" => {
                let (configuration, count) = pair(':', "CONFIGURATION:COUNT")?;
                self.capacity(configuration, count.parse().map_err(|_| wrong("a count"))?)
            }
            "outcome" => {
                let (name, rest) = pair(':', "NAME:STATUS[:REASON]")?;
                let (status, reason) = rest.split_once(':').unwrap_or((rest, ""));
                self.outcome(name, status, reason)
            }
            "refresh-by-get" => self.refresh_by_get(switch()?),
            "empty-logout" => self.empty_logout(switch()?),
            "namespace-in-commands" => self.namespace_in_commands(switch()?),
            "strict-states" => self.strict_states(switch()?),
            "validation-as-500" => self.validation_as_500(switch()?),
            "withdrawn-paths" => self.withdrawn_paths(switch()?),
            _ => return Err(format!("denvr has no setting {key:?}")),
        })
    }
}

fn account_of(word: &str) -> Option<Account> {
    match (word, word.split_once('=')) {
        ("", _) => Some(Account::TenantAdmin),
        ("member", _) => Some(Account::Member),
        ("password-reset", _) => Some(Account::PasswordReset),
        (_, Some(("two-factor", code))) => Some(Account::TwoFactor(code.to_owned())),
        _ => None,
    }
}
