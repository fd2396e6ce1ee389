//! V3IO: an object, a table with conditional updates, a stream and a batch, side by side in one
//! directory, which is deleted at the end.

use std::error::Error;

use longhaul::batch;
use longhaul::v3io::{Container, NewRecord, Seek, codes};
use longhaul_simulator::Simulator;

use super::{Tour, support};

const FOLDER: &str = "longhaul-tour";

pub(crate) async fn run(tour: &mut Tour) -> Result<(), Box<dyn Error>> {
    let (v3io, _simulator) = support::v3io(Simulator::v3io()).await?;
    let containers = v3io.containers().await;
    let names = containers
        .map(|all| all.into_iter().map(|container| container.name).collect::<Vec<_>>().join(", "));
    if tour.step("the containers", names).is_none() {
        return Ok(());
    }
    let users = v3io.container("users");
    object(tour, &users).await?;
    items(tour, &users).await?;
    stream(tour, &users).await?;
    many(tour, &users).await;
    let deleted = users.delete_directory(FOLDER).await;
    tour.step("delete the directory with all of it", deleted.map(|()| FOLDER));
    Ok(())
}

async fn object(tour: &mut Tour, users: &Container) -> Result<(), Box<dyn Error>> {
    let object = users.object(format!("{FOLDER}/my-object"));
    object.put("hello, there").await?;
    let part = object.get().offset(7).await?;
    tour.step("an object from byte 7 on", expect(str::from_utf8(&part)?, "there"));
    Ok(())
}

async fn items(tour: &mut Tour, users: &Container) -> Result<(), Box<dyn Error>> {
    let burgers = users.table(format!("{FOLDER}/bobs-burgers"));
    let ages = [("bob", 42), ("linda", 41), ("louise", 9)];
    for (name, age) in ages {
        burgers.item(name).put().set("age", age).await?;
    }
    let adults = burgers.scan().filter("age > 15").attributes(["__name"]).items();
    let rows = adults.collect_all().await?;
    let mut names: Vec<_> = rows.into_iter().filter_map(|row| row.name).collect();
    names.sort_unstable();
    tour.step("items older than 15", expect(&names.join(", "), "bob, linda"));

    let louise = burgers.item("louise");
    louise.update_expression("age = age + 1").condition("age == 9").await?;
    let age = louise.get().await?.get_i64("age").unwrap_or_default();
    tour.step("her age after an update", expect(&age.to_string(), "10"));
    let refused = louise.update_expression("age = age + 1").condition("age == 9").await;
    let refused = match refused {
        Ok(_) => Err("the condition was false, and the item was changed".to_owned()),
        Err(error) if error.code() == Some(codes::CONDITION_FALSE) => {
            Ok(format!("as expected, {error}"))
        }
        Err(error) => Err(error.to_string()),
    };
    tour.step("the same update again", refused);
    Ok(())
}

async fn stream(tour: &mut Tour, users: &Container) -> Result<(), Box<dyn Error>> {
    let stream = users.stream(format!("{FOLDER}/my-stream"));
    stream.create(8).await?;
    let records = ["first", "second"].map(|data| NewRecord::new(data).shard(1));
    stream.put_records(records).await?.into_result()?;
    let mut consumer = stream.shard(1).consume(Seek::Earliest);
    for expected in ["first", "second"] {
        let record = consumer.try_next().await?;
        tour.step("a record of shard 1", expect(str::from_utf8(&record.data)?, expected));
    }
    tour.step("delete the stream", stream.delete().await.map(|()| "deleted"));
    Ok(())
}

async fn many(tour: &mut Tour, users: &Container) {
    let object = |index| users.object(format!("{FOLDER}/batch/object{index}"));
    let written = batch(0..16, |index| object(index).put(format!("object-{index}")));
    let written = written.concurrency(16).await.into_result();
    tour.step("objects written at once", written.map(|written| written.len()));
}

fn expect(found: &str, expected: &str) -> Result<String, String> {
    match found == expected {
        true => Ok(found.to_owned()),
        false => Err(format!("expected `{expected}`, found `{found}`")),
    }
}
