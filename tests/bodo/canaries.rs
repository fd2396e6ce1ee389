//! A canary for every secret: over a whole tour of calls they show up nowhere.

use std::fmt::Debug;

use longhaul::Result;
use longhaul::bodo::{
    CatalogDetails, ClusterConfig, JobStatus, NewJob, Organization, Source, Workspace,
};
use longhaul_simulator::{Fault, Handle};
use serde_json::json;

use super::failure::failure;
use super::shown::Shown;
use super::support::{PACE, fast, organization_builder, sent, workspace_builder};

const KEY: &str = "canary-workspace-key";
const ORGANIZATION_KEY: &str = "canary-organisation-key";
const GIT: &str = "canary-git-token";
const VARIABLE: &str = "canary-variable";
const PASSWORD: &str = "canary-catalog-password";
const DETAIL: &str = "canary-catalog-detail";
const CLOUD: &str = "canary-cloud-key";
const VALUE: &str = "canary-secret-value";

const ALL: [&str; 8] = [KEY, ORGANIZATION_KEY, GIT, VARIABLE, PASSWORD, DETAIL, CLOUD, VALUE];

/// An answer that repeats what was sent to the server, as careless servers do.
fn echo(status: u16, secrets: &[&str]) -> Fault {
    let message = format!("not with {}", secrets.join(" and "));
    Fault::status(status).with_body(json!({"message": [message]}).to_string())
}

async fn start() -> (Handle, Workspace, Organization) {
    let simulator = fast().cluster("c").catalog("shop");
    let simulator = simulator.keys("cy", KEY).organization_keys("olga", ORGANIZATION_KEY);
    let handle = simulator.start().await.expect("a free port");
    let workspace = workspace_builder(&handle).client_id("cy").secret_key(KEY);
    let organization = organization_builder(&handle).client_id("olga").secret_key(ORGANIZATION_KEY);
    let (workspace, organization) = (workspace.build().unwrap(), organization.build().unwrap());
    (handle, workspace, organization)
}

/// Shows an awaitable before and after it was awaited.
async fn show<C: IntoFuture<Output = Result<T>> + Debug, T: Debug>(shown: &Shown, call: C) {
    shown.add(&call);
    match call.await {
        Ok(value) => shown.add(&value),
        Err(error) => shown.error(&error),
    }
}

#[tokio::test]
async fn a_tour_of_all_calls_shows_no_secret() {
    let shown = Shown::default();
    let _listening = shown.listen();
    let (handle, workspace, organization) = start().await;
    shown.add(&workspace_builder(&handle).client_id("cy").secret_key(KEY));
    shown.add(&workspace);
    shown.add(workspace.raw());
    shown.add(&organization);
    Box::pin(jobs(&shown, &handle, &workspace)).await;
    Box::pin(stores(&shown, &workspace, &organization)).await;
    let token = token_of(&handle, "/api/v1/jobs");
    let of_organization = token_of(&handle, "/api/v1/cloud-configs");
    let signatures = signatures(&handle);
    assert!(signatures.len() >= 5, "{signatures:?}");

    for rule in careless(&token, &of_organization) {
        handle.fault(rule);
    }
    Box::pin(jobs(&shown, &handle, &workspace)).await;
    Box::pin(stores(&shown, &workspace, &organization)).await;
    handle.bodo().unwrap().expire_tokens();
    let other = workspace_builder(&handle).client_id("cy").secret_key(KEY).build().unwrap();
    shown.error(&failure(other.data()).await);

    let text = shown.text();
    assert!(text.contains("create_job") && text.contains("not with *** and"), "nothing was shown");
    let more = signatures.iter().chain([&token, &of_organization]).map(String::as_str);
    for secret in more.chain(ALL) {
        let place = text.find(secret).map(|at| text[..at].lines().last().unwrap_or_default());
        assert!(place.is_none(), "{secret} is shown after: {}", place.unwrap_or_default());
    }
}

/// A server that repeats in its errors all that a request brought; the first rule that fits counts.
fn careless(token: &str, of_organization: &str) -> [Fault; 8] {
    [
        echo(400, &[KEY]).path("/identity/**"),
        echo(422, &[of_organization, CLOUD]).path("/api/v1/cloud-configs"),
        echo(422, &[token, GIT, VARIABLE]).on("POST", "/api/v1/jobs"),
        echo(422, &[token, GIT, VARIABLE]).on("POST", "/api/v1/job-templates"),
        echo(422, &[token, PASSWORD]).on("POST", "/api/v1/catalogs").once(),
        echo(422, &[token, DETAIL]).on("POST", "/api/v1/catalogs"),
        echo(422, &[token, VALUE]).on("POST", "/api/secrets"),
        echo(422, &[token]).path("/api/**"),
    ]
}

/// Jobs with secrets in them, what they write, what they give, and files.
async fn jobs(shown: &Shown, handle: &Handle, workspace: &Workspace) {
    show(shown, workspace.upload("print('hello')\n", "test.py")).await;
    let source = Source::git("https://git.invalid/r.git", "main", "u", GIT);
    shown.add(&source);
    let job = NewJob::python("a.py").source(source).env("TOKEN", VARIABLE);
    let job = job.on_temporary_cluster(ClusterConfig::new("c5.large", 1));
    shown.add(&job);
    show(shown, workspace.jobs().run(job.clone())).await;
    let create = workspace.job_templates().create(format!("t{}", handle.request_count()), job);
    shown.add(&create);
    match create.await {
        Ok(mut template) => {
            shown.add(&template);
            shown.add(&template.update());
            shown.add(&template.data());
        }
        Err(error) => shown.error(&error),
    }
    let cluster = workspace.cluster(handle.id_of("c").unwrap());
    shown.add(&cluster);
    match cluster.run_job(NewJob::python("test.py")).await {
        Ok(mut job) => {
            job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
            shown.add(&job.data());
            shown.add(&job.log_links().await.unwrap());
            shown.add(&job.result_links().await);
            shown.add(&job.stdout());
            assert_eq!(job.stdout().await.unwrap(), "hello\n");
            shown.add(&job.stdout().follow());
            shown.add(&job.stdout().reader().await.unwrap());
        }
        Err(error) => shown.error(&error),
    }
    let query = cluster.connect("shop").query("SELECT * FROM customers");
    shown.add(&query);
    match query.await {
        Ok(mut rows) => {
            rows.try_next().await.unwrap();
            shown.add(&rows);
        }
        Err(error) => shown.error(&error),
    }
}

/// What keeps secrets: catalogs, groups of secrets, cloud configs; and links to prices.
async fn stores(shown: &Shown, workspace: &Workspace, organization: &Organization) {
    let details = CatalogDetails::snowflake("account", "user", PASSWORD);
    shown.add(&details);
    show(shown, workspace.catalogs().create("flake", details.clone())).await;
    let glue = CatalogDetails::other("GLUE", json!({"deep": [{"key": DETAIL}]})).unwrap();
    show(shown, workspace.catalogs().create("glue", glue.clone())).await;
    match workspace.catalogs().by_name("flake").await {
        Ok(Some(catalog)) => show(shown, catalog.update().details(details)).await,
        Ok(None) => panic!("no catalog"),
        Err(error) => shown.error(&error),
    }
    let secrets = workspace.secrets();
    let create = secrets.create("s", "GENERIC", [("password", VALUE)]);
    shown.add(&create);
    match create.await {
        Ok(secret) => {
            shown.add(&secrets.get(&secret.uuid).await.unwrap());
            show(shown, secrets.update(&secret.uuid).values([("password", VALUE)])).await;
        }
        Err(error) => shown.error(&error),
    }
    let aws = organization.cloud_configs().create_aws("aws", "us-east-2");
    let aws = aws.access_key("AKIA", CLOUD);
    shown.add(&aws);
    match aws.await {
        Ok(config) => {
            shown.add(&config.data());
            show(shown, config.update().access_key("AKIA", CLOUD)).await;
        }
        Err(error) => shown.error(&error),
    }
    let (from, to) = ("2025-01-01".parse().unwrap(), "2025-01-31".parse().unwrap());
    show(shown, workspace.billing().cluster_price_export(from, to)).await;
}

/// The token that calls to this path have carried.
fn token_of(handle: &Handle, path: &str) -> String {
    let mut requests = handle.requests().into_iter();
    let call = requests.find(|request| request.path == path).expect("a call");
    call.header("authorization").unwrap().trim_start_matches("Bearer ").to_owned()
}

/// The signatures of the links that were used.
fn signatures(handle: &Handle) -> Vec<String> {
    let requests = handle.requests();
    requests.iter().filter_map(|request| request.query_value("X-Amz-Signature")).collect()
}

#[tokio::test]
async fn a_refused_link_shows_neither_its_signature_nor_what_the_storage_repeats() {
    let shown = Shown::default();
    let _listening = shown.listen();
    let (handle, workspace, _) = start().await;
    workspace.upload("print('hello')\n", "test.py").await.unwrap();
    let cluster = workspace.cluster(handle.id_of("c").unwrap());
    let mut job = cluster.run_job(NewJob::python("test.py")).await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    let query = cluster.connect("shop").query("SELECT 1").submit().await.unwrap();
    for status in [403, 500] {
        handle.clear_faults();
        handle.fault(Fault::status(status).path("/storage/**"));
        shown.error(&failure(job.stdout()).await);
        shown.error(&failure(workspace.upload("a", "b.py")).await);
        shown.error(&failure(query.clone().rows()).await);
        let folder = tempfile::tempdir().unwrap();
        shown.error(&failure(job.stdout().download_to(folder.path())).await);
    }
    let text = shown.text();
    assert!(text.contains("to a link"), "{text}");
    let signatures = signatures(&handle);
    assert!(signatures.len() >= 8 && !sent(&handle, "PUT", "b.py").is_empty());
    for signature in signatures {
        assert!(!text.contains(&signature), "{signature} is in the log or an error");
    }
}
