//! Clusters: made, listed, changed, commanded and deleted.

use std::time::Duration;

use longhaul::bodo::ClusterStatus::{Paused, Running, Stopped};
use longhaul::bodo::{Cluster, Order, Workspace};

use super::super::support::PACE;
use super::{Bench, Differs, LOOK, NOBODY, UNASKED, What};

const UPDATE: [Differs; 6] = [
    What::NoBody("/autoUpgrade").because(UNASKED),
    What::NoBody("/workersQuantity").because(UNASKED),
    What::NoBody("/instanceType").because(UNASKED),
    What::NoBody("/bodoVersion").because(UNASKED),
    What::NoBody("/autoAZ").because(UNASKED),
    What::NoBody("/availabilityZone").because(UNASKED),
];

pub(super) async fn all(bench: &mut Bench<'_>, workspace: &Workspace) {
    let (mut minimal, full) = creations(bench, workspace).await;
    lists(bench, workspace, &minimal, &full).await;
    changes(bench, &mut minimal).await;
    commands(bench, &mut minimal).await;
    deletions(bench, workspace, minimal, full).await;
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

async fn creations(bench: &mut Bench<'_>, workspace: &Workspace) -> (Cluster, Cluster) {
    let clusters = workspace.clusters();
    let minimal = clusters.create("minimal", "c5.large", 1);
    let minimal = bench.golden("create a cluster", &[], minimal).await.unwrap();
    let full = clusters.create("full", "c5.xlarge", 2).description("all options");
    let full = full.bodo_version("2025.4.0").auto_upgrade(true).auto_az(false).spot(false);
    let full = full.auto_stop(minutes(90)).auto_pause(minutes(30)).memory_report(true);
    let full = full.aws_deployment_subnet("subnet-0fake").availability_zone("us-east-2b");
    let full = full.tag("team", "a").tag("run", "w1");
    let full = bench.golden("create a cluster with everything", &[], full).await.unwrap();
    let bad = clusters.create("bad", "no.such", 1);
    let bad = bench.golden("create a cluster of an unknown type", &[], bad).await.unwrap_err();
    assert_eq!(bad.status(), Some(400));
    let spot = clusters.create("spot", "c5.large", 1).spot(true).auto_az(true);
    bench.golden("create a spot cluster", &[], spot).await.unwrap();
    let tagged = clusters.create("many 00", "c5.large", 1).tag("many", "w1");
    bench.golden("create a cluster with a tag", &[], tagged).await.unwrap();
    (minimal, full)
}

async fn lists(bench: &mut Bench<'_>, workspace: &Workspace, minimal: &Cluster, full: &Cluster) {
    let clusters = workspace.clusters();
    bench.golden("cluster", &[], clusters.get(minimal.id())).await.unwrap();
    let missing = bench.golden("missing cluster", &[], clusters.get(NOBODY)).await;
    assert!(missing.unwrap_err().is_not_found());
    let both = [minimal.id(), full.id()];
    let cases = [
        ("clusters by id", clusters.list().ids([minimal.id()])),
        ("clusters by name", clusters.list().names(["full"])),
        ("clusters by tags", clusters.list().tag("run", "w1").tag("team", "a")),
        (
            "clusters by status in order",
            clusters.list().ids(both).statuses([Running]).order_by("name", Order::Ascending),
        ),
        (
            "clusters in falling order",
            clusters.list().ids(both).order_by("name", Order::Descending),
        ),
        ("stopped clusters", clusters.list().ids([minimal.id()]).statuses([Stopped])),
        ("clusters", clusters.list()),
        (
            "clusters by tag in order",
            clusters.list().tag("many", "w1").order_by("name", Order::Ascending),
        ),
    ];
    for (name, list) in cases {
        bench.golden(name, &[], list.collect_all()).await.unwrap();
    }
}

async fn changes(bench: &mut Bench<'_>, cluster: &mut Cluster) {
    cluster.wait_for_status(Running).every(PACE).await.unwrap();
    let update = cluster.update().description("My description").name("updated");
    let update = update.auto_pause(minutes(15)).auto_stop(minutes(30));
    bench.golden("update a cluster", &UPDATE, update).await.unwrap();
    let version = What::NoBody("/bodoVersion").because(UNASKED);
    bench.golden("scale a cluster", &[version], cluster.scale(2)).await.unwrap();
    let upgrade = What::NoBody("/autoUpgrade").because(UNASKED);
    let update = cluster.update().description("via client").name("client-update");
    bench.golden("describe a cluster", &[version, upgrade], update).await.unwrap();
}

async fn commands(bench: &mut Bench<'_>, cluster: &mut Cluster) {
    cluster.wait_for_status(Running).every(PACE).await.unwrap();
    bench.golden("pause", &[LOOK], cluster.pause()).await.unwrap();
    cluster.wait_for_status(Paused).every(PACE).await.unwrap();
    bench.golden("resume", &[LOOK], cluster.resume()).await.unwrap();
    cluster.wait_for_status(Running).every(PACE).await.unwrap();
    bench.golden("stop", &[LOOK], cluster.stop()).await.unwrap();
    cluster.wait_for_status(Stopped).every(PACE).await.unwrap();
    bench.golden("restart", &[LOOK], cluster.restart()).await.unwrap();
}

async fn deletions(bench: &mut Bench<'_>, workspace: &Workspace, minimal: Cluster, full: Cluster) {
    bench.golden("delete a cluster", &[], minimal.delete()).await.unwrap();
    let forced = full.delete().force(true);
    bench.golden("delete a cluster by force", &[], forced).await.unwrap();
    let marked = workspace.clusters().create("mark", "c5.large", 1).await.unwrap();
    let marked = marked.delete().mark_as_terminated(true);
    bench.golden("mark a cluster as terminated", &[], marked).await.unwrap();
    let nobody = workspace.cluster(NOBODY).delete();
    bench.golden("delete a missing cluster", &[], nobody).await.unwrap();
}
