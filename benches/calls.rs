//! What a small call costs: by hand on reqwest, generated, generated with the attempts, and through
//! the facade; 64 at a time on one core.
//!
//! `cargo bench --bench calls`

mod support;

use std::sync::Arc;
use std::time::Duration;

use longhaul::rescale::{Client, models};
use progenitor_client::ResponseValue;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use support::measure::{Cost, cost, median, peak_memory};
use support::server::{self, JOB};
use support::table::{Table, goal, goal_at_least};
use support::{Checked, KEY};

const IN_FLIGHT: usize = 64;
const REQUESTS: usize = 20_000;
const ROUNDS: usize = 7;

/// The ways to make the same call, each on top of the one before.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// reqwest and serde by hand.
    ByHand,
    /// What the generated code does around reqwest.
    Generated,
    /// The generated client as it is: credentials, attempts, limits.
    Raw,
    /// The facade.
    Facade,
}

const WAYS: [Way; 4] = [Way::ByHand, Way::Generated, Way::Raw, Way::Facade];

struct Clients {
    url: String,
    token: HeaderValue,
    plain: reqwest::Client,
    facade: Client,
}

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

impl Clients {
    fn new(url: String) -> Outcome<Self> {
        let facade = support::rescale(&url)?;
        let token = HeaderValue::try_from(format!("Token {KEY}"))?;
        Ok(Self { plain: support::plain()?, token, facade, url })
    }

    /// One call; the id that came back.
    async fn call(&self, way: Way) -> Outcome<String> {
        match way {
            Way::ByHand => self.by_hand().await,
            Way::Generated => self.generated().await,
            Way::Raw => {
                let job = self.facade.raw().get_job().job(JOB).send().await;
                Ok(job.map_err(|error| error.to_string())?.into_inner().id)
            }
            Way::Facade => Ok(self.facade.jobs().get(JOB).await?.id().to_string()),
        }
    }

    async fn by_hand(&self) -> Outcome<String> {
        let url = format!("{}/api/v2/jobs/{JOB}/", self.url);
        let request = self.plain.get(url).header(AUTHORIZATION, self.token.clone());
        let answer = request.send().await?.error_for_status()?.bytes().await?;
        Ok(serde_json::from_slice::<models::Job>(&answer)?.id)
    }

    async fn generated(&self) -> Outcome<String> {
        let url = format!("{}/api/v2/jobs/{}/", self.url, progenitor_client::encode_path(JOB));
        let mut headers = HeaderMap::with_capacity(1);
        let version = HeaderName::from_static("api-version");
        headers.append(version, HeaderValue::from_static("1.0.0"));
        let accept = HeaderValue::from_static("application/json");
        let mut request = self.plain.get(url).header(ACCEPT, accept).headers(headers).build()?;
        request.headers_mut().insert(AUTHORIZATION, self.token.clone());
        let answer = self.plain.execute(request).await?.error_for_status()?;
        let job = ResponseValue::<models::Job>::from_response::<()>(answer).await;
        Ok(job.map_err(|error| error.to_string())?.into_inner().id)
    }
}

/// Makes all calls of a round and checks every answer.
async fn round(clients: &Arc<Clients>, way: Way, requests: usize) -> Checked {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..IN_FLIGHT {
        let clients = clients.clone();
        tasks.spawn(async move {
            for _ in 0..requests / IN_FLIGHT {
                let id = clients.call(way).await?;
                if id != JOB {
                    return Err(format!("{way:?}: got {id} instead of {JOB}").into());
                }
            }
            Checked::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

async fn rounds(clients: &Arc<Clients>, ways: &[Way]) -> Outcome<Vec<Vec<Cost>>> {
    let mut costs = vec![Vec::new(); ways.len()];
    for number in 0..=ROUNDS {
        for (way, costs) in ways.iter().zip(&mut costs) {
            let (done, cost) = cost(round(clients, *way, REQUESTS)).await;
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

fn report(costs: &[Vec<Cost>]) {
    let by_hand = &costs[0];
    let mut table = Table::new(["way", "requests/s", "of by hand", "CPU us", "above generated"]);
    for (way, own) in WAYS.iter().zip(costs) {
        let ratio = paired(own, by_hand, |own, base| rate(own) / rate(base));
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
    let ratio = paired(&costs[3], by_hand, |own, base| rate(own) / rate(base));
    goal_at_least("rate of the facade", ratio * 100.0, 93.0, "% of reqwest by hand");
    println!("peak memory {:.1} MiB", peak_memory());
}

fn main() -> Checked {
    if let Some((_, arguments)) = support::role() {
        return server::serve(&arguments);
    }
    let (_server, url) = server::start(1, Duration::ZERO)?;
    let clients = Arc::new(Clients::new(url)?);
    println!("{REQUESTS} requests a round, {IN_FLIGHT} in flight, {ROUNDS} rounds");
    // For profilers: one way alone.
    if let Some(way) = WAYS.iter().find(|way| support::flag(&format!("--only={way:?}"))) {
        let costs = support::runtime().block_on(rounds(&clients, &[*way]))?;
        println!("{way:?}: {:.2} us", median(costs[0].iter().map(|cost| micros(cost.cpu))));
        return Ok(());
    }
    report(&support::runtime().block_on(rounds(&clients, &WAYS))?);
    Ok(())
}
