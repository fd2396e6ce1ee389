//! Catalogs, instance roles, secrets and prices.

use longhaul::bodo::{CatalogDetails, Order, Workspace};
use longhaul_simulator::bodo::WORKSPACE;

use super::{Bench, CATALOG, Differs, NOBODY, PAGED, What};

pub(super) async fn catalogs(bench: &mut Bench<'_>, workspace: &Workspace) {
    let catalogs = workspace.catalogs();
    let details = || {
        let account = CatalogDetails::snowflake("account", "user", "fake-password");
        let account = account.warehouse("WH").database("DB").schema("PUBLIC");
        account.user_role("ROLE").port(443)
    };
    let create = catalogs.create(CATALOG, details()).description("a catalog");
    let catalog = bench.golden("create a catalog", &[], create).await.unwrap();
    let kept = What::Body("/data", r#"{"region": "us-east-2"}"#)
        .because("the official client loses the details of all kinds but one");
    let other = serde_json::json!({"region": "us-east-2"});
    let other = catalogs.create("Other", CatalogDetails::other("GLUE", other).unwrap());
    let other = bench.golden("create a catalog of another kind", &[kept], other).await.unwrap();
    let twice = CatalogDetails::other("SNOWFLAKE", serde_json::json!({"username": "x"})).unwrap();
    let twice = catalogs.create(CATALOG, twice);
    let twice = bench.golden("create a catalog twice", &[], twice).await.unwrap_err();
    assert!(twice.is_conflict());

    assert_eq!(bench.golden("catalogs", &[], catalogs.list()).await.unwrap().len(), 2);
    let look = What::Also("GET", "/api/v1/catalogs/{id}")
        .because("a catalog is replaced whole, and others may have changed it");
    let update = catalog.update().description("changed").details(details());
    bench.golden("update a catalog", &[look], update).await.unwrap();
    bench.golden("catalog", &[], catalogs.get(catalog.id())).await.unwrap();
    let found = bench.golden("catalog by name", &[], catalogs.by_name(CATALOG)).await.unwrap();
    assert_eq!(found.unwrap().id(), catalog.id());
    let gone = other.clone();
    bench.golden("delete a catalog", &[], other.delete()).await.unwrap();
    let missing = bench.golden("delete a missing catalog", &[], gone.delete()).await.unwrap_err();
    assert!(missing.is_not_found());
}

pub(super) async fn roles(bench: &mut Bench<'_>, workspace: &Workspace) {
    let roles = workspace.instance_roles();
    let wanted: [(&str, &[Differs]); 2] = [("roles by ARN", &[]), ("create a role of AWS", &[])];
    let aws = roles.create_aws("arn:aws:iam::000000000000:role/w1").name("role").description("d");
    let role = bench.goldens(&wanted, aws.or_existing()).await.unwrap();
    let wanted: [(&str, &[Differs]); 2] =
        [("roles by identity", &[]), ("create a role of Azure", &[])];
    let azure = roles.create_azure("/subscriptions/fake/w1").name("identity").or_existing();
    bench.goldens(&wanted, azure).await.unwrap();
    let by_name = roles.list().names(["role"]).collect_all();
    assert_eq!(bench.golden("roles by name", &[], by_name).await.unwrap().len(), 1);
    let by_id = roles.list().ids([role.id()]).order_by("name", Order::Ascending).collect_all();
    assert_eq!(bench.golden("roles by id in order", &[], by_id).await.unwrap().len(), 1);
    bench.golden("roles", &PAGED, roles.list().collect_all()).await.unwrap();
    bench.golden("role", &[], roles.get(role.id())).await.unwrap();
    let create = workspace.clusters().create("with role", "c5.large", 1);
    let version = What::Also("GET", "/api/v1/workspaces/{id}/available-images")
        .because("the latest version is asked for when it is needed first");
    let create = create.instance_role(role.id());
    bench.golden("create a cluster with a role", &[version], create).await.unwrap();
    bench.golden("delete a role", &[], role.delete()).await.unwrap();
    let missing = bench.golden("missing role", &[], roles.get(NOBODY)).await;
    assert!(missing.unwrap_err().is_not_found());
}

pub(super) async fn secrets(bench: &mut Bench<'_>, workspace: &Workspace) {
    let (groups, secrets) = (workspace.secret_groups(), workspace.secrets());
    let create = groups.create("grp").description("first");
    bench.golden("create a group", &[], create).await.unwrap();
    bench.golden("update a group", &[], groups.update("grp", "second")).await.unwrap();
    let twice = groups.create("grp").description("again");
    let twice = bench.golden("create a group twice", &[], twice).await;
    assert!(twice.unwrap_err().is_conflict());

    let create = secrets.create("secret", "GENERIC", [("password", "fake")]);
    let secret = bench.golden("create a secret", &[], create).await.unwrap();
    bench.golden("secret", &[], secrets.get(&secret.uuid)).await.unwrap();
    bench.golden("secrets", &[], secrets.list()).await.unwrap();
    bench.golden("groups", &[], groups.list()).await.unwrap();
    let create = secrets.create("grouped", "GENERIC", [("k", "fake")]).group("grp");
    let grouped = bench.golden("create a secret in a group", &[], create).await.unwrap();
    let of_group = bench.golden("secrets of a group", &[], secrets.list_of_group("grp")).await;
    assert_eq!(of_group.unwrap().len(), 1);
    let look = What::Also("GET", "/api/secrets/{id}")
        .because("a secret is replaced whole, and others may have changed it");
    let update = secrets.update(&grouped.uuid).values([("k", "fake2")]);
    bench.golden("update a secret", &[look], update).await.unwrap();
    bench.golden("delete a secret", &[], secrets.delete(&grouped.uuid)).await.unwrap();
    let missing = bench.golden("missing secret", &[], secrets.get(NOBODY)).await;
    assert!(missing.unwrap_err().is_not_found());
    bench.golden("delete a group", &[], groups.delete("grp")).await.unwrap();
    let missing = bench.golden("delete a missing group", &[], groups.delete("grp")).await;
    assert!(missing.unwrap_err().is_not_found());
}

pub(super) async fn prices(bench: &mut Bench<'_>, workspace: &Workspace) {
    let end = What::Query("finishedAt", "2025-01-31")
        .because("the official client means to send it, and its request breaks off before");
    let differs = [end, PAGED[0], PAGED[1]];
    let (from, to) = ("2025-01-01".parse().unwrap(), "2025-01-31".parse().unwrap());
    let billing = workspace.billing();
    let clusters = billing.cluster_prices(from, to).workspace(WORKSPACE).collect_all();
    bench.golden("cluster prices", &differs, clusters).await.unwrap();
    let jobs = billing.job_prices(from, to).collect_all();
    bench.golden("job prices", &differs, jobs).await.unwrap();
    let export = billing.cluster_price_export(from, to).workspace(WORKSPACE);
    let export = bench.golden("export cluster prices", &[], export).await.unwrap();
    let jobs = billing.job_price_export(from, to);
    bench.golden("export job prices", &[], jobs).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let range = What::Header("range", "bytes=0-1048575")
        .because("the first part of a download tells how long it is");
    bench.golden("file of prices", &[range], export.download_to(folder.path())).await.unwrap();
}
