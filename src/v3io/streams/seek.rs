//! Places in a shard, by what they mean.

use crate::error::{Error, Result};
use crate::raw::v3io::enums::SeekType;
use crate::v3io::UnixTime;
use crate::v3io::models::SeekShardRequest;

/// A place in a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seek {
    /// At the oldest record that is still there.
    Earliest,
    /// After the newest record: only what comes later.
    Latest,
    /// At the record with this number, from 1.
    Sequence(u64),
    /// At the first record that arrived at this moment or later; after the newest record when there
    /// is none.
    Time(UnixTime),
}

impl Seek {
    /// At the first record that arrived at this moment or later: a `SystemTime` or a chrono
    /// `DateTime`, exact to the nanosecond.
    ///
    /// ```
    /// use longhaul::v3io::Seek;
    /// use std::time::{Duration, SystemTime};
    /// let an_hour_ago = Seek::at(SystemTime::now() - Duration::from_secs(3600));
    /// ```
    pub fn at(moment: impl Into<UnixTime>) -> Self {
        Self::Time(moment.into())
    }

    /// The request's body; a time always has both of its numbers, which the server demands.
    pub(super) fn body(self) -> Result<SeekShardRequest> {
        let mut body = SeekShardRequest {
            type_: SeekType::Earliest,
            starting_sequence_number: None,
            timestamp_sec: None,
            timestamp_n_sec: None,
        };
        match self {
            Self::Earliest => {}
            Self::Latest => body.type_ = SeekType::Latest,
            Self::Sequence(0) => return Err(Error::invalid("sequence numbers begin at 1")),
            Self::Sequence(number) => {
                body.type_ = SeekType::Sequence;
                body.starting_sequence_number = Some(number);
            }
            Self::Time(moment) => {
                body.type_ = SeekType::Time;
                body.timestamp_sec = Some(moment.seconds());
                body.timestamp_n_sec = Some(i64::from(moment.nanoseconds()));
            }
        }
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    fn sent(seek: Seek) -> String {
        serde_json::to_value(seek.body().unwrap()).unwrap().to_string()
    }

    #[test]
    fn a_seek_sends_what_it_needs_and_nothing_else() {
        assert_eq!(sent(Seek::Earliest), r#"{"Type":"EARLIEST"}"#);
        assert_eq!(sent(Seek::Latest), r#"{"Type":"LATEST"}"#);
        let sequence = format!(r#"{{"StartingSequenceNumber":{},"Type":"SEQUENCE"}}"#, u64::MAX);
        assert_eq!(sent(Seek::Sequence(u64::MAX)), sequence);
        assert!(Seek::Sequence(0).body().unwrap_err().to_string().contains("begin at 1"));
    }

    #[test]
    fn a_time_is_exact_and_has_both_numbers() {
        let moment = SystemTime::UNIX_EPOCH + Duration::new(1_700_000_000, 123_456_789);
        let text = r#"{"TimestampNSec":123456789,"TimestampSec":1700000000,"Type":"TIME"}"#;
        assert_eq!(sent(Seek::at(moment)), text);
        let whole = chrono::DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let text = r#"{"TimestampNSec":0,"TimestampSec":1700000000,"Type":"TIME"}"#;
        assert_eq!(sent(Seek::at(whole)), text);
    }
}
