//! Streams: records are put into chosen shards, read from one of them, and the stream is deleted.
//!
//! `cargo run --example v3io_streams`; with `-- --live` on the platform, as
//! `longhaul-examples/my-test-stream` in the container `users`.

mod support;

use std::error::Error;

use longhaul::v3io::{NewRecord, Seek};
use longhaul_simulator::Simulator;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (v3io, _simulator) = support::v3io(Simulator::v3io()).await?;
    let stream = v3io.container("users").stream("/longhaul-examples/my-test-stream");
    stream.create(8).await?;

    let records = [
        NewRecord::new("first shard record #1").shard(1),
        NewRecord::new("first shard record #2").shard(1),
        NewRecord::new("second shard record #1").shard(2),
        // Without a shard the platform chooses one.
        NewRecord::new("some shard record #1"),
        // There are eight, counted from 0: this one fails alone, and the report says so.
        NewRecord::new("no shard record").shard(8),
    ];
    let report = stream.put_records(records).await?;
    for (index, position) in &report.done {
        println!("record {index}: shard {}, number {}", position.shard, position.sequence_number);
    }
    for failure in &report.failed {
        println!("record {}: {}", failure.index, failure.error);
    }
    assert_eq!((report.done.len(), report.failed.len()), (4, 1));

    let shard = stream.shard(1);
    let start = shard.seek(Seek::Earliest).await?;
    let page = shard.records(&start).await?;
    for record in &page.records {
        println!("{}", str::from_utf8(&record.data)?);
    }
    assert_eq!(page.records[0].data, "first shard record #1");
    assert_eq!(page.records[1].data, "first shard record #2");

    // Or without locations: a consumer waits for records as long as it is asked.
    let mut consumer = shard.consume(Seek::Earliest);
    let first = consumer.try_next().await?;
    println!("consumed: {}", str::from_utf8(&first.data)?);
    assert_eq!(first.data, page.records[0].data);

    stream.delete().await?;
    assert!(!stream.exists().await?);
    println!("deleted");
    Ok(())
}
