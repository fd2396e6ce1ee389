//! Job templates and cron jobs.

use std::time::Duration;

use longhaul::bodo::{Cluster, ClusterConfig, JobTemplate, NewJob, Order, Retries, Workspace};
use longhaul_simulator::Handle;

use super::{Bench, CATALOG, Differs, LOOK, NOBODY, UNASKED, What, shared};

/// The official client sends it always.
const STORED: Differs = What::NoBody("/jobConfig/storeResult")
    .because("it would take the place of what the template has");

pub(super) async fn all(bench: &mut Bench<'_>, handle: &Handle, workspace: &Workspace) {
    let cluster = shared(handle, workspace);
    let (template, mut of_file) = templates(bench, workspace).await;
    template_lists(bench, workspace, &template, &of_file).await;
    runs(bench, &template, &cluster).await;
    let unasked = ["/name", "/config", "/clusterConfig"];
    let unasked = unasked.map(|pointer| What::NoBody(pointer).because(UNASKED));
    let update = of_file.update().description("changed");
    bench.golden("update a template", &unasked, update).await.unwrap();
    schedules(bench, workspace, &template, &cluster).await;
    bench.golden("delete a template", &[], template.delete()).await.unwrap();
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

async fn templates(bench: &mut Bench<'_>, workspace: &Workspace) -> (JobTemplate, JobTemplate) {
    let templates = workspace.job_templates();
    let plain = NewJob::sql("SELECT 1").store_result(false);
    let query = plain.clone().catalog(CATALOG).timeout(minutes(10));
    let query = query.retries(Retries::new(1).delay(minutes(2)));
    let query = query.on_temporary_cluster(ClusterConfig::new("c5.xlarge", 1));
    let query = templates.create("tpl", query).description("d");
    let query = bench.golden("create a template", &[], query).await.unwrap();
    let file = NewJob::python("test.py").args("--x 1").env("A", "b").store_result(true);
    let file = file.on_temporary_cluster(ClusterConfig::new("c5.large", 1));
    let file = templates.create("tpl py", file);
    let file = bench.golden("create a template of a file", &[], file).await.unwrap();
    let twice = templates.create("tpl", plain);
    let twice = bench.golden("create a template twice", &[], twice).await;
    assert!(twice.unwrap_err().is_conflict());
    (query, file)
}

async fn template_lists(
    bench: &mut Bench<'_>,
    workspace: &Workspace,
    template: &JobTemplate,
    of_file: &JobTemplate,
) {
    let templates = workspace.job_templates();
    bench.golden("template", &[], templates.get(template.id())).await.unwrap();
    let missing = bench.golden("missing template", &[], templates.get(NOBODY)).await;
    assert!(missing.unwrap_err().is_not_found());
    let cases = [
        ("templates by name", templates.list().names(["tpl"]), 1),
        ("templates by id", templates.list().ids([of_file.id()]), 1),
        ("templates by names", templates.list().names(["tpl", "tpl py"]), 2),
        ("templates by tag", templates.list().tag("no", "w1"), 0),
    ];
    for (name, list, found) in cases {
        assert_eq!(bench.golden(name, &[], list.collect_all()).await.unwrap().len(), found);
    }
}

async fn runs(bench: &mut Bench<'_>, template: &JobTemplate, cluster: &Cluster) {
    bench.golden("run a template", &[STORED], template.run()).await.unwrap();
    let text = template.run().exec_text("SELECT 2");
    bench.golden("run a template with a text", &[STORED], text).await.unwrap();
    let machine = ClusterConfig::partial().instance_type("c5.large");
    let machine = template.run().on_temporary_cluster(machine);
    let [stop, pause, version, report] = [
        What::NoBody("/clusterConfig/autoStop").because(UNASKED),
        What::NoBody("/clusterConfig/autoPause").because(UNASKED),
        What::NoBody("/clusterConfig/bodoVersion").because(UNASKED),
        What::NoBody("/clusterConfig/memoryReportEnabled").because(UNASKED),
    ];
    let differs = [STORED, stop, pause, version, report];
    bench.golden("run a template with a machine", &differs, machine).await.unwrap();
    let named = template.run().on_cluster(cluster.id()).name("tplrun");
    let differs = [STORED, LOOK];
    bench.golden("run a template on a cluster by name", &differs, named).await.unwrap();
    let on_cluster = cluster.run_job(NewJob::template(template.id()));
    bench.golden("run a template on a cluster", &differs, on_cluster).await.unwrap();
    let query = NewJob::template(template.id()).exec_text("SELECT 3").catalog(CATALOG);
    let differs = [
        STORED,
        LOOK,
        What::NoBody("/jobConfig/type").because(UNASKED),
        What::NoBody("/jobConfig/source").because(UNASKED),
        What::NoBody("/jobConfig/sqlQueryParameters").because(UNASKED),
    ];
    let query = cluster.run_job(query);
    bench.golden("run a query of a template on a cluster", &differs, query).await.unwrap();
    let jobs = bench.golden("jobs of a template", &[], template.jobs().collect_all()).await;
    assert_eq!(jobs.unwrap().len(), 6);
}

async fn schedules(
    bench: &mut Bench<'_>,
    workspace: &Workspace,
    template: &JobTemplate,
    cluster: &Cluster,
) {
    let cron_jobs = workspace.cron_jobs();
    let hourly = cron_jobs.create("cron", "0 * * * *", template.id()).description("d");
    let hourly = hourly.max_concurrent_runs(2);
    let cron = bench.golden("create a cron job", &[], hourly).await.unwrap();
    let weekly = cron_jobs.create("cron on cluster", "30 1 * * 1", template.id());
    let weekly = weekly.on_cluster(cluster.id());
    let stored = What::NoBody("/jobConfig").because("the template says what its jobs keep");
    let name = "create a cron job on a cluster";
    bench.golden(name, &[stored], weekly).await.unwrap();
    let config = What::Body(
        "/clusterConfig",
        r#"{"instanceType": "c5.large", "workersQuantity": 1, "autoStop": 0, "autoPause": 60,
            "bodoVersion": "2025.6.2", "memoryReportEnabled": false}"#,
    )
    .because("it was asked for: the official client drops it");
    let daily = cron_jobs.create("cron cfg", "0 0 * * *", template.id());
    let daily = daily.on_temporary_cluster(ClusterConfig::new("c5.large", 1));
    let daily = bench.golden("create a cron job with a cluster", &[config], daily).await.unwrap();
    bench.golden("delete a cron job", &[], daily.delete()).await.unwrap();
    bench.golden("cron job", &[], cron_jobs.get(cron.id())).await.unwrap();
    let missing = bench.golden("missing cron job", &[], cron_jobs.get(NOBODY)).await;
    assert!(missing.unwrap_err().is_not_found());
    let ordered = cron_jobs.list().order_by("name", Order::Descending).collect_all();
    assert_eq!(bench.golden("cron jobs in order", &[], ordered).await.unwrap().len(), 2);
    bench.golden("run a cron job", &[], cron.run()).await.unwrap();
    let history = bench.golden("jobs of a cron job", &[], cron.history().collect_all()).await;
    assert_eq!(history.unwrap().len(), 1);
    bench.golden("deactivate", &[], cron.deactivate()).await.unwrap();
    bench.golden("reactivate", &[], cron.reactivate()).await.unwrap();
}
