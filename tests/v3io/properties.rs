//! What holds for any pages, any attributes and any bytes.

use std::cell::Cell;
use std::fmt::Debug;
use std::ops::Range;

use longhaul::v3io::{Attribute, Attributes, Container, UnixTime};
use longhaul_simulator::{Handle, Simulator};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;

use super::support::{names, users_with};

/// One simulator with small pages for all cases of a property.
struct Bench {
    runtime: Runtime,
    _simulator: Handle,
    users: Container,
    used: Cell<u32>,
}

impl Bench {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let small = Simulator::v3io().page_size(3);
        let (simulator, users) = runtime.block_on(users_with(small));
        Self { runtime, _simulator: simulator, users, used: Cell::new(0) }
    }

    /// A directory that no other case has used.
    async fn directory(&self) -> String {
        self.used.set(self.used.get() + 1);
        let name = format!("case-{}", self.used.get());
        self.users.object(format!("{name}/")).put("").await.unwrap();
        name
    }

    /// Tries the property with so many values.
    fn holds<S: Strategy>(&self, cases: u32, values: S, property: impl AsyncFn(S::Value))
    where
        S::Value: Debug,
    {
        // The message of a failure has the value; files beside the tests are not wanted.
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let once = |value| {
            self.runtime.block_on(property(value));
            Ok(())
        };
        TestRunner::new(config).run(&values, once).unwrap();
    }
}

#[test]
fn any_page_size_and_any_empty_pages_give_each_item_once() {
    let bench = Bench::new();
    let values = (vec(any::<bool>(), 0..40), prop::option::of(1_u32..12), 1_u32..6);
    bench.holds(24, values, async |(kept, page_size, segments)| {
        let table = bench.users.table(bench.directory().await);
        let item = |(n, kept)| (format!("{n:02}"), Attributes::from_iter([("kept", kept)]));
        let items: Vec<_> = kept.iter().copied().enumerate().map(item).collect();
        table.put_items(items).await.into_result().unwrap();
        let wanted: Vec<_> =
            (0..kept.len()).filter(|n| kept[*n]).map(|n| format!("{n:02}")).collect();
        let scan = || match page_size {
            Some(size) => table.scan().filter("kept == true").page_size(size),
            None => table.scan().filter("kept == true"),
        };
        let one_by_one = scan().items().collect_all().await.unwrap();
        assert_eq!(names(&one_by_one), wanted);
        let side_by_side = scan().parallel(segments).collect_all().await.unwrap();
        assert_eq!(names(&side_by_side), wanted);
    });
}

#[test]
fn any_page_size_lists_each_entry_once() {
    let bench = Bench::new();
    let name = "[a-zA-Z0-9 ._&<%#\u{e4}-]{1,12}"
        .prop_filter("a name", |name| !matches!(name.as_str(), "." | ".."));
    bench.holds(24, (btree_set(name, 1..12), 1_u32..8), async |(names, page_size)| {
        let directory = bench.directory().await;
        for name in &names {
            bench.users.object(format!("{directory}/{name}")).put("x").await.unwrap();
        }
        let list = bench.users.list(&directory).page_size(page_size);
        let found = list.collect_all().await.unwrap();
        let found = found.iter().map(|entry| &entry.path[directory.len() + 1..]);
        assert_eq!(found.collect::<Vec<_>>(), names.iter().collect::<Vec<_>>());
    });
}

/// A moment of the years 1 to 9999.
fn moment() -> impl Strategy<Value = UnixTime> {
    let parts = (-62_135_596_800_i64..253_402_300_800, 0_u32..1_000_000_000);
    parts.prop_map(|(seconds, nanoseconds)| format!("{seconds}:{nanoseconds:09}").parse().unwrap())
}

fn attribute() -> impl Strategy<Value = Attribute> {
    let float = prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO;
    prop_oneof![
        any::<String>().prop_map(Attribute::from),
        any::<i128>().prop_map(Attribute::from),
        any::<i64>().prop_map(Attribute::from),
        any::<u64>().prop_map(Attribute::from),
        float.prop_map(Attribute::from),
        any::<bool>().prop_map(Attribute::from),
        vec(any::<u8>(), 0..64).prop_map(Attribute::from),
        vec(any::<i64>(), 0..16).prop_map(Attribute::from),
        vec(float, 1..16).prop_map(Attribute::from),
        moment().prop_map(Attribute::from),
    ]
}

#[test]
fn any_attributes_come_back_as_they_went() {
    let bench = Bench::new();
    let attributes = btree_map("[A-Za-z][A-Za-z0-9_]{0,20}", attribute(), 0..12);
    bench.holds(64, attributes, async |attributes| {
        let wanted = Attributes::from(attributes);
        let item = bench.users.table("any").item(bench.directory().await);
        item.put().attributes(wanted.clone()).await.unwrap();
        // As text: equality takes 1 and 1.0 for the same.
        assert_eq!(format!("{:?}", item.get().await.unwrap()), format!("{wanted:?}"));
    });
}

/// The part of so many bytes that a request for it gives.
fn part(size: usize, offset: usize, count: Option<usize>) -> Range<usize> {
    let start = offset.min(size);
    start..count.map_or(size, |count| (start + count).min(size))
}

#[test]
fn any_part_of_any_bytes_is_that_part() {
    let bench = Bench::new();
    let values =
        (vec(any::<u8>(), 0..3000), 1_u64..8, 0_usize..3500, prop::option::of(1_usize..3500));
    bench.holds(64, values, async |(bytes, parts, offset, count)| {
        let object = bench.users.object("any bytes");
        let part_size = (bytes.len() as u64 / parts).max(1);
        object.put(bytes.clone()).part_size(part_size).await.unwrap();
        assert_eq!(object.get().await.unwrap(), bytes);
        let get = object.get().offset(offset as u64);
        let found = match count {
            Some(count) => get.num_bytes(count as u64).await.unwrap(),
            None => get.await.unwrap(),
        };
        assert_eq!(found, bytes[part(bytes.len(), offset, count)]);
    });
}
