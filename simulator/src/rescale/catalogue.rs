//! What the workspace offers: core types, software, prices, automations, projects.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::server::Server;
use crate::http::{Call, Outcome, Reply};

pub(super) const EMAIL: &str = "user@example.com";
pub(super) const USER: &str = "Simulated";
pub(super) const COMPANY: &str = "simulated-company";
pub(super) const WORKSPACE: &str = "00-000000000";
pub(super) const CONTAINER: &str = "simulated-bucket";
pub(super) const FIELDS: [&str; 2] = ["Context Field 1", "Auto Download"];
/// The ids of regions that public scripts use.
pub(super) const REGIONS: [(&str, &str); 4] = [
    ("pCTMk", "us-east-1"),
    ("OLjea", "ap-northeast-2"),
    ("cHewo", "Azure Seoul"),
    ("Dwuia", "Azure Busan"),
];

const PROJECTS: [(&str, &str); 2] = [("pRjaa", "Default project"), ("pRjab", "Second project")];

/// One core type: what validation and lists need to know.
#[derive(Debug)]
pub(super) struct CoreType {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) cores: &'static [u64],
    /// MB per core.
    pub(super) memory: u64,
    /// GB per core.
    pub(super) storage: u64,
    category: &'static str,
    price: f64,
    active: bool,
}

const fn offer(
    (code, name): (&'static str, &'static str),
    cores: &'static [u64],
    category: &'static str,
    price: f64,
    active: bool,
) -> CoreType {
    CoreType { code, name, cores, memory: 4000, storage: 30, category, price, active }
}

static CORE_TYPES: [CoreType; 14] = [
    offer(("emerald", "Emerald"), &[1, 2, 4, 8, 18, 36, 72], "general", 0.09, true),
    offer(("emerald_max", "Emerald Max"), &[1, 2, 4, 8, 18, 36, 72], "high-memory", 0.12, true),
    offer(("onyx", "Onyx"), &[1, 2, 4, 8, 16, 32], "general", 0.08, true),
    offer(("granite", "Granite"), &[2, 4, 8, 16, 32], "general", 0.061, true),
    offer(("marble", "Marble"), &[1, 2, 4, 8, 16], "general", 0.075, true),
    offer(("basalt", "Basalt"), &[4, 8, 16, 32, 64], "compute", 0.1, true),
    offer(("quartz", "Quartz"), &[24, 48, 96], "compute", 0.11, true),
    offer(("topaz", "Topaz"), &[36, 72, 144], "compute", 0.13, true),
    offer(("amber", "Amber"), &[1, 2, 4], "gpu", 0.9, true),
    offer(("coral", "Coral"), &[8, 16], "gpu", 1.4, true),
    offer(("ruby", "Ruby"), &[2, 4, 8], "high-memory", 0.2, true),
    offer(("opal", "Opal"), &[2, 4, 8], "general", 0.085, true),
    offer(("agate", "Agate"), &[1, 2], "general", 0.07, true),
    offer(("flint", "Flint"), &[1, 2, 4], "general", 0.2, false),
];

/// Code, name, and version codes, newest first.
const ANALYSES: [(&str, &str, &[&str]); 12] = [
    ("user_included", "Bring Your Own Software", &["0"]),
    ("miniconda", "Miniconda", &["4.8.4", "4.7.12"]),
    ("ansys_fluent", "Ansys Fluent", &["2019r1", "19.2"]),
    ("openfoam", "OpenFOAM", &["8.0", "7.0", "6.0"]),
    ("lammps", "LAMMPS", &["29oct2020"]),
    ("gromacs", "GROMACS", &["2021.2", "2020.4"]),
    ("starccm", "Simcenter STAR-CCM+", &["15.06.008"]),
    ("abaqus", "Abaqus", &["2020", "2019"]),
    ("ls_dyna", "LS-DYNA", &["12.0.0"]),
    ("nastran", "Nastran", &["2020.1"]),
    ("tensorflow", "TensorFlow", &["2.4.1"]),
    ("su2", "SU2", &["7.1.0"]),
];

static CORE_TYPE_ITEMS: LazyLock<[Vec<Value>; 2]> = LazyLock::new(|| {
    [false, true].map(|version3| {
        CORE_TYPES.iter().map(|core_type| core_type_item(core_type, version3)).collect()
    })
});

pub(super) fn core_type(code: &str) -> Option<&'static CoreType> {
    CORE_TYPES.iter().find(|core_type| core_type.code == code)
}

/// The version codes of a software, newest first.
pub(super) fn versions(code: &str) -> Option<&'static [&'static str]> {
    ANALYSES.iter().find(|analysis| analysis.0 == code).map(|analysis| analysis.2)
}

pub(super) fn analysis_name(code: &str) -> Option<&'static str> {
    ANALYSES.iter().find(|analysis| analysis.0 == code).map(|analysis| analysis.1)
}

pub(super) fn is_project(id: &str) -> bool {
    PROJECTS.iter().any(|project| project.0 == id)
}

pub(super) fn projects() -> Vec<Value> {
    PROJECTS.iter().map(|(id, name)| json!({"id": id, "name": name})).collect()
}

pub(super) fn storage() -> Value {
    let settings = json!({"region": "us-east-1", "container": CONTAINER, "pathBase": format!("user/user_{USER}")});
    json!({"id": "stGfk", "storageType": "S3Storage", "encryptionType": "default", "connectionSettings": settings})
}

pub(super) fn core_types(server: &Server, call: &Call<'_>) -> Outcome {
    let items = &CORE_TYPE_ITEMS[usize::from(call.request.path().starts_with("/api/v3/"))];
    match call.request.query("isActive").is_some_and(|active| active.eq_ignore_ascii_case("true")) {
        true => {
            let active: Vec<_> =
                items.iter().filter(|item| item["isActive"] == true).cloned().collect();
            server.list(call.request, &active)
        }
        false => server.list(call.request, items),
    }
}

fn core_type_item(core_type: &CoreType, version3: bool) -> Value {
    let mut item = json!({
        "code": core_type.code, "name": core_type.name, "displayOrder": null, "isActive": core_type.active,
        "cores": core_type.cores, "gpuCounts": [], "processorInfo": "Simulated CPU", "categoryCodes": [core_type.category],
        "isDeprecated": false, "isPrimary": true, "hasSsd": true, "compute": "1.0", "storage": core_type.storage,
        "memory": core_type.memory, "io": "10 Gb/s", "storageIo": "high", "description": "", "remoteVizAllowed": true,
        "requiresTempSshAuth": false, "mustBeRequested": false, "features": [],
    });
    if !version3 {
        item["price"] = core_type.price.into();
        item["lowPriorityPrice"] = format!("{:.4}", core_type.price * 0.55).into();
        item["walltimeRequired"] = false.into();
    }
    item
}

pub(super) fn analyses(server: &Server, call: &Call<'_>) -> Outcome {
    let version3 = call.request.path().starts_with("/api/v3/");
    let items: Vec<_> = ANALYSES.iter().map(|analysis| analysis_item(analysis, version3)).collect();
    server.list(call.request, &items)
}

fn analysis_item((code, name, versions): &(&str, &str, &[&str]), version3: bool) -> Value {
    let version = |code: &&str| {
        json!({
            "id": code, "version": if *code == "0" { "CPU" } else { code }, "versionCode": code, "eula": null,
            "allowedCoreTypes": CORE_TYPES.iter().map(|core_type| core_type.code).collect::<Vec<_>>(),
            "stdCommand": "", "mpiCommand": "", "smpCommand": "",
        })
    };
    let mut item = json!({
        "code": code, "name": name, "category": "simulated", "description": "", "vendorName": "Simulated vendor",
        "versions": versions.iter().map(version).collect::<Vec<_>>(), "industries": [], "hasRescaleLicense": false,
        "hasShortTermLicense": false, "licenseSettings": [], "optimizerType": null, "pricing": null, "resources": [],
        "thumbnail": "", "displayOrder": null,
    });
    if !version3 {
        item["supportDesks"] = json!([]);
    }
    item
}

/// All prices at once, without pages.
pub(super) fn prices(_: &Server, _: &Call<'_>) -> Outcome {
    const PLANS: [(&str, &str, f64); 2] = [
        ("2019-on-demand", "pay-as-you-go-on-demand", 0.55),
        ("2019-on-demand-pro", "pay-as-you-go-instant", 1.0),
    ];
    let price = |core_type: &CoreType, os: &str, (plan, name, factor): (&str, &str, f64)| {
        json!({
            "coreType": core_type.code, "os": os, "planType": plan, "planName": name, "isActive": core_type.active,
            "value": {"amount": format!("{:.5}", core_type.price * factor), "currency": "USD"},
        })
    };
    let of_core_type = |core_type| {
        PLANS
            .into_iter()
            .flat_map(move |plan| ["linux", "windows"].map(|os| price(core_type, os, plan)))
    };
    Ok(Reply::ok(&CORE_TYPES.iter().flat_map(of_core_type).collect()))
}

/// Configurations of remote desktops; Rescale documented them in 2016.
pub(super) fn remote_desktops(server: &Server, call: &Call<'_>) -> Outcome {
    let item = json!({
        "code": "standard", "displayName": "Standard desktop", "price": 1.5, "coreTypeCode": "amber", "cores": 4, "isWindows": false,
    });
    server.list(call.request, &[item])
}

pub(super) fn automations(_: &Server, _: &Call<'_>) -> Outcome {
    let automation = |(id, name, when): (&str, &str, &str)| {
        json!({
            "id": id, "name": name, "executeOn": when, "scriptName": format!("{when}.sh"), "executionFrequency": 0,
            "environmentVariables": [{"name": "LEVEL", "defaultValue": null}], "description": "", "thumbnailUrl": "",
            "osFamily": "linux", "analysisDependencies": [], "command": format!("sh {when}.sh"),
        })
    };
    Ok(Reply::ok(
        &[("YYnVk", "Prepare", "pre"), ("YYnVm", "Tidy up", "post")]
            .map(automation)
            .into_iter()
            .collect(),
    ))
}
