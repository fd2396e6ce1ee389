//! The platforms, one line each, and the choice of one by its name.

use std::fmt;
use std::sync::Arc;

use crate::server::{Backend, World};
use crate::simulator::Simulator;
use crate::{bodo, denvr, rescale, spark, v3io};

/// Every platform that can be simulated: a folder of its own, a `pub mod` and a line here.
static PLATFORMS: &[&Platform] =
    &[&bodo::PLATFORM, &denvr::PLATFORM, &rescale::PLATFORM, &spark::PLATFORM, &v3io::PLATFORM];

/// What the program needs to know of a platform.
#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) name: &'static str,
    /// The port that the program uses.
    pub(crate) port: u16,
    /// Reads the platform's own settings from keys and values.
    pub(crate) configure: Configure,
}

/// Applies settings, given as keys and values, to the defaults of a platform.
pub(crate) type Configure = fn(&[(&str, &str)]) -> Result<Simulator<Named>, String>;

/// A platform that was chosen by its name.
pub struct Named(pub(crate) Box<dyn FnOnce(World) -> Arc<dyn Backend> + Send>);

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Named")
    }
}

impl Simulator<Named> {
    /// The platform of this name, with its own settings as keys and values.
    ///
    /// # Errors
    ///
    /// Fails with a sentence when the platform, a key or a value is unknown.
    pub fn named(name: &str, settings: &[(&str, &str)]) -> Result<Self, String> {
        let found = PLATFORMS.iter().find(|platform| platform.name == name);
        let platform = found.ok_or_else(|| {
            format!("unknown platform {name:?}; known are: {}", names().join(", "))
        })?;
        (platform.configure)(settings)
    }
}

/// The names of all platforms that can be simulated.
pub fn names() -> Vec<&'static str> {
    PLATFORMS.iter().map(|platform| platform.name).collect()
}
