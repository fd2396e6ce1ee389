//! Batches as the API tells them.

use serde_json::{Value, json};

use super::super::ids::stamp;
use super::super::inferred;
use super::life::Batch;
use crate::clock::Moment;

impl Batch {
    /// The answer to a creation or a change of status.
    pub(super) fn object(&self, now: Moment) -> Value {
        let version = &self.service.version;
        json!({"object": "batch", "id": self.id, "data": {
            "service_id": self.service.service_id, "version_id": version.id,
            "compiler_version": version.compiler, "correlation_id": self.config.correlation,
            "source_system": self.config.source, "unique_record_key": self.config.unique_key,
            "response_timestamp": stamp(now), "batch_status": self.status.name(),
            "created_by": inferred::USER, "created_timestamp": stamp(self.created),
            "updated_timestamp": stamp(self.updated), "service_uri": self.service.uri(),
        }})
    }

    /// The object with its summary and configuration.
    pub(super) fn details(&self, now: Moment) -> Value {
        let counts = &self.pipeline.counts;
        let mut object = self.object(now);
        object["data"]["summary"] = json!({
            "chunks_submitted": counts.chunks_submitted, "chunks_retried": 0,
            "chunks_completed": counts.chunks_completed, "chunks_failed": counts.chunks_failed,
            "records_retried": 0, "input_size_bytes": counts.input_bytes,
            "output_size_bytes": counts.output_bytes,
            "avg_compute_time_ms": self.compute_ms().checked_div(counts.chunks_completed).unwrap_or(0),
            "records_submitted": counts.records_submitted, "records_failed": counts.records_failed,
            "records_completed": counts.records_completed, "compute_time_ms": self.compute_ms(),
            "batch_time_ms": self.age_ms(now),
        });
        object["data"]["configuration"] = self.config.describe();
        object
    }

    pub(super) fn status(&self, now: Moment) -> Value {
        let (pipeline, counts) = (&self.pipeline, &self.pipeline.counts);
        json!({
            "request_timestamp": stamp(now), "response_timestamp": stamp(now),
            "batch_status": self.status.name(), "pipeline_status": self.pipeline_status(),
            "chunks_available": pipeline.output.chunks(), "chunks_submitted": counts.chunks_submitted,
            "chunks_completed": counts.chunks_completed,
            "record_submitted": counts.records_submitted,
            "records_completed": counts.records_completed,
            "records_available": pipeline.output.records(), "compute_time_ms": self.compute_ms(),
            "input_buffer_used_bytes": pipeline.input.used,
            "input_buffer_remaining_bytes": pipeline.input.remaining(),
            "output_buffer_used_bytes": pipeline.output.used,
            "output_buffer_remaining_bytes": pipeline.output.remaining(),
            "workers_in_use": self.workers(),
        })
    }

    /// The entry in the list of a tenant's batches.
    pub(super) fn entry(&self, now: Moment) -> Value {
        let counts = &self.pipeline.counts;
        json!({"object": "batch", "id": self.id, "data": {
            "pipeline_status": self.pipeline_status(),
            "summary": {
                "records_submitted": counts.records_submitted, "records_failed": counts.records_failed,
                "records_completed": counts.records_completed, "compute_time_ms": self.compute_ms(),
                "batch_time_ms": self.age_ms(now),
            },
            "response_timestamp": stamp(now), "batch_status": self.status.name(),
            "created_by": inferred::USER, "created_timestamp": stamp(self.created),
            "updated_timestamp": stamp(self.updated), "service_uri": self.service.uri(),
        }})
    }

    pub(super) fn workers(&self) -> u64 {
        match self.pipeline.is_busy() {
            true => self.config.workers(self.pipeline.input.chunks()),
            false => 0,
        }
    }

    fn pipeline_status(&self) -> &'static str {
        match () {
            () if self.pipeline.is_busy() => inferred::COMPUTING,
            () if self.status.is_open() => "idle",
            () => "closed",
        }
    }

    fn compute_ms(&self) -> u64 {
        self.pipeline.counts.compute_nanos / 1_000_000
    }

    fn age_ms(&self, now: Moment) -> u64 {
        let end = if self.status.is_final() { self.updated } else { now };
        end.micros().saturating_sub(self.created.micros()) / 1000
    }
}
