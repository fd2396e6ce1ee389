//! The socket of a connection: limits its speed and tells when everything is sent.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::line::{Ending, Line};

/// A limited connection sends in bursts of what fits into this time.
const BURST: Duration = Duration::from_millis(20);

/// A TCP stream under the control of its [`Line`].
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    line: Arc<Line>,
    /// When the bytes written so far are paid for.
    paid: Instant,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, line: Arc<Line>) -> Self {
        Self { stream, line, paid: Instant::now(), sleep: None }
    }

    pub(super) async fn finish(mut self, ending: Ending) {
        match ending {
            Ending::Reset => {
                let _ = self.stream.set_zero_linger();
            }
            Ending::Close => {}
            Ending::Raw(bytes) => {
                let _ = self.stream.write_all(&bytes).await;
                let _ = self.stream.shutdown().await;
            }
        }
    }

    /// How many bytes may be written now under this rate.
    fn poll_allowance(&mut self, rate: u64, cx: &mut Context<'_>) -> Poll<usize> {
        if let Some(sleep) = &mut self.sleep {
            ready!(sleep.as_mut().poll(cx));
            self.sleep = None;
        }
        let now = Instant::now();
        self.paid = self.paid.max(now - BURST);
        if self.paid > now {
            let sleep = self.sleep.insert(Box::pin(tokio::time::sleep_until(self.paid)));
            ready!(sleep.as_mut().poll(cx));
            self.sleep = None;
        }
        Poll::Ready((rate as f64 * BURST.as_secs_f64()).max(1.0) as usize)
    }

    fn poll_limited(
        &mut self,
        rate: u64,
        buffer: &[u8],
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let allowance = ready!(self.poll_allowance(rate, cx)).min(buffer.len());
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &buffer[..allowance]))?;
        self.paid += Duration::from_secs_f64(written as f64 / rate as f64);
        Poll::Ready(Ok(written))
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.line.rate() {
            0 => Pin::new(&mut self.stream).poll_write(cx, buffer),
            rate => self.poll_limited(rate, buffer, cx),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.line.rate() {
            0 => Pin::new(&mut self.stream).poll_write_vectored(cx, buffers),
            rate => {
                let first = buffers
                    .iter()
                    .find(|buffer| !buffer.is_empty())
                    .map_or(&[][..], |buffer| &**buffer);
                self.poll_limited(rate, first, cx)
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        self.line.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
