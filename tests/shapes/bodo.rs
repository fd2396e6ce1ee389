//! What errors of Bodo say, for review.

use std::time::Duration;

use longhaul::bodo::{
    Builder, CatalogDetails, ClusterConfig, ClusterStatus, JobStatus, NewJob, Organization,
    Workspace,
};
use longhaul::{Error, Options, Token};
use longhaul_simulator::bodo::{Bodo, KEYS, ORGANIZATION_KEYS};
use longhaul_simulator::{Fault, Handle, Simulator};

use crate::errors;
use crate::failure::failure;

const KEY: &str = "hunter2hunter2";
const PACE: Duration = Duration::from_millis(5);

fn fast() -> Simulator<Bodo> {
    let simulator = Simulator::bodo().pace(PACE).cluster("c").catalog("shop");
    simulator.outcome("bad", "FAILED", "no capacity").outcome("stuck", "INITIALIZING", "")
}

async fn start(fault: Option<Fault>) -> (Handle, Workspace) {
    let simulator = fault.into_iter().fold(fast(), Simulator::fault);
    let simulator = simulator.start().await.expect("a free port");
    let workspace = at(&simulator).build().expect("good settings");
    (simulator, workspace)
}

fn at(simulator: &Handle) -> Builder<Workspace> {
    let options = Options::new().attempts(1).timeout(Duration::from_millis(500));
    let builder = Workspace::builder().server(simulator.url()).options(options);
    builder.client_id(KEYS.0).secret_key(KEYS.1)
}

#[tokio::test]
async fn errors_say_what_was_reviewed() {
    let mut album = errors::Album::default();
    Box::pin(keys(&mut album)).await;
    Box::pin(refusals_by_the_client(&mut album)).await;
    Box::pin(refusals_by_status(&mut album)).await;
    Box::pin(refusals_by_the_server(&mut album)).await;
    Box::pin(ends(&mut album)).await;
    Box::pin(lost_answers(&mut album)).await;
    Box::pin(storage(&mut album)).await;
    settings(&mut album);
    insta::assert_snapshot!("bodo_errors", without_ids(&album.text));
}

/// The text with a word in place of the ids that differ from run to run.
fn without_ids(text: &str) -> String {
    let in_id = |one: char| one.is_ascii_hexdigit() || one == '-';
    let words = text.split_inclusive(|one| !in_id(one)).map(|word| {
        let id = word.trim_end_matches(|one| !in_id(one));
        let is_id = id.len() == 36 && id.matches('-').count() == 4 && !id.starts_with("00000000-");
        if is_id { word.replace(id, "UUID") } else { word.to_owned() }
    });
    words.collect()
}

async fn keys(album: &mut errors::Album) {
    let (simulator, workspace) = start(None).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, Some(&simulator));
    let wrong = at(&simulator).secret_key(KEY).build().unwrap();
    add("a wrong key", failure(wrong.data()).await);
    let crossed = Organization::builder().server(simulator.url());
    let crossed = crossed.client_id(KEYS.0).secret_key(KEYS.1).build().unwrap();
    add("keys of a workspace", failure(crossed.workspaces().list().collect_all()).await);
    let crossed = at(&simulator).client_id(ORGANIZATION_KEYS.0).secret_key(ORGANIZATION_KEYS.1);
    let crossed = crossed.build().unwrap();
    add("keys of an organisation", failure(crossed.clusters().list().collect_all()).await);
    simulator.fault(Fault::expired_token().path("/api/**"));
    add("a token that is never taken", failure(workspace.sdk_version()).await);
    let opaque = r#"{"access_token": "opaque"}"#;
    simulator.fault(Fault::body("application/json", opaque).path("/identity/**"));
    let other = at(&simulator).build().unwrap();
    add("a token of nobody", failure(other.data()).await);
    simulator.clear_faults();
    simulator.fault(Fault::status(503).path("/identity/**"));
    let other = at(&simulator).build().unwrap();
    add("no token for now", failure(other.sdk_version()).await);
}

async fn refusals_by_the_client(album: &mut errors::Album) {
    let (_simulator, workspace) = start(None).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, None);
    let (clusters, jobs) = (workspace.clusters(), workspace.jobs());
    add("a cluster without a name", failure(clusters.create(" ", "c5.large", 1)).await);
    add("a cluster of nothing", failure(clusters.create("a", "c5.large", 0)).await);
    let spot = clusters.create("a", "c5.large", 1).spot(true).auto_pause(PACE);
    add("a spot cluster that pauses", failure(spot).await);
    let misspelt = [ClusterStatus::from("RUNING")];
    let misspelt = clusters.list().statuses(misspelt).collect_all();
    add("a misspelt status", failure(misspelt).await);
    add("an id of nothing", failure(workspace.cluster(" ").refresh()).await);
    add("a job without a cluster", failure(jobs.run(NewJob::sql("SELECT 1"))).await);
    let both = NewJob::python("a.py").on_cluster("an-id");
    let both = both.on_temporary_cluster(ClusterConfig::new("c5.large", 1));
    add("a job with two clusters", failure(jobs.run(both)).await);
    let query = |sql: &str| workspace.connect("shop", "an-id").query(sql);
    add("a value too many", failure(query("SELECT 1").bind(1)).await);
    add("a name without a value", failure(query("SELECT :a")).await);
    let schedule = workspace.cron_jobs().create("a", "nonsense", "an-id");
    add("a schedule of one field", failure(schedule).await);
    let folder = workspace.upload("a", "folder/");
    add("an upload to a folder", failure(folder).await);
    let role = workspace.instance_roles().create_aws("a-role");
    add("a role that is no ARN", failure(role).await);
}

/// What the status of a cluster forbids.
async fn refusals_by_status(album: &mut errors::Album) {
    let (simulator, workspace) = start(None).await;
    let mut cluster = workspace.cluster(simulator.id_of("c").unwrap());
    let mut add = |cause: &str, error: Error| album.add(cause, &error, Some(&simulator));
    add("a change that needs a stop", failure(cluster.update().instance_type("c5.xlarge")).await);
    cluster.stop().wait().every(PACE).await.unwrap();
    add("a pause of a stopped cluster", failure(cluster.pause()).await);
    add("a job on a stopped cluster", failure(cluster.run_job(NewJob::python("a.py"))).await);
    cluster.clone().delete().wait().every(PACE).await.unwrap();
    add("a command to a terminated cluster", failure(cluster.restart()).await);
}

async fn refusals_by_the_server(album: &mut errors::Album) {
    let (simulator, workspace) = start(None).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, Some(&simulator));
    add("an unknown instance type", failure(workspace.clusters().create("a", "x", 1)).await);
    let nobody = "ffffffff-ffff-4fff-8fff-ffffffffffff";
    add("a missing cluster", failure(workspace.clusters().get(nobody)).await);
    let mut job = workspace.job(nobody);
    add("a missing job", failure(job.refresh()).await);
    let run = workspace.cluster(simulator.id_of("c").unwrap()).run_sql_query("shop", "SELECT 1");
    let mut job = run.await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    add("a cancellation of a job that has ended", failure(job.cancel()).await);
    let several = r#"{"statusCode": 422, "message": ["one is wrong", "two is not there"]}"#;
    simulator.fault(Fault::status(422).with_body(several).path("/api/**"));
    add("several messages", failure(workspace.jobs().list().collect_all()).await);
    simulator.clear_faults();
    simulator.fault(Fault::status(502).as_html().path("/api/**"));
    add("a page of a gateway", failure(workspace.clusters().list().collect_all()).await);
}

/// Jobs, queries and clusters that end badly.
async fn ends(album: &mut errors::Album) {
    let (simulator, workspace) = start(None).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, Some(&simulator));
    let cluster = workspace.cluster(simulator.id_of("c").unwrap());
    let mut job = cluster.run_job(NewJob::python("none.py")).await.unwrap();
    let wait = job.wait_for_status(JobStatus::Succeeded).every(PACE);
    add("a file that is not there", failure(wait).await);
    let connection = cluster.connect("shop");
    add("a query that is none", failure(connection.query("SELEKT 1")).await);
    add("an unknown catalog", failure(cluster.connect("none").query("SELECT 1")).await);
    let mut bad = workspace.clusters().create("bad", "c5.large", 1).await.unwrap();
    let wait = bad.wait_for_status(ClusterStatus::Running).every(PACE);
    add("a cluster that fails", failure(wait).await);
    let mut stuck = workspace.clusters().create("stuck", "c5.large", 1).await.unwrap();
    let wait = stuck.wait_for_status(ClusterStatus::Running).every(PACE).timeout(PACE * 60);
    add("a cluster that comes late", failure(wait).await);
}

async fn lost_answers(album: &mut errors::Album) {
    let (simulator, workspace) = start(None).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, Some(&simulator));
    let mut cluster = workspace.cluster(simulator.id_of("c").unwrap());
    cluster.refresh().await.unwrap();
    workspace.clusters().latest_bodo_version().await.unwrap();
    simulator.fault(Fault::reset_after().method("POST"));
    add("a new cluster", failure(workspace.clusters().create("a", "c5.large", 1)).await);
    add("a new job", failure(cluster.run_job(NewJob::sql("SELECT 1"))).await);
    let template = workspace.job_templates().create("a", NewJob::sql("SELECT 1"));
    add("a new template", failure(template).await);
    let details = CatalogDetails::snowflake("account", "ann", KEY);
    add("a new catalog", failure(workspace.catalogs().create("a", details)).await);
    let secret = workspace.secrets().create("a", "GENERIC", [("password", KEY)]);
    add("a new secret", failure(secret).await);
}

async fn storage(album: &mut errors::Album) {
    let (simulator, workspace) = start(None).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, Some(&simulator));
    let cluster = workspace.cluster(simulator.id_of("c").unwrap());
    let mut job = cluster.run_sql_query("shop", "SELECT 1").await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    simulator.fault(Fault::status(403).path("/storage/**"));
    add("a log that is refused", failure(job.stdout()).await);
    add("a result that is refused", failure(job.rows()).await);
    add("an upload that is refused", failure(workspace.upload("a", "a.py")).await);
    simulator.clear_faults();
    simulator.fault(Fault::status(404).path("/storage/**.parquet"));
    let mut rows = job.rows().await.unwrap();
    add("a part that is gone", failure(rows.try_next()).await);
}

fn settings(album: &mut errors::Album) {
    let plain = Workspace::builder().api_url("http://bodo.test/api").client_id("an-id");
    let source = || async { Ok(Token::new(KEY)) };
    let cases = [
        ("no client id", Workspace::builder()),
        ("no secret key", Workspace::builder().client_id("an-id")),
        ("an empty key", Workspace::builder().client_id("an-id").secret_key(" ")),
        ("keys and a source of tokens", Workspace::builder().client_id("a").token_provider(source)),
        ("no encryption", plain.secret_key(KEY)),
        ("a server that is none", Workspace::builder().auth_url("auth.bodo.test")),
    ];
    let mut here = errors::Album::default();
    for (cause, builder) in cases {
        here.add(cause, &builder.build().expect_err(cause), None);
    }
    assert!(!here.text.contains("hunter2"), "{}", here.text);
    album.text += &here.text;
}
