//! Applications: lists, details, logs.

use longhaul::denvr::ApplicationStatus;

use super::support::{IMAGE, PACE, PACKAGE, running, start};

#[tokio::test]
async fn lists_are_of_one_cluster_or_of_all() {
    let (handle, client) = start().await;
    let elsewhere = client.with_cluster("Msc1");
    client.applications().create_custom("here", PACKAGE, IMAGE).await.unwrap();
    elsewhere.applications().create_custom("there", PACKAGE, IMAGE).await.unwrap();
    let here = client.applications().list().await.unwrap();
    assert_eq!((here.len(), here[0].id().as_str()), (1, "here"));
    let all = client.applications().list_all().await.unwrap();
    let mut clusters: Vec<_> = all.iter().map(|application| application.cluster()).collect();
    clusters.sort_unstable();
    assert_eq!(clusters, ["Hou1", "Msc1"]);
    assert_eq!(handle.request_count(), 4);
}

#[tokio::test]
async fn a_new_application_has_no_status_at_first() {
    let (_handle, client) = start().await;
    let made = client.applications().create_custom("fresh", PACKAGE, IMAGE).await;
    let mut application = made.unwrap();
    assert!(application.data().unwrap().status.is_none());
    application.wait_for_status(ApplicationStatus::Online).every(PACE).await.unwrap();
    assert_eq!(application.status().await.unwrap(), Some(ApplicationStatus::Online));
}

#[tokio::test]
async fn details_keep_what_may_be_secret() {
    let (_handle, client) = start().await;
    let applications = client.applications();
    let create = applications.create_catalog("book", PACKAGE, "jupyter-notebook", "python-3.11.9");
    let mut book = create.jupyter_token("hunter2").env("MODE", "hunter2").await.unwrap();
    book.wait_for_status(ApplicationStatus::Online).every(PACE).await.unwrap();
    let shown = format!("{book:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    let instance = book.details().unwrap().instance_details.as_ref().unwrap();
    let variables = instance.environment_variables.as_ref().unwrap();
    let token = variables["JUPYTER_TOKEN"].as_ref().unwrap();
    assert_eq!(token.expose(), "hunter2");
    assert!(instance.dns.as_deref().is_some_and(|url| url.starts_with("https://")));
    assert!(instance.creation_time.as_ref().unwrap().datetime().is_some());
}

#[tokio::test]
async fn logs_are_as_long_as_asked() {
    let (_handle, client) = start().await;
    let application = running(&client, "chatty").await;
    let all = application.logs(2000).await.unwrap();
    assert!(all.lines().count() > 1);
    assert_eq!(application.logs(1).await.unwrap().lines().count(), 1);
}

#[tokio::test]
async fn the_catalogue_has_items_with_versions() {
    let (_handle, client) = start().await;
    let catalog = client.applications().catalog().await.unwrap();
    let notebook = catalog.iter().find(|item| item.name.as_deref() == Some("jupyter-notebook"));
    assert!(notebook.unwrap().versions.as_ref().is_some_and(|versions| !versions.is_empty()));
    let packages = client.applications().configurations().await.unwrap();
    assert!(packages.iter().any(|package| package.name.as_deref() == Some(PACKAGE)));
    assert!(!client.applications().availability().await.unwrap().is_empty());
}
