//! What is done with several job templates at once.

use super::JobTemplate;
use crate::batch::{Batch, batch};
use crate::bodo::{Group, Job};

impl Group<JobTemplate> {
    /// Runs a job of every template as it is.
    pub fn run(&self) -> Batch<'static, JobTemplate, Job> {
        batch(self.to_vec(), |template: JobTemplate| template.run())
    }

    /// Deletes every template.
    pub fn delete(&self) -> Batch<'static, JobTemplate, ()> {
        batch(self.to_vec(), |template: JobTemplate| template.delete())
    }
}
