//! Waiting for a status, for everything that has one.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use crate::batch::{Report, batch};
use crate::error::{Error, ErrorKind, Result};
use crate::progress::{Event, Listener, tell};
use crate::status::{Phase, Status};

/// The wait between two looks is this share of the time already waited ...
const SHARE: f64 = 0.05;
/// ... but at least and at most these, give or take [`JITTER`].
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(15);
const JITTER: f64 = 0.1;

/// A wait gives up on a server in trouble after this many failed looks in a row ...
const FAILURES_IN_A_ROW: u32 = 5;
/// ... and this long without a good one: outages pass.
const OUTAGE: Duration = Duration::from_secs(15 * 60);

/// Longer than anybody waits, and short enough to be added to a moment.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// Something with a status that can be looked at.
pub trait Watch: Send {
    /// Its status.
    type Status: Status;

    /// How long a wait lasts at most unless told otherwise.
    const LIMIT: Duration;

    /// What it is, for events and errors, such as `job Jaaac`.
    fn name(&self) -> String;

    /// Asks the server for the status now, in one attempt: the wait around it is the retry. The
    /// look has to end within the limit.
    fn look(&mut self, limit: Duration) -> impl Future<Output = Result<Self::Status>> + Send;

    /// Whether it was in this status before the last look, for platforms that keep a history.
    fn has_been(&self, _status: &Self::Status) -> bool {
        false
    }

    /// Called when an awaited status is reached, for platforms whose statuses hide failures.
    ///
    /// # Errors
    /// When the status looks good and is not.
    fn confirm(&mut self, _status: &Self::Status) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// Why it is in a status that ends a wait badly, where the platform tells.
    fn reason(&mut self, _status: &Self::Status) -> impl Future<Output = Option<String>> + Send {
        async { None }
    }
}

/// One or several awaited statuses.
#[derive(Clone, Debug)]
pub struct Targets<S>(Vec<S>);

impl<S> From<S> for Targets<S> {
    fn from(status: S) -> Self {
        Self(vec![status])
    }
}

impl<S, const N: usize> From<[S; N]> for Targets<S> {
    fn from(statuses: [S; N]) -> Self {
        Self(statuses.into())
    }
}

impl<S> From<Vec<S>> for Targets<S> {
    fn from(statuses: Vec<S>) -> Self {
        Self(statuses)
    }
}

/// Waits until something has one of the given statuses.
///
/// The first look comes at once and is fresh. Later ones follow after 5 % of the time already
/// waited, at least 0.5 s and at most 15 s, give or take a tenth. A few failed looks in a row are
/// tolerated, and an outage of the server up to 15 minutes. Dropping the wait stops the looking and
/// changes nothing on the platform.
///
/// # Errors
/// [`ErrorKind::Failed`] at once when a failure comes that was not asked for, or an end from which
/// no awaited status can come; [`ErrorKind::Timeout`] when time runs out, with the last status in
/// the text; any error of a look that will not pass.
#[must_use = "a wait does nothing until it is awaited"]
pub struct Wait<'a, R: Watch> {
    resource: &'a mut R,
    targets: Targets<R::Status>,
    schedule: Schedule,
    listener: Option<Listener>,
}

/// Waits until the resource has one of the statuses.
pub fn wait_for_status<R: Watch>(
    resource: &mut R,
    targets: impl Into<Targets<R::Status>>,
) -> Wait<'_, R> {
    let schedule = Schedule { limit: R::LIMIT, every: None };
    Wait { resource, targets: targets.into(), schedule, listener: None }
}

#[derive(Clone, Copy, Debug)]
struct Schedule {
    limit: Duration,
    every: Option<Duration>,
}

impl Schedule {
    /// How long to wait before the next look.
    fn pause(&self, waited: Duration) -> Duration {
        let base = self.every.unwrap_or_else(|| waited.mul_f64(SHARE).clamp(SHORTEST, LONGEST));
        base.min(FOREVER).mul_f64(1.0 - JITTER + 2.0 * JITTER * fastrand::f64())
    }

    /// The last look starts early enough to end before time is up.
    fn last_look(&self, deadline: Instant) -> Instant {
        deadline - (self.limit / 10).min(Duration::from_secs(1))
    }
}

impl<'a, R: Watch> Wait<'a, R> {
    /// How long to wait at most. The default stands with the resource as [`Watch::LIMIT`].
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.schedule.limit = limit;
        self
    }

    /// Looks in a fixed rhythm, give or take a tenth, instead of the growing one.
    pub fn every(mut self, interval: Duration) -> Self {
        self.schedule.every = Some(interval);
        self
    }

    /// Is told of every look before the next pause: [`Event::Status`] and [`Event::Trouble`].
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    async fn run(self) -> Result<&'a mut R> {
        let Self { resource, targets, schedule, listener } = self;
        let mut run = Run::new(resource.name(), schedule, listener);
        loop {
            let looked = run.look(resource).await;
            let status = match looked {
                Ok(status) => Some(status),
                Err(error) => {
                    run.bear(error)?;
                    None
                }
            };
            if let Some(status) = &status
                && let Some(target) = reached(resource, &targets, status)
            {
                run.tell_status(status, None);
                resource.confirm(target).await?;
                return Ok(resource);
            }
            if let Some(status) = &status
                && status.phase() != Phase::Moving
            {
                run.tell_status(status, None);
                return Err(unreachable(resource, &targets, status).await);
            }
            let Some(next) = run.next_look() else { return Err(run.timed_out(&targets)) };
            if let Some(status) = &status {
                run.tell_status(status, Some(next - Instant::now()));
            }
            sleep_until(next).await;
            if run.is_over() {
                return Err(run.timed_out(&targets));
            }
        }
    }
}

/// The awaited status that the resource has, or else one that it has had.
fn reached<'t, R: Watch>(
    resource: &R,
    targets: &'t Targets<R::Status>,
    status: &R::Status,
) -> Option<&'t R::Status> {
    let mut all = targets.0.iter();
    let now = all.clone().find(|target| *target == status);
    now.or_else(|| all.find(|target| resource.has_been(target)))
}

/// Whether a failed look is no reason to give up. A page of HTML in place of the status is what
/// maintenance looks like.
fn may_pass(error: &Error) -> bool {
    let is_html = error.body().is_some_and(|body| body.trim_start().starts_with('<'));
    error.is_retryable() || (error.kind() == ErrorKind::Decode && is_html)
}

impl<'a, R: Watch> IntoFuture for Wait<'a, R> {
    type Output = Result<&'a mut R>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<R: Watch> std::fmt::Debug for Wait<'_, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wait")
            .field("name", &self.resource.name())
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}

/// The state of a running wait.
struct Run {
    name: Arc<str>,
    schedule: Schedule,
    listener: Option<Listener>,
    started: Instant,
    deadline: Instant,
    last_good: Instant,
    failures: u32,
    last_status: Option<String>,
    last_error: Option<String>,
    asked_pause: Option<Duration>,
    last_look_done: bool,
}

impl Run {
    fn new(name: String, schedule: Schedule, listener: Option<Listener>) -> Self {
        let started = Instant::now();
        Self {
            name: name.into(),
            schedule,
            listener,
            started,
            deadline: started + schedule.limit.min(FOREVER),
            last_good: started,
            failures: 0,
            last_status: None,
            last_error: None,
            asked_pause: None,
            last_look_done: false,
        }
    }

    async fn look<R: Watch>(&mut self, resource: &mut R) -> Result<R::Status> {
        let limit = self.deadline.saturating_duration_since(Instant::now());
        let looked = timeout_at(self.deadline, resource.look(limit)).await;
        let status = looked.map_err(|_| {
            Error::new(ErrorKind::Timeout, "the status did not come before the deadline")
        })??;
        self.failures = 0;
        self.last_good = Instant::now();
        self.asked_pause = None;
        self.last_status = Some(status.to_string());
        tracing::debug!(name = &*self.name, %status, "looked");
        Ok(status)
    }

    /// Passes over a failed look, or gives up.
    fn bear(&mut self, error: Error) -> Result<()> {
        self.failures += 1;
        let hopeless = self.failures >= FAILURES_IN_A_ROW && self.last_good.elapsed() >= OUTAGE;
        if error.kind() == ErrorKind::Failed {
            return Err(error);
        }
        if !may_pass(&error) || hopeless {
            let waited = self.started.elapsed().as_secs();
            return Err(
                error.with_advice(format!("the wait for {} ended after {waited} s", self.name))
            );
        }
        self.asked_pause = error.retry_after();
        let (name, in_a_row) = (self.name.clone(), self.failures);
        let message = error.to_string();
        tracing::debug!(name = &*name, message, "a look failed");
        self.last_error = Some(message.clone());
        tell(&mut self.listener, || Event::Trouble { name, message, in_a_row });
        Ok(())
    }

    /// When to look again; `None` when the last look has been.
    fn next_look(&mut self) -> Option<Instant> {
        if self.last_look_done || self.is_over() {
            return None;
        }
        let now = Instant::now();
        let own = self.schedule.pause(self.started.elapsed());
        let pause = self.asked_pause.map_or(own, |asked| asked.min(FOREVER).max(own));
        let last = self.schedule.last_look(self.deadline).max(now);
        if now + pause < last {
            return Some(now + pause);
        }
        self.last_look_done = true;
        Some(last)
    }

    fn is_over(&self) -> bool {
        Instant::now() >= self.deadline
    }

    fn tell_status(&mut self, status: &impl Status, next: Option<Duration>) {
        let (name, elapsed) = (self.name.clone(), self.started.elapsed());
        let status = status.to_string();
        tell(&mut self.listener, || Event::Status { name, status, elapsed, next });
    }

    fn timed_out<S: Status>(&self, targets: &Targets<S>) -> Error {
        let (name, limit) = (&self.name, self.schedule.limit.as_secs_f64());
        let seen = match (&self.last_status, &self.last_error) {
            (Some(status), _) => format!("it was last seen as `{status}`"),
            (None, Some(error)) => format!("its status was never seen: {error}"),
            (None, None) => "its status was never seen".to_owned(),
        };
        let wanted = list(targets);
        let message = format!("{name} was not {wanted} within {limit} s; {seen}");
        Error::new(ErrorKind::Timeout, message)
            .with_advice("nothing was stopped on the platform, so the wait can be taken up again")
    }
}

/// The error of an end from which no awaited status can come.
async fn unreachable<R: Watch>(
    resource: &mut R,
    targets: &Targets<R::Status>,
    status: &R::Status,
) -> Error {
    let (name, wanted) = (resource.name(), list(targets));
    let mut message = format!("{name} ended as `{status}` and will not be {wanted}");
    if let Some(reason) = resource.reason(status).await {
        message = format!("{message}: {reason}");
    }
    Error::new(ErrorKind::Failed, message)
}

fn list<S: Status>(targets: &Targets<S>) -> String {
    let quoted: Vec<_> = targets.0.iter().map(|target| format!("`{target}`")).collect();
    quoted.join(" or ")
}

/// Waits for many at once, with one deadline for all.
///
/// Every member is watched as [`Wait`] does; one that fails does not stop the others. The report
/// gives every member back.
#[must_use = "a wait does nothing until it is awaited"]
pub struct WaitAll<R: Watch> {
    members: Vec<R>,
    targets: Targets<R::Status>,
    schedule: Schedule,
}

/// Waits until every member has one of the statuses, or has failed.
pub fn wait_all<R: Watch>(
    members: impl IntoIterator<Item = R>,
    targets: impl Into<Targets<R::Status>>,
) -> WaitAll<R> {
    let schedule = Schedule { limit: R::LIMIT, every: None };
    WaitAll { members: members.into_iter().collect(), targets: targets.into(), schedule }
}

impl<R: Watch + Clone + 'static> WaitAll<R> {
    /// How long to wait for all of them. The default stands with the resource as
    /// [`Watch::LIMIT`].
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.schedule.limit = limit;
        self
    }

    /// Looks in a fixed rhythm, give or take a tenth, instead of the growing one.
    pub fn every(mut self, interval: Duration) -> Self {
        self.schedule.every = Some(interval);
        self
    }

    async fn run(self) -> Report<R, R> {
        let (targets, schedule) = (self.targets, self.schedule);
        let all = self.members.len().max(1);
        let watched = batch(self.members, move |mut member: R| {
            let targets = targets.clone();
            async move {
                let wait = Wait { resource: &mut member, targets, schedule, listener: None };
                wait.await?;
                Ok(member)
            }
        });
        watched.concurrency(all).await
    }
}

impl<R: Watch + Clone + 'static> IntoFuture for WaitAll<R> {
    type Output = Report<R, R>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<R: Watch> std::fmt::Debug for WaitAll<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WaitAll")
            .field("members", &self.members.len())
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::sync::Mutex;

    use proptest::prelude::*;
    use tokio::time::sleep;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum State {
        Starting,
        Working,
        Ready,
        Broken,
    }
    use State::{Broken, Ready, Starting, Working};

    impl fmt::Display for State {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{self:?}")
        }
    }

    impl Status for State {
        fn phase(&self) -> Phase {
            match self {
                Starting | Working => Phase::Moving,
                Ready => Phase::Done,
                Broken => Phase::Failed,
            }
        }
    }

    type Script = dyn Fn(usize, Duration) -> Result<State> + Send + Sync;

    /// What is looked at: answers by the number of the look and the time since the beginning.
    #[derive(Clone)]
    struct Machine {
        script: Arc<Script>,
        /// How long a look takes.
        latency: Duration,
        began: Instant,
        /// When each look began.
        looks: Arc<Mutex<Vec<Duration>>>,
        history: Vec<State>,
        confirmed: Option<State>,
    }

    impl Machine {
        fn new(script: impl Fn(usize, Duration) -> Result<State> + Send + Sync + 'static) -> Self {
            Self {
                script: Arc::new(script),
                latency: Duration::ZERO,
                began: Instant::now(),
                looks: Arc::default(),
                history: Vec::new(),
                confirmed: None,
            }
        }

        /// Works for so long, then is ready.
        fn ready_after(time: Duration) -> Self {
            Self::new(move |_, waited| Ok(if waited < time { Working } else { Ready }))
        }

        fn never_ready() -> Self {
            Self::new(|_, _| Ok(Working))
        }

        fn wait(&mut self) -> Wait<'_, Self> {
            wait_for_status(self, Ready)
        }

        fn looks(&self) -> Vec<Duration> {
            self.looks.lock().unwrap().clone()
        }
    }

    impl fmt::Debug for Machine {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(&self.name())
        }
    }

    impl Watch for Machine {
        type Status = State;
        const LIMIT: Duration = Duration::from_secs(24 * 3600);

        fn name(&self) -> String {
            "machine 7".to_owned()
        }

        async fn look(&mut self, _limit: Duration) -> Result<State> {
            let began = self.began.elapsed();
            let number = {
                let mut looks = self.looks.lock().unwrap();
                looks.push(began);
                looks.len()
            };
            sleep(self.latency).await;
            let state = (self.script)(number, began)?;
            self.history.push(state);
            Ok(state)
        }

        fn has_been(&self, status: &State) -> bool {
            self.history.contains(status)
        }

        async fn confirm(&mut self, status: &State) -> Result<()> {
            self.confirmed = Some(*status);
            Ok(())
        }

        async fn reason(&mut self, _status: &State) -> Option<String> {
            Some("the belt broke".to_owned())
        }
    }

    fn unavailable() -> Error {
        Error::new(ErrorKind::Status, "the server answered 503").with_status(503)
    }

    /// The pauses between the looks.
    fn pauses(looks: &[Duration]) -> Vec<Duration> {
        looks.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_look_is_at_once_and_may_be_the_only_one() {
        let mut machine = Machine::ready_after(Duration::ZERO);
        machine.wait().await.unwrap();
        assert_eq!(machine.looks(), [Duration::ZERO]);
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_are_a_twentieth_of_the_time_waited_within_bounds_and_a_tenth() {
        let mut machine = Machine::ready_after(30 * MINUTE);
        machine.wait().await.unwrap();
        let looks = machine.looks();
        let mut off = 0;
        for (at, pause) in looks.iter().zip(pauses(&looks)) {
            let base = at.mul_f64(0.05).clamp(SHORTEST, LONGEST);
            // The timer counts in milliseconds and rounds up.
            let most = base.mul_f64(1.1) + Duration::from_millis(1);
            assert!(pause >= base.mul_f64(0.9) && pause <= most, "{pause:?} after {at:?}");
            off += usize::from(pause.abs_diff(base) > base / 50);
        }
        assert!(off > looks.len() / 2, "the pauses are not jittered");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_takes_a_known_number_of_looks_and_notices_the_end_soon() {
        for (lasts, expected) in [(3, 8), (60, 58), (600, 111), (7200, 552)] {
            let end = Duration::from_secs(lasts);
            let mut machine = Machine::ready_after(end);
            machine.wait().await.unwrap();
            let looks = machine.looks();
            let off = looks.len().abs_diff(expected);
            assert!(off <= expected / 20 + 1, "{} looks in {lasts} s", looks.len());
            let late = *looks.last().unwrap() - end;
            assert!(late <= end.mul_f64(0.06).clamp(SHORTEST, LONGEST).mul_f64(1.1), "{late:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_fixed_rhythm_stays_fixed_within_a_tenth() {
        let mut machine = Machine::ready_after(10 * MINUTE);
        machine.wait().every(Duration::from_secs(4)).await.unwrap();
        for pause in pauses(&machine.looks()) {
            assert!((3600..=4401).contains(&pause.as_millis()), "{pause:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_server_asks_for_wins_over_the_schedule() {
        let mut machine = Machine::new(|number, _| match number {
            2 => Err(unavailable().with_retry_after(Some(Duration::from_secs(40)))),
            4 => Ok(Ready),
            _ => Ok(Working),
        });
        machine.wait().await.unwrap();
        let pauses = pauses(&machine.looks());
        assert_eq!(pauses[1].as_secs(), 40);
        assert!(pauses[2] < Duration::from_secs(3), "the pause was for once: {pauses:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn absurd_durations_do_no_harm() {
        let forever = Duration::MAX;
        let mut machine = Machine::new(move |number, _| match number {
            1 => Err(unavailable().with_retry_after(Some(forever))),
            _ => Ok(Ready),
        });
        machine.wait().timeout(MINUTE).await.unwrap();
        assert_eq!(machine.looks()[1].as_secs(), 59);
        Machine::ready_after(MINUTE).wait().timeout(forever).await.unwrap();
        let mut idle = Machine::never_ready();
        idle.wait().every(forever).timeout(MINUTE).await.unwrap_err();
        assert_eq!(idle.looks().len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_look_is_shortly_before_the_deadline_and_may_succeed() {
        let mut machine = Machine::ready_after(Duration::from_secs(599));
        machine.wait().timeout(10 * MINUTE).await.unwrap();
        assert_eq!(machine.looks().last().unwrap().as_secs(), 599);
    }

    #[tokio::test(start_paused = true)]
    async fn a_missed_deadline_says_what_was_seen_last() {
        let error = Machine::never_ready().wait().timeout(MINUTE).await.unwrap_err();
        assert!(error.is_timeout() && !error.is_wait_failed());
        let text = error.to_string();
        assert!(
            text.starts_with("machine 7 was not `Ready` within 60 s; it was last seen as"),
            "{text}"
        );
        assert!(text.contains("`Working`") && text.contains("nothing was stopped"), "{text}");
        let mut dark = Machine::new(|_, _| Err(unavailable()));
        let text = dark.wait().timeout(MINUTE).await.unwrap_err().to_string();
        assert!(text.contains("never seen: the server answered 503"), "{text}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_deadline_is_kept_when_a_look_never_ends() {
        let mut machine = Machine::never_ready();
        machine.latency = FOREVER;
        let error = machine.wait().timeout(MINUTE).await.unwrap_err();
        assert!(error.is_timeout());
        assert!(machine.began.elapsed() <= MINUTE + Duration::from_millis(1));
        assert_eq!(machine.looks().len(), 1, "no look begins after the deadline");
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_ends_the_wait_at_once_with_its_reason() {
        let mut machine = Machine::new(|number, _| Ok(if number < 3 { Working } else { Broken }));
        let error = machine.wait().await.unwrap_err();
        assert!(error.is_wait_failed());
        assert_eq!(
            error.to_string(),
            "machine 7 ended as `Broken` and will not be `Ready`: the belt broke"
        );
        assert_eq!(machine.looks().len(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn an_end_from_which_the_target_cannot_come_ends_the_wait() {
        let mut machine = Machine::ready_after(Duration::ZERO);
        let error = wait_for_status(&mut machine, [Broken, Working]).await.unwrap_err();
        assert!(error.is_wait_failed());
        assert!(error.to_string().contains("will not be `Broken` or `Working`"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_that_was_asked_for_is_reached() {
        let mut machine = Machine::new(|_, _| Ok(Broken));
        wait_for_status(&mut machine, [Ready, Broken]).await.unwrap();
        assert_eq!(machine.confirmed, Some(Broken));
    }

    #[tokio::test(start_paused = true)]
    async fn a_status_that_was_passed_between_two_looks_is_reached_and_is_what_gets_confirmed() {
        let mut machine = Machine::new(|_, _| Ok(Broken));
        machine.history = vec![Starting, Working];
        wait_for_status(&mut machine, Working).await.unwrap();
        assert_eq!(machine.confirmed, Some(Working));
    }

    #[tokio::test(start_paused = true)]
    async fn events_come_before_the_pause_that_they_announce() {
        let (told, began) = (Arc::new(Mutex::new(Vec::new())), Instant::now());
        let heard = told.clone();
        let mut machine = Machine::new(|number, _| match number {
            1 => Ok(Starting),
            2 => Err(unavailable()),
            3 => Ok(Working),
            _ => Ok(Ready),
        });
        let wait = machine.wait().on_event(move |event| {
            heard.lock().unwrap().push((began.elapsed(), event.clone()));
        });
        wait.await.unwrap();
        let looks = machine.looks();
        let told = told.lock().unwrap();
        assert!(told.iter().map(|(at, _)| *at).eq(looks.iter().copied()), "{told:?} {looks:?}");
        let kinds: Vec<_> = told
            .iter()
            .map(|(_, event)| match event {
                Event::Status { status, next, .. } => (status.as_str(), next.is_some()),
                Event::Trouble { in_a_row, .. } => ("trouble", *in_a_row == 1),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            kinds,
            [("Starting", true), ("trouble", true), ("Working", true), ("Ready", false)]
        );
        let Event::Status { next: Some(next), .. } = &told[0].1 else { panic!("{told:?}") };
        // The timer counts in milliseconds and rounds up.
        let late = looks[1] - looks[0] - *next;
        assert!(late <= Duration::from_millis(1), "{late:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_is_bridged_for_a_quarter_of_an_hour_and_not_longer() {
        let down = |from: u64, to: u64| {
            Machine::new(move |_, waited| match waited.as_secs() {
                now if now < from => Ok(Working),
                now if now < to => Err(unavailable()),
                _ => Ok(Ready),
            })
        };
        down(60, 60 + 14 * 60).wait().await.unwrap();
        let error = down(60, 60 + 60 * 60).wait().await.unwrap_err();
        assert_eq!(error.status(), Some(503));
        assert!(error.to_string().contains("the wait for machine 7 ended after"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_that_will_not_pass_ends_the_wait_at_once() {
        let missing = |_, _| Err(Error::new(ErrorKind::Status, "not found").with_status(404));
        let mut machine = Machine::new(missing);
        assert!(machine.wait().await.unwrap_err().is_not_found());
        assert_eq!(machine.looks().len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_wait_looks_no_more() {
        let mut machine = Machine::never_ready();
        let (looks, all) = (machine.looks.clone(), machine.looks.clone());
        let dropped = tokio::time::timeout(MINUTE, machine.wait().into_future()).await;
        assert!(dropped.is_err());
        let before = looks.lock().unwrap().len();
        sleep(60 * MINUTE).await;
        assert_eq!(all.lock().unwrap().len(), before);
    }

    #[tokio::test(start_paused = true)]
    async fn a_group_has_one_deadline_and_gives_every_member_back() {
        let began = Instant::now();
        let machines = [
            Machine::ready_after(30 * MINUTE),
            Machine::never_ready(),
            Machine::new(|_, _| Ok(Broken)),
            Machine::ready_after(Duration::ZERO),
        ];
        let report = wait_all(machines, Ready).timeout(40 * MINUTE).await;
        assert_eq!(began.elapsed().as_secs().div_ceil(60), 40);
        let places = |at: usize| report.done[at].0;
        assert_eq!((report.done.len(), places(0), places(1)), (2, 0, 3));
        let failed: Vec<_> = report.failed.iter().map(|f| (f.index, f.error.kind())).collect();
        assert_eq!(failed, [(1, ErrorKind::Timeout), (2, ErrorKind::Failed)]);
        assert_eq!(report.failed[1].input.name(), "machine 7");
    }

    proptest! {
        #[test]
        fn no_look_begins_after_the_deadline_and_no_wait_outlasts_it(
            limit in 1u64..10_000_000,
            latency in prop_oneof![Just(0u64), 0..100_000u64],
            every in prop::option::of(1u64..1_000_000),
            failing in prop::option::of(0u64..10_000_000),
            asked in prop::option::of(0u64..100_000),
        ) {
            let milliseconds = Duration::from_millis;
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()
                .unwrap();
            let (looks, elapsed) = runtime.block_on(async {
                let mut machine = Machine::new(move |_, waited| match failing {
                    Some(from) if waited >= milliseconds(from) => {
                        Err(unavailable().with_retry_after(asked.map(milliseconds)))
                    }
                    _ => Ok(Working),
                });
                machine.latency = milliseconds(latency);
                let mut wait = machine.wait().timeout(milliseconds(limit));
                wait.schedule.every = every.map(|every| milliseconds(every.max(limit / 1000)));
                assert!(wait.await.is_err());
                (machine.looks(), machine.began.elapsed())
            });
            prop_assert_eq!(looks[0], Duration::ZERO);
            prop_assert!(looks.iter().all(|at| *at < milliseconds(limit)), "{:?} in {}", looks, limit);
            prop_assert!(elapsed <= milliseconds(limit + 1));
        }
    }
}
