//! Pausing, resuming, stopping and restarting a cluster.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;

use super::Cluster;
use crate::bodo::ClusterStatus::{
    self, Failed, Initializing, Inprogress, New, Other, Paused, Pausing, Running, Stopped,
    Stopping, Terminated,
};
use crate::error::{Error, Result};
use crate::wait::{Afterwards, Watch, afterwards_setters};

/// What a cluster can be told to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verb {
    Pause,
    Resume,
    Stop,
    Restart,
}

impl Verb {
    /// The status that it leads to.
    pub(super) fn end(self) -> ClusterStatus {
        match self {
            Self::Pause => Paused,
            Self::Stop => Stopped,
            Self::Resume | Self::Restart => Running,
        }
    }
}

/// A command to a cluster; `.await` gives it and gives the cluster back, before the command has
/// worked unless [`wait`](CommandCluster::wait) is set.
///
/// Whether it makes sense is judged by the status as it is just before; commands that would do
/// nothing are not sent. What the platform refuses all the same, because the status changed
/// meanwhile, is an error with its message ([`is_conflict`](Error::is_conflict)).
#[must_use = "nothing is done until it is awaited"]
pub struct CommandCluster<'a> {
    cluster: &'a mut Cluster,
    verb: Verb,
    afterwards: Afterwards,
}

impl<'a> CommandCluster<'a> {
    pub(super) fn new(cluster: &'a mut Cluster, verb: Verb) -> Self {
        Self { cluster, verb, afterwards: Afterwards::default() }
    }

    afterwards_setters! {
        /// Waits until the cluster is where the command leads: `PAUSED`, `STOPPED` or `RUNNING`.
        wait, at most "30 minutes"
    }

    async fn run(self) -> Result<&'a mut Cluster> {
        let Self { cluster, verb, afterwards } = self;
        if let Some(verb) = needed(cluster, verb).await? {
            send(cluster, verb).await?;
        }
        afterwards.reach(cluster, verb.end()).await?;
        Ok(cluster)
    }
}

/// What has to be sent, if anything.
async fn needed(cluster: &mut Cluster, verb: Verb) -> Result<Option<Verb>> {
    let status = cluster.status().await?;
    let spot = cluster.data().and_then(|data| data.use_spot_instance) == Some(true);
    let refuse = |why: &str| Err(Error::invalid(format!("{} {why}", Watch::name(cluster))));
    let cannot = |participle: &str, advice: &str| {
        refuse(&format!("is `{status}` and cannot be {participle}: {advice}"))
    };
    match (verb, &status) {
        (_, Terminated) => refuse("is `TERMINATED` and takes no commands: create another one"),
        (Verb::Pause, _) if spot => refuse("has spot instances and cannot be paused: `stop` it"),
        (Verb::Pause, Paused | Pausing) | (Verb::Stop, Stopped | Stopping) => Ok(None),
        (Verb::Resume, Running | Initializing | Inprogress | New) => Ok(None),
        (Verb::Pause, Running | Initializing | Other(_)) => Ok(Some(Verb::Pause)),
        (Verb::Pause, _) => cannot("paused", "it has to be `RUNNING` or `INITIALIZING`"),
        (Verb::Resume, Paused | Other(_)) => Ok(Some(Verb::Resume)),
        (Verb::Resume, Stopped) => Ok(Some(Verb::Restart)),
        (Verb::Resume, Failed) => cannot("resumed", "`restart` it, or `delete` it"),
        (Verb::Resume, _) => cannot("resumed", "wait until it is `PAUSED` or `STOPPED`"),
        (Verb::Stop | Verb::Restart, _) => Ok(Some(verb)),
    }
}

async fn send(cluster: &mut Cluster, verb: Verb) -> Result<()> {
    let session = &cluster.workspace().session;
    let (raw, id) = (&session.raw, cluster.target()?);
    let answer = match verb {
        Verb::Pause => session.call(raw.pause_cluster().cluster(id).send()).await,
        Verb::Resume => session.call(raw.resume_cluster().cluster(id).send()).await,
        Verb::Stop => session.call(raw.stop_cluster().cluster(id).send()).await,
        Verb::Restart => session.call(raw.restart_cluster().cluster(id).send()).await,
    };
    let answer = answer?;
    cluster.commanded();
    cluster.keep(answer);
    Ok(())
}

impl<'a> IntoFuture for CommandCluster<'a> {
    type Output = Result<&'a mut Cluster>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for CommandCluster<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandCluster")
            .field("cluster", self.cluster.id())
            .field("verb", &self.verb)
            .finish_non_exhaustive()
    }
}
