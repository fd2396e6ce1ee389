//! Items: a table is filled, an item updated and read, the table scanned with a filter.
//!
//! `cargo run --example v3io_items`; with `-- --live` on the platform, in the directory
//! `longhaul-examples/bobs-burgers` of the container `users`, which is deleted at the end.

mod support;

use std::error::Error;

use longhaul::v3io::codes;
use longhaul_simulator::Simulator;

const TABLE: &str = "/longhaul-examples/bobs-burgers";

#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Person {
    age: u8,
    feature: String,
}

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Louise {
    __size: u64,
    age: u8,
    height: u16,
    quip: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (v3io, _simulator) = support::v3io(Simulator::v3io()).await?;
    let users = v3io.container("users");
    let burgers = users.table(TABLE);

    for (name, age, feature) in
        [("bob", 42, "mustache"), ("linda", 41, "singing"), ("louise", 9, "bunny ears")]
    {
        let person = Person { age, feature: feature.to_owned() };
        burgers.item(name).put().fields(&person).await?;
    }

    let louise = burgers.item("louise");
    louise.update().set("height", 130).set("quip", "i can smell fear on you").await?;
    let names = ["__size", "age", "quip", "height"];
    let found: Louise = louise.get().attributes(names).decode().await?;
    println!("{found:?}");
    let quip = "i can smell fear on you".to_owned();
    assert_eq!(found, Louise { __size: 0, age: 9, height: 130, quip });

    let mut adults = burgers.scan().filter("age > 15").attributes(["age", "feature"]).items();
    let mut ages = Vec::new();
    while let Some(row) = adults.try_next().await? {
        let person: Person = row.decode()?;
        println!("older than 15: {person:?}");
        ages.push(person.age);
    }
    ages.sort_unstable();
    assert_eq!(ages, [41, 42]);

    louise.update_expression("age = age + 1").condition("age < 10").await?;
    let refused = louise.update_expression("age = age + 1").condition("age < 10").await;
    let error = refused.err().ok_or("louise had two birthdays")?;
    println!("second birthday: {error}");
    assert_eq!(error.code(), Some(codes::CONDITION_FALSE));

    users.delete_directory(TABLE).await?;
    Ok(())
}
