//! Destroying an application.

use super::Application;
use crate::denvr::farewell::{Farewell, farewell_setters};
use crate::denvr::models::ApplicationCommand;
use crate::error::Result;

/// The destruction of an application; `.await` does it.
#[must_use = "nothing is destroyed until it is awaited"]
pub struct DestroyApplication {
    application: Application,
    farewell: Farewell,
}

impl DestroyApplication {
    pub(super) fn new(application: Application) -> Self {
        Self { application, farewell: Farewell::default() }
    }

    farewell_setters!("30 minutes");

    async fn run(self) -> Result<()> {
        let ApplicationCommand { id, cluster } = self.application.command()?;
        let client = self.application.client();
        let sent = client.raw().destroy_application().id(id).cluster(cluster).send();
        client.send("destroy_application", sent).await?;
        self.farewell.to(self.application).await
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
