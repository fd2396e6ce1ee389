//! The setters of what a job runs, written once for jobs, runs and templates.

/// The setters of what a job runs, for a builder: `work_setters!(|builder| builder.work)`.
macro_rules! work_setters {
    (|$builder:ident| $work:expr) => {
        /// Where the code comes from; the folder `/` of the workspace by default.
        pub fn source(self, source: $crate::bodo::Source) -> Self {
            self.edit(|config| config.source = Some(source.into()))
        }

        /// The file to run, relative to its source: `.py`, `.ipynb` or `.sql`.
        pub fn exec_file(self, file: impl Into<String>) -> Self {
            self.edit(|config| config.source_location = Some(file.into()))
        }

        /// The text of the query, for SQL.
        pub fn exec_text(self, sql: impl Into<String>) -> Self {
            self.edit(|config| config.sql_query_text = Some(sql.into()))
        }

        /// The arguments of the program as one command line, such as `--year 2024`.
        pub fn args(self, line: impl Into<String>) -> Self {
            self.change(|work| work.set_args(line.into()))
        }

        /// The arguments of the program as a JSON object.
        pub fn args_json(self, args: serde_json::Map<String, serde_json::Value>) -> Self {
            self.change(|work| work.set_args(args))
        }

        /// An environment variable. May be given several times; it is not shown by `Debug`.
        pub fn env(
            self,
            name: impl Into<String>,
            value: impl Into<$crate::values::Secret>,
        ) -> Self {
            self.change(|work| work.set_env(name.into(), value.into()))
        }

        /// When the platform stops an attempt at the latest; after 60 minutes by default (source:
        /// Bodo's documentation, bodo_jobs.md). It counts in minutes: a part of one is rounded up
        /// to a whole one.
        pub fn timeout(self, limit: std::time::Duration) -> Self {
            self.change(|work| work.set_timeout(limit))
        }

        /// Whether to try again after a failure; never by default.
        pub fn retries(self, retries: $crate::bodo::Retries) -> Self {
            self.change(|work| work.set_retries(retries))
        }

        /// The catalog of the query, by its name.
        pub fn catalog(self, name: impl Into<String>) -> Self {
            self.edit(|config| config.catalog = Some(name.into()))
        }

        /// Whether the result of the query is kept for download.
        pub fn store_result(self, wanted: bool) -> Self {
            self.edit(|config| config.store_result = Some(wanted))
        }

        /// The value of the next `?` of the query.
        pub fn bind(self, value: impl Into<$crate::bodo::SqlValue>) -> Self {
            self.change(|work| work.bind(value.into()))
        }

        /// The value of `:name` in the text of the query, wherever it stands; casts (`::`), quoted
        /// text and comments are left alone.
        pub fn bind_named(
            self,
            name: impl Into<String>,
            value: impl Into<$crate::bodo::SqlValue>,
        ) -> Self {
            self.change(|work| work.bind_named(name.into(), value.into()))
        }

        /// The values of the next `?` of the query, in order.
        pub fn params(
            self,
            values: impl IntoIterator<Item = impl Into<$crate::bodo::SqlValue>>,
        ) -> Self {
            self.change(|work| values.into_iter().for_each(|value| work.bind(value.into())))
        }

        /// The configuration as it will be sent, to set what has no setter here.
        pub fn edit(self, change: impl FnOnce(&mut $crate::bodo::models::JobConfig)) -> Self {
            self.change(|work| change(&mut work.config))
        }

        fn change(mut self, change: impl FnOnce(&mut $crate::bodo::jobs::Work)) -> Self {
            let $builder = &mut self;
            change(&mut $work);
            self
        }
    };
}
pub(in crate::bodo) use work_setters;
