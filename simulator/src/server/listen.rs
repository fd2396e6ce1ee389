//! The thread of a simulator: its listeners and the loop that accepts connections.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use super::connection::drive;
use super::{Command, Shared};

/// Pending connections; a benchmark opens hundreds at once.
const BACKLOG: u32 = 4096;
/// The wait before a failed bind or accept is tried again.
const PAUSE: Duration = Duration::from_millis(5);

/// Told once the simulator accepts connections, with the addresses in the order of the request.
pub(crate) type Ready = oneshot::Sender<io::Result<(Vec<SocketAddr>, Arc<Shared>)>>;

/// Binds, builds the platform and serves until told to stop.
pub(crate) fn run(
    addresses: Vec<SocketAddr>,
    build: impl FnOnce(&[SocketAddr]) -> Arc<Shared>,
    inbox: mpsc::UnboundedReceiver<Command>,
    ready: Ready,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(ready.send(Err(error))),
    };
    runtime.block_on(async {
        match bind_all(&addresses) {
            Err(error) => drop(ready.send(Err(error))),
            Ok((listeners, bound)) => {
                let shared = build(&bound);
                let _ = ready.send(Ok((bound, shared.clone())));
                accept(listeners, shared, inbox).await;
            }
        }
    });
    // A digest that is still being computed must not hold up the end.
    runtime.shutdown_background();
}

fn bind_all(addresses: &[SocketAddr]) -> io::Result<(Vec<TcpListener>, Vec<SocketAddr>)> {
    let listeners =
        addresses.iter().map(|&address| bind(address)).collect::<io::Result<Vec<_>>>()?;
    let bound = listeners.iter().map(TcpListener::local_addr).collect::<io::Result<Vec<_>>>()?;
    Ok((listeners, bound))
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

async fn accept(
    mut listeners: Vec<TcpListener>,
    shared: Arc<Shared>,
    mut inbox: mpsc::UnboundedReceiver<Command>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = next(&listeners) => match accepted {
                Ok((stream, at_storage)) => {
                    let resets = shared.resets.subscribe();
                    connections.spawn(drive(stream, shared.clone(), at_storage, resets));
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            },
            _ = connections.join_next(), if !connections.is_empty() => {}
            command = inbox.recv() => match command {
                Some(Command::Refuse(time, done)) => match refuse(listeners, &mut connections, &shared, (time, done), &mut inbox).await {
                    Some(reopened) => listeners = reopened,
                    None => return,
                },
                Some(Command::Shutdown) | None => return,
            },
        }
    }
}

/// The next connection and whether it came in at the storage port.
async fn next(listeners: &[TcpListener]) -> io::Result<(TcpStream, bool)> {
    poll_fn(|cx| {
        for (index, listener) in listeners.iter().enumerate() {
            if let Poll::Ready(accepted) = listener.poll_accept(cx) {
                return Poll::Ready(accepted.map(|(stream, _)| (stream, index > 0)));
            }
        }
        Poll::Pending
    })
    .await
}

/// Closes the ports for a while; `None` when told to stop meanwhile.
async fn refuse(
    listeners: Vec<TcpListener>,
    connections: &mut JoinSet<()>,
    shared: &Shared,
    (time, done): (Duration, Option<oneshot::Sender<()>>),
    inbox: &mut mpsc::UnboundedReceiver<Command>,
) -> Option<Vec<TcpListener>> {
    let addresses: Vec<_> =
        listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect();
    drop(listeners);
    shared.resets.send_replace(());
    while connections.join_next().await.is_some() {}
    done.map(|done| done.send(()));
    let mut wait = time;
    loop {
        match tokio::time::timeout(wait, inbox.recv()).await {
            Ok(Some(Command::Refuse(longer, done))) => {
                done.map(|done| done.send(()));
                wait = longer;
                continue;
            }
            Ok(_) => return None,
            Err(_) => wait = PAUSE,
        }
        if let Ok((listeners, _)) = bind_all(&addresses) {
            return Some(listeners);
        }
    }
}
