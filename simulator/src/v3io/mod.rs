//! Iguazio V3IO: objects, items and streams of the data plane, and the control plane.
//!
//! [`Simulator::v3io`](crate::Simulator::v3io) starts one; [`V3io`] lists what can be set.
//!
//! The program takes them as `--with KEY=VALUE`: `container=NAME`, `object=CONTAINER/PATH:SIZE`,
//! `access-key=KEY`, `expiring-key=KEY:REQUESTS`, `login=USER:PASSWORD`, `empty-pages=true`,
//! `retention-hour=TIME`, `failing-records=SHARE`, `failing-jobs=true`.
//!
//! Every access key is accepted but [`INVALID_KEY`], unless keys are named. The user and password
//! of [`LOGIN`] are accepted in any case.

mod address;
mod attribute;
mod auth;
mod control;
mod errors;
mod expression;
mod extras;
mod functions;
mod hash;
mod inferred;
mod items;
mod limits;
mod listing;
mod objects;
mod options;
mod ranges;
mod server;
mod stamp;
mod state;
mod streams;
mod system;
mod tree;
mod xml;

pub use auth::{INVALID_KEY, LOGIN};
pub(crate) use options::PLATFORM;
pub use options::V3io;
