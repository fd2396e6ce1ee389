//! Batches: 16 objects are written at once and read back, with one among them that is not there.
//!
//! `cargo run --example v3io_batch`; with `-- --live` on the platform, in the directory
//! `longhaul-examples/batch` of the container `users`, which is deleted at the end.

mod support;

use std::error::Error;

use longhaul::batch;
use longhaul_simulator::Simulator;

const FOLDER: &str = "/longhaul-examples/batch";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (v3io, _simulator) = support::v3io(Simulator::v3io()).await?;
    let users = v3io.container("users");
    let object = |index| users.object(format!("{FOLDER}/object{index}"));

    let written = batch(0..16, |index| object(index).put(format!("object-{index}")));
    let written = written.concurrency(16).await.into_result()?;
    println!("wrote {} objects", written.len());
    assert_eq!(written.len(), 16);

    // There is no object16. It fails alone, and the report says so.
    let read = batch(0..17, |index| object(index).get()).await;
    for (index, content) in &read.done {
        println!("object{index}: {}", str::from_utf8(content)?);
        assert_eq!(content, format!("object-{index}").as_bytes());
    }
    for failure in &read.failed {
        println!("object{}: {}", failure.input, failure.error);
        assert!(failure.error.is_not_found());
    }
    assert_eq!(read.retry_inputs(), [16]);

    users.delete_directory(FOLDER).await?;
    Ok(())
}
