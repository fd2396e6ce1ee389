//! Streams, and the control plane, which no Python client has.

use std::time::Duration;

use longhaul::v3io::control::models::UserCreateAttributes;
use longhaul::v3io::control::{self, ConfigurationKind};
use longhaul::v3io::{Client, Container, Location, NewRecord, Seek, Stream, UnixTime};
use longhaul_simulator::v3io::LOGIN;

use super::POST;
use crate::support::KEY;
use crate::wire::Bench;

pub(super) async fn streams(bench: &mut Bench<'_>, users: &Container) {
    let stream = users.stream("wire/stream");
    let missing = bench.golden("describe missing stream", &[], stream.describe()).await;
    assert!(missing.unwrap_err().is_not_found());
    bench.golden("create another stream", &[], stream.create(8)).await.unwrap();
    let info = bench.golden("describe stream", &[], stream.describe()).await.unwrap();
    assert_eq!(info.shard_count, 8);
    let again = bench.golden("create stream again", &[], stream.create(8)).await;
    assert!(again.unwrap_err().is_conflict());
    bench.golden("update stream", &[], stream.update(12)).await.unwrap();
    let shrunk = bench.golden("shrink stream", &[], stream.update(4)).await;
    assert_eq!(shrunk.unwrap_err().status(), Some(400));
    let brief = users.stream("wire/stream2").create(1).retention(Duration::from_secs(2 * 3600));
    bench.golden("create stream with retention", &[], brief).await.unwrap();
}

pub(super) async fn records(bench: &mut Bench<'_>, stream: &Stream) {
    let records = [
        NewRecord::new("first shard record #1").shard(1),
        NewRecord::new("first shard record #2").shard(1).client_info("some info"),
        NewRecord::new("invalid shard record #1").shard(100),
        NewRecord::new("second shard record #1").shard(2),
        NewRecord::new("some shard record #1"),
    ];
    let put = stream.put_records(records);
    let report = bench.golden("put records, one bad", &[], put).await.unwrap();
    assert_eq!((report.done.len(), report.failed[0].index), (4, 2));
    let by_key = (0..5).map(|n| NewRecord::new(format!("k{n}")).partition_key("same"));
    let report = bench.golden("put records by key", &[], stream.put_records(by_key)).await;
    assert!(report.unwrap().is_success());
    let both = NewRecord::new("a").shard(7).partition_key("same");
    let stored = bench.golden("put record by key and shard", &[], stream.put(both)).await.unwrap();
    assert_eq!(stored.shard, 7);

    let shard = stream.shard(1);
    let start = shard.seek(Seek::Earliest).await.unwrap();
    let one = shard.records(&start).limit(1);
    bench.golden("get records with limit", &[], one).await.unwrap();
    bench.golden("seek latest", &[], shard.seek(Seek::Latest)).await.unwrap();
    bench.golden("seek sequence", &[], shard.seek(Seek::Sequence(2))).await.unwrap();
    let time: UnixTime = "1795163076:800150448".parse().unwrap();
    bench.golden("seek time", &[], shard.seek(Seek::Time(time))).await.unwrap();
    let outside = bench.golden("seek in no shard", &[], stream.shard(500).seek(Seek::Earliest));
    assert!(outside.await.unwrap_err().to_string().contains("ShardIDOutOfRange"));
    let no_such = shard.seek(Seek::Sequence(999_999));
    assert_eq!(
        bench.golden("seek no sequence", &[], no_such).await.unwrap_err().status(),
        Some(400)
    );
    let nowhere = shard.records(&Location::from("AQAAAP////8AAAAAAAAAAA=="));
    let nowhere = bench.golden("get records from nowhere", &[], nowhere).await;
    assert!(nowhere.unwrap_err().to_string().contains("IllegalLocation"));
}

/// What consumer groups do, and what the control plane has; no Python client does the latter.
pub(super) async fn control_plane(bench: &mut Bench<'_>, url: &str) {
    let client = Client::builder().endpoint(url).access_key(KEY).build().unwrap();
    let stream = client.container("users").stream("wire/stream");
    stream.put(NewRecord::new("x").shard(9)).await.unwrap();
    let shard = client.container("users").table("wire/stream").item("9");
    let commit = shard.update().set("__cg0_committed_sequence_number", 1);
    let commit = commit.condition("__obj_type == 3");
    bench.golden("update if a shard", &[POST], commit).await.unwrap();
    let none = client.container("users").stream("wire/stream-none").put("x");
    let none = bench.golden("put records to nothing", &[], none).await;
    assert!(none.unwrap_err().is_not_found());

    let control = control::Client::builder().url(url).login(LOGIN.0, LOGIN.1).build().unwrap();
    bench.spec("create_session", control.me()).await.unwrap();
    bench.spec("get_self", control.me()).await.unwrap();
    let user = UserCreateAttributes {
        username: Some("ann".to_owned()),
        password: Some("not-a-real-password".into()),
        ..Default::default()
    };
    let user = bench.spec("create_user", control.users().create(user)).await.unwrap();
    bench.spec("delete_user", control.users().delete(&user.id)).await.unwrap();
    let containers = control.containers();
    let made = bench.spec("create_container", containers.create("made")).await.unwrap();
    bench.spec("list_container_resources", containers.list()).await.unwrap();
    bench.spec("delete_container", containers.delete(&made.id)).await.unwrap();
    let keys = control.access_keys();
    let key = bench.spec("create_access_key", keys.create(Default::default())).await.unwrap();
    bench.spec("delete_access_key", keys.delete(key.id.expose())).await.unwrap();
    let found = keys.get_or_create(Default::default());
    bench.spec("get_or_create_access_key", found).await.unwrap();
    bench.spec("create_event", control.events().create(Default::default())).await.unwrap();
    let clusters = control.cluster_info();
    let cluster = clusters.update("1", Default::default());
    bench.spec("update_cluster_info", cluster).await.unwrap();
    let configurations = control.configurations();
    let reload = configurations.reload(ConfigurationKind::Events);
    let mut job = bench.spec("reload_configuration", reload).await.unwrap();
    bench.spec("get_job", job.get()).await.unwrap();
    let manifests = control.app_services_manifests();
    bench.spec("get_app_services_manifests", manifests.get()).await.unwrap();
    let update = manifests.update(Default::default());
    bench.spec("update_app_services_manifests", update).await.unwrap();
}
