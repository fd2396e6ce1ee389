//! What the programs here share: servers in processes of their own, clocks and tables.
#![allow(dead_code, reason = "no program uses all of it")]

pub(crate) mod items;
pub(crate) mod measure;
pub(crate) mod server;
pub(crate) mod table;

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

/// Whether a program found what it should, whatever the time that it took.
pub(crate) type Checked = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// The role that this process was started in by [`Role::start`], with its arguments.
pub(crate) fn role() -> Option<(String, Vec<String>)> {
    let mut arguments = std::env::args().skip(1);
    let role = arguments.next()?.strip_prefix("--role=")?.to_owned();
    Some((role, arguments.collect()))
}

/// Whether the program was called with this flag.
pub(crate) fn flag(name: &str) -> bool {
    std::env::args().skip(1).any(|argument| argument == name)
}

/// This program, running a second time in another role; ends when dropped.
pub(crate) struct Role {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Role {
    pub(crate) fn start(role: &str, arguments: &[&str]) -> std::io::Result<Self> {
        let program = std::env::current_exe()?;
        let mut command = Command::new(program);
        command.arg(format!("--role={role}")).args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let lines = BufReader::new(child.stdout.take().expect("it is piped"));
        Ok(Self { child, lines })
    }

    /// The next line that it prints.
    pub(crate) fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        if self.lines.read_line(&mut line)? == 0 {
            return Err(std::io::Error::other("the other process ended without an answer"));
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A runtime on this thread alone.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

/// A client for the server at this address, with the defaults of every user.
pub(crate) fn rescale(url: &str) -> longhaul::Result<longhaul::rescale::Client> {
    longhaul::rescale::Client::builder().base_url(url).api_key(KEY).build()
}

/// The key that all requests carry.
pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef01234567";

/// reqwest as a careful user sets it up, with what makes it comparable: the same socket options,
/// and no redirects.
pub(crate) fn plain() -> reqwest::Result<reqwest::Client> {
    let builder = reqwest::Client::builder().tcp_nodelay(true);
    builder.redirect(reqwest::redirect::Policy::none()).build()
}
