//! Batches of Rescale jobs: each job once, whatever happens to the program or the network.

mod folder;
mod interrupted;
mod journal;
mod support;
mod tasks;
