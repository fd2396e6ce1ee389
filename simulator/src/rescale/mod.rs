//! Rescale: the platform's API, versions 2 and 3, with jobs that run in simulated time.
//!
//! [`Simulator::rescale`](crate::Simulator::rescale) starts one; [`Rescale`] lists what can be set.
//!
//! The program takes them as `--with KEY=VALUE`: `credential=KEY`, `jobs=N`, `file=NAME:SIZE`,
//! `etags=false`, `checksums=false`, `late-files=TIME`, `sizes-as-text=true`,
//! `force-stop-completes=true`, `limits=true`, `redirect-contents=true`.
//!
//! The command of a job decides what becomes of it. Lines, `;` and `&&` separate commands:
//!
//! | command | effect |
//! |---|---|
//! | `echo TEXT` | a line in `process_output.log` |
//! | `exit N`, `false` | ends the run; it failed unless N is 0 |
//! | `sleep SECONDS`, `sleep inf` | the run takes longer, or lasts until it is stopped |
//! | `python X.py Y.inp` | fails without its input files, else writes `pi_estimate.res` and `.bin` |
//! | `openssl rand -out NAME [-base64] N` | a file of the size that openssl would write, with fixed contents |
//! | `simulate completed REASON` | `Completed` with this reason, without `Stopping` |
//! | `simulate unallocated` | `Completed` right after `Queued`: no resources |
//! | `simulate status NAME` | one more status after `Executing`, known or not |
//! | `simulate stuck` | no status after `Executing` and those of `simulate status` |
//! | `simulate force-stop` | `Force Stop` after `Executing` |
//! | `simulate late-files SECONDS` | the outputs are listed only so long after the end |
//! | `simulate output PATH` | one more output with this relative path, whatever it is |
//! | anything else | succeeds |

mod account;
mod auth;
mod catalogue;
mod clusters;
mod command;
mod definition;
mod devices;
mod doe;
mod fields;
mod file;
mod files;
mod folders;
mod history;
mod ids;
mod inferred;
mod job;
mod jobs;
mod lifecycle;
mod limits;
mod live;
mod options;
mod page;
mod routes;
mod runs;
mod server;
mod state;
mod submission;
mod synthetic;
mod tags;
mod trash;
mod upload;
mod validate;

pub use auth::{API_KEY, SESSION_TOKEN};
pub(crate) use options::PLATFORM;
pub use options::Rescale;
