//! The functions that the header `X-v3io-function` selects; PUT and POST are the same for them.

use hyper::Method;
use hyper::header::HeaderName;

use super::address::Address;
use super::errors::{invalid, too_large};
use super::server::{Server, wrong_method};
use super::{extras, items, limits, streams};
use crate::http::{Outcome, Reply, Request};

const FUNCTION: HeaderName = HeaderName::from_static("x-v3io-function");

/// A function that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    PutItem,
    UpdateItem,
    GetItem,
    GetItems,
    CreateStream,
    UpdateStream,
    DescribeStream,
    PutRecords,
    GetRecords,
    Seek,
    GetClusterMD,
    PutChunk,
    OosRun,
    DirSetAttr,
    CreateSymlink,
}

/// The function of a request; none for objects and listings.
pub(super) fn named(request: &Request) -> Result<Option<Function>, Box<Reply>> {
    let Some(name) = request.header(FUNCTION) else { return Ok(None) };
    if request.method != Method::PUT && request.method != Method::POST {
        return Err(wrong_method());
    }
    Ok(Some(match name {
        "PutItem" => Function::PutItem,
        "UpdateItem" => Function::UpdateItem,
        "GetItem" => Function::GetItem,
        "GetItems" => Function::GetItems,
        "CreateStream" => Function::CreateStream,
        "UpdateStream" => Function::UpdateStream,
        "DescribeStream" => Function::DescribeStream,
        "PutRecords" => Function::PutRecords,
        "GetRecords" => Function::GetRecords,
        "Seek" | "SeekShard" => Function::Seek,
        "GetClusterMD" => Function::GetClusterMD,
        "PutChunk" => Function::PutChunk,
        "OosRun" => Function::OosRun,
        "DirSetAttr" => Function::DirSetAttr,
        "CreateSymlink" => Function::CreateSymlink,
        _ => return Err(invalid(&format!("unknown function {name:?}"))),
    }))
}

impl Function {
    pub(super) async fn run(
        self,
        server: &Server,
        address: Address,
        request: &mut Request,
    ) -> Outcome {
        let body = request.body.collect(self.limit()).await.ok_or_else(too_large)?;
        if request.body.is_broken() {
            return Err(invalid("The body did not arrive whole"));
        }
        match self {
            Self::PutItem => items::put(server, address, &body),
            Self::UpdateItem => items::update(server, address, &body),
            Self::GetItem => items::get(server, address, &body),
            Self::GetItems => items::scan(server, address, &body, request),
            Self::CreateStream => streams::create(server, address, &body),
            Self::UpdateStream => streams::update(server, address, &body),
            Self::DescribeStream => streams::describe(server, address, &body),
            Self::PutRecords => streams::put_records(server, address, &body),
            Self::GetRecords => streams::get_records(server, address, &body),
            Self::Seek => streams::seek(server, address, &body),
            Self::GetClusterMD => extras::cluster(server, &address),
            Self::PutChunk => extras::put_chunk(server, &address, &body),
            Self::OosRun => extras::run_vector(server, &address, &body, request),
            Self::DirSetAttr => extras::set_attributes(server, &address, &body),
            Self::CreateSymlink => extras::symlink(server, &address, &body),
        }
    }

    fn limit(self) -> usize {
        match self {
            Self::PutRecords | Self::PutChunk | Self::OosRun => limits::RECORDS_BODY,
            _ => limits::ITEM_BODY,
        }
    }
}
