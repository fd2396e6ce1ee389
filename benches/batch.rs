//! What a batch of V3IO items costs: written and read by hand on reqwest, by the bare generated
//! call, by the generated client with the attempts, by the facade, and by a batch of the facade.
//!
//! `cargo bench --bench batch`
//!
//! Three parts, each against a server in a process of its own:
//!
//! - *Cost*: 64 in flight on one core, a server that answers at once. CPU per request and the rate,
//!   side by side in interleaved rounds.
//! - *Service time*: a server that takes 2 ms. The default of a batch, which finds its concurrency
//!   itself, beside fixed ones; 8 is the official client's default.
//! - *Memory*: a million inputs as a stream; the peak beside that of ten thousand.
//!
//! Every value is checked on both sides and the server's counts must be exact. `-- --part=cost`,
//! `service` or `memory` runs one part; `-- --only=Facade` one way of the first, for profilers.

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream;
use longhaul::batch::{batch, batch_stream};
use longhaul::v3io::models::{GetItemRequest, GetItemResponse, PutItemRequest};
use longhaul::v3io::{Attribute, Client, Item, Table};
use progenitor_client::ResponseValue;
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use reqwest::{RequestBuilder, Response};
use support::items::{self, ITEMS};
use support::measure::{Cost, cost, median, peak_memory};
use support::table::{self, goal, goal_at_least};
use support::{Checked, Role};

const IN_FLIGHT: usize = 64;
const REQUESTS: usize = 20_000;
const ROUNDS: usize = 7;
const SERVICE_TIME: Duration = Duration::from_millis(2);
/// The role of a process that shows how much memory a long batch takes.
const STREAM: &str = "stream";

const FUNCTION: HeaderName = HeaderName::from_static("x-v3io-function");
const SESSION_KEY: HeaderName = HeaderName::from_static("x-v3io-session-key");

/// The ways to make the same call, each on top of the one before.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// reqwest and serde by hand.
    ByHand,
    /// What the generated code does around reqwest.
    Generated,
    /// The generated client as it is: credentials, attempts, limits.
    Raw,
    /// The facade, one task for each in flight.
    Facade,
    /// The facade in a batch.
    Batch,
}

const WAYS: [Way; 5] = [Way::ByHand, Way::Generated, Way::Raw, Way::Facade, Way::Batch];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Function {
    PutItem,
    GetItem,
}

const FUNCTIONS: [Function; 2] = [Function::PutItem, Function::GetItem];

struct Clients {
    url: String,
    key: HeaderValue,
    plain: reqwest::Client,
    facade: Client,
    table: Table,
}

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

impl Clients {
    fn new(url: String) -> Outcome<Self> {
        let facade = Client::builder().endpoint(&url).access_key(support::KEY).build()?;
        let table = facade.container("users").table("/burgers");
        let key = HeaderValue::from_static(support::KEY);
        Ok(Self { plain: support::plain()?, key, table, facade, url })
    }

    /// One call for the n-th item, checked.
    async fn call(&self, way: Way, function: Function, n: usize) -> Checked {
        match (way, function) {
            (Way::ByHand, Function::PutItem) => {
                let request = self.by_hand(function, n).json(&written(n));
                request.send().await?.error_for_status()?.bytes().await?;
            }
            (Way::ByHand, Function::GetItem) => {
                let request = self.by_hand(function, n).json(&wanted());
                let answer = request.send().await?.error_for_status()?.bytes().await?;
                check_answer(&serde_json::from_slice(&answer)?, n)?;
            }
            (Way::Generated, Function::PutItem) => {
                let request = self.plain.put(self.generated_url(function, n)).json(&written(n));
                ResponseValue::empty(self.generated(request, function).await?);
            }
            (Way::Generated, Function::GetItem) => {
                let accept = HeaderValue::from_static("application/json");
                let request = self.plain.put(self.generated_url(function, n));
                let request = request.header(ACCEPT, accept).json(&wanted());
                let answer = self.generated(request, function).await?;
                let answer = ResponseValue::<GetItemResponse>::from_response::<()>(answer).await;
                check_answer(&answer.map_err(|error| error.to_string())?.into_inner(), n)?;
            }
            (Way::Raw, Function::PutItem) => {
                let request = self.facade.raw().put_item().container("users").path(path(n));
                let sent = request.body(written(n)).send().await;
                sent.map_err(|error| error.to_string())?;
            }
            (Way::Raw, Function::GetItem) => {
                let request = self.facade.raw().get_item().container("users").path(path(n));
                let answer = request.body(wanted()).send().await;
                check_answer(&answer.map_err(|error| error.to_string())?.into_inner(), n)?;
            }
            (Way::Facade | Way::Batch, function) => facade(self.item(n), function, n).await?,
        }
        Ok(())
    }

    fn item(&self, n: usize) -> Item {
        self.table.item(format!("{}{n}", items::KEY))
    }

    fn by_hand(&self, function: Function, n: usize) -> RequestBuilder {
        let request = self.plain.put(format!("{}/users/{}", self.url, path(n)));
        request.header(FUNCTION, format!("{function:?}")).header(SESSION_KEY, self.key.clone())
    }

    fn generated_url(&self, function: Function, n: usize) -> String {
        let encode = progenitor_client::encode_path;
        format!("{}/{}/{}#{function:?}", self.url, encode("users"), encode(&path(n)))
    }

    async fn generated(&self, request: RequestBuilder, function: Function) -> Outcome<Response> {
        let mut headers = HeaderMap::with_capacity(1);
        let version = HeaderName::from_static("api-version");
        headers.append(version, HeaderValue::from_static("1.0.0"));
        let mut request = request.headers(headers).build()?;
        let function = match function {
            Function::PutItem => "PutItem",
            Function::GetItem => "GetItem",
        };
        request.headers_mut().insert(FUNCTION, HeaderValue::from_static(function));
        request.headers_mut().insert(SESSION_KEY, self.key.clone());
        Ok(self.plain.execute(request).await?.error_for_status()?)
    }
}

async fn facade(item: Item, function: Function, n: usize) -> longhaul::Result<()> {
    match function {
        Function::PutItem => {
            item.put().set("age", n as i64).set("feature", "bunny ears").await?;
        }
        Function::GetItem => {
            let attributes = item.get().await?;
            let age = attributes.get("age").and_then(Attribute::as_i64);
            assert_eq!(age, Some(n as i64), "the value of another item came");
        }
    }
    Ok(())
}

fn path(n: usize) -> String {
    format!("burgers/{}{n}", items::KEY)
}

fn written(n: usize) -> PutItemRequest {
    let age = ("age".to_owned(), Attribute::from(n as i64));
    let feature = ("feature".to_owned(), Attribute::from("bunny ears"));
    let item = BTreeMap::from([age, feature]);
    PutItemRequest { item, key: None, table_name: None, update_mode: None }
}

fn wanted() -> GetItemRequest {
    GetItemRequest { attributes_to_get: "*".to_owned(), key: None, table_name: None }
}

fn check_answer(answer: &GetItemResponse, n: usize) -> Checked {
    let age = answer.item.as_ref().and_then(|item| item.get("age")).and_then(Attribute::as_i64);
    match age == Some(n as i64) {
        true => Ok(()),
        false => Err(format!("got {age:?} instead of {n}").into()),
    }
}

/// Makes all calls of a round.
async fn round(clients: &Arc<Clients>, way: Way, function: Function) -> Checked {
    if way == Way::Batch {
        let work = batch(0..REQUESTS, |n| facade(clients.item(n), function, n));
        work.concurrency(IN_FLIGHT).await.into_result()?;
        return Ok(());
    }
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..IN_FLIGHT {
        let clients = clients.clone();
        tasks.spawn(async move {
            for n in (task..REQUESTS).step_by(IN_FLIGHT) {
                clients.call(way, function, n).await?;
            }
            Checked::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

async fn rounds(
    clients: &Arc<Clients>,
    ways: &[Way],
    function: Function,
) -> Outcome<Vec<Vec<Cost>>> {
    let mut costs = vec![Vec::new(); ways.len()];
    for number in 0..=ROUNDS {
        for (way, costs) in ways.iter().zip(&mut costs) {
            let (done, cost) = cost(round(clients, *way, function)).await;
            done?;
            // The first round opens the connections.
            if number > 0 {
                costs.push(cost);
            }
        }
    }
    Ok(costs)
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6 / REQUESTS as f64
}

fn rate(cost: &Cost) -> f64 {
    REQUESTS as f64 / cost.wall.as_secs_f64()
}

/// The median of a figure's difference or ratio within the rounds.
fn paired(a: &[Cost], b: &[Cost], figure: impl Fn(&Cost, &Cost) -> f64) -> f64 {
    median(a.iter().zip(b).map(|(a, b)| figure(a, b)))
}

fn report(function: Function, costs: &[Vec<Cost>]) {
    let name = format!("{function:?}");
    let head = [name.as_str(), "requests/s", "of by hand", "CPU us", "above generated"];
    let mut table = table::Table::new(head);
    for (way, own) in WAYS.iter().zip(costs) {
        let ratio = paired(own, &costs[0], |own, base| rate(own) / rate(base));
        let above = paired(own, &costs[1], |own, base| micros(own.cpu) - micros(base.cpu));
        table.row([
            format!("{way:?}"),
            format!("{:.0}", median(own.iter().map(rate))),
            format!("{:.0} %", ratio * 100.0),
            format!("{:.2}", median(own.iter().map(|cost| micros(cost.cpu)))),
            format!("{above:+.2}"),
        ]);
    }
    table.print();
    let above = paired(&costs[3], &costs[1], |own, base| micros(own.cpu) - micros(base.cpu));
    goal("CPU of the facade above the generated call", above, 1.0, "us");
    let ratio = paired(&costs[3], &costs[0], |own, base| rate(own) / rate(base));
    goal_at_least("rate of the facade", ratio * 100.0, 93.0, "% of reqwest by hand");
}

/// The server must have seen exactly what was sent.
async fn check_counts(clients: &Clients, each: usize) -> Checked {
    let counts = items::counts(&clients.plain, &clients.url).await?;
    match counts == (each, each) {
        true => Ok(()),
        false => Err(format!("the server counted {counts:?} instead of twice {each}").into()),
    }
}

async fn cost_per_call() -> Checked {
    let (_server, url) = items::start(Duration::ZERO)?;
    let clients = Arc::new(Clients::new(url)?);
    println!("{REQUESTS} requests a round, {IN_FLIGHT} in flight, {ROUNDS} rounds");
    for function in FUNCTIONS {
        report(function, &rounds(&clients, &WAYS, function).await?);
    }
    check_counts(&clients, WAYS.len() * (ROUNDS + 1) * REQUESTS).await
}

/// For profilers: one way alone.
async fn only(way: Way) -> Checked {
    let (_server, url) = items::start(Duration::ZERO)?;
    let clients = Arc::new(Clients::new(url)?);
    for function in FUNCTIONS {
        let costs = rounds(&clients, &[way], function).await?;
        let micros = median(costs[0].iter().map(|cost| micros(cost.cpu)));
        println!("{function:?} {way:?}: {micros:.2} us");
    }
    Ok(())
}

/// Writes and reads all items with a server that takes its time; the rate.
async fn patient(clients: &Clients, concurrency: Option<usize>) -> Outcome<f64> {
    let mut costs = Vec::new();
    for function in FUNCTIONS {
        let work = batch(0..REQUESTS, |n| facade(clients.item(n), function, n));
        let work = match concurrency {
            Some(calls) => work.concurrency(calls),
            None => work,
        };
        let (report, cost) = cost(async { work.await }).await;
        report.into_result()?;
        costs.push(rate(&cost));
    }
    Ok(median(costs))
}

async fn service_time() -> Checked {
    let (_server, url) = items::start(SERVICE_TIME)?;
    let clients = Clients::new(url)?;
    println!("\n{REQUESTS} requests a batch, {SERVICE_TIME:?} service time");
    let concurrencies = [Some(8), Some(64), Some(128), Some(256), None];
    let mut rates = vec![Vec::new(); concurrencies.len()];
    for _ in 0..3 {
        for (concurrency, rates) in concurrencies.iter().zip(&mut rates) {
            rates.push(patient(&clients, *concurrency).await?);
        }
    }
    let rates: Vec<f64> = rates.into_iter().map(median).collect();
    let mut table = table::Table::new(["concurrency", "requests/s", "of 8"]);
    for (concurrency, rate) in concurrencies.iter().zip(&rates) {
        let name = concurrency.map_or("default".to_owned(), |calls| calls.to_string());
        table.row([name, format!("{rate:.0}"), format!("{:.1}", rate / rates[0])]);
    }
    table.print();
    goal_at_least("rate of the default", rates[4] / rates[0], 20.0, "times that of 8");
    check_counts(&clients, 3 * concurrencies.len() * REQUESTS).await
}

/// A process that sends so many inputs from a stream and prints its peak memory.
async fn streamed(arguments: &[String]) -> Checked {
    let (url, inputs) = (arguments[0].clone(), arguments[1].parse()?);
    let clients = Clients::new(url)?;
    let work = |n| facade(clients.item(n), Function::PutItem, n);
    let mut results = batch_stream(stream::iter(0..inputs), work).results();
    let mut done = 0;
    while let Some(outcome) = results.next().await {
        outcome.result?;
        done += 1;
    }
    println!("{done} {}", peak_memory());
    Ok(())
}

/// The peak memory of a process that sends so many inputs.
fn peak_of(url: &str, inputs: usize) -> Outcome<f64> {
    let line = Role::start(STREAM, &[url, &inputs.to_string()])?.line()?;
    let (done, peak) = line.split_once(' ').ok_or("the other process failed")?;
    if done.parse() != Ok(inputs) {
        return Err(format!("{done} of {inputs} inputs came back").into());
    }
    Ok(peak.parse()?)
}

async fn memory() -> Checked {
    let (_server, url) = items::start(Duration::ZERO)?;
    let few = peak_of(&url, 10_000)?;
    let many = peak_of(&url, 1_000_000)?;
    println!("\npeak memory {few:.1} MiB for 10,000 inputs, {many:.1} MiB for 1,000,000");
    goal("growth of the memory with a hundred times the inputs", many - few, 1.0, "MiB");
    let counts = items::counts(&support::plain()?, &url).await?;
    match counts == (1_010_000, 0) {
        true => Ok(()),
        false => Err(format!("the server counted {counts:?}").into()),
    }
}

fn main() -> Checked {
    match support::role() {
        Some((role, arguments)) if role == ITEMS => return items::serve(&arguments),
        Some((_, arguments)) => return support::runtime().block_on(streamed(&arguments)),
        None => {}
    }
    if let Some(way) = WAYS.iter().find(|way| support::flag(&format!("--only={way:?}"))) {
        return support::runtime().block_on(only(*way));
    }
    let some = ["cost", "service", "memory"].map(|part| support::flag(&format!("--part={part}")));
    let wanted = if some.contains(&true) { some } else { [true; 3] };
    if wanted[0] {
        support::runtime().block_on(cost_per_call())?;
    }
    if wanted[1] {
        // What `#[tokio::main]` gives: nothing is tuned.
        tokio::runtime::Runtime::new()?.block_on(service_time())?;
    }
    if wanted[2] {
        support::runtime().block_on(memory())?;
    }
    Ok(())
}
