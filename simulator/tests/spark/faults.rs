//! Faults take the form of the API that they strike; the program's settings.

use longhaul_simulator::{Fault, Simulator};
use serde_json::{Value, json};

use crate::support::{Client, chunk, spark};

#[tokio::test]
async fn errors_on_demand_have_the_form_of_the_path() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let ask = async |fault: Fault, path: &str| {
        simulator.fault(fault.once());
        client.call("GET", path, None).await
    };
    let (status, v4) = ask(Fault::status(503), "v4/batch/status").await;
    assert_eq!((status.as_u16(), &v4["code"]), (503, &json!("SERVICE_UNAVAILABLE")));
    let (_, v3) = ask(Fault::status(400), "v3/folders/f/services/echo/exists").await;
    assert_eq!(v3["error"]["error_type"], "error.application_error");
    let (_, v1) = ask(Fault::status(500), "/api/v1/lookup/getcategories").await;
    assert_eq!(v1["errorCode"], "INTERNAL_SERVER_ERROR");
    let (status, expired) = ask(Fault::expired_token(), "v4/batch/status").await;
    assert_eq!((status.as_u16(), &expired["errorCode"]), (401, &json!("INVALID_TOKEN")));
    let (_, page) = ask(Fault::html(), "v4/batch/status").await;
    assert!(page.as_str().is_some_and(|page| page.contains("<html>")), "{page}");
}

#[tokio::test]
async fn a_push_that_is_never_answered_takes_effect() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let batch = client.batch("f/echo", json!({})).await;
    simulator.fault(Fault::status(502).as_html().after_effect().on("POST", "/**/chunks").once());
    let push = async || client.push(&batch, json!([chunk("a", json!([{"n": 1}]))])).await;
    assert_eq!((push().await.0.as_u16(), push().await.0.as_u16()), (502, 200));
    client.reaches(&batch, "chunks_available", json!(2)).await;
    simulator.fault(Fault::status(502).after_effect().on("GET", "/**/chunkresults").once());
    let path = format!("v4/batch/{batch}/chunkresults");
    assert_eq!(client.call("GET", &path, None).await.0, 502);
    assert_eq!(client.pull(&batch, "").await["data"], Value::Null, "what was pulled is lost");
    let tally = simulator.spark().expect("Spark").chunks(&batch)["a"];
    assert_eq!((tally.pushed, tally.computed, tally.pulled), (2, 2, 2));
}

#[tokio::test]
async fn settings_can_be_text() {
    let settings = [
        ("service", "g/double:twice=2*x"),
        ("rate", "5000"),
        ("buffers", "1KiB:2KiB"),
        ("idle-timeout", "2s"),
        ("tenant", "other"),
    ];
    let simulator = Simulator::named("spark", &settings).expect("settings");
    assert_eq!((simulator.platform(), simulator.default_port()), ("spark", 18130));
    let simulator = simulator.start().await.expect("started");
    let client = Client::new(&simulator);
    let batch = client.batch("g/double", json!({})).await;
    assert_eq!(client.status(&batch).await["input_buffer_remaining_bytes"], 1024);
    assert_eq!(client.status(&batch).await["output_buffer_remaining_bytes"], 2048);
    for (key, value) in [("service", "f/s:1="), ("buffers", "1"), ("rate", "fast"), ("nothing", "")]
    {
        assert!(Simulator::named("spark", &[(key, value)]).is_err(), "{key}={value}");
    }
    assert!(simulator.spark().is_some());
    let other = Simulator::rescale().start().await.expect("started");
    assert!(other.spark().is_none());
}
