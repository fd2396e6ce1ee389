//! What both clients share: the connection to the API, with the keys' token on every call.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use progenitor_client::{Error as RawError, ResponseValue};
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use tokio::sync::OnceCell;

use super::CloudProvider;
use super::clusters::LatestVersion;
use super::models;
use super::platform::PLATFORM;
use super::settings::{Keys, Kind, Places};
use super::token::{Claims, Exchange};
use crate::error::{Error, Result};
use crate::raw;
use crate::transport::Transport;
use crate::transport::auth::{Credential, TokenCache, why_no_token};
use crate::transport::call::call;
use crate::transport::options::Options;

/// The release whose ways the platform is asked to keep (source: bodosdk 2.3.2, api/base.py).
const SDK_VERSION: (HeaderName, HeaderValue) =
    (HeaderName::from_static("sdk-version"), HeaderValue::from_static("2.3.2"));

/// The prefix of the token in its header.
const BEARER: &str = "Bearer ";

/// A connection as the holder of one pair of keys.
pub(super) struct Session {
    pub(super) raw: raw::bodo::Client,
    pub(super) options: Options,
    pub(super) latest_version: LatestVersion,
    /// The cloud that a workspace is in.
    pub(super) provider: OnceCell<CloudProvider>,
    credential: Credential,
    kind: Kind,
}

impl Session {
    /// Sends a generated operation. A refusal of the keys says what to check.
    pub(super) async fn call<T: serde::de::DeserializeOwned>(
        &self,
        sent: impl Future<Output = Result<ResponseValue<T>, RawError<()>>>,
    ) -> Result<T> {
        call(sent).await.map_err(|error| self.explained(error))
    }

    pub(super) fn explained(&self, error: Error) -> Error {
        let refused =
            matches!(error.status(), Some(401 | 403)) && error.operation() != Some("create_token");
        error.with_advice_if(refused, self.kind.advice())
    }

    /// What the platform says of the release whose ways are followed.
    pub(super) async fn sdk_version(&self) -> Result<models::SdkVersion> {
        let (_, version) = SDK_VERSION;
        let version = version.to_str().unwrap_or_default();
        self.call(self.raw.get_sdk_version().version(version).send()).await
    }

    /// The generated client with a single attempt per call, for waits.
    pub(super) fn single_attempt(&self, limit: Duration) -> raw::bodo::Client {
        raw::bodo::Client { inner: self.raw.inner.single_attempt(limit), ..self.raw.clone() }
    }

    /// The tenant that the token names: in a workspace's token, the workspace. Fetches a token
    /// when there is none.
    pub(super) async fn tenant(&self) -> Result<Option<String>> {
        let got = self.credential.get().await;
        let (header, _) = got.map_err(|error| why_no_token(&error).unwrap_or(error))?;
        let mut headers = HeaderMap::new();
        header.set(&mut headers);
        let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix(BEARER)).unwrap_or_default();
        Ok(Claims::of(token).and_then(|claims| claims.tenant).filter(|tenant| !tenant.is_empty()))
    }
}

/// Makes the connections of one client.
pub(super) struct Connector {
    http: reqwest::Client,
    places: Places,
    options: Options,
}

impl Connector {
    pub(super) fn new(places: Places, options: Options) -> Result<Self> {
        Ok(Self { http: options.http_client()?, places, options })
    }

    /// The credential that a pair of keys makes. Its requests take turns of their own: calls that
    /// wait for a token hold all of theirs.
    pub(super) fn exchange(&self, keys: Keys, kind: Kind) -> Credential {
        let raw = self.connect(&self.places.auth, Credential::none());
        let cache = TokenCache::new(AUTHORIZATION, BEARER, Exchange { raw, keys, kind });
        Credential::Fetched(Arc::new(cache))
    }

    pub(super) fn session(self, kind: Kind, credential: Credential) -> Session {
        let raw = self.connect(&self.places.api, credential.clone());
        let (name, value) = SDK_VERSION;
        let raw = raw::bodo::Client { inner: raw.inner.with_header(name, value), ..raw };
        let (options, latest_version) = (self.options, LatestVersion::default());
        Session { raw, options, latest_version, provider: OnceCell::new(), credential, kind }
    }

    fn connect(&self, base: &Url, credential: Credential) -> raw::bodo::Client {
        let rates = HashMap::new();
        let inner = Transport::new(&PLATFORM, base.clone(), credential, &rates, &self.options);
        let baseurl = base.as_str().trim_end_matches('/').to_owned();
        raw::bodo::Client { baseurl, client: self.http.clone(), inner }
    }
}
