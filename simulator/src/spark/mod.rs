//! Coherent Spark: folders, services, executions, batches, transforms, history, exports and imports,
//! with Keycloak, the document store and a Hybrid Runner on the same port.
//!
//! [`Simulator::spark`](crate::Simulator::spark) starts one; [`Spark`] lists what can be set.
//! [`Handle::spark`](crate::Handle::spark) looks inside a running one.
//!
//! The program takes the settings as `--with KEY=VALUE`: `tenant=NAME`, `token=TOKEN`,
//! `api-key=KEY`, `oauth-client=ID:SECRET`, `token-lifetime=TIME`,
//! `service=FOLDER/SERVICE[:MODEL]`, `proxy=PATH:FOLDER/SERVICE`, `rate=RECORDS`,
//! `buffers=SIZE:SIZE`, `max-workers=N`, `idle-timeout=TIME`, `failing-exports=true`,
//! `failing-imports=true`.
//!
//! A service repeats its inputs, or computes formulas: see [`Model`]. An uploaded workbook gets its
//! model by its name: `total=price*(1+tax);net=price.xlsx` has two outputs, `rates.xlsx` repeats its
//! inputs, and a formula that cannot be read makes the compilation fail. The value `"boom"` in any
//! input makes its record fail.

mod auth;
mod batch;
mod catalog;
mod categories;
mod compile;
mod compute;
mod documents;
mod encoding;
mod envelope;
mod errors;
mod execute;
mod export;
mod folders;
mod form;
mod history;
mod hybrid;
mod ids;
mod impex;
mod import;
mod inferred;
mod kept;
mod keycloak;
mod locator;
mod logs;
mod model;
mod options;
mod package;
mod platform;
mod routes;
mod rows;
mod schema;
mod server;
mod services;
mod summary;
mod target;
mod tenant;
mod transforms;
mod watch;

pub use auth::{API_KEY, CLIENT, Right, TENANT, TOKEN};
pub use batch::Tally;
pub use model::{Model, ModelError};
pub(crate) use options::PLATFORM;
pub use options::Spark;
pub use watch::Watch;
