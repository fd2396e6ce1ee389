//! Publishing a compiled workbook, and creating a service in one go.

use std::time::Duration;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::Compilation;
use super::options::joined;
use super::upload::{UploadService, upload_setters};
use crate::error::{Error, Result};
use crate::progress::Event;
use crate::spark::dates::Period;
use crate::spark::envelope::open;
use crate::spark::models::{PublishData, PublishRequest};
use crate::spark::{CompilerType, VersionDifference};

/// The publication of a compiled workbook; `.await` does it and gives the [`Published`].
#[derive(Debug)]
#[must_use = "nothing is published until it is awaited"]
pub struct Publish {
    compilation: Compilation,
    version: VersionDifference,
    period: Period,
    details: Details,
}

/// What is told of a version beside its dates.
#[derive(Debug, Default)]
struct Details {
    draft_name: Option<String>,
    track_user: bool,
    label: Option<String>,
    release_notes: Option<String>,
    tags: Option<String>,
    extras: Map<String, Value>,
}

/// A version of a service that is in effect.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Published {
    /// The version's id, where the platform tells it.
    pub version_id: Option<String>,
    /// The compilation that made it.
    pub compilation: Compilation,
}

/// The setters of whatever publishes; the path leads to its [`Details`].
macro_rules! detail_setters {
    ($($path:ident).+) => {
        /// The name of the service in drafts; its own by default.
        pub fn draft_name(mut self, name: impl Into<String>) -> Self {
            self.$($path).+.draft_name = Some(name.into());
            self
        }

        /// Whether the platform counts this as an action of the user; `false` by default.
        pub fn track_user(mut self, wanted: bool) -> Self {
            self.$($path).+.track_user = wanted;
            self
        }

        /// A label for the version.
        pub fn label(mut self, label: impl Into<String>) -> Self {
            self.$($path).+.label = Some(label.into());
            self
        }

        /// What is new in the version.
        pub fn release_notes(mut self, notes: impl Into<String>) -> Self {
            self.$($path).+.release_notes = Some(notes.into());
            self
        }

        /// Tags of the version.
        pub fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
            self.$($path).+.tags = Some(joined(tags));
            self
        }
    };
}

impl Publish {
    pub(super) fn new(compilation: &Compilation) -> Self {
        Self {
            compilation: compilation.clone(),
            version: VersionDifference::Minor,
            period: Period::default(),
            details: Details::default(),
        }
    }

    detail_setters!(details);

    /// Which part of the version's number goes up, as with the upload; `minor` by default.
    pub fn versioning(mut self, difference: impl Into<VersionDifference>) -> Self {
        self.version = difference.into();
        self
    }

    /// The first day on which the version is in effect; today (UTC) by default.
    pub fn start_date(mut self, day: NaiveDate) -> Self {
        self.period.start = Some(day);
        self
    }

    /// The last day on which the version is in effect; 10 years after the first by default.
    pub fn end_date(mut self, day: NaiveDate) -> Self {
        self.period.end = Some(day);
        self
    }

    /// A further field, sent as it is.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.details.extras.insert(name.into(), value.into());
        self
    }

    async fn send(self) -> Result<Published> {
        let Self { compilation, version, period, details } = self;
        let request_data = details.request(&compilation, version, period)?;
        let raw = compilation.client().raw();
        let request = raw.publish_service().folder(compilation.folder());
        let request = request.service(compilation.service()).body(PublishRequest { request_data });
        let opened = open(raw, "publish_service", request.send()).await?;
        let version_id = opened.data.and_then(|data| data.version_id);
        Ok(Published { version_id, compilation })
    }
}

crate::awaits::awaits!(Publish => Published, send);

impl Details {
    fn request(
        self,
        compilation: &Compilation,
        version: VersionDifference,
        period: Period,
    ) -> Result<PublishData> {
        let upload = compilation.upload();
        let file = upload.and_then(|upload| upload.original_file_documentid.clone());
        let engine = upload.and_then(|upload| upload.engine_file_documentid.clone());
        let (Some(file), Some(engine)) = (file, engine) else {
            return Err(Error::invalid(
                "only a compilation whose upload told the ids of its files can be published",
            ));
        };
        let (start, end) = period.resolved()?;
        Ok(PublishData {
            draft_service_name: self.draft_name.unwrap_or_else(|| compilation.service().to_owned()),
            effective_start_date: start,
            effective_end_date: end,
            original_file_documentid: file,
            engine_file_documentid: engine,
            version_difference: Some(version),
            should_trck_user_action: Some(self.track_user),
            version_label: self.label,
            release_note: self.release_notes,
            tags: self.tags,
            extra: self.extras,
        })
    }
}

/// The creation of a service or of a new version of one: upload, compilation and publication;
/// `.await` does all three and gives the [`Published`].
///
/// A compilation that fails ends it with an error that has the compiler's message; nothing is
/// published then.
#[derive(Debug)]
#[must_use = "nothing is created until it is awaited"]
pub struct CreateService {
    upload: UploadService,
    details: Details,
    limit: Option<Duration>,
}

impl CreateService {
    pub(super) fn new(upload: UploadService) -> Self {
        Self { upload, details: Details::default(), limit: None }
    }

    upload_setters!(upload);
    detail_setters!(details);

    /// How long the compilation may take; 1 h by default.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    async fn send(self) -> Result<Published> {
        let Self { upload, details, limit } = self;
        let (version, period) = (upload.version.clone(), upload.period);
        let mut compilation = upload.send().await?;
        let wait = compilation.wait();
        match limit {
            Some(limit) => wait.timeout(limit).await?,
            None => wait.await?,
        };
        Publish { compilation, version, period, details }.send().await
    }
}

crate::awaits::awaits!(CreateService => Published, send);
