//! Making, finding, changing and deleting templates.

use std::time::Duration;

use longhaul::ErrorKind;
use longhaul::bodo::{ClusterConfig, CreateJobTemplate, NewJob, Retries};
use longhaul_simulator::Fault;
use serde_json::{Value, json};

use super::{TEMPLATES, mine, of_program, of_query, ready};
use crate::support::{failure, fast, says, sent, start_with};

#[tokio::test]
async fn a_template_is_made_with_all_that_was_set() {
    let (handle, workspace) = ready().await;
    let job = NewJob::sql("SELECT 1").catalog("MyCatalog").timeout(Duration::from_secs(600));
    let job = job.retries(Retries::new(1).delay(Duration::from_secs(120)));
    let create = workspace.job_templates().create("tpl", job).description("d").tag("team", "a");
    let template = create.await.unwrap();
    assert_eq!(template.name(), Some("tpl"));
    let expected = json!({
        "name": "tpl", "description": "d", "tags": {"team": "a"},
        "config": {
            "type": "SQL", "source": {"type": "SQL", "sourceDef": {"type": "SQL"}},
            "sqlQueryText": "SELECT 1", "timeout": 10, "catalog": "MyCatalog",
            "retryStrategy": {"numRetries": 1, "delayBetweenRetries": 2, "retryOnTimeout": false},
        },
    });
    assert_eq!(sent(&handle, "POST", TEMPLATES)[0].json(), expected);
}

#[tokio::test]
async fn templates_are_found_by_name_id_and_tag_over_all_pages() {
    let (handle, workspace) = start_with(fast().max_page_size(2)).await;
    let templates = workspace.job_templates();
    for index in 0..5 {
        let create = templates.create(format!("t{index}"), NewJob::python("a.py"));
        create.tag("parity", (index % 2).to_string()).await.unwrap();
    }
    assert_eq!(templates.list().collect_all().await.unwrap().len(), 5);
    let even = templates.list().tag("parity", "0").collect_all().await.unwrap();
    assert_eq!(even.iter().filter_map(|one| one.name()).collect::<Vec<_>>(), ["t0", "t2", "t4"]);
    let one = templates.list().ids([even[1].id()]).collect_all().await.unwrap();
    assert_eq!(one[0].name(), Some("t2"));
    assert_eq!(templates.get(even[1].id()).await.unwrap().name(), Some("t2"));
    handle.clear_requests();
    assert!(templates.list().names([""; 0]).collect_all().await.unwrap().is_empty());
    assert_eq!(handle.request_count(), 0, "none of them selects nothing");
}

#[tokio::test]
async fn only_what_is_changed_is_sent() {
    let (handle, workspace) = ready().await;
    let mut template = of_program(&workspace).await;
    let id = template.id().clone();
    handle.clear_requests();
    template.update().name("renamed").description("changed").await.unwrap();
    let patch = |index: usize| sent(&handle, "PATCH", id.as_str())[index].json();
    assert_eq!(patch(0), json!({"uuid": id.as_str(), "name": "renamed", "description": "changed"}));
    assert!(sent(&handle, "GET", id.as_str()).is_empty());
    assert_eq!(template.name(), Some("renamed"));

    let data = template.update().args("--x 2").env("C", "d").await.unwrap();
    let config = data.config.clone().unwrap();
    assert_eq!(config.args, Some("--x 2".into()));
    let names: Vec<_> = config.env_vars.unwrap().into_keys().collect();
    assert_eq!(names, ["A", "C"], "variables are added");
    assert_eq!(config.source_location.as_deref(), Some("test.py"), "the rest stays");
    assert_eq!(patch(1)["name"], Value::Null);
    assert_eq!(patch(1)["config"]["sourceLocation"], "test.py", "the platform may take it whole");
}

#[tokio::test]
async fn a_part_of_the_cluster_and_a_text_for_a_file_are_changed() {
    let (_handle, workspace) = ready().await;
    let mut template = of_query(&workspace).await;
    let wider = ClusterConfig::partial().workers(3);
    let data = template.update().cluster_config(wider).await.unwrap();
    let cluster = data.cluster_config.clone().unwrap();
    assert_eq!(cluster.workers_quantity, Some(3));
    assert_eq!(cluster.instance_type.as_deref(), Some("c5.xlarge"));
    let data = template.update().exec_text("SELECT ?").bind(7).await.unwrap();
    let config = data.config.clone().unwrap();
    assert_eq!(config.sql_query_text.as_deref(), Some("SELECT ?"));
    assert_eq!(config.sql_query_parameters.unwrap()["0"]["value"], "7");
}

#[tokio::test]
async fn what_no_template_can_be_is_refused_before_anything_is_sent() {
    let (handle, workspace) = ready().await;
    let create = |job: NewJob| workspace.job_templates().create("t", job);
    let python = || NewJob::python("a.py");
    let cases: [(CreateJobTemplate, &str); 7] = [
        (workspace.job_templates().create(" ", python()), "the name of the job template is empty"),
        (create(python().name("n")), "no name for its jobs"),
        (create(python().on_cluster("c")), "no existing cluster: say `on_cluster`"),
        (create(NewJob::template("t")), "no template of its own"),
        (create(python().on_temporary_cluster(ClusterConfig::partial())), "instance type"),
        (create(python().exec_text("SELECT 1")), "has no `exec_text`"),
        (create(NewJob::sql("SELECT ?")), "`?` in the query is 1"),
    ];
    for (case, words) in cases {
        says(&failure(case).await, ErrorKind::InvalidInput, &[words]);
    }
    let mut template = workspace.job_template("t");
    let nothing = failure(template.update()).await;
    says(&nothing, ErrorKind::InvalidInput, &["changes nothing"]);
    let unnamed = failure(template.update().name("")).await;
    says(&unnamed, ErrorKind::InvalidInput, &["the name of the job template is empty"]);
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn a_name_is_taken_until_its_template_is_deleted() {
    let (_handle, workspace) = ready().await;
    let template = of_query(&workspace).await;
    let again = workspace.job_templates().create("My template", NewJob::sql("SELECT 1"));
    assert!(failure(again).await.is_conflict());
    let id = template.id().clone();
    template.delete().await.unwrap();
    assert!(workspace.job_templates().get(&id).await.unwrap_err().is_not_found());
    assert_ne!(of_query(&workspace).await.id(), &id);
}

#[tokio::test]
async fn all_templates_of_a_list_are_deleted_and_a_lost_answer_does_not_matter() {
    let (handle, workspace) = start_with(fast().max_page_size(2)).await;
    for index in 0..5 {
        workspace
            .job_templates()
            .create(format!("t{index}"), NewJob::python("a.py"))
            .await
            .unwrap();
    }
    handle.fault(Fault::status(503).after_effect().on("DELETE", format!("{TEMPLATES}/*")).once());
    let all = workspace.job_templates().list().group().await.unwrap();
    all.delete().await.into_result().unwrap();
    assert!(workspace.job_templates().list().collect_all().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_lost_answer_says_how_to_find_the_template() {
    let (handle, workspace) = ready().await;
    handle.fault(Fault::reset_after().on("POST", TEMPLATES).once());
    let error = failure(workspace.job_templates().create("t", NewJob::python("a.py"))).await;
    assert!(error.may_have_happened());
    assert!(error.to_string().contains("tells whether `t` is there"), "{error}");
    assert!(!mine(&handle).is_empty());
}
