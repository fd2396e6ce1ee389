//! What debug output shows of everything that knows a credential: never the credential.

use std::fmt::{Debug, Write};
use std::time::Duration;

use longhaul::batch::batch;
use longhaul::rescale::{Analysis, Builder, Client, JobStatus, NewJob, models};
use longhaul::values::Secret;
use longhaul::{Options, Token};

const KEY: &str = "hunter2hunter2";

fn builder() -> Builder {
    Client::builder().base_url("http://127.0.0.1:9").api_key(KEY)
}

/// The debug output of several things, each under its name.
#[derive(Default)]
pub(crate) struct Album(pub(crate) String);

impl Album {
    pub(crate) fn show(&mut self, name: &str, thing: &dyn Debug) {
        writeln!(self.0, "== {name}\n{thing:#?}\n").expect("memory");
    }
}

#[test]
fn debug_output_is_as_reviewed_and_has_no_credential() {
    let mut album = Album::default();
    configuration(&mut album);
    resources(&mut album);
    secrets(&mut album);
    assert!(!album.0.contains("hunter2"), "{}", album.0);
    insta::assert_snapshot!("debug", album.0);
}

fn configuration(album: &mut Album) {
    let provider = || async { Ok(Token::new(KEY)) };
    let client = builder().build().unwrap();
    album.show("Builder", &builder());
    album.show("Builder with a token provider", &Client::builder().token_provider(provider));
    album.show("Client", &client);
    let fetched = Client::builder().token_provider(provider).build().unwrap();
    album.show("Client with a token provider", &fetched);
    album.show("Options", &Options::new());
    album.show("Token", &Token::new(KEY).expires_in(Duration::from_secs(3600)));
}

fn resources(album: &mut Album) {
    let client = builder().build().unwrap();
    let mut job = client.job("Jabc");
    album.show("Jobs", &client.jobs());
    album.show("Job", &job);
    album.show("Cluster", &job.cluster());
    album.show("Run", &job.run("1"));
    album.show("List", &client.files().list().search("pi"));
    album.show("Pages", &client.files().list().pages());
    album.show("Wait", &job.wait_for_status(JobStatus::Completed));
    album.show("DeleteJob", &job.clone().delete().stop_first());
    album.show("Batch", &batch([1, 2], |n| async move { Ok(n) }).concurrency(4));
    let work = Analysis::new("openfoam", "2312").command("./run").hardware("emerald", 4);
    album.show("NewJob", &NewJob::new("a job").analysis(work));
}

fn secrets(album: &mut Album) {
    let secret = || Some(Secret::from(KEY));
    album.show("Secret", &Secret::from(KEY));
    let credentials = models::StorageCredentials {
        access_key: secret(),
        secret_key: secret(),
        session_token: secret(),
        sas_token: secret(),
        paths: Some(vec![models::StoragePath { sas_token: secret(), ..Default::default() }]),
        ..Default::default()
    };
    album.show("StorageCredentials", &credentials);
    album.show("RemoteVizPassword", &models::RemoteVizPassword { data: secret() });
}
