//! Reads the command of a job: what it prints, writes and comes to.

use std::collections::BTreeMap;
use std::time::Duration;

use super::inferred;
use crate::content::{Content, Synthetic};

/// What one run of a job comes to.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) log: String,
    pub(super) exit: i32,
    /// How much longer than a step the run takes; `None` for ever.
    pub(super) extra: Option<Duration>,
    pub(super) outputs: Vec<(String, Content)>,
    pub(super) ending: Ending,
    /// Further statuses after `Executing`.
    pub(super) statuses: Vec<String>,
    pub(super) late_files: Duration,
}

/// How the job ends, as far as the platform has a say in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// By the exit code.
    Normal,
    Completed(String),
    Unallocated,
    Stuck,
    ForceStop,
}

impl Script {
    /// Runs the commands of all analyses in their order.
    pub(super) fn run<'a>(
        commands: impl IntoIterator<Item = &'a str>,
        inputs: &[String],
        variables: &BTreeMap<String, String>,
    ) -> Self {
        let mut script = Self {
            log: "Launching the command\n".to_owned(),
            exit: 0,
            extra: Some(Duration::ZERO),
            outputs: Vec::new(),
            ending: Ending::Normal,
            statuses: Vec::new(),
            late_files: Duration::ZERO,
        };
        let lines = commands
            .into_iter()
            .flat_map(|command| command.split(['\n', ';']).flat_map(|c| c.split("&&")));
        for line in lines {
            let expanded = expand(line, variables);
            let words: Vec<&str> = expanded.split_whitespace().collect();
            script.log += &format!("+ {}\n", words.join(" "));
            if let Some(exit) = script.step(&words, inputs) {
                script.exit = exit;
                break;
            }
        }
        script.log += &format!("Exit code: {}\n", script.exit);
        script
    }

    /// Runs one command; the exit code if it ends the run.
    fn step(&mut self, words: &[&str], inputs: &[String]) -> Option<i32> {
        match words {
            ["exit", code, ..] => return Some(code.parse().unwrap_or(2)),
            ["exit"] => return Some(0),
            ["false", ..] => return Some(1),
            ["echo", text @ ..] => self.print(&text.join(" ")),
            ["sleep", time, ..] => {
                self.extra = self.extra.zip(seconds(time)).map(|(extra, time)| extra + time)
            }
            ["python" | "python3", arguments @ ..] => return self.python(arguments, inputs),
            ["openssl", "rand", arguments @ ..] => self.openssl(arguments),
            ["simulate", arguments @ ..] => self.simulate(arguments),
            _ => {}
        }
        None
    }

    fn print(&mut self, line: &str) {
        self.log += line.trim_matches(['"', '\'']);
        self.log.push('\n');
    }

    fn python(&mut self, arguments: &[&str], inputs: &[String]) -> Option<i32> {
        let missing = arguments
            .iter()
            .find(|&&name| name.contains('.') && !inputs.iter().any(|input| input == name));
        if let Some(name) = missing {
            self.print(&format!(
                "python: can't open file '{name}': [Errno 2] No such file or directory"
            ));
            return Some(2);
        }
        self.write("pi_estimate.res", Content::of("3.14159265358979\n"));
        self.write("pi_estimate.bin", Content::of(std::f64::consts::PI.to_le_bytes().to_vec()));
        None
    }

    /// As openssl does, the last word is the number of random bytes before they are encoded.
    fn openssl(&mut self, arguments: &[&str]) {
        let name =
            arguments.iter().position(|&word| word == "-out").and_then(|i| arguments.get(i + 1));
        let count: Option<u64> = arguments.last().and_then(|word| word.parse().ok());
        let (Some(&name), Some(count)) = (name, count) else { return };
        let encoded = arguments.contains(&"-base64") && name != "-base64";
        let size = if encoded { base64_length(count) } else { count };
        self.write(name, Content::Synthetic(Synthetic::new(name, size)));
    }

    fn simulate(&mut self, arguments: &[&str]) {
        match arguments {
            ["completed", reason @ ..] => self.ending = Ending::Completed(reason.join(" ")),
            ["unallocated"] => self.ending = Ending::Unallocated,
            ["status", name @ ..] => self.statuses.push(name.join(" ")),
            ["stuck"] => self.ending = Ending::Stuck,
            ["force-stop"] => self.ending = Ending::ForceStop,
            ["late-files", time] => self.late_files = seconds(time).unwrap_or_default(),
            ["output", path @ ..] => self.write(&path.join(" "), Content::of("simulated\n")),
            _ => self.print("simulate: unknown request"),
        }
    }

    fn write(&mut self, path: &str, content: Content) {
        self.outputs.retain(|(existing, _)| existing != path);
        self.outputs.push((path.to_owned(), content));
    }

    /// The reason of `Completed`.
    pub(super) fn reason(&self) -> &str {
        match &self.ending {
            Ending::Completed(reason) => reason,
            Ending::Unallocated => "Could not allocate compute resources from the compute provider",
            _ if self.exit != 0 => inferred::RUN_FAILED,
            _ => "Completed successfully",
        }
    }
}

/// `None` for ever.
fn seconds(text: &str) -> Option<Duration> {
    match text {
        "inf" | "infinity" => None,
        _ => Some(
            text.parse().ok().and_then(|s| Duration::try_from_secs_f64(s).ok()).unwrap_or_default(),
        ),
    }
}

/// Four characters for three bytes, and a line feed after every 64 characters and at the end.
fn base64_length(bytes: u64) -> u64 {
    let characters = bytes.div_ceil(3) * 4;
    characters + characters.div_ceil(64)
}

/// Replaces `$NAME` and `${NAME}`, by nothing where the variable is not set.
fn expand(line: &str, variables: &BTreeMap<String, String>) -> String {
    let mut parts = line.split('$');
    let mut expanded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = match part.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some(braced) => braced,
            None => part.split_at(
                part.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(part.len()),
            ),
        };
        expanded += variables.get(name).map_or("", String::as_str);
        expanded += rest;
    }
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(command: &str) -> Script {
        Script::run(
            [command],
            &["a.py".to_owned()],
            &BTreeMap::from([("N".to_owned(), "x".to_owned())]),
        )
    }

    #[test]
    fn the_exit_code_ends_the_run() {
        let script = script("echo one\nexit 3\necho two");
        assert_eq!((script.exit, script.reason()), (3, "A run failed"));
        assert!(script.log.contains("one") && !script.log.contains("two"));
    }

    #[test]
    fn openssl_writes_what_openssl_would() {
        let encoded = script("openssl rand -out ${N}.bin -base64 792917038");
        let (name, content) = &encoded.outputs[0];
        assert_eq!((name.as_str(), content.len()), ("x.bin", 1_073_741_825));
        assert_eq!(script("openssl rand -out raw 100").outputs[0].1.len(), 100);
        assert_eq!(script("openssl rand -out $UNSET -base64 9").outputs[0].0, "-base64");
    }

    #[test]
    fn python_needs_its_files() {
        assert_eq!(script("python a.py").exit, 0);
        let failed = script("python a.py b.inp");
        assert!(
            failed.exit == 2 && failed.log.contains("b.inp") && failed.log.contains("No such file")
        );
    }

    #[test]
    fn sleeping_adds_up_and_may_last_for_ever() {
        assert_eq!(script("sleep 0.5; sleep 1").extra, Some(Duration::from_millis(1500)));
        assert_eq!(script("sleep inf && sleep 1").extra, None);
    }
}
