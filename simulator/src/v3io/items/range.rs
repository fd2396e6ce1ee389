//! Which names a scan looks at: all, one segment of them, or a range of sorting keys.

use super::super::errors::invalid;
use super::super::hash::hash;
use super::scan::GetItems;
use crate::http::Reply;

const MAX_SEGMENTS: i64 = 1024;

/// The part of a table that a scan covers.
#[derive(Debug)]
pub(super) enum Range<'a> {
    All,
    /// The names whose hash has this remainder.
    Segment(u64, u64),
    Keys {
        sharding: &'a str,
        start: Option<&'a str>,
        end: Option<&'a str>,
    },
}

impl<'a> Range<'a> {
    pub(super) fn of(request: &'a GetItems) -> Result<Self, Box<Reply>> {
        fn given(text: &Option<String>) -> Option<&str> {
            text.as_deref().filter(|text| !text.is_empty())
        }
        let (start, end) =
            (given(&request.sort_key_range_start), given(&request.sort_key_range_end));
        match (request.segment, request.total_segment, given(&request.sharding_key)) {
            (None, None, None) if start.or(end).is_none() => Ok(Self::All),
            (None, None, Some(sharding)) => Ok(Self::Keys { sharding, start, end }),
            (Some(segment), Some(total), None) if start.or(end).is_none() => {
                segments(segment, total)
            }
            (Some(_), None, _) | (None, Some(_), _) => {
                Err(invalid("Segment and TotalSegment belong together"))
            }
            (None, None, None) => Err(invalid("A range of sorting keys needs a ShardingKey")),
            _ => Err(invalid("Segments and ranges of keys exclude each other")),
        }
    }

    /// Where the names of the range begin.
    pub(super) fn begin(&self) -> &str {
        match self {
            Self::Keys { sharding, .. } => sharding,
            _ => "",
        }
    }

    /// Whether names from this one on can still belong to the range.
    pub(super) fn reaches(&self, name: &str) -> bool {
        match self {
            Self::Keys { sharding, .. } => name.starts_with(sharding),
            _ => true,
        }
    }

    pub(super) fn holds(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Segment(segment, total) => hash(name) % total == *segment,
            Self::Keys { sharding, start, end } => {
                let (key, sorting) = name.split_once('.').unwrap_or((name, ""));
                key == *sharding
                    && start.is_none_or(|start| sorting >= start)
                    && end.is_none_or(|end| sorting < end)
            }
        }
    }
}

fn segments<'a>(segment: i64, total: i64) -> Result<Range<'a>, Box<Reply>> {
    match (1..=MAX_SEGMENTS).contains(&total) && (0..total).contains(&segment) {
        true => Ok(Range::Segment(segment as u64, total as u64)),
        false => Err(invalid("Segment must be less than TotalSegment, which is at most 1024")),
    }
}
