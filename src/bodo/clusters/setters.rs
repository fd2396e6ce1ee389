//! The setters of everything that describes a cluster, written once.

/// What can be set for a new cluster and changed in one that exists; for a type with
/// `edit(FnOnce(&mut model))`.
macro_rules! cluster_setters {
    () => {
        /// The name.
        pub fn name(self, name: impl Into<String>) -> Self {
            self.edit(|cluster| cluster.name = Some(name.into()))
        }

        /// Text for people.
        pub fn description(self, text: impl Into<String>) -> Self {
            self.edit(|cluster| cluster.description = Some(text.into()))
        }

        /// The type of the machines, such as `c5.large`.
        pub fn instance_type(self, name: impl Into<String>) -> Self {
            self.edit(|cluster| cluster.instance_type = Some(name.into()))
        }

        /// How many machines, at least 1.
        pub fn workers(self, machines: u32) -> Self {
            self.edit(|cluster| cluster.workers_quantity = Some(machines.into()))
        }

        /// How long it may be idle until it pauses, in minutes on the wire: rounded up, at least
        /// one. `None` means never. Clusters of spot instances cannot be paused.
        pub fn auto_pause(self, idle: impl Into<Option<std::time::Duration>>) -> Self {
            let minutes = super::rules::idle_minutes(idle.into());
            self.edit(|cluster| cluster.auto_pause = Some(minutes))
        }

        /// How long it may be idle until it stops, in minutes on the wire: rounded up, at least
        /// one. `None` means never.
        pub fn auto_stop(self, idle: impl Into<Option<std::time::Duration>>) -> Self {
            let minutes = super::rules::idle_minutes(idle.into());
            self.edit(|cluster| cluster.auto_stop = Some(minutes))
        }

        /// Whether it moves to new versions of Bodo by itself.
        pub fn auto_upgrade(self, wanted: bool) -> Self {
            self.edit(|cluster| cluster.auto_upgrade = Some(wanted))
        }

        /// Whether another availability zone is tried when one has too few machines.
        pub fn auto_az(self, wanted: bool) -> Self {
            self.edit(|cluster| cluster.auto_az = Some(wanted))
        }

        /// The availability zone, such as `us-east-2a`.
        pub fn availability_zone(self, name: impl Into<String>) -> Self {
            self.edit(|cluster| cluster.availability_zone = Some(name.into()))
        }

        /// The id of the instance role that the machines take on.
        pub fn instance_role(self, id: impl Into<String>) -> Self {
            self.edit(|cluster| cluster.instance_role_uuid = Some(id.into()))
        }
    };
}
pub(super) use cluster_setters;

/// What can be set for a new cluster only.
macro_rules! new_cluster_setters {
    () => {
        /// The version of Bodo, such as `2025.6.2`; the latest by default.
        pub fn bodo_version(self, version: impl Into<String>) -> Self {
            self.edit(|cluster| cluster.bodo_version = Some(version.into()))
        }

        /// A tag of the cluster and of what belongs to it in the cloud. May be given several times.
        pub fn tag(self, key: impl Into<String>, value: impl Into<String>) -> Self {
            self.edit(|cluster| {
                let tags = cluster.custom_tags.get_or_insert_default();
                tags.insert(key.into(), value.into());
            })
        }

        /// Whether the machines are spot instances, which cost less and may be taken away. Such a
        /// cluster cannot be paused.
        pub fn spot(self, wanted: bool) -> Self {
            self.edit(|cluster| cluster.use_spot_instance = Some(wanted))
        }

        /// The AWS subnet that the machines are in.
        pub fn aws_deployment_subnet(self, id: impl Into<String>) -> Self {
            self.edit(|cluster| cluster.aws_deployment_subnet_id = Some(id.into()))
        }

        /// Whether the use of memory is reported; not by default.
        pub fn memory_report(self, wanted: bool) -> Self {
            self.edit(|cluster| cluster.memory_report_enabled = Some(wanted))
        }
    };
}
pub(super) use new_cluster_setters;
