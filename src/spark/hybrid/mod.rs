//! The Hybrid Runner, which executes exported services in a place of your own.
//!
//! ```no_run
//! # async fn f() -> longhaul::Result<()> {
//! use longhaul::spark::hybrid::Client;
//! use serde_json::json;
//! let runner = Client::builder().base_url("http://localhost:3000/my-tenant").build()?;
//! println!("{:?}", runner.version().await?.version);
//! let answer = runner.services().execute("my-folder/my-service").inputs(json!({"a": 1})).await?;
//! println!("{}", answer.outputs);
//! # Ok(()) }
//! ```

mod builder;
mod client;
mod services;

pub use builder::Builder;
pub use client::Client;
pub use services::{GetMetadata, Services, Validate};
