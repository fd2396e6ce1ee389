//! Bodo: tokens, clusters, job runs with SQL and its results, templates, schedules, catalogs,
//! secrets, instance roles, workspaces, cloud configurations and prices, on one port.
//!
//! [`Simulator::bodo`](crate::Simulator::bodo) starts one; [`Bodo`] lists what can be set.
//! [`Handle::bodo`](crate::Handle::bodo) makes a running one forget tokens and links, and ends job
//! runs. The API is below `/api`, the token service below `/identity`, the storage of uploads, logs
//! and results below `/storage`.
//!
//! SQL is executed for real, by an embedded database: every catalog has a few sample tables. Python
//! is not: of an uploaded file (or the code cells of a notebook), `print(...)` of literals,
//! `sys.argv` and `os.environ`, `time.sleep(N)`, `sys.exit(N)` and `raise Kind("message")` are
//! understood, each alone on its line. Files of Git and S3 sources are out of reach; such a job run
//! only says so.
//!
//! The program takes the settings as `--with KEY=VALUE`: `keys=ID:SECRET`,
//! `organization-keys=ID:SECRET`, `cluster=NAME`, `catalog=NAME`, `token-lifetime=TIME`,
//! `url-lifetime=TIME`, `minute=TIME`, `outcome=NAME:STATUS[:REASON]`, `failures=NAME:COUNT`,
//! `rows-per-file=N`, `max-page-size=N`, `deprecated-version=VERSION:DAY`, and with `true` or
//! `false`: `exp-claim`, `billing-pages`, `azure`.
//!
//! Rules of [`fault`](crate::fault) get the form of what was asked: JSON with `statusCode` from the
//! API, where 502 and 504 are HTML, `errors` from the token service, XML from the storage.

mod agenda;
mod auth;
mod billing;
mod catalogs;
mod cloud_configs;
mod clusters;
mod control;
mod cron;
mod errors;
mod fields;
mod ids;
mod inferred;
mod jobs;
mod jwt;
mod life;
mod links;
mod offers;
mod options;
mod others;
mod page;
mod roles;
mod routes;
mod secrets;
mod server;
mod settings;
mod shelf;
mod sql;
mod state;
mod storage;
mod templates;
mod users;
mod watch;
mod workspaces;

pub use auth::{KEYS, ORGANIZATION, ORGANIZATION_KEYS, WORKSPACE};
pub use options::Bodo;
pub(crate) use settings::PLATFORM;
pub use watch::Watch;
