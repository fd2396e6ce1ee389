//! What is taken from where.

use super::*;
use crate::denvr::config_file::default_path;

const KEY: (&str, &str) = (API_KEY, "env-key");
const USER: [(&str, &str); 2] = [(USERNAME, "ann@example.test"), (PASSWORD, " hunter2 ")];
const FILE: &str = "[defaults]\nserver = 'https://file.test/'\napi = 'v1'\ncluster = 'Hou1'\n\
    tenant = 'acme'\nrpool = 'reserved-acme'\nretries = 1\n\
    [credentials]\nusername = 'bob@example.test'\npassword = 'file-password'\n";

fn from_config() -> Settings {
    Settings { environment: true, file: Some(FileChoice::Usual), ..Settings::default() }
}

fn resolve(settings: &Settings, variables: &[(&str, &str)]) -> Result<Resolved> {
    settings.resolve(&Environment::of_test(variables))
}

fn who(settings: &Settings, variables: &[(&str, &str)]) -> String {
    match resolve(settings, variables).map(|resolved| resolved.identity) {
        Ok(Identity::ApiKey(key)) => format!("{} of {}", key.value.expose_secret(), key.origin),
        Ok(Identity::User { name, password }) => {
            format!("{name} with {}", password.expose_secret())
        }
        Err(error) => error.to_string(),
    }
}

/// A home folder with the file in its usual place.
fn home_with(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = default_path(folder.path().to_owned());
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    let home = folder.path().display().to_string();
    (folder, home)
}

#[test]
fn every_default_of_the_file_is_applied() {
    let (_folder, home) = home_with(FILE);
    let resolved = resolve(&from_config(), &[("HOME", &home)]).unwrap();
    assert_eq!(resolved.base.as_str(), "https://file.test/");
    let Defaults { cluster, tenant, vpc, rpool } = resolved.defaults;
    assert_eq!((cluster.as_str(), rpool.as_str()), ("Hou1", "reserved-acme"));
    assert_eq!((tenant.as_deref(), vpc.as_deref()), (Some("acme"), Some("acme")));
    assert_eq!(resolved.retries, Some(1));
    let (_folder, home) = home_with(&FILE.replace("[cred", "vpcid = 'acme-lab'\n[cred"));
    let resolved = resolve(&from_config(), &[("HOME", &home)]).unwrap();
    assert_eq!(resolved.defaults.vpc.as_deref(), Some("acme-lab"));
}

#[test]
fn code_comes_before_the_environment_and_that_before_the_file() {
    let (_folder, home) = home_with(FILE);
    let home = ("HOME", home.as_str());
    assert_eq!(who(&from_config(), &[home]), "bob@example.test with file-password");
    let [user, password] = USER;
    assert_eq!(who(&from_config(), &[home, user, password]), "ann@example.test with  hunter2 ");
    assert_eq!(who(&from_config(), &[home, user]), "ann@example.test with file-password");
    assert_eq!(who(&from_config(), &[home, (USERNAME, "")]), "bob@example.test with file-password");
    assert_eq!(who(&from_config(), &[home, KEY]), "env-key of the variable DENVR_APIKEY");
    let coded = Settings { api_key: Some("code-key".into()), ..from_config() };
    assert_eq!(who(&coded, &[home, KEY]), "code-key of `api_key` on the builder");
    let server = Settings { server: Some("https://code.test".into()), ..from_config() };
    let variable = (SERVER, "https://env.test");
    assert_eq!(resolve(&server, &[home, variable]).unwrap().base.as_str(), "https://code.test/");
    let base = resolve(&from_config(), &[home, variable]).unwrap().base;
    assert_eq!(base.as_str(), "https://env.test/");
}

#[test]
fn an_api_key_comes_before_a_login_wherever_it_is() {
    let (folder, home) = home_with("[credentials]\napikey = 'file-key'\n");
    let [user, password] = USER;
    let path = default_path(folder.path().to_owned());
    let expected = format!("file-key of {}, line 2, `apikey` in [credentials]", path.display());
    assert_eq!(who(&from_config(), &[("HOME", &home), user, password]), expected);
}

#[test]
fn a_named_file_has_to_be_there_and_the_usual_one_not() {
    let (_folder, home) = home_with(FILE);
    let missing = who(&from_config(), &[("HOME", &home), (CONFIG, "/nowhere/denvr.toml")]);
    assert!(missing.contains("/nowhere/denvr.toml cannot be read"), "{missing}");
    assert!(missing.ends_with("the variable DENVR_CONFIG names it"), "{missing}");
    let elsewhere = default_path(PathBuf::from(&home)).display().to_string();
    let named = who(&from_config(), &[("HOME", "/nowhere"), (CONFIG, &elsewhere)]);
    assert_eq!(named, "bob@example.test with file-password");
    assert_eq!(
        who(&from_config(), &[("HOME", "/nowhere"), KEY]),
        "env-key of the variable DENVR_APIKEY"
    );
}

#[test]
fn nothing_found_says_where_was_looked() {
    let nobody = who(&from_config(), &[("HOME", "/nowhere")]);
    for place in [API_KEY, USERNAME, PASSWORD, "/nowhere/.config/denvr.toml, which is missing"] {
        assert!(nobody.contains(place), "`{place}` is missing in: {nobody}");
    }
    let unasked = who(&Settings::default(), &USER);
    assert!(unasked.contains("read by `from_config` only"), "{unasked}");
    let [user, _] = USER;
    let half = who(&from_config(), &[("HOME", "/nowhere"), user]);
    assert!(half.contains(USERNAME) && half.contains(PASSWORD), "{half}");
}

#[test]
fn nothing_of_a_file_is_needed_when_all_is_given_in_code() {
    let login = Some(("ann@example.test".to_owned(), "hunter2".into()));
    let settings = Settings { login, tenant: Some("acme".into()), ..Settings::default() };
    let resolved = resolve(&settings, &[("HOME", "/nowhere"), KEY]).unwrap();
    assert_eq!(resolved.base.as_str(), "https://api.cloud.denvrdata.com/");
    let Defaults { cluster, vpc, rpool, .. } = resolved.defaults;
    assert_eq!((cluster.as_str(), vpc.as_deref()), ("Msc1", Some("acme")));
    assert_eq!((rpool.as_str(), resolved.retries), ("on-demand", None));
}

#[test]
fn values_that_cannot_work_are_named_with_their_place() {
    let refused = |text: &str| {
        let (_folder, home) = home_with(text);
        who(&from_config(), &[("HOME", &home), KEY])
    };
    let api = refused("[defaults]\napi = 'v2'\n");
    assert!(api.contains("line 2, `api` in [defaults]") && api.contains("`v2`"), "{api}");
    let server = refused("[defaults]\n\nserver = 'file.test'\n");
    assert!(server.contains("line 3, `server` in [defaults]"), "{server}");
    let plain = refused("[defaults]\nserver = 'http://file.test'\n");
    assert!(plain.contains("line 2") && plain.contains("unencrypted"), "{plain}");
    let retries = refused("[defaults]\nretries = 'many'\n");
    assert!(retries.contains("line 2") && retries.contains("whole number"), "{retries}");
}

#[test]
fn two_credentials_or_an_empty_one_are_refused() {
    let login = |user: &str, password: &str| Some((user.to_owned(), password.into()));
    let both = Settings { api_key: Some("k".into()), login: login("a", "b"), ..from_config() };
    assert!(who(&both, &[]).contains("both an API key and a login"));
    let empty = Settings { api_key: Some(" ".into()), ..Settings::default() };
    assert!(who(&empty, &[]).contains("`api_key` on the builder: the API key is empty"));
    for (user, password) in [("", "x"), ("a", "")] {
        let settings = Settings { login: login(user, password), ..Settings::default() };
        assert!(who(&settings, &[]).contains("is empty"));
    }
    let cluster =
        Settings { cluster: Some(" ".into()), api_key: Some("k".into()), ..from_config() };
    assert!(who(&cluster, &[("HOME", "/nowhere")]).contains("`cluster` on the builder is empty"));
}
