//! Verified, parallel, resumable downloads and streamed uploads, for any source of bytes.
//!
//! The platforms' clients use these; they are public so that other files can be moved the same way.
//!
//! ```no_run
//! # async fn f() -> Result<(), Box<dyn std::error::Error>> {
//! use longhaul::Options;
//! use longhaul::transfer::{Download, Link, Remote};
//! let client = Options::new().http_client()?;
//! let link = Link::new(client, "https://example.com/signed?key=..".parse()?);
//! let done = Download::new(link, Remote::new("mesh.h5"), "out/").parallel(4).await?;
//! println!("{} bytes in {}", done.bytes, done.path.display());
//! # Ok(()) }
//! ```

mod content;
mod digest;
mod download;
mod existing;
mod fetch;
mod form;
mod hasher;
mod head;
mod journal;
mod link;
mod many;
mod meter;
mod name;
mod pipeline;
mod plan;
mod reader;
mod remote;
mod repair;
mod run;
mod sink;
mod source;
mod stage;
mod target;
mod upload;
mod verify;
mod work;
mod writer;

pub use content::Content;
pub(crate) use download::download_setters;
pub use download::{Download, Downloaded};
pub use form::Form;
pub use link::Link;
pub use many::{Downloads, Ended, inputs};
pub use reader::Reader;
#[cfg(feature = "bodo")]
pub(crate) use reader::open_patiently;
pub use remote::{Algorithm, Checksum, Remote};
pub use source::{Incoming, Source, Wanted};
pub use upload::Upload;
