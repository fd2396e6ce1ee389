use std::fmt;
use std::sync::Mutex;

use proptest::prelude::*;
use tokio::time::sleep;

use super::schedule::{FOREVER, LONGEST, SHORTEST};
use super::*;
use crate::error::{Error, ErrorKind};
use std::sync::Arc;

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

    fn gone(&self, failed_look: &Error) -> Option<State> {
        failed_look.is_not_found().then_some(Broken)
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
    assert_eq!(kinds, [("Starting", true), ("trouble", true), ("Working", true), ("Ready", false)]);
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
async fn what_is_gone_has_the_status_that_stands_for_it_and_no_other() {
    let missing = || Error::new(ErrorKind::Status, "the server answered 404").with_status(404);
    let mut machine =
        Machine::new(move |look, _| if look < 3 { Ok(Working) } else { Err(missing()) });
    wait_for_status(&mut machine, [Ready, Broken]).await.unwrap();
    assert_eq!((machine.looks().len(), machine.confirmed), (3, Some(Broken)));
    let error = machine.wait().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_nothing_is_refused() {
    let mut machine = Machine::ready_after(Duration::ZERO);
    let error = wait_for_status(&mut machine, []).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(machine.looks().is_empty());
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
