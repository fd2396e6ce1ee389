//! The setters of executions and of what is asked in the same way.

/// The setters that every execution has; the path leads from the builder to its options.
macro_rules! execute_setters {
    ($($path:ident).+) => {
        /// The moment whose version of the service is to be used, such as `2025-06-01`.
        pub fn active_since(mut self, moment: impl Into<String>) -> Self {
            self.$($path).+.active_since = Some(moment.into());
            self
        }

        /// The name of the calling system in the platform's log; `longhaul` by default.
        pub fn source_system(mut self, name: impl Into<String>) -> Self {
            self.$($path).+.source_system = Some(name.into());
            self
        }

        /// An id of yours, by which the call can be found in the log.
        pub fn correlation_id(mut self, id: impl Into<String>) -> Self {
            self.$($path).+.correlation_id = Some(id.into());
            self
        }

        /// What the call is for, in the platform's log; `Single Execution` by default, and
        /// `Sync Batch Execution` for many records.
        pub fn call_purpose(mut self, purpose: impl Into<String>) -> Self {
            self.$($path).+.call_purpose = Some(purpose.into());
            self
        }

        /// The subservices whose outputs are wanted.
        pub fn subservices(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
            self.$($path).+.subservices = Some($crate::spark::services::options::joined(names));
            self
        }

        /// The outputs that are wanted; all by default.
        pub fn selected_outputs(
            mut self,
            names: impl IntoIterator<Item = impl Into<String>>,
        ) -> Self {
            let names = $crate::spark::services::options::joined(names);
            self.$($path).+.selected_outputs = Some(names);
            self
        }

        /// How the inputs are compressed on their way; not at all by default.
        pub fn encoding(mut self, encoding: $crate::spark::Encoding) -> Self {
            self.$($path).+.encoding = Some(encoding);
            self
        }

        /// A further field beside the inputs, sent as it is.
        pub fn extra(
            mut self,
            name: impl Into<String>,
            value: impl Into<serde_json::Value>,
        ) -> Self {
            self.$($path).+.extras.insert(name.into(), value.into());
            self
        }
    };
}
pub(super) use execute_setters;

/// The setters for one record.
macro_rules! single_setters {
    ($($path:ident).+) => {
        /// The kind of model to execute; Neuron by default.
        pub fn compiler_type(mut self, kind: impl Into<$crate::spark::CompilerType>) -> Self {
            self.$($path).+.single.compiler_type = Some(kind.into());
            self
        }

        /// Whether the answer tells how goals were sought.
        pub fn debug_solve(mut self, wanted: bool) -> Self {
            self.$($path).+.single.debug_solve = Some(wanted);
            self
        }

        /// Whether the platform keeps the filled workbook, to be
        /// [rehydrated](crate::spark::Logs::rehydrate); `false` by default.
        pub fn downloadable(mut self, wanted: bool) -> Self {
            self.$($path).+.single.downloadable = Some(wanted);
            self
        }

        /// Whether the answer repeats the inputs; `false` by default.
        pub fn echo_inputs(mut self, wanted: bool) -> Self {
            self.$($path).+.single.echo_inputs = Some(wanted);
            self
        }

        /// The tables that come as arrays of rows.
        pub fn tables_as_array(
            mut self,
            names: impl IntoIterator<Item = impl Into<String>>,
        ) -> Self {
            let names = $crate::spark::services::options::joined(names);
            self.$($path).+.single.tables_as_array = Some(names);
            self
        }

        /// A regular expression for the names of the wanted outputs.
        pub fn outputs_filter(mut self, pattern: impl Into<String>) -> Self {
            self.$($path).+.single.outputs_filter = Some(pattern.into());
            self
        }
    };
}
pub(super) use single_setters;
