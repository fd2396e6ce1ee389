//! Batches: records are pushed in chunks, computed by the clock, and pulled.

mod chunk;
mod config;
mod life;
mod overview;
mod pipeline;
mod store;
mod view;

use hyper::StatusCode;

use super::execute::locate_v4;
use super::server::{self, Server};
use super::tenant::lock;
use super::{errors, inferred};
use crate::clock::Moment;
use crate::http::{Answer, Call, Outcome, Reply};
use chunk::Chunk;
use config::Config;
use life::{Batch, Refusal};

pub use life::Tally;
pub(super) use overview::describe;
pub(super) use store::Batches;

/// Larger pushes are read off the server's thread.
const LARGE: usize = 1 << 18;

/// Does something with the batch that the path names, as of now.
fn with<T>(
    server: &Server,
    call: &Call<'_>,
    act: impl FnOnce(&mut Batch, Moment) -> T,
) -> Result<T, Box<Reply>> {
    let batch = server.tenant(call.request)?.batches.find(call.param(1))?;
    let (now, mut batch) = (server.now(), lock(&batch));
    batch.advance(now);
    Ok(act(&mut batch, now))
}

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let body = server::json(call)?;
    let text = |name: &str| body[name].as_str();
    let named = (text("service"), text("version_id"));
    let service = locate_v4(server, call.request, named, text("version_by_timestamp"))?;
    let (now, options) = (server.now(), &server.options);
    let settings = (server.ids.next(), service, Config::read(&body, options)?);
    let batch = Batch::new(settings, (options.rate, options.idle_timeout, server.world.pace), now);
    let reply = Reply::ok(&batch.object(now));
    server.tenant(call.request)?.batches.add(batch, now);
    Ok(reply)
}

pub(super) fn details(server: &Server, call: &Call<'_>) -> Outcome {
    with(server, call, |batch, now| Reply::ok(&batch.details(now)))
}

pub(super) fn status(server: &Server, call: &Call<'_>) -> Outcome {
    with(server, call, |batch, now| Reply::ok(&batch.status(now)))
}

/// Closes or cancels a batch.
pub(super) fn change(server: &Server, call: &Call<'_>) -> Outcome {
    let body = server::json(call)?;
    let act = match body["batch_status"].as_str() {
        Some("closed") => Batch::close,
        Some("cancelled") => Batch::cancel,
        _ => {
            let message = "batch_status is closed or cancelled";
            return Err(errors::input(inferred::INVALID_BATCH_STATUS, message));
        }
    };
    with(server, call, |batch, now| match act(batch, now) {
        true => Ok(Reply::ok(&batch.object(now))),
        false => Err(not_open(batch)),
    })?
}

pub(super) fn push<'a>(server: &'a Server, call: Call<'a>) -> Answer<'a> {
    Box::pin(async move { take_in(server, call).await.unwrap_or_else(|error| *error) })
}

async fn take_in(server: &Server, mut call: Call<'_>) -> Outcome {
    call.body = server.body(call.request).await?;
    let chunks = read(server, &call).await?;
    if chunks.is_empty() {
        return Err(errors::input(inferred::NO_CHUNKS, "There are no chunks to compute"));
    }
    with(server, &call, |batch, now| match batch.push(chunks, now) {
        Ok(()) => Ok(Reply::ok(&batch.status(now))),
        Err(Refusal::NotOpen) => Err(not_open(batch)),
        Err(Refusal::Full) => {
            let remaining = batch.pipeline.input.remaining();
            let message = format!("The input buffer has room for {remaining} bytes");
            Err(errors::input(inferred::INPUT_BUFFER_IS_FULL, &message))
        }
        Err(Refusal::TooLarge) => {
            let allocated = batch.pipeline.input.allocated;
            let message = format!("A chunk is larger than the input buffer of {allocated} bytes");
            Err(errors::input(inferred::CHUNK_IS_TOO_LARGE, &message))
        }
    })?
}

/// Reads and computes the chunks of a push.
async fn read(server: &Server, call: &Call<'_>) -> Result<Vec<Chunk>, Box<Reply>> {
    let (model, selected) = with(server, call, |batch, _| {
        (batch.service.version.model.clone(), batch.config.selected.clone())
    })?;
    let (body, ids) = (call.body.clone(), server.ids.clone());
    let is_large = body.len() > LARGE;
    let read = move || chunk::read(&body, (&model, &selected), || ids.next());
    let chunks = match is_large {
        true => tokio::task::spawn_blocking(read).await.unwrap_or_else(|_| Ok(Vec::new())),
        false => read(),
    };
    chunks.map_err(|error| errors::malformed(call.request.path(), &error))
}

fn not_open(batch: &Batch) -> Box<Reply> {
    let message = format!("The batch is {}", batch.status.name());
    errors::input(inferred::BATCH_IS_CLOSED, &message)
}

pub(super) fn pull(server: &Server, call: &Call<'_>) -> Outcome {
    let max = max(call)?;
    let (chunks, status) = with(server, call, |batch, now| {
        let chunks = batch.pull(max, now);
        (chunks, batch.status(now))
    })?;
    let mut text = b"{\"data\":".to_vec();
    write_chunks(&mut text, &chunks);
    text.extend_from_slice(b",\"status\":");
    text.extend_from_slice(status.to_string().as_bytes());
    text.push(b'}');
    Ok(Reply::json_text(StatusCode::OK, text))
}

fn write_chunks(text: &mut Vec<u8>, chunks: &[Chunk]) {
    if chunks.is_empty() {
        return text.extend_from_slice(inferred::NOTHING_TO_PULL.as_bytes());
    }
    for (index, chunk) in chunks.iter().enumerate() {
        text.push(if index == 0 { b'[' } else { b',' });
        chunk.write(text);
    }
    text.push(b']');
}

/// How many chunks a pull asks for, by the present or the former name.
fn max(call: &Call<'_>) -> Result<usize, Box<Reply>> {
    let asked = call.request.query("max").or_else(|| call.request.query("max_chunks"));
    let Some(asked) = asked else { return Ok(inferred::DEFAULT_PULL) };
    match asked.parse::<usize>() {
        Ok(max) if max > 0 => Ok(max.min(inferred::MAX_PULL)),
        _ => Err(errors::input(inferred::INVALID_MAX, "max is a number from 1 to 100")),
    }
}
