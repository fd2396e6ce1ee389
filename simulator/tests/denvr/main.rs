//! The simulated Denvr Cloud, asked by a plain client.

mod applications;
mod errors;
mod hosts;
mod login;
mod networks;
mod servers;
mod support;
