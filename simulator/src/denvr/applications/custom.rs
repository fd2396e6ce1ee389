//! New custom applications.

use super::super::fields::Fields;
use super::super::server::Server;
use super::request::Common;
use super::{Container, Origin, rules};
use crate::http::{Call, Outcome};

pub(in crate::denvr) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call);
    let common = Common::read(&mut fields);
    let _image = fields.text("imageUrl");
    read_repository(&mut fields);
    let scripts = fields.map("userScripts");
    rules::scripts(&mut fields, &scripts);
    let container = Container::read(&mut fields);
    let port = fields.maybe_number("proxyPort");
    rules::proxy(&mut fields, port);
    fields.check(server)?;
    common.create(server, call, Origin::Custom(container), port)
}

/// Nothing is pulled, so the credentials are only read.
fn read_repository(fields: &mut Fields) {
    if let Some(mut repository) = fields.inner("imageRepository") {
        for name in ["hostname", "username", "password"] {
            repository.maybe_text(name);
        }
        fields.absorb(repository);
    }
}

impl Container {
    fn read(fields: &mut Fields) -> Self {
        let mut context = fields.inner("securityContext").unwrap_or_default();
        let container = Self {
            command: fields.maybe_texts("imageCmdOverride"),
            readiness_port: fields.maybe_number("readinessWatcherPort"),
            runs_as_root: context.flag("runAsRoot"),
            user: context.maybe_number("containerUid"),
            group: context.maybe_number("containerGid"),
        };
        fields.absorb(context);
        container
    }
}
