//! The specs keep their rules, and the generated clients are in step with them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use longhaul::raw::{self, Operation};
use serde_json::{Value, json};

#[path = "../codegen/fingerprint.rs"]
mod fingerprint;
#[allow(unreachable_pub, reason = "the code generator has it in a public module")]
#[path = "../codegen/rules.rs"]
mod rules;

/// A platform's spec, as text and read.
struct Spec {
    platform: String,
    text: String,
    json: Value,
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn specs() -> Vec<Spec> {
    let files = fs::read_dir(folder("openapi")).expect("the folder of specs");
    let paths = files.map(|file| file.expect("readable").path());
    let mut specs: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let text = fs::read_to_string(&path).expect("text");
            let json = serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{} is not JSON: {error}", path.display()));
            let platform = path.file_stem().expect("a name").to_string_lossy().into_owned();
            Spec { platform, text, json }
        })
        .collect();
    specs.sort_by(|a, b| a.platform.cmp(&b.platform));
    assert!(!specs.is_empty(), "there is no spec");
    specs
}

/// The generated table of a platform.
fn table(platform: &str) -> &'static [Operation] {
    match platform {
        #[cfg(feature = "bodo")]
        "bodo" => raw::bodo::OPERATIONS,
        #[cfg(feature = "denvr")]
        "denvr" => raw::denvr::OPERATIONS,
        #[cfg(feature = "rescale")]
        "rescale" => raw::rescale::OPERATIONS,
        #[cfg(feature = "spark")]
        "spark" => raw::spark::OPERATIONS,
        #[cfg(feature = "v3io")]
        "v3io" => raw::v3io::OPERATIONS,
        other => panic!("openapi/{other}.json has no client here: mount it in src/raw.rs"),
    }
}

/// The operations of a spec with their paths and methods.
fn operations(spec: &Value) -> impl Iterator<Item = (&str, String, &Value)> {
    let paths = spec["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let members = item.as_object().into_iter().flatten();
        members
            .filter(|(name, _)| *name != "parameters")
            .map(move |(method, operation)| (path.as_str(), method.to_uppercase(), operation))
    })
}

#[test]
fn every_spec_keeps_the_rules() {
    for Spec { platform, json, .. } in specs() {
        let broken = rules::broken(&json);
        assert!(broken.is_empty(), "openapi/{platform}.json: {}", broken.join("; "));
    }
}

#[test]
fn every_generated_client_was_made_from_its_spec() {
    for Spec { platform, text, .. } in specs() {
        let client = fs::read_to_string(folder(&format!("generated/{platform}.rs")));
        assert!(
            fingerprint::names(&client.unwrap_or_default(), &text),
            "openapi/{platform}.json changed and generated/{platform}.rs did not: run `cargo regen`"
        );
    }
}

#[test]
fn a_changed_spec_is_noticed_and_other_line_ends_are_not() {
    let (spec, client) =
        ("{\n\"a\": 1\n}\n", format!("// ({:016x})\n", fingerprint::of("{\n\"a\": 1\n}\n")));
    assert!(fingerprint::names(&client, spec));
    assert!(fingerprint::names(&client, &spec.replace('\n', "\r\n")));
    assert!(!fingerprint::names(&client, &spec.replace('1', "2")));
    assert!(!fingerprint::names("", spec));
}

#[test]
fn every_generated_client_has_a_spec() {
    let known: BTreeSet<_> = specs().into_iter().map(|spec| spec.platform).collect();
    for file in fs::read_dir(folder("generated")).expect("the folder of clients") {
        let path = file.expect("readable").path();
        let platform = path.file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(known.contains(&platform), "generated/{platform}.rs has no spec");
    }
}

#[test]
fn the_operation_table_is_sorted_and_says_what_the_spec_says() {
    for Spec { platform, json, .. } in specs() {
        let table = table(&platform);
        assert!(
            table.is_sorted_by(|a, b| a.id < b.id),
            "{platform}: not sorted, or an id comes twice"
        );
        let found = |id: &str| table.iter().find(|row| row.id == id);
        let mut count = 0;
        for (path, method, operation) in operations(&json) {
            count += 1;
            let id = operation["operationId"].as_str().expect("an id");
            let row = found(id).unwrap_or_else(|| panic!("{platform}: {id} is not in the table"));
            assert_eq!((row.method, row.path), (method.as_str(), path), "{id}");
            assert_eq!(operation["x-repeat"], row.repeat.to_string(), "{id}");
            assert_eq!(operation["x-scope"].as_str().unwrap_or_default(), row.scope, "{id}");
            assert_eq!(is_streamed(operation), row.streamed, "{id}");
        }
        assert_eq!(
            table.len(),
            count,
            "{platform}: the table has rows that the spec does not have"
        );
    }
}

/// Whether a success is something else than a document.
fn is_streamed(operation: &Value) -> bool {
    let answers = operation["responses"].as_object().into_iter().flatten();
    let successes = answers.filter(|(status, _)| status.starts_with('2'));
    let mut types = successes.filter_map(|(_, answer)| answer["content"].as_object());
    let whole = ["application/json", "application/xml", "text/plain"];
    types.any(|types| !types.is_empty() && !whole.iter().any(|one| types.contains_key(*one)))
}

/// Reads that take away what they read.
const TAKING: [&str; 1] = ["pull_chunks"];

#[test]
fn every_operation_names_its_source_and_what_may_be_repeated() {
    for Spec { platform, json, .. } in specs() {
        for (path, method, operation) in operations(&json) {
            let place = format!("{platform}: {method} {path}");
            let source = operation["x-source"].as_str().unwrap_or_default();
            assert!(source == "inferred" || source.len() > 10, "{place}: x-source is `{source}`");
            let repeat = operation["x-repeat"].as_str().unwrap_or_default();
            let reads = matches!(method.as_str(), "GET" | "HEAD");
            let takes = TAKING.contains(&operation["operationId"].as_str().unwrap_or_default());
            assert!(!reads || takes || repeat == "free", "{place}: reading is free");
        }
    }
}

#[test]
fn every_scope_is_one_that_the_platform_counts_by() {
    for Spec { platform, json, .. } in specs() {
        let scopes: BTreeSet<_> = operations(&json)
            .filter_map(|(_, _, operation)| operation["x-scope"].as_str())
            .collect();
        match platform.as_str() {
            "rescale" => {
                assert!(scopes.into_iter().eq(["job-submission", "jobs-usage", "user"]));
            }
            other => {
                assert!(scopes.is_empty(), "{other} has scopes that no test knows: {scopes:?}")
            }
        }
    }
}

/// What every thing of its kind has: its identity, the frame of a page or of a single resource, an
/// entry of a history.
const IDENTITY: [&str; 10] =
    ["id", "uuid", "name", "code", "count", "results", "data", "metadata", "status", "statusDate"];

/// Further fields of answers that may be required, each with a source that always has it. Without
/// such a field a whole list cannot be read, so this list grows only with care.
const REVIEWED: [(&str, &str); 19] = [
    ("AccessToken", "access_token"),
    ("Analysis", "versions"),
    ("AnalysisVersion", "versionCode"),
    ("ClusterPrice", "startedAt"),
    ("CoreType", "cores"),
    ("GetRecordsResponse", "Records"),
    ("JobPrice", "startedAt"),
    ("PageMetadata", "page"),
    ("PageMetadata", "size"),
    ("PageMetadata", "total_items"),
    ("PageMetadata", "total_pages"),
    ("Price", "coreType"),
    ("Price", "isActive"),
    ("Price", "os"),
    ("Price", "planType"),
    ("Price", "value"),
    ("PriceValue", "amount"),
    ("SeekShardResponse", "Location"),
    ("Token", "access_token"),
];

/// A type that only requests have may require what it likes; what a platform sends may lack
/// everything but what makes it what it is.
#[test]
fn answers_require_no_more_than_their_identity() {
    for Spec { platform, json, .. } in specs() {
        for name in answered(&json) {
            let required = json["components"]["schemas"][&name]["required"].as_array();
            let required: Vec<_> =
                required.into_iter().flatten().filter_map(Value::as_str).collect();
            let allowed = |field: &&str| {
                IDENTITY.contains(field) || REVIEWED.contains(&(name.as_str(), *field))
            };
            let others: Vec<_> = required.iter().filter(|field| !allowed(field)).collect();
            assert!(others.is_empty(), "{platform}: {name} requires {others:?} of an answer");
        }
    }
}

/// The schemas that answers use, directly or within others.
fn answered(spec: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, _, operation) in operations(spec) {
        for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
            if status.starts_with('2') {
                collect(spec, answer, &mut names);
            }
        }
    }
    names
}

fn collect(spec: &Value, value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str);
            if let Some(name) =
                reference.and_then(|text| text.strip_prefix("#/components/schemas/"))
                && names.insert(name.to_owned())
            {
                collect(spec, &spec["components"]["schemas"][name], names);
            }
            members.values().for_each(|member| collect(spec, member, names));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(spec, item, names)),
        _ => {}
    }
}

/// A spec without a fault.
fn good() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "t", "version": "1" },
        "paths": { "/things/{id}": { "get": {
            "operationId": "get_thing", "summary": "s", "tags": ["things"], "x-source": "docs",
            "x-repeat": "free",
            "parameters": [{ "name": "id", "in": "path", "required": true,
                             "schema": { "type": "string" } }],
            "responses": { "200": { "description": "d", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Thing" } } } } }
        } } },
        "components": { "schemas": {
            "Thing": { "type": "object", "properties": { "a": { "type": "string" } } },
            "Color": { "type": "string", "enum": ["red"] }
        } }
    })
}

#[test]
fn every_rule_has_its_complaint() {
    assert_eq!(rules::broken(&good()), [""; 0]);
    let get = "/paths/~1things~1{id}/get";
    let thing = "/components/schemas/Thing/properties/a";
    let parameter = "/paths/~1things~1{id}/get/parameters/0";
    let at = |base: &str, rest: &str| format!("{base}{rest}");
    let cases = [
        ("/info/version".to_owned(), json!(""), "info.version must be ASCII"),
        ("/info/version".to_owned(), json!("ä"), "info.version must be ASCII"),
        ("/paths/things".to_owned(), json!({}), "things: must begin with a slash"),
        ("/paths/~1x".to_owned(), json!({ "trace": {} }), "TRACE /x: no such method"),
        (at(get, "/operationId"), json!(""), "GET /things/{id}: `operationId` is missing"),
        (at(get, "/summary"), json!(null), "GET /things/{id}: `summary` is missing"),
        (at(get, "/x-source"), json!(null), "`x-source` is missing"),
        (at(get, "/x-repeat"), json!("often"), "`x-repeat` must be free, keyed or once"),
        (at(get, "/tags"), json!(["a", "b"]), "needs exactly one tag"),
        (at(parameter, "/style"), json!("deepObject"), "objects in queries cannot be generated"),
        (at(parameter, "/schema/format"), json!("date-time"), "is written wrongly"),
        (at(parameter, "/schema/enum"), json!(["a"]), "parameter id: name the enum"),
        (thing.to_owned(), json!({ "anyOf": [] }), "Thing.a: anyOf becomes"),
        (thing.to_owned(), json!({ "enum": ["a"] }), "Thing.a: name the enum"),
        (thing.to_owned(), json!({ "title": "A" }), "Thing.a: two titles"),
        (thing.to_owned(), json!({ "items": { "enum": ["a"] } }), "Thing.a.items: name the enum"),
        (thing.to_owned(), json!({ "oneOf": [{ "title": "A" }] }), "Thing.a.oneOf: two titles"),
        (
            "/components/schemas/Thing/additionalProperties".to_owned(),
            json!(false),
            "Thing: an unknown field must not break a call",
        ),
        (
            at(get, "/responses/200/content/application~1json/schema"),
            json!({ "enum": ["a"] }),
            "GET /things/{id}: name the enum",
        ),
    ];
    for (pointer, value, expected) in cases {
        let mut spec = good();
        set(&mut spec, &pointer, value);
        let broken = rules::broken(&spec);
        assert!(broken.iter().any(|one| one.contains(expected)), "{pointer}: {broken:?}");
    }
}

/// Sets a value whose parent exists.
fn set(spec: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = spec.pointer_mut(parent).expect("the parent exists");
    parent[key.replace("~1", "/")] = value;
}
