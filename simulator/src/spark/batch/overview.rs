//! All batches of a tenant at once.

use serde_json::{Value, json};

use super::super::inferred;
use super::super::server::Server;
use crate::http::{Call, Outcome, Reply};

/// The batches in progress and those that ended within the hour.
pub(in crate::spark) fn describe(server: &Server, call: &Call<'_>) -> Outcome {
    let now = server.now();
    let (mut live, mut recent) = (Vec::new(), Vec::new());
    let mut sums = [0u64; 7];
    server.tenant(call.request)?.batches.each(now, |batch| {
        if batch.status.is_final() {
            if batch.updated + inferred::RECENT > now {
                recent.push(batch.entry(now));
            }
            return;
        }
        live.push(batch.entry(now));
        let (input, output) = (&batch.pipeline.input, &batch.pipeline.output);
        let figures = [
            input.allocated,
            output.allocated,
            input.used,
            input.remaining(),
            output.used,
            output.remaining(),
            batch.workers(),
        ];
        sums.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure);
    });
    recent.reverse();
    Ok(Reply::ok(&json!({
        "in_progress_batches": live, "recent_batches": recent,
        "tenant": tenant(sums, server.options.max_workers), "environment": {"update": 0},
    })))
}

fn tenant(sums: [u64; 7], max_workers: u64) -> Value {
    let [input, output, input_used, input_left, output_used, output_left, workers] = sums;
    json!({
        "configuration": {
            "input_buffer_allocated_bytes": input, "output_buffer_allocated_bytes": output,
            "max_workers": max_workers,
        },
        "status": {
            "input_buffer_used_bytes": input_used, "input_buffer_remaining_bytes": input_left,
            "output_buffer_used_bytes": output_used, "output_buffer_remaining_bytes": output_left,
            "workers_in_use": workers,
        },
    })
}
