//! One connection, from its acceptance to its end.

use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::Shared;
use super::exchange::Exchange;
use super::line::{Ending, Line};
use super::wire::Wire;

/// Serves requests until the client leaves or something ends the connection.
pub(super) async fn drive(
    stream: TcpStream,
    shared: Arc<Shared>,
    at_storage: bool,
    mut resets: watch::Receiver<()>,
) {
    let _ = stream.set_nodelay(true);
    let line = Arc::new(Line::default());
    let exchange = Exchange { shared, line: line.clone(), at_storage };
    let service = service_fn(move |incoming| exchange.clone().serve(incoming));
    let socket = TokioIo::new(Wire::new(stream, line.clone()));
    let mut connection =
        http1::Builder::new().title_case_headers(true).serve_connection(socket, service);
    let ending = tokio::select! {
        biased;
        ending = line.ended() => ending,
        _ = resets.changed() => Ending::Reset,
        _ = &mut connection => return,
    };
    // Drops a request that is still being answered, which puts it on record.
    let socket = connection.into_parts().io.into_inner();
    socket.finish(ending).await;
}
