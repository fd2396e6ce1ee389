//! Commands whose effect may not show yet.

use std::time::Duration;

use tokio::time::Instant;

use crate::status::{Phase, Status};

/// How long a command may take to show. Until then the status from before it is no end.
const SETTLING: Duration = Duration::from_secs(120);

/// A command whose effect may not show yet.
#[derive(Clone, Debug)]
pub(crate) struct Command<S> {
    /// The ends that were there before it.
    before: Vec<S>,
    until: Instant,
}

impl<S: Status + From<String>> Command<S> {
    /// A command that leads away from `opposite`, given to something last seen as `last`.
    pub(crate) fn given(opposite: impl Into<Option<S>>, last: Option<S>) -> Self {
        let failed = last.filter(|last| last.phase() == Phase::Failed);
        let before = [opposite.into(), failed].into_iter().flatten().collect();
        Self { before, until: Instant::now() + SETTLING }
    }

    /// What a wait is to make of a status: one from before the command counts as on the way, until
    /// another one has come or the command should have shown.
    pub(crate) fn settle(command: &mut Option<Self>, seen: S) -> S {
        match command {
            Some(given) if given.before.contains(&seen) && Instant::now() < given.until => {
                S::from(format!("{seen}, as before the command"))
            }
            _ => {
                *command = None;
                seen
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Power(String);

    impl From<String> for Power {
        fn from(text: String) -> Self {
            Self(text)
        }
    }

    impl std::fmt::Display for Power {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(&self.0)
        }
    }

    impl Status for Power {
        fn phase(&self) -> Phase {
            match self.0.as_str() {
                "on" | "off" => Phase::Done,
                "broken" => Phase::Failed,
                _ => Phase::Moving,
            }
        }
    }

    fn power(text: &str) -> Power {
        Power(text.to_owned())
    }

    /// What is made of the statuses that are seen after a command.
    fn settled(mut command: Option<Command<Power>>, seen: &[&str]) -> Vec<Phase> {
        let settle = |status: &&str| Command::settle(&mut command, power(status)).phase();
        seen.iter().map(settle).collect()
    }

    use Phase::{Done, Failed, Moving};

    #[tokio::test(start_paused = true)]
    async fn an_old_end_counts_as_on_the_way_until_something_else_came() {
        let command = || Some(Command::given(power("off"), None));
        assert_eq!(settled(command(), &["off", "changing", "off"]), [Moving, Moving, Done]);
        assert_eq!(settled(command(), &["broken"]), [Failed]);
        let command = Some(Command::given(power("off"), Some(power("broken"))));
        assert_eq!(settled(command, &["broken", "on", "broken"]), [Moving, Done, Failed]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_without_an_opposite_forgives_only_an_old_failure() {
        let command = Some(Command::given(None, Some(power("broken"))));
        assert_eq!(settled(command, &["broken"]), [Moving]);
        let command = Some(Command::given(None, Some(power("on"))));
        assert_eq!(settled(command, &["on"]), [Done]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_that_never_shows_has_failed() {
        let command = Some(Command::given(power("off"), None));
        tokio::time::advance(SETTLING).await;
        assert_eq!(settled(command, &["off"]), [Done]);
    }
}
