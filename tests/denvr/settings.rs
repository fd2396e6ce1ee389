//! The config file as a user meets it, and what its values do.

use std::path::Path;
use std::sync::{Arc, Mutex};

use longhaul::ErrorKind;
use longhaul::denvr::Client;
use longhaul_simulator::Fault;
use longhaul_simulator::denvr::API_KEY;

use super::support::{CLUSTERS, fast, says, sent};

/// What was logged by this thread while the guard lives.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let writer = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::WARN)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

fn file(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("denvr.toml");
    std::fs::write(&path, text).unwrap();
    set_mode(&path, 0o600);
    (folder, path)
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

#[tokio::test]
async fn everything_can_come_from_the_file() {
    let handle = fast().start().await.unwrap();
    let (_folder, path) = file(&format!(
        "[defaults]\nserver = \"{}/\"\napi = \"v1\"\ncluster = \"Msc1\"\ntenant = \"denvr\"\n\
         vpcid = \"denvr-lab\"\nrpool = \"reserved-denvr\"\nretries = 1\n\
         [credentials]\napikey = \"{API_KEY}\"\n",
        handle.url()
    ));
    let client = Client::builder().config_file(path).build().unwrap();
    assert_eq!((client.cluster(), client.rpool()), ("Msc1", "reserved-denvr"));
    assert_eq!((client.tenant(), client.vpc().unwrap()), (Some("denvr"), "denvr-lab"));
    client.clusters().list().await.unwrap();
    assert_eq!(handle.requests()[0].path, CLUSTERS);
    handle.fault(Fault::status(503).path(CLUSTERS));
    handle.clear_requests();
    client.clusters().list().await.unwrap_err();
    assert_eq!(sent(&handle, "GET", CLUSTERS).len(), 2);
}

#[tokio::test]
async fn retries_of_code_come_before_those_of_the_file() {
    let handle = fast().fault(Fault::status(503)).start().await.unwrap();
    let (_folder, path) = file("[defaults]\nretries = 5\n");
    let builder = || Client::builder().config_file(&path).server(handle.url()).api_key(API_KEY);
    let cases = [
        (builder().retries(0), 1),
        (builder().options(longhaul::Options::new().attempts(2)), 2),
        (builder().options(longhaul::Options::new().attempts(2)).retries(2), 3),
    ];
    for (builder, attempts) in cases {
        handle.clear_requests();
        builder.build().unwrap().clusters().list().await.unwrap_err();
        assert_eq!(handle.requests().len(), attempts);
    }
}

#[test]
fn slips_in_the_file_are_named_with_their_place() {
    let refused = |text: &str, words: &[&str]| {
        let (_folder, path) = file(text);
        let place = path.display().to_string();
        let error = Client::builder().config_file(path).build().unwrap_err();
        says(&error, ErrorKind::Config, words);
        says(&error, ErrorKind::Config, &[&place]);
    };
    refused("[defaults\ncluster = 'a'\n", &["line 1, column"]);
    refused("[credentials]\nusername = a@b\n", &["line 2, column 12"]);
    refused("[defaults]\nserver = 'nowhere'\n", &["line 2, `server` in [defaults]", "https://"]);
    refused("[defaults]\nretries = -2\n", &["line 2, `retries` in [defaults]", "-2"]);
    refused("[defaults]\napi = 'v7'\n", &["line 2, `api` in [defaults]", "`v7`"]);
    refused("[credentials]\nusername = 'a'\n", &["line 2, `username`", "DENVR_PASSWORD"]);
    refused("", &["no Denvr credential", "[credentials] in"]);
    let missing = Client::builder().config_file("/nowhere/denvr.toml").build().unwrap_err();
    says(&missing, ErrorKind::Config, &["/nowhere/denvr.toml", "cannot be read"]);
}

#[test]
fn unknown_keys_and_open_files_are_warned_about_and_used() {
    let log = Log::default();
    let text = "[defaults]\nclsuter = 'x'\n[credentials]\napikey = 'hunter2'\n[more]\na = 'b'\n";
    let (_folder, path) = file(text);
    {
        let _listening = log.listen();
        Client::builder().config_file(&path).build().unwrap();
    }
    let shown = log.text();
    assert!(shown.contains("line 2: the key `clsuter` in [defaults] is not known"), "{shown}");
    assert!(shown.contains("line 6: the key `a` in [more] is not known"), "{shown}");
    assert!(!shown.contains("chmod") && !shown.contains("hunter2"), "{shown}");
    #[cfg(unix)]
    for open in [0o644, 0o640, 0o604] {
        set_mode(&path, open);
        let log = Log::default();
        let _listening = log.listen();
        Client::builder().config_file(&path).build().unwrap();
        let shown = log.text();
        assert!(shown.contains("can be read by others: run chmod 600"), "{open:o}: {shown}");
    }
}
