//! What executions and looks at services give.

use longhaul::ErrorKind;
use longhaul::spark::Encoding;
use longhaul_simulator::Fault;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::support::{ECHO, TAX, failure, faulty, says, simulator, start, start_with};

#[derive(Serialize)]
struct Inputs {
    price: f64,
    tax: f64,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Outputs {
    total: f64,
}

#[tokio::test]
async fn one_record_is_a_struct_in_and_a_struct_out() {
    let (_simulator, client) = start().await;
    let inputs = Inputs { price: 100.0, tax: 0.25 };
    let answer = client.services().execute(TAX).inputs(&inputs).await.unwrap();
    assert_eq!(answer.decode::<Outputs>().unwrap(), Outputs { total: 125.0 });
    assert!(answer.meta.call_id.is_some() && answer.errors.is_empty());
    let wrong = answer.decode::<Vec<u8>>().unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn many_records_have_an_outcome_each() {
    let (_simulator, client) = start().await;
    let records = [json!({"price": 1}), json!({"price": "boom"}), json!({"price": 3})];
    let answer = client.services().execute(TAX).records(records).await.unwrap();
    let outcomes = answer.records();
    assert_eq!(outcomes.len(), 3);
    assert_eq!(outcomes[0].decode::<Outputs>().unwrap().total, 1.0);
    assert!(outcomes[1].errors.is_some() && outcomes[1].outputs == Value::Null);
    assert_eq!(outcomes[1].decode::<Outputs>().unwrap_err().kind(), ErrorKind::Failed);
    assert_eq!(outcomes[2].decode::<Outputs>().unwrap().total, 3.0);
}

#[tokio::test]
async fn a_table_comes_back_with_its_names() {
    let (_simulator, client) = start().await;
    let rows = [(10, 0.5), (20, 0.1)];
    let answer = client.services().execute(TAX).table(["price", "tax"], rows).await.unwrap();
    let totals: Vec<_> =
        answer.records().iter().map(|one| one.decode::<Outputs>().unwrap().total).collect();
    assert_eq!(totals, [15.0, 22.0]);
}

#[tokio::test]
async fn inputs_are_compressed_on_their_way() {
    let (handle, client) = start().await;
    let inputs = json!({"price": 100, "tax": 0.5, "note": "x".repeat(10_000)});
    for (encoding, name) in [(Encoding::Gzip, "gzip"), (Encoding::Deflate, "deflate")] {
        handle.clear_requests();
        let execute = || client.services().execute(TAX).encoding(encoding);
        let one = execute().inputs(&inputs).await.unwrap();
        assert_eq!(one.decode::<Outputs>().unwrap().total, 150.0);
        let many = execute().records([&inputs, &inputs]).await.unwrap();
        assert_eq!(many.records()[1].decode::<Outputs>().unwrap().total, 150.0);
        for request in handle.requests() {
            assert_eq!(request.header("content-encoding"), Some(name));
            assert!(request.body_length < 1000, "{}", request.body_length);
        }
    }
}

#[tokio::test]
async fn an_error_of_the_model_is_in_the_answer() {
    let (_simulator, client) = start().await;
    let answer = client.services().execute(TAX).inputs(json!({"price": "boom"})).await.unwrap();
    assert_eq!(answer.errors.len(), 1);
    let error = answer.into_result().unwrap_err();
    says(&error, ErrorKind::Failed, &["BOOM"]);
}

#[tokio::test]
async fn unknown_and_missing_fields_do_not_break_a_call() {
    let faults = [
        Fault::set("/response_meta/compiler_type", "Type9"),
        Fault::set("/response_meta/new_field", json!({"a": 1})),
        Fault::remove("/response_meta"),
        Fault::remove("/response_data"),
        Fault::set("/response_data/warnings", Value::Null),
        Fault::set("/status", "Splendid"),
    ];
    for fault in faults {
        let (_simulator, client) = faulty(fault).await;
        client.services().execute(ECHO).await.unwrap();
    }
}

#[tokio::test]
async fn lists_come_page_by_page_and_each_item_once() {
    let mut simulator = simulator();
    for number in 0..7 {
        let name = format!("many/s{number}");
        simulator = simulator.service(name, longhaul_simulator::spark::Model::echo());
    }
    let (handle, client) = start_with(simulator).await;
    let all = client.services().search().filter("foldername", "many").page_size(2);
    let names: Vec<_> = all.collect_all().await.unwrap();
    let mut names: Vec<_> = names.into_iter().filter_map(|service| service.file_name).collect();
    names.sort();
    assert_eq!(names, ["s0", "s1", "s2", "s3", "s4", "s5", "s6"]);
    assert_eq!(handle.request_count(), 4);
    let mut list = client.services().list("many").page_size(3);
    assert_eq!(list.try_next().await.unwrap().unwrap().service_name.as_deref(), Some("s0"));
    let rest = client.services().list("many").resume(list.continuation().unwrap());
    assert_eq!(rest.collect_all().await.unwrap().len(), 6);
    for number in 0..5 {
        client.folders().create(format!("f{number}")).await.unwrap();
    }
    let folders = client.folders().find().page_size(3).collect_all().await.unwrap();
    assert_eq!(folders.len(), 7);
}

#[tokio::test]
async fn the_log_of_a_call_is_decoded() {
    let (_simulator, client) = start().await;
    let answer = client.services().execute(ECHO).inputs(json!({"value": 7})).await.unwrap();
    let call = answer.meta.call_id.unwrap();
    let log = client.logs().get(&call).await.unwrap().expect("a log");
    assert_eq!(log.engine_call_id.as_deref(), Some(call.as_str()));
    assert!(log.engine_details.is_some());
    let calls = client.logs().find(ECHO).unwrap().call_purpose("Single Execution");
    assert_eq!(calls.collect_all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_workbook_is_stored_under_its_name() {
    let (_simulator, client) = start().await;
    let folder = tempfile::tempdir().unwrap();
    let stored = client.services().download(ECHO).download_to(folder.path()).await.unwrap();
    assert!(stored.path.ends_with("wire-service.xlsx"), "{:?}", stored.path);
    let module = client.wasm().download(ECHO).download_to(folder.path()).await.unwrap();
    assert!(std::fs::read(module.path).unwrap().starts_with(b"PK"));
    let error = failure(client.services().download("wire-folder/none").reader()).await;
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn health_and_configuration_are_read() {
    let (_simulator, client) = start().await;
    assert!(client.health().ok().await.unwrap());
    let config = client.platform().get_config().await.unwrap();
    assert_eq!(config.integer("ImpExSizeLimit_InBytes"), Some(209_715_200));
    assert_eq!(config.flag("IsPrivateSharingTenant"), Some(false));
    assert_eq!(config.list("Transforms_List").len(), 2);
    let (_simulator, client) = faulty(Fault::set("/status", "DOWN").path("/health")).await;
    assert!(!client.health().ok().await.unwrap());
}
