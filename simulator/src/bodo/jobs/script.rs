//! A few lines of Python, understood one by one.
//!
//! `print(X)` prints a literal, `sys.argv`, `sys.argv[N]`, `os.environ["NAME"]` or
//! `os.environ.get("NAME")`, and several of them separated by blanks; `time.sleep(N)` takes that
//! long; `sys.exit(N)` and `raise Kind("message")` end it. All other lines do nothing.

use serde_json::{Map, Value};

/// What a script did.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Ran {
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) exit_code: i32,
    /// Seconds.
    pub(super) sleeps: f64,
    pub(super) pauses: Vec<Pause>,
}

/// A sleep, before which everything printed so far can be read.
#[derive(Debug, PartialEq)]
pub(super) struct Pause {
    /// Seconds since the beginning.
    pub(super) at: f64,
    /// Bytes of stdout.
    pub(super) printed: usize,
}

/// What a script sees.
struct Scope<'a> {
    argv: Vec<&'a str>,
    env: &'a Map<String, Value>,
}

pub(super) fn run(code: &str, file: &str, args: &[String], env: &Map<String, Value>) -> Ran {
    let argv = std::iter::once(file).chain(args.iter().map(String::as_str)).collect();
    let scope = Scope { argv, env };
    let mut ran = Ran::default();
    for (number, line) in (1..).zip(code.lines()) {
        if let Err(error) = scope.execute(line.trim(), &mut ran) {
            ran.exit_code = 1;
            ran.stderr += &format!(
                "Traceback (most recent call last):\n  File \"{file}\", line {number}, in <module>\n{error}\n"
            );
        }
        if ran.exit_code != 0 || line.trim() == "sys.exit(0)" {
            break;
        }
    }
    ran
}

impl Scope<'_> {
    /// The error is what Python would say.
    fn execute(&self, line: &str, ran: &mut Ran) -> Result<(), String> {
        if let Some(arguments) = inside(line, "print(") {
            let words: Result<Vec<_>, _> =
                split(arguments).into_iter().map(|x| self.value(x)).collect();
            ran.stdout += &(words?.join(" ") + "\n");
        } else if let Some(seconds) = inside(line, "time.sleep(") {
            ran.pauses.push(Pause { at: ran.sleeps, printed: ran.stdout.len() });
            ran.sleeps += seconds
                .trim()
                .parse()
                .ok()
                .filter(|seconds: &f64| seconds.is_finite())
                .unwrap_or(0.0);
        } else if let Some(code) = inside(line, "sys.exit(") {
            ran.exit_code = code.trim().parse().unwrap_or(1);
        } else if let Some(raised) = line.strip_prefix("raise ") {
            let (kind, message) = raised.split_once('(').unwrap_or((raised, ""));
            let message = literal(message.trim_end_matches(')')).unwrap_or_default();
            return Err(format!("{kind}: {message}"));
        }
        Ok(())
    }

    fn value(&self, expression: &str) -> Result<String, String> {
        if let Some(text) = literal(expression) {
            return Ok(text);
        }
        if let Some(index) =
            between(expression, "sys.argv[", "]").and_then(|n| n.parse::<usize>().ok())
        {
            let found = self.argv.get(index).map(|argument| (*argument).to_owned());
            return found.ok_or_else(|| "IndexError: list index out of range".to_owned());
        }
        if let Some(name) = between(expression, "os.environ[", "]").and_then(literal) {
            return self.variable(&name).ok_or_else(|| format!("KeyError: '{name}'"));
        }
        if let Some(name) = between(expression, "os.environ.get(", ")").and_then(literal) {
            return Ok(self.variable(&name).unwrap_or_else(|| "None".to_owned()));
        }
        match expression {
            "sys.argv" => Ok(format!("['{}']", self.argv.join("', '"))),
            other => Ok(other.to_owned()),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.env.get(name).and_then(Value::as_str).map(str::to_owned)
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.strip_prefix(start)?.strip_suffix(end)
}

/// What a call of one line has between its parentheses.
fn inside<'a>(line: &'a str, call: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(call)?;
    Some(&rest[..rest.rfind(')')?])
}

/// Arguments, separated by commas outside of quotes.
fn split(arguments: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quote) = (Vec::new(), 0, None);
    for (at, c) in arguments.char_indices() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => quote = Some(c),
            (',', None) => {
                parts.push(arguments[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(arguments[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// A text in quotes.
fn literal(expression: &str) -> Option<String> {
    let inner = ['"', '\'']
        .into_iter()
        .find_map(|quote| expression.strip_prefix(quote)?.strip_suffix(quote))?;
    Some(inner.replace("\\n", "\n").replace("\\t", "\t"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(code: &str) -> Ran {
        let env = Map::from_iter([("K".to_owned(), "v".into())]);
        run(code, "a.py", &["--a".to_owned(), "1".to_owned()], &env)
    }

    #[test]
    fn prints_are_understood() {
        let code = "import sys\nprint('hello, you', \"b\")\nprint(sys.argv)\n  print(sys.argv[2])\n\
                    print(os.environ['K'], os.environ.get('NO'))\nprint(42)\nprint()\n";
        let expected = "hello, you b\n['a.py', '--a', '1']\n1\nv None\n42\n\n";
        assert_eq!(ran(code), Ran { stdout: expected.to_owned(), ..Ran::default() });
    }

    #[test]
    fn a_script_can_end_badly() {
        let raised = ran("print('x')\nraise ValueError('no')\nprint('y')");
        assert_eq!((raised.stdout.as_str(), raised.exit_code), ("x\n", 1));
        assert!(
            raised.stderr.ends_with("line 2, in <module>\nValueError: no\n"),
            "{}",
            raised.stderr
        );
        assert_eq!(ran("sys.exit(3)\nprint('y')"), Ran { exit_code: 3, ..Ran::default() });
        let slept = ran("print(1)\ntime.sleep(1.5)\nsys.exit(0)\nprint(2)");
        assert_eq!((slept.stdout.as_str(), slept.sleeps), ("1\n", 1.5));
        assert_eq!(slept.pauses, [Pause { at: 0.0, printed: 2 }]);
        assert!(ran("print(os.environ['NO'])").stderr.ends_with("KeyError: 'NO'\n"));
    }
}
