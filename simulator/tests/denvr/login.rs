//! Users, tokens and keys.

use std::time::{Duration, Instant};

use longhaul_simulator::denvr::{Account, USER};
use longhaul_simulator::{Fault, Handle};
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Answer, Client, answer, denvr, start};

const CLUSTERS: &str = "v1/clusters/GetAll";

async fn post_login(client: &Client, body: Value) -> Answer {
    answer(client.bare(Method::POST, "TokenAuth/Authenticate").json(&body)).await
}

fn credentials((name, password): (&str, &str)) -> Value {
    json!({"userNameOrEmailAddress": name, "password": password})
}

/// The result of a login that has to succeed.
async fn login(client: &Client) -> Value {
    let (status, body) = post_login(client, credentials(USER)).await;
    assert_eq!(status, 200, "{body}");
    body["result"].clone()
}

async fn refresh(client: &Client, method: Method, token: &Value) -> Answer {
    let token = token.as_str().expect("a refresh token");
    answer(client.bare(method, &format!("TokenAuth/RefreshToken?refreshToken={token}"))).await
}

/// The status of a call with this access token.
async fn use_token(client: &Client, token: &Value) -> u16 {
    let token = token.as_str().expect("an access token");
    answer(client.bare(Method::GET, CLUSTERS).bearer_auth(token)).await.0
}

#[tokio::test]
async fn a_login_gives_tokens_in_an_envelope() {
    let (_running, client) = start(denvr()).await;
    let (_, body) = post_login(&client, credentials(USER)).await;
    assert_eq!([&body["__abp"], &body["success"]], [true, true]);
    let result = &body["result"];
    assert_eq!(result["expireInSeconds"], 86_400);
    assert_eq!(result["refreshTokenExpireInSeconds"], 31_536_000);
    assert_eq!(result["requiresTwoFactorVerification"], false);
    assert_eq!(use_token(&client, &result["accessToken"]).await, 200);
    assert_eq!(use_token(&client, &result["refreshToken"]).await, 401);
}

#[tokio::test]
async fn a_wrong_password_is_an_error_500_that_says_so() {
    let (_running, client) = start(denvr()).await;
    for user in [(USER.0, "wrong"), ("nobody@example.test", USER.1)] {
        let (status, body) = post_login(&client, credentials(user)).await;
        assert_eq!((status, &body["error"]["message"]), (500, &json!("Login failed!")));
        assert_eq!([&body["success"], &body["unAuthorizedRequest"]], [false, false]);
    }
    let (status, body) = post_login(&client, json!({"password": ""})).await;
    let members = |n: usize| &body["error"]["validationErrors"][n]["members"][0];
    assert_eq!(
        (status, members(0), members(1)),
        (400, &json!("userNameOrEmailAddress"), &json!("password"))
    );
}

/// Asks until the status is this one.
async fn until(status: u16, ask: impl AsyncFn() -> u16) {
    let end = Instant::now() + Duration::from_secs(5);
    while ask().await != status {
        assert!(Instant::now() < end, "the status never became {status}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn access_tokens_expire_and_are_refreshed_by_post() {
    let (_running, client) = start(denvr().token_lifetime(Duration::from_millis(900))).await;
    let tokens = login(&client).await;
    let first = &tokens["accessToken"];
    assert_eq!((&tokens["expireInSeconds"], use_token(&client, first).await), (&json!(1), 200));
    until(401, async || use_token(&client, first).await).await;
    let (status, body) = refresh(&client, Method::POST, &tokens["refreshToken"]).await;
    assert_eq!((status, body["result"].get("refreshToken")), (200, None));
    assert_eq!(use_token(&client, &body["result"]["accessToken"]).await, 200);
    assert_eq!(refresh(&client, Method::GET, &tokens["refreshToken"]).await.0, 405);
}

#[tokio::test]
async fn refresh_tokens_expire() {
    let short = denvr().refresh_token_lifetime(Duration::from_millis(100));
    let (_running, client) = start(short).await;
    let tokens = login(&client).await;
    let token = &tokens["refreshToken"];
    until(500, async || refresh(&client, Method::POST, token).await.0).await;
    assert_eq!(use_token(&client, &tokens["accessToken"]).await, 200);
}

#[tokio::test]
async fn a_lenient_server_refreshes_by_get_too() {
    let (_running, client) = start(denvr().refresh_by_get(true)).await;
    let tokens = login(&client).await;
    for method in [Method::GET, Method::POST] {
        assert_eq!(refresh(&client, method, &tokens["refreshToken"]).await.0, 200);
    }
}

#[tokio::test]
async fn tokens_can_be_forgotten_from_inside() {
    let (running, client) = start(denvr()).await;
    let tokens = login(&client).await;
    running.denvr().expect("Denvr Cloud").expire_access_tokens();
    assert_eq!(use_token(&client, &tokens["accessToken"]).await, 401);
    assert_eq!(refresh(&client, Method::POST, &tokens["refreshToken"]).await.0, 200);
    running.denvr().expect("Denvr Cloud").expire_refresh_tokens();
    assert_eq!(refresh(&client, Method::POST, &tokens["refreshToken"]).await.0, 500);
    assert_eq!(client.get("clusters/GetAll").await.0, 200);
}

#[tokio::test]
async fn a_logout_ends_the_token() {
    for is_empty in [false, true] {
        let (_running, client) = start(denvr().empty_logout(is_empty)).await;
        let token = login(&client).await["accessToken"].clone();
        let log_out = client.bare(Method::GET, "TokenAuth/LogOut");
        let (status, body) = answer(log_out.bearer_auth(token.as_str().expect("text"))).await;
        assert_eq!((status, body == ""), (200, is_empty));
        assert_eq!(use_token(&client, &token).await, 401);
        let (status, body) = answer(client.bare(Method::GET, "TokenAuth/LogOut")).await;
        assert_eq!((status, &body["unAuthorizedRequest"]), (401, &json!(true)));
    }
}

#[tokio::test]
async fn no_credential_and_a_wrong_one_get_different_errors_401() {
    let (running, client) = start(denvr().api_key("another")).await;
    let ask = |value: &str| client.bare(Method::GET, CLUSTERS).header("Authorization", value);
    let (status, body) = answer(client.bare(Method::GET, CLUSTERS)).await;
    assert_eq!((status, &body["unAuthorizedRequest"]), (401, &json!(true)));
    for wrong in ["ApiKey wrong", "Bearer wrong", "Basic x", "ApiKey", "Bearer fake-api-key-0000"] {
        let refused = ask(wrong).send().await.expect("an answer");
        assert!(refused.status() == 401 && refused.headers().contains_key("www-authenticate"));
        assert_eq!(refused.text().await.expect("a body"), "", "{wrong}");
    }
    assert_eq!(answer(ask("ApiKey another")).await.0, 200);
    running.fault(Fault::expired_token().once());
    assert_eq!(answer(ask("ApiKey another")).await, (401, json!("")));
}

#[tokio::test]
async fn a_second_factor_stands_between_the_password_and_the_tokens() {
    let user = ("bo@example.test", "secret");
    let account = Account::TwoFactor("123456".to_owned());
    let (_running, client): (Handle, _) = start(denvr().user(user.0, user.1, account)).await;
    let (status, body) = post_login(&client, credentials(user)).await;
    let result = &body["result"];
    assert_eq!((status, &result["requiresTwoFactorVerification"]), (200, &json!(true)));
    assert!(result["accessToken"].is_null() && result["expireInSeconds"] == 0);
    let with = |name: &str, value: &Value| {
        let mut body = credentials(user);
        (body[name], body["rememberClient"]) = (value.clone(), true.into());
        body
    };
    let code = |code: &str| with("twoFactorVerificationCode", &json!(code));
    assert_eq!(post_login(&client, code("000000")).await.0, 500);
    let (_, body) = post_login(&client, code("123456")).await;
    assert_eq!(use_token(&client, &body["result"]["accessToken"]).await, 200);
    let remembered = &body["result"]["twoFactorRememberClientToken"];
    let (_, body) = post_login(&client, with("twoFactorRememberClientToken", remembered)).await;
    assert!(body["result"]["accessToken"].is_string(), "{body}");
}

#[tokio::test]
async fn an_outdated_password_gets_no_token() {
    let user = ("cy@example.test", "old");
    let (_running, client) = start(denvr().user(user.0, user.1, Account::PasswordReset)).await;
    let (status, body) = post_login(&client, credentials(user)).await;
    assert_eq!((status, &body["result"]["shouldResetPassword"]), (200, &json!(true)));
    assert!(
        body["result"]["accessToken"].is_null() && body["result"]["passwordResetCode"].is_string()
    );
}
