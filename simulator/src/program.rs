//! The command line program.

use std::net::IpAddr;
use std::time::Duration;

use crate::fault::Fault;
use crate::handle::Handle;
use crate::platforms::{Named, names};
use crate::simulator::Simulator;
use crate::units;

/// What `--help` prints.
pub const USAGE: &str = "\
usage: longhaul-simulator PLATFORM... [OPTION]...

Serves local stand-ins of the platforms until it is interrupted and prints the address of each.

  --port N          the port of the first platform, successive ones for the others
  --bind ADDRESS    listen on this address instead of loopback
  --pace SECONDS    the time of one step of a life cycle (0.02)
  --page-size N     the size of pages for requests that name none
  --latency TIME    the time before anything happens to a request (20ms)
  --bandwidth SIZE  bytes a second and connection for contents of files (50MiB)
  --fault RULE      what goes wrong, for example 'GET /api/** rate=0.2 503 | reset'; may be repeated
  --no-record       count requests without keeping them
  --with KEY=VALUE  a setting of the platform's own; may be repeated
  --help            this text
";

/// What the command line asks for.
#[derive(Debug, Default)]
struct Arguments {
    platforms: Vec<String>,
    port: Option<u16>,
    bind: Option<IpAddr>,
    pace: Option<Duration>,
    page_size: Option<usize>,
    latency: Option<Duration>,
    bandwidth: Option<u64>,
    faults: Vec<Fault>,
    no_record: bool,
    own: Vec<(String, String)>,
    help: bool,
}

/// Serves what the arguments ask for until the process is interrupted.
///
/// # Errors
///
/// Fails with a sentence when an argument is wrong or a port is taken.
pub fn run(arguments: impl IntoIterator<Item = String>) -> Result<(), String> {
    let arguments = Arguments::read(arguments.into_iter())?;
    if arguments.help {
        print!("{USAGE}");
        return Ok(());
    }
    let runtime =
        tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.to_string())?;
    let _running = runtime.block_on(arguments.start())?;
    loop {
        std::thread::park();
    }
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = Self::default();
        while let Some(word) = words.next() {
            match word.split_once('=').filter(|_| word.starts_with("--")) {
                Some((name, value)) => arguments.option(name, || Some(value.to_owned()))?,
                None if word.starts_with('-') => arguments.option(&word, || words.next())?,
                None => arguments.platforms.push(word),
            }
        }
        if arguments.platforms.is_empty() && !arguments.help {
            return Err(format!(
                "name at least one platform of: {} (--help explains)",
                names().join(", ")
            ));
        }
        Ok(arguments)
    }

    fn option(
        &mut self,
        name: &str,
        mut value: impl FnMut() -> Option<String>,
    ) -> Result<(), String> {
        let mut value = || value().ok_or_else(|| format!("{name} needs a value"));
        let wrong = |reason: String| format!("{name}: {reason}");
        match name {
            "--help" | "-h" => self.help = true,
            "--no-record" => self.no_record = true,
            "--port" => self.port = Some(number(name, &value()?)?),
            "--bind" => self.bind = Some(number(name, &value()?)?),
            "--page-size" => self.page_size = Some(number(name, &value()?)?),
            "--pace" => self.pace = Some(units::duration(&value()?).map_err(wrong)?),
            "--latency" => self.latency = Some(units::duration(&value()?).map_err(wrong)?),
            "--bandwidth" => self.bandwidth = Some(units::size(&value()?).map_err(wrong)?),
            "--fault" => self.faults.push(value()?.parse().map_err(|error| format!("{error}"))?),
            "--with" => self.own.push(pair(&value()?)?),
            _ => return Err(format!("unknown option {name} (--help explains)")),
        }
        Ok(())
    }

    async fn start(&self) -> Result<Vec<Handle>, String> {
        let mut running = Vec::new();
        for (index, name) in self.platforms.iter().enumerate() {
            let simulator = self.simulator(name)?;
            let port = self
                .port
                .map_or(simulator.default_port(), |first| first.saturating_add(index as u16));
            let handle = simulator.port(port).start().await;
            let handle =
                handle.map_err(|error| format!("{name}: port {port} cannot be used: {error}"))?;
            println!("{name} {}", handle.url());
            running.push(handle);
        }
        Ok(running)
    }

    fn simulator(&self, name: &str) -> Result<Simulator<Named>, String> {
        let own: Vec<_> =
            self.own.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let mut simulator = Simulator::named(name, &own)?.record(!self.no_record);
        simulator = self.bind.into_iter().fold(simulator, Simulator::bind);
        simulator = self.pace.into_iter().fold(simulator, Simulator::pace);
        simulator = self.page_size.into_iter().fold(simulator, Simulator::page_size);
        simulator = self.latency.into_iter().fold(simulator, Simulator::latency);
        simulator = self.bandwidth.into_iter().fold(simulator, Simulator::bandwidth);
        Ok(self.faults.iter().cloned().fold(simulator, Simulator::fault))
    }
}

fn number<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{name}: {text:?} is not valid here"))
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text
        .split_once('=')
        .ok_or_else(|| format!("--with: KEY=VALUE is expected, not {text:?}"))?;
    Ok((key.to_owned(), value.to_owned()))
}
