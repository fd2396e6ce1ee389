//! Folders and categories.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, answer, spark};

async fn create(client: &Client, name: &str) -> Value {
    let request = client.request(Method::POST, "/api/v1/product/create");
    let form = format!("Name={name}&Description=d&Category=Medical&Status=Design");
    let request = request.header("Content-Type", "application/x-www-form-urlencoded").body(form);
    let (status, body) = answer(request).await;
    assert_eq!(status, 200);
    body
}

#[tokio::test]
async fn a_folder_from_its_creation_to_its_end() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let made = create(&client, "a%20%C3%A9").await;
    let url = made["data"]["get_product_url"].as_str().expect("a link");
    assert!(url.starts_with(&simulator.url()), "{url}");
    let detail = answer(client.request(Method::GET, url)).await.1;
    assert_eq!(
        (&detail["data"]["name"], &detail["data"]["category"]),
        (&json!("a é"), &json!("Medical"))
    );
    let again = create(&client, "a%20%C3%A9").await;
    let known = (&json!("Error"), &json!("PRODUCT_ALREADY_EXISTS"));
    assert_eq!((&again["status"], &again["errorCode"]), known, "an error within 200");

    let id = made["data"]["folderId"].as_str().expect("an id");
    client.post(&format!("/api/v1/product/update/{id}"), json!({"description": "new"})).await;
    let found = client
        .post("/api/v1/product/list", json!({"search": [{"field": "id", "value": id}]}))
        .await;
    assert_eq!((&found["count"], &found["data"][0]["description"]), (&json!(1), &json!("new")));
    let exists = async || {
        let path = "/api/v1/product/isproductexists/a%20%C3%A9";
        client.call("POST", path, None).await.1["data"].clone()
    };
    assert_eq!(exists().await, true);
    let path = format!("/api/v1/product/delete/{id}");
    assert_eq!(client.call("DELETE", &path, None).await.0, 200);
    assert_eq!(
        (exists().await, client.call("DELETE", &path, None).await.0.as_u16()),
        (json!(false), 404)
    );
}

#[tokio::test]
async fn folders_come_in_pages() {
    let simulator = spark().page_size(2).start().await.expect("started");
    let client = Client::new(&simulator);
    for name in ["c", "a", "b"] {
        create(&client, name).await;
    }
    let page = async |number: u64| {
        let body = json!({"page": number, "sort": "productName"});
        client.post("/api/v1/product/list", body).await
    };
    let names = |page: &Value| {
        let rows = page["data"].as_array().expect("rows");
        rows.iter().filter_map(|row| row["name"].as_str()).collect::<String>()
    };
    let (first, second) = (page(1).await, page(2).await);
    assert_eq!((names(&first).as_str(), names(&second).as_str()), ("ab", "cf"));
    assert_eq!(
        (&first["count"], &first["next"], &first["previous"]),
        (&json!(4), &json!(2), &Value::Null)
    );
    assert_eq!((&second["next"], &second["previous"]), (&Value::Null, &json!(1)));
}

#[tokio::test]
async fn deleting_a_folder_deletes_its_services() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let found = client.post("/api/v1/product/list", json!({})).await;
    assert_eq!(found["data"][0]["activeServiceCount"], 2);
    let id = found["data"][0]["id"].as_str().expect("an id");
    client.call("DELETE", &format!("/api/v1/product/delete/{id}"), None).await;
    let exists = client.get("v3/folders/f/services/echo/exists").await;
    assert_eq!(exists["response_data"]["is_exists"], false);
}

#[tokio::test]
async fn categories_can_be_added_and_removed() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let count = async || {
        let all = client.get("/api/v1/lookup/getcategories").await;
        all["data"].as_array().map(Vec::len)
    };
    assert_eq!(count().await, Some(11));
    let body = json!({"key": "k", "value": "Wire"});
    let saved = client.post("/api/v1/lookup/savecategory", body).await;
    let row = json!({"Key": "k", "Value": "Wire", "Icon": "other.svg"});
    assert_eq!(saved["data"]["Metadata.ProductCategories"][11], row);
    client.call("DELETE", "/api/v1/lookup/deletecategory/k", None).await;
    assert_eq!(count().await, Some(11));
}
