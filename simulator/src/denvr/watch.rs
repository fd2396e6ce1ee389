//! What a test may do from inside.

use std::any::Any;
use std::fmt;

use super::server::Server;
use crate::handle::Handle;

/// A hand inside a running simulated Denvr Cloud.
pub struct Watch<'a>(&'a Server);

impl Handle {
    /// A hand inside, when it is Denvr Cloud that is simulated.
    pub fn denvr(&self) -> Option<Watch<'_>> {
        let backend: &dyn Any = self.backend();
        backend.downcast_ref().map(Watch)
    }
}

impl Watch<'_> {
    /// From now on, no access token that was issued so far is valid.
    pub fn expire_access_tokens(&self) {
        self.0.gate.access().revoke_all();
    }

    /// From now on, no refresh token that was issued so far is valid.
    pub fn expire_refresh_tokens(&self) {
        self.0.gate.refresh().revoke_all();
    }
}

impl fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}
