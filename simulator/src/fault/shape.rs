//! How a body has to be sent.

use crate::server::Ending;

/// The marks that faults leave on the body of an answer.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    /// The offset after which the body does not go on as announced.
    pub(crate) cut: Option<(u64, Cut)>,
    /// The offset of a wrong byte.
    pub(crate) corrupt: Option<u64>,
    /// Bytes a second.
    pub(crate) rate: Option<u64>,
    /// Whether the connection closes after the answer.
    pub(crate) close: bool,
}

/// What follows the cut.
#[derive(Debug, Clone)]
pub(crate) enum Cut {
    Silence,
    End(Ending),
}
