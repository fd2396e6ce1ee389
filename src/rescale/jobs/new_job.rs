//! Describing a job before it exists.

use std::collections::BTreeMap;

use super::{Job, JobId};
use crate::error::{Error, Result};
use crate::rescale::models::{
    AnalysisRef, AutomationRef, CoreTypeRef, FileRef, HardwareCreate, InputFile, JobAnalysisCreate,
    JobAutomationCreate, JobCreate, JobVariableCreate,
};
use crate::rescale::{Client, File, FileId, models};
use crate::transport::call::call;

/// One step of a job: software, a command, hardware and input files.
///
/// Command and hardware are needed before the job can be created; everything else has a default.
#[derive(Clone, Debug)]
#[must_use]
pub struct Analysis(JobAnalysisCreate);

impl Analysis {
    /// Software by its code and the code of the version, such as `miniconda` and `4.8.4`.
    /// [`Analyses::version`](crate::rescale::Analyses::version) finds the code for a name.
    pub fn new(code: impl Into<String>, version: impl Into<String>) -> Self {
        Self(JobAnalysisCreate {
            analysis: AnalysisRef { code: code.into(), version: Some(version.into()) },
            command: String::new(),
            hardware: HardwareCreate {
                core_type: CoreTypeRef::String(String::new()),
                cores: None,
                cores_per_slot: 0,
                slots: None,
                type_: None,
                walltime: None,
                extra: Default::default(),
            },
            env_vars: None,
            flags: None,
            input_files: None,
            on_demand_license_seller: None,
            post_process_script: None,
            post_process_script_command: None,
            pre_process_script: None,
            pre_process_script_command: None,
            template_tasks: None,
            use_mpi: None,
            use_rescale_license: None,
            user_defined_license_settings: None,
            extra: Default::default(),
        })
    }

    /// The shell command. In a job of several analyses, one that has nothing to run needs `:`.
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.0.command = command.into();
        self
    }

    /// The code of the core type and the number of cores, which must be one that it offers.
    pub fn hardware(mut self, core_type: impl Into<String>, cores: i64) -> Self {
        self.0.hardware.core_type = CoreTypeRef::String(core_type.into());
        self.0.hardware.cores_per_slot = cores;
        self
    }

    /// How many slots, that is parallel runs; 1 by default.
    pub fn slots(mut self, slots: i64) -> Self {
        self.0.hardware.slots = Some(slots);
        self
    }

    /// When the platform stops the job at the latest, in hours.
    pub fn walltime_hours(mut self, hours: i64) -> Self {
        self.0.hardware.walltime = Some(hours);
        self
    }

    /// Files to place in the working directory. Archives among them are unpacked there.
    pub fn inputs<'a>(self, files: impl IntoIterator<Item = &'a File>) -> Self {
        files.into_iter().fold(self, |analysis, file| analysis.input(file.id().clone(), None))
    }

    /// One file to place in the working directory, by its id; `decompress` says whether an archive
    /// is unpacked there, which is the platform's default.
    pub fn input(mut self, file: impl Into<FileId>, decompress: Option<bool>) -> Self {
        let id = file.into().as_str().to_owned();
        let input = InputFile { id, decompress };
        self.0.input_files.get_or_insert_default().push(input);
        self
    }

    /// An environment variable of the command.
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.env_vars.get_or_insert_with(BTreeMap::new).insert(name.into(), value.into());
        self
    }

    /// Uses a licence that Rescale holds.
    pub fn use_rescale_license(mut self, wanted: bool) -> Self {
        self.0.use_rescale_license = Some(wanted);
        self
    }

    /// The request as it will be sent, to set what has no setter here.
    pub fn edit(mut self, change: impl FnOnce(&mut JobAnalysisCreate)) -> Self {
        change(&mut self.0);
        self
    }

    pub(super) fn into_request(self) -> JobAnalysisCreate {
        self.0
    }
}

/// A job that does not exist yet.
#[derive(Clone, Debug)]
#[must_use]
pub struct NewJob(JobCreate);

impl NewJob {
    /// A job without analyses; at least one is needed before it can be created.
    pub fn new(name: impl Into<String>) -> Self {
        Self(JobCreate {
            name: name.into(),
            jobanalyses: Vec::new(),
            archive_filters: None,
            billing_priority_value: None,
            case_file: None,
            cloned_from: None,
            cluster_id: None,
            description: None,
            include_nominal_run: None,
            input_file_parse_task: None,
            is_low_priority: None,
            is_template: None,
            is_template_dry_run: None,
            job_automations: None,
            jobvariables: None,
            monte_carlo_iterations: None,
            param_file: None,
            project_id: None,
            resource_filters: None,
            tags: None,
            templated_from: None,
            extra: Default::default(),
        })
    }

    /// Adds a step; the steps run one after the other on one cluster.
    pub fn analysis(mut self, analysis: Analysis) -> Self {
        self.0.jobanalyses.push(analysis.0);
        self
    }

    /// The request as it will be sent, to change what has no setter here.
    pub fn edit(mut self, change: impl FnOnce(&mut JobCreate)) -> Self {
        change(&mut self.0);
        self
    }

    /// The request as it will be sent.
    pub fn request(&self) -> &JobCreate {
        &self.0
    }

    /// What an existing job would be if it were new: fields of the answer that no request has are
    /// left out.
    pub(super) fn like(job: &models::Job) -> Result<Self> {
        let mut fields = serde_json::to_value(job).map_err(unreadable)?;
        strip(&mut fields);
        serde_json::from_value(fields).map(Self).map_err(unreadable)
    }

    pub(super) fn check(&self) -> Result<()> {
        let job = &self.0;
        if job.name.trim().is_empty() {
            return Err(Error::invalid("a job needs a name"));
        }
        if job.jobanalyses.is_empty() {
            let name = &job.name;
            return Err(Error::invalid(format!("the job `{name}` needs at least one analysis")));
        }
        for (index, analysis) in job.jobanalyses.iter().enumerate() {
            check_analysis(analysis).map_err(|why| {
                let code = &analysis.analysis.code;
                Error::invalid(format!("analysis {} (`{code}`) {why}", index + 1))
            })?;
        }
        Ok(())
    }
}

fn check_analysis(analysis: &JobAnalysisCreate) -> Result<(), &'static str> {
    if analysis.analysis.code.is_empty() {
        return Err("has no code");
    }
    if analysis.command.trim().is_empty() {
        return Err("has no command; one that does nothing is `:`");
    }
    let unnamed =
        matches!(&analysis.hardware.core_type, CoreTypeRef::String(code) if code.is_empty());
    if unnamed || analysis.hardware.cores_per_slot < 1 {
        return Err("has no hardware; give a core type and at least 1 core");
    }
    Ok(())
}

/// What a job has that a new one must not: its identity, its results, and what the platform adds.
fn strip(job: &mut serde_json::Value) {
    const REQUEST: [&str; 20] = [
        "name",
        "jobanalyses",
        "description",
        "isLowPriority",
        "projectId",
        "billingPriorityValue",
        "paramFile",
        "caseFile",
        "jobvariables",
        "includeNominalRun",
        "isTemplateDryRun",
        "monteCarloIterations",
        "resourceFilters",
        "archiveFilters",
        "jobAutomations",
        "inputFileParseTask",
        "isTemplate",
        "templatedFrom",
        "clonedFrom",
        "clusterId",
    ];
    let Some(fields) = job.as_object_mut() else { return };
    fields.retain(|name, value| REQUEST.contains(&name.as_str()) && !value.is_null());
    for analysis in list(fields.get_mut("jobanalyses")) {
        keep(analysis, "analysis", &["code", "version"]);
        keep(analysis, "hardware", &["coreType", "coresPerSlot", "slots", "walltime", "type"]);
        for file in list(analysis.get_mut("inputFiles")) {
            retain(file, &["id", "decompress"]);
        }
        if let Some(analysis) = analysis.as_object_mut() {
            analysis.retain(|_, value| !value.is_null());
        }
    }
    for automation in list(fields.get_mut("jobAutomations")) {
        keep(automation, "automation", &["id"]);
        if automation["environmentVariables"].is_null() {
            // The platform answers 500 to an automation without them.
            automation["environmentVariables"] = serde_json::json!({});
        }
    }
}

fn list(value: Option<&mut serde_json::Value>) -> impl Iterator<Item = &mut serde_json::Value> {
    value.and_then(serde_json::Value::as_array_mut).into_iter().flatten()
}

fn keep(parent: &mut serde_json::Value, name: &str, names: &[&str]) {
    if let Some(child) = parent.get_mut(name) {
        retain(child, names);
    }
}

fn retain(value: &mut serde_json::Value, names: &[&str]) {
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|name, value| names.contains(&name.as_str()) && !value.is_null());
    }
}

fn unreadable(error: serde_json::Error) -> Error {
    Error::invalid(format!("the job cannot be made anew: {error}"))
}

/// A job about to be saved; `.await` gives a [`Job`].
///
/// It is sent once: when the answer is lost, the error says so, and the list of jobs tells whether
/// the job is there.
#[derive(Clone, Debug)]
#[must_use = "nothing is created until it is awaited"]
pub struct CreateJob {
    client: Client,
    job: NewJob,
}

impl CreateJob {
    pub(super) fn new(client: &Client, job: NewJob) -> Self {
        Self { client: client.clone(), job }
    }

    /// Adds a step; the steps run one after the other on one cluster.
    pub fn analysis(mut self, analysis: Analysis) -> Self {
        self.job = self.job.analysis(analysis);
        self
    }

    /// The project to charge, by its id.
    pub fn project(self, id: impl Into<String>) -> Self {
        self.edit(|job| job.project_id = Some(id.into()))
    }

    /// Longer text, for people.
    pub fn description(self, text: impl Into<String>) -> Self {
        self.edit(|job| job.description = Some(text.into()))
    }

    /// Runs at low priority, for less.
    pub fn low_priority(self, wanted: bool) -> Self {
        self.edit(|job| job.is_low_priority = Some(wanted))
    }

    /// Runs a script of the organisation before or after the job.
    pub fn automation(
        self,
        id: impl Into<String>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let automation = AutomationRef { id: id.into(), extra: Default::default() };
        let environment_variables = variables.into_iter().collect();
        self.edit(|job| {
            job.job_automations.get_or_insert_default().push(JobAutomationCreate {
                automation,
                environment_variables,
                extra: Default::default(),
            });
        })
    }

    /// Makes a run for each combination of values: a design of experiments.
    pub fn variables(self, variables: impl IntoIterator<Item = JobVariableCreate>) -> Self {
        self.edit(|job| job.jobvariables = Some(variables.into_iter().collect()))
    }

    /// Takes the variables of the runs from this file.
    pub fn param_file(self, file: impl Into<FileId>) -> Self {
        let id = file.into().as_str().to_owned();
        self.edit(|job| job.param_file = Some(FileRef { id, extra: Default::default() }))
    }

    /// Makes a run for each row of this file.
    pub fn case_file(self, file: impl Into<FileId>) -> Self {
        let id = file.into().as_str().to_owned();
        self.edit(|job| job.case_file = Some(FileRef { id, extra: Default::default() }))
    }

    /// Tags, which the platform takes one by one after the job is there.
    pub fn tags<T: Into<String>>(self, tags: impl IntoIterator<Item = T>) -> Self {
        self.edit(|job| job.tags = Some(tags.into_iter().map(Into::into).collect()))
    }

    /// The request as it will be sent, to set what has no setter here.
    pub fn edit(mut self, change: impl FnOnce(&mut JobCreate)) -> Self {
        self.job = self.job.edit(change);
        self
    }

    async fn send(mut self) -> Result<Job> {
        self.job.check()?;
        // The platform ignores tags in the request without a word.
        let tags = self.job.0.tags.take().unwrap_or_default();
        let data = call(self.client.raw().create_job().body(self.job.0).send()).await?;
        let job = Job::with_data(&self.client, data);
        for tag in tags {
            let id: JobId = job.id().clone();
            job.add_tag(tag).await.map_err(|error| {
                error.with_advice(format!("the job {id} was created, but not all its tags"))
            })?;
        }
        Ok(job)
    }
}

crate::awaits::awaits!(CreateJob => Job, send);
