//! Answers that are lost, and servers in trouble: nothing is lost and nothing comes twice.

use std::time::Duration;

use longhaul::spark::RunReport;
use longhaul_simulator::Fault;
use serde_json::json;

use crate::support::{computed_again, failure, inputs, pipeline, run_all, simulator, start};

const CHUNKS: &str = "/**/chunks";
const RESULTS: &str = "/**/chunkresults";

/// Runs 3,000 records through a server with this fault.
async fn run_with(fault: Fault) -> (RunReport, u64) {
    let (handle, spark) = start(simulator().rate(3000.0)).await;
    let pipeline = pipeline(&spark).await;
    handle.fault(fault);
    let run = pipeline.run(inputs(3000)).chunk_size(100).requests_per_second(50.0);
    let (_, report) = run_all(run, 3000).await;
    (report, computed_again(&handle, 3000))
}

#[tokio::test]
async fn a_pushed_chunk_is_not_pushed_again_because_the_answer_is_lost() {
    for fault in [Fault::reset_after(), Fault::status(503).after_effect(), Fault::truncate(5)] {
        let (report, again) = run_with(fault.on("POST", CHUNKS).once()).await;
        assert_eq!((again, report.chunks_pushed_again), (0, 0));
    }
}

#[tokio::test]
async fn a_push_that_never_arrived_is_made_again() {
    for fault in [Fault::reset(), Fault::status(429).retry_after(1), Fault::status(503)] {
        let (report, again) = run_with(fault.on("POST", CHUNKS).once()).await;
        assert_eq!((again, report.records), (0, 3000));
    }
}

#[tokio::test]
async fn chunks_of_a_lost_pull_are_pushed_again() {
    let faults = [
        Fault::reset_after(),
        Fault::truncate(1000),
        Fault::status(502).after_effect().as_html(),
        Fault::stall(1000),
    ];
    for fault in faults {
        let (report, again) = run_with(fault.on("GET", RESULTS).skip(2).first(2)).await;
        assert!(report.pulls_lost >= 2 && report.chunks_duplicate == 0, "{report:?}");
        assert_eq!(again, report.chunks_pushed_again * 100, "{report:?}");
        assert!(report.chunks_pushed_again > 0, "{report:?}");
    }
}

#[tokio::test]
async fn results_that_come_twice_are_handed_out_once() {
    let (handle, spark) = start(simulator().rate(5000.0)).await;
    let pipeline = pipeline(&spark).await;
    // The answers to all pushes are lost, and the batch looks as if it had nothing left.
    handle.fault(Fault::reset_after().on("POST", CHUNKS).once());
    let empty = json!({"data": null, "status": {
        "batch_status": "in_progress", "chunks_available": 0, "record_submitted": 0,
        "records_completed": 0, "input_buffer_used_bytes": 0, "workers_in_use": 0,
        "input_buffer_remaining_bytes": 1_000_000,
    }});
    let empty = Fault::status(200).with_body(empty.to_string());
    handle.fault(empty.on("GET", RESULTS).first(3));
    let run = pipeline.run(inputs(1000)).chunk_size(50).requests_per_second(50.0);
    let (_, report) = run_all(run, 1000).await;
    assert!(report.chunks_pushed_again > 0 && report.chunks_duplicate > 0, "{report:?}");
}

#[tokio::test]
async fn a_server_in_trouble_is_waited_for() {
    let trouble = Fault::one_of([
        Fault::status(429).retry_after(1),
        Fault::status(503),
        Fault::status(500).after_effect(),
        Fault::reset(),
        Fault::reset_after(),
    ]);
    let (report, _) = run_with(trouble.path("/**/chunk*").rate(0.2).first(8)).await;
    assert_eq!(report.records, 3000);
}

#[tokio::test]
async fn a_server_that_restarts_is_waited_for() {
    let (handle, spark) = start(simulator().rate(2000.0)).await;
    let pipeline = pipeline(&spark).await;
    let refusing = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        handle.refuse(Duration::from_secs(1)).await;
    };
    let run = pipeline.run(inputs(3000));
    let ((_, report), ()) = tokio::join!(run_all(run, 3000), refusing);
    assert_eq!(report.batches.len(), 1);
}

#[tokio::test]
async fn a_pull_by_hand_says_that_chunks_may_be_lost() {
    let (handle, spark) = start(simulator()).await;
    let pipeline = pipeline(&spark).await;
    handle.fault(Fault::reset_after().on("GET", RESULTS));
    let error = failure(pipeline.pull()).await;
    assert!(error.may_have_happened() && error.attempts() == 1, "{error}");
    assert!(error.to_string().contains("do not come again"), "{error}");
    handle.fault(Fault::reset_after().on("POST", CHUNKS));
    let error = failure(pipeline.push([json!({"value": 1})])).await;
    assert!(error.may_have_happened() && error.attempts() == 1, "{error}");
    assert_eq!(handle.spark().unwrap().chunks(pipeline.id()).len(), 1);
}

#[tokio::test]
async fn a_closing_whose_answer_is_lost_is_a_closing() {
    let (handle, spark) = start(simulator()).await;
    let pipeline = pipeline(&spark).await;
    handle.fault(Fault::reset_after().on("PATCH", "/**").once());
    pipeline.dispose().await.unwrap();
}

#[tokio::test]
async fn a_wrong_credential_ends_the_run_at_once() {
    let (handle, spark) = start(simulator()).await;
    let pipeline = pipeline(&spark).await;
    handle.fault(Fault::expired_token().on("POST", CHUNKS));
    let mut run = pipeline.run(inputs(10));
    let error = failure(run.try_next()).await;
    assert!(error.is_unauthorized(), "{error}");
}

#[tokio::test]
async fn full_buffers_hold_the_run_back_and_lose_nothing() {
    for (input, output) in [(4_000, 1_000_000), (1_000_000, 4_000), (3_000, 3_000)] {
        let (handle, spark) = start(simulator().rate(1e5).buffers(input, output)).await;
        let pipeline = pipeline(&spark).await;
        let run = pipeline.run(inputs(1500)).requests_per_second(200.0);
        let (_, report) = run_all(run, 1500).await;
        assert_eq!((report.chunks_duplicate, computed_again(&handle, 1500)), (0, 0));
    }
}
