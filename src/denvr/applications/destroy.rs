//! Destroying an application.

use super::Application;
use crate::denvr::farewell::farewell;
use crate::denvr::models::ApplicationCommand;
use crate::error::Result;
use crate::wait::{Afterwards, afterwards_setters};

/// The destruction of an application; `.await` does it.
#[must_use = "nothing is destroyed until it is awaited"]
pub struct DestroyApplication {
    application: Application,
    afterwards: Afterwards,
}

impl DestroyApplication {
    pub(super) fn new(application: Application) -> Self {
        Self { application, afterwards: Afterwards::default() }
    }

    afterwards_setters! {
        /// Waits until the platform does not know it any more.
        wait_until_gone, at most "30 minutes"
    }

    async fn run(self) -> Result<()> {
        let ApplicationCommand { id, cluster } = self.application.command()?;
        let client = self.application.client();
        let sent = client.raw().destroy_application().id(id).cluster(cluster).send();
        client.send("destroy_application", sent).await?;
        farewell(self.application, self.afterwards).await
    }
}

impl std::fmt::Debug for DestroyApplication {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DestroyApplication")
            .field("application", self.application.id())
            .finish_non_exhaustive()
    }
}

crate::awaits::awaits!(DestroyApplication => (), run);
