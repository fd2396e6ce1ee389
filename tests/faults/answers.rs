//! Answers as the platform gives them, and the types that read them.

use longhaul::rescale::models;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Answers by the name of their schema in the spec.
const ANSWERS: &str = include_str!("answers.json");
const SPEC: &str = include_str!("../../openapi/rescale.json");

/// An answer and what is known of it.
pub(crate) struct Recorded {
    pub(crate) schema: String,
    pub(crate) answer: Value,
    /// Reads it as the client would; what went wrong, if anything did.
    pub(crate) read: fn(&Value) -> Result<(), String>,
}

/// Every recorded answer.
pub(crate) fn all() -> Vec<Recorded> {
    let answers: Value = serde_json::from_str(ANSWERS).expect("JSON");
    let answers = answers.as_object().expect("by schema").iter();
    let one = |schema: &String, answer: &Value| Recorded {
        schema: schema.clone(),
        answer: answer.clone(),
        read: reader(schema),
    };
    let each = answers.flat_map(|(schema, list)| {
        list.as_array().expect("a list").iter().map(move |answer| one(schema, answer))
    });
    each.collect()
}

/// The spec, in which the schemas are.
pub(crate) fn spec() -> Value {
    serde_json::from_str(SPEC).expect("JSON")
}

fn read<T: DeserializeOwned>(answer: &Value) -> Result<(), String> {
    // From text, as an answer comes.
    serde_json::from_str::<T>(&answer.to_string()).map(drop).map_err(|error| error.to_string())
}

macro_rules! readers {
    ($($name:ident),* $(,)?) => {
        fn reader(schema: &str) -> fn(&Value) -> Result<(), String> {
            match schema {
                $(stringify!($name) => read::<models::$name>,)*
                other => panic!("no type for {other}"),
            }
        }
    };
}

readers!(
    AnalysisPage,
    AutomationList,
    ClusterStatusEntryPage,
    CoreTypePage,
    DirectoryEntry,
    File,
    FileLines,
    FilePage,
    FileTail,
    Folder,
    FolderEntryPage,
    InstancePage,
    Job,
    JobShareResult,
    JobStatusEntryPage,
    JobStatusEntryV3Page,
    JobSummaryPage,
    MeV2,
    MeV3,
    Price,
    ProjectPage,
    RemoteVizConfigPage,
    RootFolders,
    RunPage,
    Snapshot,
    StorageCredentials,
    StorageDevice,
    StorageDevicePage,
    StorageDeviceStatusEntryPage,
    Tag,
    WorkspaceBilling,
    WorkspaceCustomFields,
);
