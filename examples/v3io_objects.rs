//! Objects: which containers there are, an object written, read whole and in part, and deleted.
//!
//! `cargo run --example v3io_objects`; with `-- --live` on the platform, in the directory
//! `longhaul-examples` of the container `users`.

mod support;

use std::error::Error;

use longhaul::v3io::RaiseForStatus;
use longhaul_simulator::Simulator;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (v3io, _simulator) = support::v3io(Simulator::v3io()).await?;
    for (index, container) in v3io.containers().await?.iter().enumerate() {
        println!("#{index}: {}", container.name);
    }

    let object = v3io.container("users").object("/longhaul-examples/my-object");
    object.put("hello, there").await?;
    let whole = object.get().await?;
    println!("{}", str::from_utf8(&whole)?);
    assert_eq!(whole, "hello, there");

    let part = object.get().offset(7).num_bytes(5).await?;
    println!("bytes 7 to 11: {}", str::from_utf8(&part)?);
    assert_eq!(part, "there");

    object.append(", you").await?;
    let size = object.head().await?.size;
    println!("{size} bytes after an append");
    assert_eq!(size, 17);

    object.delete().await?;
    // A missing object is an error, unless the status itself is asked for.
    let response = object.get().response(RaiseForStatus::Never).await?;
    println!("status {} after the deletion", response.status);
    assert_eq!(response.status, 404);
    Ok(())
}
