//! Tokens of OAuth's client credentials.

use std::pin::Pin;
use std::time::Duration;

use secrecy::SecretString;

use super::models::TokenRequest;
use crate::error::Error;
use crate::raw;
use crate::raw::spark::enums::GrantType;
use crate::transport::auth::{ProviderError, Token, TokenProvider};
use crate::transport::call::call;

/// Fetches tokens for a client from the platform's token service.
pub(super) struct ClientCredentials {
    /// Without a credential of its own.
    pub(super) raw: raw::spark::Client,
    pub(super) tenant: String,
    pub(super) client_id: String,
    pub(super) client_secret: SecretString,
}

impl ClientCredentials {
    async fn token(&self) -> Result<Token, Error> {
        let body = TokenRequest {
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone().into(),
            grant_type: GrantType::ClientCredentials,
        };
        let request = self.raw.create_token().tenant(self.tenant.as_str()).body(body);
        let answer = call(request.send()).await?;
        let token = Token::new(answer.access_token);
        Ok(match answer.expires_in.and_then(|seconds| u64::try_from(seconds).ok()) {
            Some(seconds) if seconds > 0 => token.expires_in(Duration::from_secs(seconds)),
            _ => token,
        })
    }
}

impl TokenProvider for ClientCredentials {
    fn fetch(&self) -> Pin<Box<dyn Future<Output = Result<Token, ProviderError>> + Send + '_>> {
        Box::pin(async {
            let token = self.token().await.map_err(|error| {
                let client = &self.client_id;
                error.reworded(format!("no token for the client `{client}`: {}", error.message()))
            });
            Ok(token?)
        })
    }
}
