//! The course of one download: what is left, the first answer, all parts, the checksum, the name.

use std::sync::{Arc, Mutex};

use tokio::sync::Semaphore;

use super::digest::Digest;
use super::download::{Downloaded, Settings};
use super::fetch::{Fetcher, Opened, Stop, Tries};
use super::hasher::Memory;
use super::head::Head;
use super::journal::Header;
use super::meter::Meter;
use super::pipeline::{Hashing, Pipeline};
use super::plan::{PartSet, Plan};
use super::remote::{Checksum, Remote};
use super::source::Source;
use super::stage::{Found, SharedStage, Stage, VERSION, on_stage};
use super::target::Target;
use super::work::Work;
use crate::blocking::blocking;
use crate::error::{Error, ErrorKind, Result};
use crate::progress::Listener;

/// One download with all that it needs.
pub(super) struct Run<S> {
    pub(super) source: Arc<S>,
    pub(super) remote: Remote,
    pub(super) target: Target,
    pub(super) settings: Settings,
    pub(super) connections: Arc<Semaphore>,
    pub(super) memory: Arc<Memory>,
    pub(super) meter: Arc<Meter>,
}

/// What is learned on the way.
#[derive(Default)]
pub(super) struct State {
    etag: Option<String>,
    /// The server does not serve ranges.
    whole: bool,
    /// Bytes of the present version were received, so that another version is a change.
    received: bool,
    restarted: bool,
    pub(super) rounds: u32,
    resumed: u64,
    pub(super) repaired: u64,
}

/// A pass that received everything.
pub(super) struct Complete {
    pub(super) size: u64,
    pub(super) checksum: Option<Checksum>,
    /// The bytes that were right can be told from those that were not, range by range.
    pub(super) in_ranges: bool,
}

/// What a pass begins with.
struct Start {
    plan: Plan,
    header: Header,
    found: Found,
}

impl<S: Source> Run<S> {
    pub(super) async fn run(&self, listener: &mut Option<Listener>) -> Result<Downloaded> {
        let name = Arc::from(self.target.name());
        self.meter.watch(name, listener, self.download()).await
    }

    async fn download(&self) -> Result<Downloaded> {
        if let Some(done) = self.existing().await? {
            return Ok(done);
        }
        match self.fetched().await {
            // An earlier download that was dropped may have put it there meanwhile.
            Err(error) if error.kind() == ErrorKind::InvalidInput => {
                self.existing().await?.ok_or(error)
            }
            done => done,
        }
    }

    async fn fetched(&self) -> Result<Downloaded> {
        let (target, overwrite) = (self.target.clone(), self.settings.overwrite);
        let stage = blocking(move |_| Stage::open(&target, overwrite)).await?;
        let stage = Arc::new(Mutex::new(stage));
        let mut state = State::default();
        let complete = self.complete(&stage, &mut state).await;
        let complete = complete.map_err(|error| self.explained(error))?;
        let settings = self.settings;
        on_stage(&stage, move |stage, _| stage.publish(settings.overwrite, settings.sync)).await?;
        tracing::debug!(path = %self.target.path.display(), bytes = complete.size, "downloaded");
        Ok(Downloaded {
            path: self.target.path.clone(),
            bytes: complete.size,
            checksum: complete.checksum,
            resumed_bytes: state.resumed,
            repaired_parts: state.repaired,
        })
    }

    /// Passes until one ends with the right bytes.
    async fn complete(&self, stage: &SharedStage, state: &mut State) -> Result<Complete> {
        let mut tries = Tries::new();
        loop {
            let stop = match self.pass(stage, state).await {
                Ok(complete) => match self.verified(complete, stage, state).await {
                    Ok(complete) => return Ok(complete),
                    Err(stop) => stop,
                },
                Err(stop) => stop,
            };
            match stop {
                Stop::NoRanges => state.whole = true,
                Stop::Changed => self.start_over(stage, state).await?,
                Stop::Final(error) => return Err(error),
                other => match tries.after(other).await {
                    Err(Stop::Final(error)) => return Err(error),
                    Err(_) => return Err(Error::protocol("the download ended without its bytes")),
                    Ok(()) => on_stage(stage, |stage, _| stage.discard()).await?,
                },
            }
        }
    }

    /// The file is another one than at the beginning.
    async fn start_over(&self, stage: &SharedStage, state: &mut State) -> Result<()> {
        if state.received && std::mem::replace(&mut state.restarted, true) {
            return Err(Error::protocol(
                "the file changes on the server faster than it can be downloaded",
            ));
        }
        tracing::warn!(name = self.remote.name, "the file has changed, starting over");
        state.etag = None;
        state.resumed = 0;
        on_stage(stage, |stage, _| stage.discard()).await
    }

    /// Receives everything that is not there yet.
    pub(super) async fn pass(
        &self,
        stage: &SharedStage,
        state: &mut State,
    ) -> Result<Complete, Stop> {
        let leftover = self.leftover(stage).await?;
        if let Some(start) = &leftover {
            state.etag = start.header.etag.clone();
            state.resumed = start.found.finished.bytes(&start.plan);
        }
        let size = leftover.as_ref().map(|start| start.plan.size()).or(self.remote.size);
        let mut fetcher = self.fetcher(size, state);
        let next = self.next_range(size, leftover.as_ref())?;
        let opened = match &next {
            None => None,
            Some(range) => {
                // A file of one part is asked for without a range.
                let all =
                    *range == (0..size.unwrap_or(u64::MAX)) || state.whole && range.start == 0;
                Some(fetcher.probe((!all).then(|| range.clone())).await?)
            }
        };
        if let Some(opened) = &opened {
            fetcher.whole |= matches!(opened.head, Head::Whole { .. });
            fetcher.size = size.or(opened.head.size());
            fetcher.etag = state.etag.take().or(opened.etag.clone());
            state.etag = fetcher.etag.clone();
            state.received = true;
        }
        let known = if opened.is_some() { fetcher.size } else { Some(size.unwrap_or(0)) };
        let start = match leftover {
            Some(start) => start,
            None => self.begin(stage, known, state.etag.clone()).await?,
        };
        self.receive(stage, start, &fetcher, opened).await
    }

    pub(super) fn fetcher(&self, size: Option<u64>, state: &State) -> Fetcher<S> {
        Fetcher {
            source: self.source.clone(),
            connections: self.connections.clone(),
            size,
            etag: state.etag.clone(),
            whole: state.whole,
        }
    }

    /// The first range to ask for; `None` when nothing is missing.
    fn next_range(
        &self,
        size: Option<u64>,
        leftover: Option<&Start>,
    ) -> Result<Option<std::ops::Range<u64>>> {
        let Some(size) = size else { return Ok(Some(0..self.settings.part_size)) };
        let plan = Plan::new(size, self.settings.part_size)?;
        let nothing = PartSet::default();
        let finished = leftover.map_or(&nothing, |start| &start.found.finished);
        Ok(finished.next_missing(0, &plan).map(|part| plan.range(part)))
    }

    /// What an earlier download left of the same file, checked.
    async fn leftover(&self, stage: &SharedStage) -> Result<Option<Start>> {
        let expected = self.header(self.remote.size.unwrap_or(0), None);
        let size = self.remote.size;
        let digest = self.digest();
        on_stage(stage, move |stage, cancelled| {
            let fits = |header: &Header| {
                header.version == expected.version
                    && header.part_size == expected.part_size
                    && header.checksum == expected.checksum
                    && size.is_none_or(|size| size == header.size)
                    && (header.etag.is_some() || header.checksum.is_some())
            };
            let Some((header, records)) = stage.leftover(fits)? else { return Ok(None) };
            let plan = Plan::new(header.size, header.part_size)?;
            let found = stage.check(&plan, &records, digest, cancelled)?;
            Ok(Some(Start { plan, header, found }))
        })
        .await
    }

    /// Begins with nothing: reserves the room if the size is known.
    async fn begin(
        &self,
        stage: &SharedStage,
        size: Option<u64>,
        etag: Option<String>,
    ) -> Result<Start> {
        let plan = match size {
            Some(size) => Plan::new(size, self.settings.part_size)?,
            None => Plan::endless(),
        };
        let header = self.header(plan.size(), etag);
        let written = header.clone();
        on_stage(stage, move |stage, _| stage.begin(&written, size)).await?;
        let found = Found { finished: PartSet::default(), digest: self.digest(), front: 0 };
        Ok(Start { plan, header, found })
    }

    fn header(&self, size: u64, etag: Option<String>) -> Header {
        Header {
            version: VERSION,
            size,
            part_size: self.settings.part_size,
            etag,
            checksum: self.remote.checksum.as_ref().map(Checksum::to_string),
        }
    }

    pub(super) fn digest(&self) -> Option<Digest> {
        let checksum = self.remote.checksum.as_ref();
        let checksum = checksum.filter(|_| self.settings.verify)?;
        Some(Digest::new(checksum.algorithm()))
    }

    /// Fetches what is missing through the pipeline.
    async fn receive(
        &self,
        stage: &SharedStage,
        start: Start,
        fetcher: &Fetcher<S>,
        opened: Option<Opened>,
    ) -> Result<Complete, Stop> {
        let Start { plan, found, .. } = start;
        let finished = found.finished;
        let endless = plan == Plan::endless();
        let total = if endless { 0 } else { plan.size() };
        self.meter.start(finished.bytes(&plan), total);
        let hashing = found.digest.map(|digest| Hashing {
            digest,
            front: found.front,
            memory: self.memory.clone(),
        });
        let connections = self.settings.parallel;
        let pipeline = Pipeline::start(
            stage.clone(),
            plan,
            &finished,
            hashing,
            connections,
            self.settings.sync,
            self.meter.clone(),
        );
        let work = Work { fetcher, pipeline: &pipeline, plan, finished: &finished };
        let outcome = match opened {
            None => Ok(plan.size()),
            Some(opened) if endless => work.endless(opened).await,
            Some(opened) if fetcher.whole => work.stream(opened).await,
            Some(opened) => work.parts(opened, connections).await,
        };
        let written = pipeline.finish().await;
        let (size, checksum) = (outcome, written).both()?;
        Ok(Complete { size, checksum, in_ranges: !fetcher.whole })
    }

    /// A file under the final name that is what would be downloaded.
    async fn existing(&self) -> Result<Option<Downloaded>> {
        let (true, Some(checksum), Some(size)) =
            (self.settings.keep_existing, self.remote.checksum.clone(), self.remote.size)
        else {
            return Ok(None);
        };
        let path = self.target.path.clone();
        let same = blocking(move |stop| super::existing::is_same(&path, size, &checksum, stop));
        if !same.await? {
            return Ok(None);
        }
        self.meter.start(size, size);
        Ok(Some(Downloaded {
            path: self.target.path.clone(),
            bytes: size,
            checksum: self.remote.checksum.clone(),
            resumed_bytes: size,
            repaired_parts: 0,
        }))
    }

    /// Says which file it was, and what is left of it.
    fn explained(&self, error: Error) -> Error {
        let part = &self.target.part;
        if error.kind() == ErrorKind::Integrity {
            return error;
        }
        let path = self.target.path.display();
        if part.exists() {
            let part = part.display();
            return error.with_advice(format!(
                "`{path}` is incomplete; `{part}` keeps what arrived, and the same download goes \
                 on from there"
            ));
        }
        error.with_advice(format!("`{path}` was not downloaded"))
    }
}

/// What went wrong on disk explains best why a fetch ended.
trait Both<A, B> {
    fn both(self) -> Result<(A, B), Stop>;
}

impl<A, B> Both<A, B> for (Result<A, Stop>, Result<B>) {
    fn both(self) -> Result<(A, B), Stop> {
        match self {
            (Ok(a), Ok(b)) => Ok((a, b)),
            (_, Err(error)) => Err(Stop::Final(error)),
            (Err(stop), Ok(_)) => Err(stop),
        }
    }
}
