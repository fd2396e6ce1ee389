//! Servers and applications by their place, and the commands that both take.

use std::collections::BTreeMap;

use super::capacity::Slot;
use super::errors;
use super::inferred;
use super::instance::{Ending, Instance};
use super::server::Server;
use super::state::{Place, State};
use crate::clock::Moment;
use crate::http::Reply;

/// A kind of thing with a life.
pub(super) trait Kind: Sized {
    /// What errors call it.
    const NAME: &'static str;
    /// Whether it is refused without capacity; else it is taken, and fails.
    const NEEDS_CAPACITY: bool;

    fn instance(&self) -> &Instance;
    fn instance_mut(&mut self) -> &mut Instance;
    fn all(state: &State) -> &Running<Self>;
    fn all_mut(state: &mut State) -> &mut Running<Self>;
}

/// All things of a kind. What is gone cannot be seen any more.
#[derive(Debug)]
pub(super) struct Running<K>(BTreeMap<Place, K>);

impl<K> Default for Running<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Kind> Running<K> {
    pub(super) fn get(&self, place: &Place, now: Moment) -> Result<&K, Box<Reply>> {
        let found = self.0.get(place).filter(|one| !one.instance().is_gone(now));
        found.ok_or_else(|| errors::not_found(K::NAME, &place.id))
    }

    fn get_mut(&mut self, place: &Place, now: Moment) -> Result<&mut K, Box<Reply>> {
        let found = self.0.get_mut(place).filter(|one| !one.instance().is_gone(now));
        found.ok_or_else(|| errors::not_found(K::NAME, &place.id))
    }

    pub(super) fn iter(&self, now: Moment) -> impl Iterator<Item = (&Place, &K)> {
        self.0.iter().filter(move |(_, one)| !one.instance().is_gone(now))
    }

    /// Refuses a name that is taken.
    pub(super) fn demand_free(&self, place: &Place, now: Moment) -> Result<(), Box<Reply>> {
        match self.get(place, now) {
            Ok(_) => Err(errors::duplicate(K::NAME, &place.id)),
            Err(_) => Ok(()),
        }
    }

    /// Forgets what is gone, too.
    pub(super) fn insert(&mut self, place: Place, one: K, now: Moment) {
        self.0.retain(|_, one| !one.instance().is_gone(now));
        self.0.insert(place, one);
    }
}

/// What can be done to everything with a life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Start,
    Stop,
    Destroy,
}

impl Command {
    /// Carries it out and tells the status to answer with.
    pub(super) fn run<K: Kind>(
        self,
        server: &Server,
        state: &mut State,
        place: &Place,
    ) -> Result<Option<String>, Box<Reply>> {
        let time = server.time();
        let instance = K::all(state).get(place, time.now)?.instance();
        let ending = match self == Self::Start && instance.can_start(time.now) {
            true => ending::<K>(server, state, &instance.slot, &place.id)?,
            false => None,
        };
        let instance = K::all_mut(state).get_mut(place, time.now)?.instance_mut();
        let changed = match self {
            Self::Start => instance.start(ending.as_ref(), time),
            Self::Stop => instance.stop(time),
            Self::Destroy => instance.destroy(time),
        };
        let status = instance.status(time.now);
        match (changed, server.options.strict_states) {
            (true, _) => Ok(Some(inferred::COMMANDED.to_owned())),
            (false, false) => Ok(status.map(str::to_owned)),
            (false, true) => {
                let status = status.unwrap_or_default();
                Err(errors::user_facing(&inferred::wrong_state(K::NAME, &place.id, status)))
            }
        }
    }
}

/// How the next start ends, if not well; or the refusal when there is nothing left to start on.
pub(super) fn ending<K: Kind>(
    server: &Server,
    state: &State,
    slot: &Slot,
    name: &str,
) -> Result<Option<Ending>, Box<Reply>> {
    if slot.free(&server.options, state, server.now()) > 0 {
        return Ok(server.ending(name).cloned());
    }
    match K::NEEDS_CAPACITY {
        true => Err(errors::no_capacity(slot.hardware.name, &slot.cluster)),
        false => {
            let reason = inferred::no_capacity(slot.hardware.package, &slot.cluster);
            Ok(Some(Ending { name: name.to_owned(), status: "FAILED".to_owned(), reason }))
        }
    }
}
