//! What a long list costs: 1,000 pages of 100 items, by hand and as a stream, without latency and
//! with 20 ms a page; and the memory of streams of any length.
//!
//! `cargo bench --bench pages`; with `-- --large` also ten million items.

mod support;

use std::time::Duration;

use longhaul::rescale::models::JobSummaryPage;
use reqwest::header::AUTHORIZATION;
use support::measure::{Cost, cost, median, peak_memory};
use support::server::{self, PER_PAGE, is_item};
use support::table::{Table, goal};
use support::{Checked, KEY, Role};

const PAGES: usize = 1000;
const ROUNDS: usize = 5;
const LATENCY: Duration = Duration::from_millis(20);

/// A process that streams a list and reports its memory.
const STREAM: &str = "stream";

#[derive(Clone, Copy)]
enum Way {
    /// reqwest and serde, from link to link.
    ByHand,
    /// The facade's list with so many pages in flight.
    List(usize),
}

/// A way to read the first pages of a list.
#[derive(Clone, Copy)]
struct Case {
    way: Way,
    pages: usize,
}

impl Case {
    fn name(&self) -> String {
        match self.way {
            Way::ByHand => "by hand, link to link".to_owned(),
            Way::List(1) => "list, 1 page in flight".to_owned(),
            Way::List(pages) => format!("list, {pages} pages in flight"),
        }
    }

    fn in_flight(&self) -> usize {
        match self.way {
            Way::ByHand => 1,
            Way::List(pages) => pages,
        }
    }

    async fn read(&self, url: &str) -> Checked {
        let read = match self.way {
            Way::ByHand => by_hand(url, self.pages).await?,
            Way::List(in_flight) => {
                let jobs = support::rescale(url)?.jobs().list().in_flight(in_flight);
                streamed(jobs.max_items((self.pages * PER_PAGE) as u64)).await?
            }
        };
        expect(read, self.pages * PER_PAGE)
    }
}

async fn by_hand(
    url: &str,
    pages: usize,
) -> Result<usize, Box<dyn std::error::Error + Send + Sync>> {
    let http = support::plain()?;
    let mut next = Some(format!("{url}/api/v2/jobs/?page_size={PER_PAGE}"));
    let mut read = 0;
    for _ in 0..pages {
        let Some(link) = next.take() else { break };
        let request = http.get(link).header(AUTHORIZATION, format!("Token {KEY}"));
        let answer = request.send().await?.error_for_status()?.bytes().await?;
        let page: JobSummaryPage = serde_json::from_slice(&answer)?;
        for job in &page.results {
            read = count(read, is_item(read, job))?;
        }
        next = page.next;
    }
    Ok(read)
}

type Jobs = longhaul::page::List<longhaul::rescale::JobQuery>;

async fn streamed(mut jobs: Jobs) -> Result<usize, Box<dyn std::error::Error + Send + Sync>> {
    let mut read = 0;
    while let Some(job) = jobs.try_next().await? {
        read = count(read, is_item(read, &job))?;
    }
    Ok(read)
}

fn count(read: usize, right: bool) -> Result<usize, String> {
    if right { Ok(read + 1) } else { Err(format!("item {read} is not the one that stands there")) }
}

fn expect(read: usize, wanted: usize) -> Checked {
    if read == wanted { Ok(()) } else { Err(format!("{read} items instead of {wanted}").into()) }
}

/// Reads by all cases in turn, round after round; the costs of each case.
async fn rounds(
    cases: &[Case],
    url: &str,
) -> Result<Vec<Vec<Cost>>, Box<dyn std::error::Error + Send + Sync>> {
    let mut costs = vec![Vec::new(); cases.len()];
    for _ in 0..ROUNDS {
        for (case, costs) in cases.iter().zip(&mut costs) {
            let (done, cost) = cost(case.read(url)).await;
            done?;
            costs.push(cost);
        }
    }
    Ok(costs)
}

/// Seconds for the whole list; a case that read a part of it is scaled up.
fn seconds(case: &Case, cost: &Cost) -> f64 {
    cost.wall.as_secs_f64() * PAGES as f64 / case.pages as f64
}

fn wall(case: &Case, costs: &[Cost]) -> f64 {
    median(costs.iter().map(|cost| seconds(case, cost)))
}

fn report(cases: &[Case], costs: &[Vec<Cost>], latency: Duration) {
    println!("{PAGES} pages of {PER_PAGE} items, {} ms a page", latency.as_millis());
    let mut table = Table::new(["way", "s", "floor s", "times as fast", "CPU us an item"]);
    for (case, own) in cases.iter().zip(costs) {
        let floor = latency.as_secs_f64() * PAGES as f64 / case.in_flight() as f64;
        let pairs = own.iter().zip(&costs[0]);
        let ratio = median(pairs.map(|(own, base)| seconds(&cases[0], base) / seconds(case, own)));
        let items = (case.pages * PER_PAGE) as f64;
        let cpu = median(own.iter().map(|cost| cost.cpu.as_secs_f64() * 1e6 / items));
        table.row([
            case.name(),
            format!("{:.3}", wall(case, own)),
            format!("{floor:.3}"),
            format!("{ratio:.2}"),
            format!("{cpu:.2}"),
        ]);
    }
    table.print();
}

fn without_latency() -> Checked {
    let (_server, url) = server::start(PAGES, Duration::ZERO)?;
    let ways = [Way::ByHand, Way::List(1), Way::List(8), Way::List(32)];
    let cases = ways.map(|way| Case { way, pages: PAGES });
    let costs = support::runtime().block_on(rounds(&cases, &url))?;
    report(&cases, &costs, Duration::ZERO);
    let items = (PAGES * PER_PAGE) as f64;
    let cpu = median(costs[2].iter().map(|cost| cost.cpu.as_secs_f64() * 1e6 / items));
    goal("CPU for an item by default", cpu, 1.5, "us");
    Ok(())
}

fn with_latency() -> Checked {
    let (_server, url) = server::start(PAGES, LATENCY)?;
    // One page after the other takes 20 s and more: a tenth shows it.
    let slow = [Way::ByHand, Way::List(1)].map(|way| Case { way, pages: PAGES / 10 });
    let fast = [Way::List(8), Way::List(32)].map(|way| Case { way, pages: PAGES });
    let cases = [slow, fast].concat();
    let costs = support::runtime().block_on(rounds(&cases, &url))?;
    report(&cases, &costs, LATENCY);
    goal("the list by default", wall(&cases[2], &costs[2]), 3.1, "s");
    goal("the list, 32 in flight", wall(&cases[3], &costs[3]), 1.0, "s");
    Ok(())
}

/// Streams lists of several lengths, each in a process of its own.
fn memory() -> Checked {
    let lengths: &[usize] = match support::flag("--large") {
        true => &[100_000, 1_000_000, 10_000_000],
        false => &[100_000, 1_000_000],
    };
    println!("memory of a stream that keeps nothing, by default");
    let mut table = Table::new(["items", "MiB before", "MiB at most"]);
    let mut most = f64::MIN;
    for items in lengths {
        let (_server, url) = server::start(items / PER_PAGE, Duration::ZERO)?;
        let line = Role::start(STREAM, &[&url, &items.to_string()])?.line()?;
        let (before, after) = line.split_once(' ').ok_or("the stream failed")?;
        let (before, after): (f64, f64) = (before.parse()?, after.parse()?);
        table.row([items.to_string(), format!("{before:.1}"), format!("{after:.1}")]);
        most = most.max(after - before);
    }
    table.print();
    goal("memory above the start", most, 10.0, "MiB");
    Ok(())
}

/// What a process in the role [`STREAM`] does.
fn stream(arguments: &[String]) -> Checked {
    let (url, items) = (&arguments[0], arguments[1].parse()?);
    let runtime = support::runtime();
    let jobs = support::rescale(url)?.jobs().list();
    let before = peak_memory();
    expect(runtime.block_on(streamed(jobs))?, items)?;
    println!("{before} {}", peak_memory());
    Ok(())
}

fn main() -> Checked {
    match support::role() {
        Some((role, arguments)) if role == STREAM => return stream(&arguments),
        Some((_, arguments)) => return server::serve(&arguments),
        None => {}
    }
    // reqwest by hand needs the TLS provider that a client of ours installs.
    support::rescale("http://localhost")?;
    without_latency()?;
    with_latency()?;
    memory()
}
