//! Events that are put into the platform's log of events.

use super::models::{EventCreateAttributes, EventCreateDocument, EventCreateResource};
use super::resource::collection;
use crate::error::Result;
use crate::raw::v3io::enums::ResourceType;

collection! {
    /// The platform's events.
    Events
}

impl Events {
    /// Emits an event.
    ///
    /// # Errors
    /// As any call.
    pub async fn create(&self, event: EventCreateAttributes) -> Result<()> {
        let type_ = ResourceType::Event;
        let data = EventCreateResource { id: None, type_, attributes: event };
        let raw = self.client.raw().create_event().body(EventCreateDocument { data });
        self.client.send(raw.send()).await
    }
}
