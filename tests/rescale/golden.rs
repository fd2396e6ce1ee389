//! Every method of the client sends what official programs send for the same action.
//!
//! Where it differs on purpose, the reason stands beside the case.

use longhaul::rescale::models::FileType;
use longhaul::rescale::{
    Analysis, Client, Entry, File, Job, JobState, JobStatus, JobStatusFilter, StorageDeviceStatus,
};
use longhaul_simulator::rescale::SESSION_TOKEN;
use serde_json::{Value, json};

use super::manners::Rescale;
use super::support::{PACE, completed, fast, model, released, running, start_with, stored, work};
use super::wire::{Bench, Differs, What};

const PAGES: Differs =
    What::Query("page_size", "100").because("the default of 10 makes ten times the requests");
const BARE: Differs =
    What::NoHeader("content-type").because("a request without a body has no type of body");
const HISTORY: Differs =
    What::Query("page_size", "1000").because("a whole history is needed to judge it");
const LOOK: Differs = What::Also("GET", "/api/v2/jobs/{id}/statuses/")
    .because("the platform says yes and does nothing when the job's status forbids it");
const NULL_PROJECT: Differs =
    What::NoBody("/projectId").because("what is not set is left out, not sent as null");

/// The operations that no method needs, with the reason.
const UNUSED: [(&str, &[&str]); 4] = [
    (
        "version 2 has the same, is documented, and has the wider rate limit",
        &[
            "create_job_v3",
            "delete_file_v3",
            "delete_job_v3",
            "download_file_v3",
            "get_file_v3",
            "get_job_v3",
            "list_analyses_v3",
            "list_compute_prices_v3",
            "list_core_types_v3",
            "list_files_v3",
            "list_job_files_v3",
            "list_job_statuses_v3",
            "list_jobs_v3",
            "list_run_files_v3",
            "stop_job_v3",
            "submit_job_v3",
            "upload_file_v3",
        ],
    ),
    ("an upload is a POST", &["upload_file_put", "upload_file_put_v3"]),
    ("version 3 has the names of the fields as well", &["get_job_custom_fields"]),
    ("an update sends only what changes", &["replace_job"]),
];

#[tokio::test]
async fn every_method_sends_what_official_programs_send() {
    let (handle, client) = start_with(fast()).await;
    let mut bench = Bench::new(&handle, &Rescale);
    Box::pin(account(&mut bench, &client, &handle.url())).await;
    Box::pin(catalogue(&mut bench, &client)).await;
    Box::pin(job_lists(&mut bench, &client)).await;
    Box::pin(job_descriptions(&mut bench, &client)).await;
    Box::pin(life_of_a_job(&mut bench, &client)).await;
    Box::pin(life_of_a_cluster(&mut bench, &client)).await;
    Box::pin(files(&mut bench, &client)).await;
    Box::pin(folders(&mut bench, &client)).await;
    Box::pin(storage_devices(&mut bench, &client)).await;
    bench.finish(94, &UNUSED);
}

async fn account(bench: &mut Bench<'_>, client: &Client, url: &str) {
    bench.golden("user", &[], client.current_user()).await.unwrap();
    assert!(bench.golden("key is checked", &[], client.check_credentials()).await.unwrap());
    let organization = bench.golden("user v3", &[BARE], client.organization()).await.unwrap();
    bench.golden("projects", &[PAGES], client.projects().collect_all()).await.unwrap();
    let job = client.jobs().create("assigned", work(":")).await.unwrap();
    let assigned = organization.assign_project(job.id(), "pRjab");
    bench.golden("assign project", &[], assigned).await.unwrap();
    let fields = organization.custom_fields();
    bench.golden("workspace custom fields", &[], fields).await.unwrap();
    let billing = organization.billing("2026-01", "2026-02");
    bench.golden("billing", &[], billing).await.unwrap();
    let session = Client::builder().base_url(url).api_key(SESSION_TOKEN).build().unwrap();
    bench.golden("user with a session token", &[], session.organization()).await.unwrap();
}

async fn catalogue(bench: &mut Bench<'_>, client: &Client) {
    let core_types = client.core_types();
    bench.golden("core types", &[PAGES], core_types.list().collect_all()).await.unwrap();
    let smaller = What::Query("page_size", "100").because("more than 100 core types are not known");
    let lower_case = core_types.list().is_active(true);
    bench.golden("active core types", &[smaller], lower_case.collect_all()).await.unwrap();
    let desktops = core_types.remote_viz();
    bench.golden("remote desktops", &[PAGES], desktops.collect_all()).await.unwrap();
    bench.golden("prices", &[], client.prices().list()).await.unwrap();
    let analyses = client.analyses();
    bench.golden("software", &[PAGES], analyses.list().collect_all()).await.unwrap();
    bench.golden("automations", &[BARE], analyses.automations()).await.unwrap();
    let page: &[(&str, &str)] = &[("page_size", "100")];
    bench.spec_with("list_analyses", page, Value::Null, analyses.get("miniconda")).await.unwrap();
    let version = analyses.version("miniconda", "4.8.4");
    bench.spec_with("list_analyses", page, Value::Null, version).await.unwrap();
    let cheapest = client.prices().cheapest();
    bench.spec_with("list_compute_prices", &[], Value::Null, cheapest.clone()).await.unwrap();
    bench.spec_with("list_core_types", page, Value::Null, cheapest).await.unwrap();
}

async fn job_lists(bench: &mut Bench<'_>, client: &Client) {
    completed(client, "echo hello").await;
    let list = || client.jobs().list();
    let all = list().state(JobState::Completed).collect_all();
    bench.golden("completed jobs", &[PAGES], all).await.unwrap();
    let open = list().state(JobState::NotCompleted).collect_all();
    bench.golden("jobs by state", &[], open).await.unwrap();
    let by_status = list().job_status(JobStatusFilter::Completed).collect_all();
    bench.golden("jobs by status", &[], by_status).await.unwrap();
    bench
        .spec_with("list_jobs", &[("page_size", "100")], Value::Null, list().collect_all())
        .await
        .unwrap();
}

/// The work of the tutorial.
fn pi(cores: i64) -> Analysis {
    let work = Analysis::new("miniconda", "4.8.4").hardware("granite", cores);
    work.command("python calculate_pi.py range.inp")
}

async fn job_descriptions(bench: &mut Bench<'_>, client: &Client) {
    let jobs = client.jobs();
    let name = "Rescale UserApi Reference Tutorial";
    let rejected = bench.golden("create rejected", &[NULL_PROJECT], jobs.create(name, pi(1))).await;
    assert_eq!(rejected.unwrap_err().status(), Some(400));
    bench.golden("create", &[NULL_PROJECT], jobs.create(name, pi(2))).await.unwrap();

    let file = stored(client, "range.inp", "1000\n").await;
    let null_project = What::NoBody("/project_id").because("what is not set is left out");
    let with_inputs = jobs.create(format!("{name} (with inputs)"), pi(2).inputs([&file, &file]));
    bench.golden("create with inputs", &[null_project], with_inputs).await.unwrap();
    let big = pi(2).command("openssl rand -out testfile -base64 750000");
    let big = jobs.create(format!("{name} (1GB result file)"), big);
    bench.golden("create big file", &[null_project], big).await.unwrap();
    create_full(bench, client, &file).await;
    create_like_rescalepy(bench, client, &file).await;
    create_like_the_web_client(bench, client, &file).await;
    create_designs_of_experiments(bench, client, &file).await;
}

async fn create_full(bench: &mut Bench<'_>, client: &Client, file: &File) {
    let text = What::Body("/jobanalyses/0/hardware/coreType", "\"emerald_max\"")
        .because("the code alone is the documented form");
    let null = |pointer| What::NoBody(pointer).because("what is not set is left out");
    let differs = [
        text,
        null("/jobanalyses/0/onDemandLicenseSeller"),
        null("/jobanalyses/0/userDefinedLicenseSettings"),
        null("/jobanalyses/0/preProcessScript"),
    ];
    let first = work("echo one").env("A", "1").use_rescale_license(false);
    let first = first.hardware("emerald_max", 4).slots(1).walltime_hours(1);
    let first = first.input(file.id(), Some(false)).edit(|analysis| {
        analysis.use_mpi = Some(false);
        analysis.flags = Some(model(json!({"igCv": true})));
        analysis.hardware.type_ = Some("compute".into());
        analysis.pre_process_script_command = Some(String::new());
        analysis.post_process_script = Some(model(json!({"id": file.id().as_str()})));
        analysis.post_process_script_command = Some("true".to_owned());
    });
    let second = Analysis::new("ansys_fluent", "2019r1").command("# ");
    let second = second.hardware("emerald_max", 4).walltime_hours(1);
    let second = second.env("ANSYSLI_SERVERS", "2325@license.example.com");
    let job = client.jobs().create("wire full", first).analysis(second);
    let job = job.description("").low_priority(true).project("pRjaa");
    let job = job.edit(|job| job.billing_priority_value = Some("ON_DEMAND".into()));
    bench.golden("create full", &differs, job).await.unwrap();
}

async fn create_like_rescalepy(bench: &mut Bench<'_>, client: &Client, file: &File) {
    let twice = What::NoBody("/jobanalyses/0/hardware/cores").because("coresPerSlot says it");
    let empty = What::NoBody("/jobanalyses/0/userDefinedLicenseSettings")
        .because("an empty setting says nothing");
    let work = work("echo hello").hardware("emerald", 2).walltime_hours(3);
    let work = work.inputs([file, file]).use_rescale_license(false);
    let job = client.jobs().create("rp job", work);
    bench.golden("create with cores of rescalepy", &[twice, empty], job).await.unwrap();
}

async fn create_like_the_web_client(bench: &mut Bench<'_>, client: &Client, file: &File) {
    let null = |pointer| What::NoBody(pointer).because("what is not set is left out");
    let differs = [
        What::Path("/api/v2/jobs/").because("version 2 has the same"),
        What::Also("POST", "/api/v3/jobs/{id}/tags/")
            .because("tags in the job are lost in silence"),
        What::NoBody("/tags").because("tags in the job are lost in silence"),
        What::Body("/jobanalyses/0/hardware/coreType", "\"emerald\"")
            .because("the code alone is the documented form"),
        null("/jobanalyses/0/onDemandLicenseSeller"),
        null("/jobanalyses/0/userDefinedLicenseSettings"),
    ];
    let work = work("echo hello").slots(1).walltime_hours(1).env("A", "b");
    let work = work.input(file.id(), Some(true)).use_rescale_license(false);
    let job = client.jobs().create("wire v3", work).low_priority(false).project("pRjaa");
    let job = job.automation("YYnVk", []).tags(["lost"]);
    let job = bench.golden("create v3 with tags", &differs, job).await.unwrap();
    let names: Vec<_> = job.tags().await.unwrap().into_iter().map(|tag| tag.name).collect();
    assert_eq!(names, ["lost"]);
}

async fn create_designs_of_experiments(bench: &mut Bench<'_>, client: &Client, file: &File) {
    let no_inputs = What::NoBody("/jobanalyses/0/inputFiles").because("an empty list says nothing");
    let hello = || work("echo hello").walltime_hours(1);
    let template = hello().edit(|analysis| {
        let task =
            json!({"processedFilename": "run_tpl", "templateFile": {"id": file.id().as_str()}});
        analysis.template_tasks = Some(vec![model(task)]);
    });
    let variable = model(json!({
        "name": "index", "variableType": "Param", "displayOrder": 0,
        "valueGeneratorType": "FixedRange",
        "valueGeneratorSettings": {"minvalue": 1, "maxvalue": 12, "increment": 1},
    }));
    let job = client.jobs().create("wire doe", template).variables([variable]);
    bench.golden("create with template and variables", &[no_inputs], job).await.unwrap();
    let job = client.jobs().create("wire doe csv", hello());
    let file = json!({"id": file.id().as_str()});
    let job = job.edit(|job| job.param_file = Some(model(file)));
    bench.golden("create with parameter file", &[no_inputs], job).await.unwrap();
}

async fn life_of_a_job(bench: &mut Bench<'_>, client: &Client) {
    let jobs = client.jobs();
    let mut job = jobs.create("wire before", work("echo hello")).await.unwrap();
    changes(bench, &mut job).await;
    bench.golden("submit", &[LOOK], job.submit()).await.unwrap();
    bench.golden("statuses", &[HISTORY], job.statuses()).await.unwrap();
    let waited = job.wait_for_status(JobStatus::Completed).every(PACE);
    let (waited, requests) = bench.run(waited).await;
    waited.unwrap();
    assert!(requests.iter().all(|request| request.path.ends_with("/statuses/")));
    bench.golden("job", &[], jobs.get(job.id())).await.unwrap();
    let _ = bench.spec_with("get_job", &[], Value::Null, job.to_new()).await.unwrap();
    let output = job.files().search("output").collect_all();
    bench.golden("search job files", &[PAGES], output).await.unwrap();
    let files = bench.golden("job files", &[PAGES], job.files().collect_all()).await.unwrap();
    bench.golden("file lines of tutorial", &[], files[0].lines()).await.unwrap();
    bench.spec_with("get_file_lines", &[], Value::Null, job.log_tail(3)).await.unwrap();
    let runs: &[(&str, &str)] = &[("page_size", "100")];
    bench
        .spec_with("list_run_files", runs, Value::Null, job.run("1").files().collect_all())
        .await
        .unwrap();
    bench.golden("share", &[], job.share("other@example.com", "look")).await.unwrap();
    let with_workspace = job.share_with_workspace("00-000000000", "");
    bench.golden("share with a workspace", &[], with_workspace).await.unwrap();
    tags_and_fields(bench, &job).await;
    released(&job).await;
    let cluster = What::Also("GET", "/api/v2/jobs/{id}/cluster_statuses/")
        .because("the deletion waits for the cluster, which the tutorial leaves to its reader");
    bench.golden("delete", &[LOOK, cluster], job.delete()).await.unwrap();
    let unsent = jobs.create("unsent", work(":")).await.unwrap();
    let lower = What::Query("deleteInputFiles", "true").because("booleans are `true` and `false`");
    let delete = unsent.delete().with_input_files();
    bench.golden("delete with inputs", &[LOOK, lower], delete).await.unwrap();
}

async fn changes(bench: &mut Bench<'_>, job: &mut Job) {
    bench.golden("patch name", &[LOOK], job.update().name("wire after")).await.unwrap();
    bench.golden("patch project", &[LOOK], job.update().project("pRjab")).await.unwrap();
    let update = job.update().description("text").low_priority(true);
    let body = json!({"description": "text", "isLowPriority": true});
    bench.spec_with("update_job", &[], body, update).await.unwrap();
    let body = json!({"jobanalyses": [{
        "analysis": {"code": "user_included", "version": "0"}, "command": "echo other",
        "hardware": {"coreType": "emerald", "coresPerSlot": 1},
    }]});
    let update = job.update().analyses([work("echo other")]);
    bench.spec_with("update_job", &[], body, update).await.unwrap();
}

async fn tags_and_fields(bench: &mut Bench<'_>, job: &Job) {
    bench.golden("add job tag", &[], job.add_tag("isCorrect:true")).await.unwrap();
    bench.golden("job tags", &[BARE], job.tags()).await.unwrap();
    bench.golden("remove job tag", &[], job.remove_tag("Second")).await.unwrap();
    let values = model(json!({"Context Field 1": "123"}));
    bench.golden("set custom fields", &[], job.set_custom_fields(values)).await.unwrap();
    bench.golden("job custom fields", &[BARE], job.custom_fields()).await.unwrap();
}

async fn life_of_a_cluster(bench: &mut Bench<'_>, client: &Client) {
    let job = running(client).await;
    let instances = job.instances().collect_all();
    let instances = bench.golden("instances", &[PAGES], instances).await.unwrap();
    let mut cluster = job.cluster();
    bench.golden("cluster statuses", &[HISTORY], cluster.statuses()).await.unwrap();
    let password = cluster.remote_desktop_password(instances[0].cluster_id.as_deref().unwrap());
    bench.golden("remote desktop password", &[], password).await.unwrap();
    bench.golden("connection details", &[], job.connection_details()).await.unwrap();
    let load = bench.golden("load", &[], job.cluster_load(1)).await;
    assert!(load.unwrap_err().is_not_found());
    live_run(bench, &job).await;
    bench.golden("stop", &[], job.stop()).await.unwrap();
    let job = running(client).await;
    bench.golden("force stop", &[], job.force_stop()).await.unwrap();
}

async fn live_run(bench: &mut Bench<'_>, job: &Job) {
    bench.golden("runs", &[PAGES], job.runs().collect_all()).await.unwrap();
    let run = job.run("1");
    bench.golden("run", &[], run.get()).await.unwrap();
    let whole = What::NoQuery("page_size").because("the answer is a plain list without pages");
    bench.golden("directory", &[whole], run.directory()).await.unwrap();
    bench.golden("tail", &[], run.tail("process_output.log", 2)).await.unwrap();
    bench.golden("tail in a folder", &[], run.tail("case/0/U", 1)).await.unwrap();
    bench.golden("read", &[], run.read("process_output.log", 1 << 20)).await.unwrap();
    bench.golden("snapshot", &[], run.snapshot()).await.unwrap();
    bench.golden("run files", &[PAGES], run.files().collect_all()).await.unwrap();
    bench.golden("stop run", &[], run.stop()).await.unwrap();
}

async fn files(bench: &mut Bench<'_>, client: &Client) {
    let files = client.files();
    uploads(bench, client).await;
    let mut file = stored(client, "needle_wire_42.txt", "x").await;
    let found = files.list().search("needle_wire_42").owner(1).collect_all();
    bench.golden("search files", &[PAGES], found).await.unwrap();
    let search: &[(&str, &str)] = &[("page_size", "100"), ("search", "needle_wire_42.txt")];
    let newest = files.newest("needle_wire_42.txt");
    bench.spec_with("list_files", search, Value::Null, newest).await.unwrap();
    bench.golden("file", &[], files.get(file.id())).await.unwrap();
    bench.spec_with("get_file", &[], Value::Null, file.refresh()).await.unwrap();
    bench.golden("file lines", &[], file.lines()).await.unwrap();
    let one = What::NoBody("/typeId").because("name and type are two methods");
    bench.golden("patch file", &[one], file.rename("new_name.txt")).await.unwrap();
    let kind = file.set_type(FileType::SCRIPT);
    bench.spec_with("update_file", &[], json!({"typeId": 4}), kind).await.unwrap();
    bench.golden("add file tag", &[], file.add_tag("t1")).await.unwrap();
    bench.golden("file tags", &[BARE], file.tags()).await.unwrap();
    bench.golden("remove file tag", &[], file.remove_tag("t1")).await.unwrap();
    bench.golden("delete file", &[], file.delete()).await.unwrap();
    downloads(bench, client).await;
}

async fn uploads(bench: &mut Bench<'_>, client: &Client) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let files = client.files();
    let script = path("calculate_pi.py", "print('fake pi')\n");
    bench.golden("upload tutorial script", &[], files.upload(script)).await.unwrap();
    let input = path("range.inp", "1000\n");
    bench.golden("upload tutorial input", &[], files.upload(input)).await.unwrap();
    let script = files.upload(path("s.sh", "true\n")).file_type(FileType::SCRIPT);
    bench.golden("upload with type", &[], script).await.unwrap();
    let octets = What::Body("/multipart/0/content_type", "\"application/octet-stream\"")
        .because("rescalepy writes the type of the file where its content type belongs");
    let text = files.upload(path("input.txt", "hello wire\n"));
    bench.golden("upload by rescalepy", &[octets], text).await.unwrap();
}

async fn downloads(bench: &mut Bench<'_>, client: &Client) {
    let folder = tempfile::tempdir().unwrap();
    let small = stored(client, "small.txt", "hello").await;
    let whole = small.download_to(folder.path());
    bench.golden("contents", &[], whole).await.unwrap();
    let large = stored(client, "large.bin", &"x".repeat(203_124)).await;
    let pinned = What::Header("if-match", "{etag}")
        .because("all parts have to be of the version that the first one had");
    let parts = large.download_to(folder.path()).part_size(101_562).parallel(1);
    bench.goldens(&[("first range", &[]), ("later range", &[pinned])], parts).await.unwrap();
    let (_, requests) = bench.run(client.files().upload_folder(folder.path())).await;
    assert_eq!(requests.len(), 1);
}

async fn folders(bench: &mut Bench<'_>, client: &Client) {
    let folders = client.folders();
    let roots = bench.golden("root folders", &[BARE], folders.roots()).await.unwrap();
    let library = roots.my_library.as_deref().unwrap();
    let folder = folders.create(library, "wire folder");
    let folder = bench.golden("create folder", &[], folder).await.unwrap();
    let folder = folder.id.as_deref().unwrap();
    let file = register(bench, client, folder).await;
    let contents = folders.contents(library).collect_all();
    bench.golden("folder contents", &[PAGES], contents).await.unwrap();
    let smaller = What::Query("page_size", "100").because("lists have one page size throughout");
    let contents = folders.contents(folder).collect_all();
    bench.golden("folder contents, large pages", &[smaller], contents).await.unwrap();
    bench.golden("move file", &[], file.move_to(library)).await.unwrap();
    let (found, _) = bench.run(folders.parent_of(file.id())).await;
    assert_eq!(found.unwrap(), Some(library.into()));
    let archived = folders.trash_from(library, [file.id().clone()], [folder.into()]);
    bench.golden("archive", &[], archived).await.unwrap();
    let trash = folders.trash();
    let all = bench.golden("trash", &[], trash.list().collect_all()).await.unwrap();
    let link = all.iter().find_map(|entry| match entry {
        Entry::File(file) => Some(file.id().clone()),
        _ => None,
    });
    bench.golden("recover", &[], trash.recover(link, [])).await.unwrap();
    bench.golden("delete from trash", &[], trash.delete([], [folder.into()])).await.unwrap();
    let folder = folders.create(library, "bye").await.unwrap().id.unwrap();
    bench.golden("delete folder", &[BARE], folders.delete(folder)).await.unwrap();
}

async fn register(bench: &mut Bench<'_>, client: &Client, folder: &str) -> File {
    let checksum = json!({
        "hashFunction": "sha512",
        "fileHash": "bb96c2fc40d2d54617d6f276febe571f623a8dadf0b734855299b0e107fda32cf6b69f2da32b36445d73690b93cbd0f7bfc20e0f7f28553d2a4428f23b716e90",
    });
    let file = model(json!({
        "typeId": 1, "name": "reg.bin", "currentFolderId": folder,
        "encodedEncryptionKey": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
        "pathParts": {"container": "fake-bucket", "path": "user/user_FAKE/reg.bin-abc"},
        "storage": {"id": "stGfk", "storageType": "S3Storage", "encryptionType": "default"},
        "isUploaded": true, "decryptedSize": 10, "fileChecksums": [checksum],
    }));
    bench.golden("register file", &[], client.files().register(file)).await.unwrap()
}

async fn storage_devices(bench: &mut Bench<'_>, client: &Client) {
    let devices = client.storage_devices();
    bench.golden("regions", &[], devices.regions()).await.unwrap();
    let device = model(json!({
        "name": "wire hps", "storageSize": 10,
        "hardware": {"walltime": 750, "coresPerSlot": 1, "coreType": "emerald"},
        "firstAlert": 60, "secondAlert": 80, "autoextend": false, "autoextendPercent": 1,
        "walltimeAlert": true, "walltimeAlertHours": 36, "region": {"id": "pCTMk"},
    }));
    let mut device = bench.golden("create device", &[], devices.create(device)).await.unwrap();
    bench.golden("device", &[], devices.get(device.id())).await.unwrap();
    bench.golden("submit device", &[], device.submit()).await.unwrap();
    let first_look = device.wait_for_status([
        StorageDeviceStatus::NotStarted,
        StorageDeviceStatus::Starting,
        StorageDeviceStatus::Started,
    ]);
    bench.golden("device statuses", &[HISTORY], first_look).await.unwrap();
    bench.golden("devices", &[PAGES], devices.list().collect_all()).await.unwrap();
    let job = client.jobs().create("wire attach", work("echo hello")).await.unwrap();
    bench.golden("attach device", &[], job.attach_storage_device(device.id())).await.unwrap();
    bench.golden("credentials", &[BARE], devices.credentials(None)).await.unwrap();
    let one_file = model(json!({
        "storage": {"id": "stGfk", "storageType": "S3Storage"},
        "paths": [{"pathParts": {"container": "fake-bucket", "path": "user/user_FAKE/x"}}],
    }));
    let credentials = devices.credentials(Some(one_file));
    bench.golden("credentials for a file", &[], credentials).await.unwrap();
}
