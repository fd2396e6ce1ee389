//! What can be set for a simulated Coherent Spark.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::auth::{API_KEY, CLIENT, Right, TENANT, TOKEN};
use super::inferred;
use super::model::Model;
use super::server::Server;
use crate::platforms::{Named, Platform};
use crate::server::{Backend, World};
use crate::simulator::Simulator;
use crate::units;

/// How the simulator knows this platform.
pub(crate) static PLATFORM: Platform = Platform { name: "spark", port: 18130, configure };

/// The settings of a simulated Coherent Spark; the methods are those of `Simulator<Spark>`.
#[derive(Debug, Clone)]
pub struct Spark {
    pub(super) tenants: Vec<String>,
    pub(super) keys: HashMap<String, Vec<Right>>,
    pub(super) tokens: Vec<String>,
    pub(super) clients: Vec<(String, String)>,
    pub(super) token_lifetime: Duration,
    pub(super) services: Vec<(String, Model)>,
    pub(super) proxies: Vec<(String, String)>,
    pub(super) rate: f64,
    pub(super) input_buffer: u64,
    pub(super) output_buffer: u64,
    pub(super) max_workers: u64,
    pub(super) idle_timeout: Duration,
    pub(super) failing_exports: bool,
    pub(super) failing_imports: bool,
}

impl Simulator<Spark> {
    /// A simulated Coherent Spark: the platform, Keycloak, the document store and a Hybrid Runner on
    /// one port, with the tenant [`TENANT`].
    pub fn spark() -> Self {
        let options = Spark {
            tenants: vec![TENANT.to_owned()],
            keys: HashMap::from([(API_KEY.to_owned(), Vec::new())]),
            tokens: vec![TOKEN.to_owned()],
            clients: vec![(CLIENT.0.to_owned(), CLIENT.1.to_owned())],
            token_lifetime: inferred::TOKEN_LIFETIME,
            services: Vec::new(),
            proxies: Vec::new(),
            rate: inferred::RATE,
            input_buffer: inferred::INPUT_BUFFER,
            output_buffer: inferred::OUTPUT_BUFFER,
            max_workers: inferred::MAX_WORKERS,
            idle_timeout: inferred::IDLE_TIMEOUT,
            failing_exports: false,
            failing_imports: false,
        };
        Self::new(&PLATFORM, options, |options, world: World| {
            Arc::new(Server::new(options, world)) as Arc<dyn Backend>
        })
    }

    /// One more tenant besides [`TENANT`]. API keys and tokens that were set are good in all
    /// tenants; tokens of the token endpoint only in the one that they were issued for.
    pub fn tenant(mut self, name: impl Into<String>) -> Self {
        self.options.tenants.push(name.into());
        self
    }

    /// Accepts this API key as well, with these rights beyond the default ones.
    pub fn api_key(
        mut self,
        key: impl Into<String>,
        rights: impl IntoIterator<Item = Right>,
    ) -> Self {
        self.options.keys.insert(key.into(), rights.into_iter().collect());
        self
    }

    /// Accepts this bearer token as well; it never expires.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.options.tokens.push(token.into());
        self
    }

    /// Accepts this OAuth client as well.
    pub fn oauth_client(mut self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.options.clients.push((id.into(), secret.into()));
        self
    }

    /// How long a token of the token endpoint is valid; two hours by default. The answer tells it in
    /// whole seconds.
    pub fn token_lifetime(mut self, time: Duration) -> Self {
        self.options.token_lifetime = time;
        self
    }

    /// A published service `folder/service`, in every tenant;
    /// [`Handle::id_of`](crate::Handle::id_of) tells its id.
    pub fn service(mut self, uri: impl Into<String>, model: Model) -> Self {
        self.options.services.push((uri.into(), model));
        self
    }

    /// A proxy: `proxy/PATH` executes the service `folder/service`.
    pub fn proxy(mut self, path: impl Into<String>, uri: impl Into<String>) -> Self {
        self.options.proxies.push((path.into(), uri.into()));
        self
    }

    /// The records that one batch computes a second; 10,000 by default.
    pub fn rate(mut self, records_per_second: f64) -> Self {
        self.options.rate = records_per_second.max(f64::MIN_POSITIVE);
        self
    }

    /// The bytes of the buffers of a batch that asks for none; 70 and 80 MB by default. A batch gets
    /// what it asks for, up to 450 MB.
    pub fn buffers(mut self, input: u64, output: u64) -> Self {
        (self.options.input_buffer, self.options.output_buffer) = (input, output);
        self
    }

    /// The most workers of a batch that asks for none; 100 by default. They are told, and do not
    /// change the rate.
    pub fn max_workers(mut self, workers: u64) -> Self {
        self.options.max_workers = workers;
        self
    }

    /// The time after which an idle batch is closed; 30 minutes by default.
    pub fn idle_timeout(mut self, time: Duration) -> Self {
        self.options.idle_timeout = time;
        self
    }

    /// Whether export jobs fail.
    pub fn failing_exports(mut self, on: bool) -> Self {
        self.options.failing_exports = on;
        self
    }

    /// Whether import jobs fail.
    pub fn failing_imports(mut self, on: bool) -> Self {
        self.options.failing_imports = on;
        self
    }

    /// One setting as key and value.
    fn set(self, key: &str, value: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("{key}: {value:?} is not {what}");
        let switch = || value.parse::<bool>().map_err(|_| wrong("true or false"));
        let pair = |what: &str| value.split_once(':').ok_or_else(|| wrong(what));
        Ok(match key {
            "tenant" => self.tenant(value),
            "token" => self.token(value),
            "api-key" => self.api_key(value, [Right::AllEncompassingProxy]),
            "oauth-client" => {
                let (id, secret) = pair("ID:SECRET")?;
                self.oauth_client(id, secret)
            }
            "token-lifetime" => self.token_lifetime(units::duration(value)?),
            "service" => {
                let (uri, model) = value.split_once(':').unwrap_or((value, "echo"));
                self.service(uri, model.parse().map_err(|error| format!("{key}: {error}"))?)
            }
            "proxy" => {
                let (path, uri) = pair("PATH:FOLDER/SERVICE")?;
                self.proxy(path, uri)
            }
            "rate" => self.rate(value.parse().map_err(|_| wrong("a number of records"))?),
            "buffers" => {
                let (input, output) = pair("SIZE:SIZE")?;
                self.buffers(units::size(input)?, units::size(output)?)
            }
            "max-workers" => self.max_workers(value.parse().map_err(|_| wrong("a number"))?),
            "idle-timeout" => self.idle_timeout(units::duration(value)?),
            "failing-exports" => self.failing_exports(switch()?),
            "failing-imports" => self.failing_imports(switch()?),
            _ => return Err(format!("spark has no setting {key:?}")),
        })
    }
}

fn configure(settings: &[(&str, &str)]) -> Result<Simulator<Named>, String> {
    let configured = settings
        .iter()
        .try_fold(Simulator::spark(), |simulator, (key, value)| simulator.set(key, value));
    configured.map(Simulator::into_named)
}
