//! Where a client connects to, as its builder is told.

use longhaul::spark::{Client, hybrid};
use longhaul::{Error, ErrorKind};

fn at(url: &str) -> Result<Client, Error> {
    Client::builder().base_url(url).api_key("key").build()
}

#[test]
fn every_form_of_a_base_url_is_read() {
    let forms = [
        ("https://excel.us.coherent.global/my-tenant", "my-tenant"),
        ("https://spark.us.coherent.global/my-tenant/", "my-tenant"),
        ("https://Excel.US.coherent.global/My-Tenant/products/x", "My-Tenant"),
        ("https://excel.uat.us.coherent.global/t", "t"),
    ];
    for (url, tenant) in forms {
        let client = at(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!(client.tenant(), tenant);
        let host = client.base_url().host_str().unwrap().to_owned();
        assert!(host.starts_with("excel."), "{host}");
        assert!(client.base_url().path().ends_with(tenant));
    }
    let named = Client::builder().tenant("My-Tenant").env("UAT.us").api_key("key");
    let url = named.build().unwrap().base_url().to_string();
    assert_eq!(url, "https://excel.uat.us.coherent.global/my-tenant");
}

#[test]
fn plain_http_stays_on_this_machine_unless_allowed() {
    for url in ["http://127.0.0.1:1/t", "http://localhost:1/t", "http://[::1]:1/t"] {
        at(url).unwrap_or_else(|error| panic!("{url}: {error}"));
    }
    let error = at("http://spark.example.com/t").unwrap_err();
    assert!(error.to_string().contains("unencrypted"), "{error}");
    let allowed = Client::builder().base_url("http://spark.example.com/t").api_key("key");
    allowed.allow_plain_http().build().unwrap();
}

#[test]
fn what_is_missing_or_in_conflict_is_named() {
    let url = || Client::builder().base_url("https://excel.us.coherent.global/t");
    let cases = [
        (Client::builder().api_key("key").build(), "no Spark base URL"),
        (url().build(), "no Spark credential"),
        (url().api_key("key").bearer_token("token").build(), "give one of them"),
        (url().api_key("key").oauth("id", "secret").build(), "give one of them"),
        (url().oauth("id", " ").build(), "empty"),
        (url().api_key("").build(), "api_key is empty"),
        (url().bearer_token("Bearer ").build(), "empty"),
        (at("https://excel.us.coherent.global"), "has no tenant"),
        (at("https://excel.us.coherent.global?x=1"), "`?`"),
        (at("nowhere"), "is no URL"),
    ];
    for (built, words) in cases {
        let error = built.expect_err(words);
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_runner_without_a_tenant_only_tells_of_itself() {
    let (handle, _) = super::support::start().await;
    let runner = hybrid::Client::builder().base_url(handle.url()).build().unwrap();
    assert_eq!(runner.health().await.unwrap().msg.as_deref(), Some("ok"));
    let error = runner.services().execute("f/s").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("my-tenant"), "{error}");
}
