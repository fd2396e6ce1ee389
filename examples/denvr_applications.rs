//! Applications on Denvr Cloud: a notebook of the catalogue, a container of your own, and one that
//! fails and says why.
//!
//! `cargo run --example denvr_applications`, or with `-- --live` on the platform, where it costs a
//! few minutes of three of the smallest hardware packages.

mod support;

use std::error::Error;

use longhaul::denvr::{Application, ApplicationStatus, Client};
use longhaul_simulator::Simulator;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// On the simulator this one fails because that is said here; on the platform because there is no
/// such image.
const BROKEN: &str = "longhaul-broken";

#[tokio::main]
async fn main() -> Outcome<()> {
    let simulator = Simulator::denvr().outcome(BROKEN, "FAILED", "ImagePullBackOff");
    let (denvr, _simulator) = support::denvr(simulator).await?;
    let package = smallest_package(&denvr).await?;
    println!("on {package}");
    catalog(&denvr).await?;
    let notebook = notebook(&denvr, &package).await?;
    let service = service(&denvr, &package).await?;
    broken(&denvr, &package).await?;
    for application in [notebook, service] {
        let id = application.id().clone();
        application.destroy().wait_until_gone().await?;
        println!("{id} is gone");
    }
    Ok(())
}

async fn smallest_package(denvr: &Client) -> Outcome<String> {
    let packages = denvr.applications().configurations().await?;
    let priced = packages
        .into_iter()
        .filter_map(|package| Some((package.price_per_hour.as_ref()?.to_f64()?, package.name?)));
    let smallest = priced.min_by(|one, other| one.0.total_cmp(&other.0));
    Ok(smallest.ok_or("there are no hardware packages")?.1)
}

async fn catalog(denvr: &Client) -> Outcome<()> {
    println!("the catalogue:");
    for item in denvr.applications().catalog().await? {
        let versions = item.versions.unwrap_or_default().into_iter().filter_map(|one| one.name);
        let versions: Vec<_> = versions.collect();
        println!("  {}: {}", item.name.unwrap_or_default(), versions.join(", "));
    }
    Ok(())
}

async fn notebook(denvr: &Client, package: &str) -> Outcome<Application> {
    let (item, version) = ("jupyter-notebook", "python-3.11.9");
    let create = denvr.applications().create_catalog("longhaul-notebook", package, item, version);
    let mut notebook = create.jupyter_token("change-me").personal_shared_storage(true).await?;
    notebook.wait_for_status(ApplicationStatus::Online).await?;
    show(&notebook);
    Ok(notebook)
}

/// The proxy wants one of the keys and passes requests on to the port.
async fn service(denvr: &Client, package: &str) -> Outcome<Application> {
    let create = denvr.applications().create_custom("longhaul-service", package, "nginx:1.29");
    let create = create.env("MODE", "demo").proxy_port(80).proxy_api_key("change-me");
    let mut service = create.user_script("hello.sh", "echo hello").run_as_root().await?;
    service.wait_for_status(ApplicationStatus::Online).await?;
    show(&service);
    println!("the end of its log:\n{}", service.logs(2).await?.trim_end());
    service.stop().await?;
    service.wait_for_status(ApplicationStatus::Offline).await?;
    println!("{} is stopped", service.id());
    Ok(service)
}

async fn broken(denvr: &Client, package: &str) -> Outcome<()> {
    let image = "registry.example.com/no-such-image:1";
    let mut broken = denvr.applications().create_custom(BROKEN, package, image).await?;
    match broken.wait_for_status(ApplicationStatus::Online).await {
        Ok(_) => println!("{BROKEN} is online, which it should not be"),
        Err(error) if error.is_wait_failed() => println!("as expected, {error}"),
        Err(error) => return Err(error.into()),
    }
    broken.destroy().wait_until_gone().await?;
    Ok(())
}

fn show(application: &Application) {
    let details = application.details().and_then(|details| details.instance_details.as_ref());
    let address = details.and_then(|details| details.dns.clone()).unwrap_or_default();
    println!("{} is online at {address}", application.id());
}
