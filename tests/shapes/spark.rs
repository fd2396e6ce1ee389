//! What errors of Coherent Spark say and what debug output of its clients shows, for review.

use std::path::Path;
use std::time::Duration;

use longhaul::spark::{Builder, Chunk, ChunkData, Client, ServiceLocator, hybrid};
use longhaul::{Error, Options, Token};
use longhaul_simulator::spark::{API_KEY, Model, TENANT, TOKEN};
use longhaul_simulator::{Fault, Handle, Simulator};
use serde_json::{Value, json};

use crate::failure::failure;
use crate::{debug, errors};

const KEY: &str = "hunter2hunter2";
const SERVICE: &str = "f/tax";

fn builder() -> Builder {
    Client::builder().base_url("http://127.0.0.1:9/my-tenant")
}

#[tokio::test]
async fn debug_output_is_as_reviewed_and_has_no_credential() {
    let mut album = debug::Album::default();
    clients(&mut album);
    let client = builder().bearer_token(KEY).build().unwrap();
    batches(&mut album, &client);
    resources(&mut album, &client);
    assert!(!album.0.contains("hunter2"), "{}", album.0);
    insta::assert_snapshot!("spark_debug", album.0);
}

fn clients(album: &mut debug::Album) {
    let provider = || async { Ok(Token::new(KEY)) };
    album.show("Builder", &builder().api_key(KEY));
    album.show("Builder with OAuth", &builder().oauth("an-id", KEY));
    album.show("Client", &builder().api_key(KEY).build().unwrap());
    album.show("Client with OAuth", &builder().oauth("an-id", KEY).build().unwrap());
    let fetched = builder().token_provider(provider).build().unwrap();
    album.show("Client with a token provider", &fetched);
    album.show("Client without a credential", &builder().open().build().unwrap());
    let runner = || hybrid::Client::builder().base_url("http://127.0.0.1:9/my-tenant");
    album.show("hybrid::Builder", &runner().api_key(KEY));
    album.show("hybrid::Client", &runner().bearer_token(KEY).build().unwrap());
}

fn batches(album: &mut debug::Album, client: &Client) {
    let pipeline = client.batches().of("an-id");
    let chunk = Chunk::new(ChunkData::new([json!({"price": 1})])).id("a-chunk");
    album.show("CreateBatch", &client.batches().create(SERVICE).accuracy(0.9).max_runners(4));
    album.show("Pipeline", &pipeline);
    album.show("Push", &pipeline.push_chunks([chunk]));
    album.show("Pull", &pipeline.pull().max_chunks(2));
    let run = client.batches().create_and_run(SERVICE, [json!({"price": 1})]);
    album.show("Run", &run.chunk_size(150).ordered().journal("a.journal"));
}

fn resources(album: &mut debug::Album, client: &Client) {
    let services = client.services();
    album.show("ServiceLocator", &ServiceLocator::named("f", "s").version("1.0.0"));
    album.show("Execute", &services.execute(SERVICE).inputs(json!({"price": 1})));
    album.show("ExecuteRecords", &services.execute(SERVICE).records([json!({"price": 1})]));
    album.show("UploadService", &services.upload("f", "s", "PK"));
    album.show("Compilation", &services.compilation(SERVICE, "a-job").unwrap());
    album.show("Workbook", &services.download(SERVICE).configured());
    album.show("List of services", &services.search().filter("foldername", "f"));
    album.show("CreateFolder", &client.folders().create("f"));
    let signed = format!("https://storage.example.test/a.xlsx?signature={KEY}");
    album.show("Document", &client.files().document(signed));
    album.show("Export", &client.impex().exports().of("an-id"));
}

async fn start(fault: Option<Fault>) -> (Handle, Client) {
    let simulator = Simulator::spark().pace(Duration::from_millis(5)).rate(1e6);
    let simulator = simulator.service(SERVICE, "total=price*(1+tax)".parse().unwrap());
    let simulator = simulator.service("f/echo", Model::echo()).buffers(10_000, 10_000);
    let simulator = fault.into_iter().fold(simulator, Simulator::fault);
    let simulator = simulator.start().await.expect("a free port");
    let client = at(&simulator).bearer_token(TOKEN).build().expect("good settings");
    (simulator, client)
}

fn at(simulator: &Handle) -> Builder {
    let options = Options::new().attempts(1).timeout(Duration::from_millis(500));
    Client::builder().base_url(format!("{}/{TENANT}", simulator.url())).options(options)
}

#[tokio::test]
async fn errors_say_what_was_reviewed() {
    let mut album = errors::Album::default();
    Box::pin(refusals_by_the_server(&mut album)).await;
    Box::pin(refusals_with_ids(&mut album)).await;
    Box::pin(refusals_by_the_client(&mut album)).await;
    Box::pin(pipelines(&mut album)).await;
    Box::pin(runs(&mut album)).await;
    Box::pin(journals(&mut album)).await;
    Box::pin(lost_answers(&mut album)).await;
    settings(&mut album);
    insta::assert_snapshot!("spark_errors", album.text);
}

async fn refusals_by_the_server(album: &mut errors::Album) {
    let (simulator, client) = start(None).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, Some(&simulator));
    let services = client.services();
    add("a missing service", failure(services.execute("f/none")).await);
    add("a missing folder", failure(client.folders().get("none")).await);
    add("a missing batch", failure(client.batches().of("none").status()).await);
    add("a batch of a missing service", failure(client.batches().create("f/none")).await);
    add("a folder that exists", failure(client.folders().create("f")).await);
    let bad = services.execute(SERVICE).inputs(json!({"price": "boom"})).await.unwrap();
    add("a record that the service rejects", bad.into_result().unwrap_err());
    let keyed = at(&simulator).api_key(API_KEY).build().unwrap();
    let many = keyed.services().execute(SERVICE).records([json!({"price": 1})]);
    add("a key without the right", failure(many).await);
    add("a key for folders", failure(keyed.folders().get("f")).await);
    let wrong = at(&simulator).bearer_token("wrong").build().unwrap();
    add("a wrong token", failure(wrong.services().execute(SERVICE)).await);
    let elsewhere = Client::builder().base_url(format!("{}/elsewhere", simulator.url()));
    let elsewhere = elsewhere.bearer_token(TOKEN).build().unwrap();
    add("another tenant", failure(elsewhere.services().execute(SERVICE)).await);
}

/// Errors whose texts have ids that differ from run to run.
async fn refusals_with_ids(album: &mut errors::Album) {
    let (simulator, client) = start(None).await;
    let services = client.services();
    let broken = services.upload("f", "broken", "PK").file_name("total=price*(.xlsx");
    let mut broken = broken.await.unwrap();
    let id = broken.id().to_string();
    let error = failure(broken.wait().every(Duration::from_millis(5))).await;
    add_without(album, "a workbook that cannot be compiled", &error, (&id, "JOB"), &simulator);
    let wrong = at(&simulator).oauth("an-id", KEY).build().unwrap();
    let error = failure(wrong.services().execute(SERVICE)).await;
    let id = error.request_id().expect("an answer").to_owned();
    add_without(album, "a wrong secret", &error, (&id, "ID"), &simulator);
}

/// Adds an error with something else in the place of an id.
fn add_without(
    album: &mut errors::Album,
    cause: &str,
    error: &Error,
    (id, name): (&str, &str),
    simulator: &Handle,
) {
    let mut here = errors::Album::default();
    here.add(cause, error, Some(simulator));
    album.text += &here.text.replace(id, name);
}

async fn refusals_by_the_client(album: &mut errors::Album) {
    let (_simulator, client) = start(None).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, None);
    let (services, batches) = (client.services(), client.batches());
    add("a locator of nothing", failure(batches.create("")).await);
    add("a public service in a batch", failure(batches.create("public/f/tax")).await);
    add("an accuracy of more than all", failure(batches.create(SERVICE).accuracy(1.5)).await);
    add("a buffer of nothing", failure(batches.create(SERVICE).max_input_size(0.0)).await);
    add("a version where there is no place", failure(services.exists("f/tax[1.0.0]")).await);
    let several = services.execute(SERVICE).inputs(json!([{"price": 1}]));
    add("several records in the place of one", failure(several).await);
    let table = services.execute(SERVICE).table(["a", "b"], [vec![1]]);
    add("a row that is too short", failure(table).await);
    add("a folder without a name", failure(client.folders().create(" ")).await);
    add(
        "an address of a file that is none",
        failure(client.files().document("ftp://x").reader()).await,
    );
    let lost = services.compilation(SERVICE, "a-job").unwrap();
    add("a compilation without its upload", failure(services.publish(&lost)).await);
}

async fn pipelines(album: &mut errors::Album) {
    let (simulator, client) = start(None).await;
    let record = || json!({"price": 1});
    let pipeline = client.batches().create(SERVICE).await.unwrap();
    let mut add = |cause: &str, id: &str, error: Error| {
        add_without(album, cause, &error, (id, "BATCH"), &simulator);
    };
    let id = pipeline.id();
    let none: [Value; 0] = [];
    let named = Chunk::new(ChunkData::new(none)).id("a-chunk");
    add("a chunk without inputs", id, failure(pipeline.push_chunks([named])).await);
    let large = ChunkData::new([json!({"text": "x".repeat(20_000)})]);
    let large = Chunk::new(large).id("a-chunk");
    pipeline.status().await.unwrap();
    add("a chunk larger than the buffer", id, failure(pipeline.push_chunks([large])).await);
    add("a pull of nothing", id, failure(pipeline.pull().max_chunks(0)).await);
    let other = client.batches().of(id);
    other.dispose().await.unwrap();
    add("a push into a batch that was closed", id, failure(pipeline.push([record()])).await);
    add("a push after the closing", id, failure(other.push([record()])).await);
    let cancelled = client.batches().create(SERVICE).await.unwrap();
    cancelled.cancel().await.unwrap();
    add("a pull after the end", cancelled.id(), failure(cancelled.pull()).await);
}

fn prices(count: u64) -> impl Iterator<Item = Value> + Send + 'static {
    (0..count).map(|price| json!({ "price": price }))
}

async fn runs(album: &mut errors::Album) {
    let (simulator, client) = start(None).await;
    let mut add = |cause: &str, id: &str, error: Error| {
        add_without(album, cause, &error, (id, "BATCH"), &simulator);
    };
    let batches = client.batches();
    let mut run = batches.create_and_run(SERVICE, prices(3)).chunk_size(0);
    add("a run with chunks of nothing", "no id", failure(run.try_next()).await);
    let mut run = batches.create_and_run(SERVICE, [1, 2]);
    add("a run of numbers", "no id", failure(run.try_next()).await);
    let mut run = batches.create_and_run("f/none", prices(3));
    add("a run of a missing service", "no id", failure(run.try_next()).await);
    let pipeline = batches.create(SERVICE).await.unwrap();
    let inputs = ["boom", "1", "2"].map(|price| json!({ "price": price }));
    let mut run = pipeline.run(inputs).chunk_size(1);
    add("a run whose batch fails", pipeline.id(), last_error(&mut run).await);
    let pipeline = batches.create(SERVICE).await.unwrap();
    batches.of(pipeline.id()).cancel().await.unwrap();
    let mut run = pipeline.run(prices(3));
    add("a run whose batch was cancelled", pipeline.id(), last_error(&mut run).await);
}

/// The error at the end of what the run hands out.
async fn last_error(run: &mut longhaul::spark::Run) -> Error {
    loop {
        match run.try_next().await {
            Ok(chunk) => drop(chunk.expect("an error before the end")),
            Err(error) => return error,
        }
    }
}

async fn journals(album: &mut errors::Album) {
    let (_simulator, client) = start(None).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.journal");
    let mut here = errors::Album::default();
    let mut add = |cause: &str, error: Error| here.add(cause, &error, None);
    let run = |service: &str, journal: &Path| {
        client.batches().create_and_run(service, prices(3)).journal(journal)
    };
    let mut first = run(SERVICE, &path);
    while first.try_next().await.unwrap().is_some() {}
    add("the journal of another run", last_error(&mut run("f/echo", &path)).await);
    let others = client.batches().create_and_run(SERVICE, prices(9).skip(1));
    add("the journal of other inputs", last_error(&mut others.journal(&path)).await);
    let nowhere = folder.path().join("no/such/a.journal");
    add("a journal in a missing folder", last_error(&mut run(SERVICE, &nowhere)).await);
    std::fs::write(&path, "no journal\nat all\n").unwrap();
    add("a file that is no journal", last_error(&mut run(SERVICE, &path)).await);
    album.text += &here.text.replace(&folder.path().display().to_string(), "FOLDER");
}

async fn lost_answers(album: &mut errors::Album) {
    let (simulator, client) = start(None).await;
    let pipeline = client.batches().create(SERVICE).await.unwrap();
    simulator.fault(Fault::reset_after());
    let mut add = |cause: &str, error: Error| {
        add_without(album, cause, &error, (pipeline.id(), "BATCH"), &simulator);
    };
    add("an execution", failure(client.services().execute(SERVICE)).await);
    add("a new batch", failure(client.batches().create(SERVICE)).await);
    let chunks = [1, 2].map(|price| Chunk::new(ChunkData::new([json!({ "price": price })])));
    add("a push", failure(pipeline.push_chunks(chunks)).await);
    add("a pull", failure(pipeline.pull()).await);
    add("a closing", failure(pipeline.dispose()).await);
    add("an upload", failure(client.services().upload("f", "s", "PK")).await);
    add("a new folder", failure(client.folders().create("new")).await);
    simulator.clear_faults();
    simulator.fault(Fault::html());
    add("a page for an execution", failure(client.services().execute(SERVICE)).await);
    add("a page for a pull", failure(pipeline.pull()).await);
}

fn settings(album: &mut errors::Album) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("oauth.json");
    std::fs::write(&path, format!("{{\"client_id\": \"an-id\", \"secret\": \"{KEY}\"}}")).unwrap();
    let plain = Client::builder().base_url("http://spark.example.test/my-tenant");
    let hosted = Client::builder().base_url("https://excel.us.coherent.global");
    let cases = [
        ("no base URL", Client::builder().api_key(KEY)),
        ("no tenant", hosted.api_key(KEY)),
        ("no encryption", plain.api_key(KEY)),
        ("an environment without a tenant", Client::builder().env("us").api_key(KEY)),
        ("no credential", builder()),
        ("an empty key", builder().api_key(" ")),
        ("two credentials", builder().api_key(KEY).oauth("an-id", KEY)),
        ("an OAuth file without a secret", builder().oauth_file(&path)),
        ("a missing OAuth file", builder().oauth_file(folder.path().join("none.json"))),
    ];
    let mut here = errors::Album::default();
    for (cause, builder) in cases {
        here.add(cause, &builder.build().expect_err(cause), None);
    }
    assert!(!here.text.contains("hunter2"), "{}", here.text);
    album.text += &here.text.replace(&folder.path().display().to_string(), "FOLDER");
}
