//! What a tenant can choose from: hardware, images and applications.

use serde_json::{Value, json};

use super::inferred;

/// A kind of machine, under its names for servers and for applications.
#[derive(Debug, PartialEq)]
pub(super) struct Hardware {
    pub(super) id: i32,
    pub(super) name: &'static str,
    pub(super) package: &'static str,
    pub(super) gpu_type: &'static str,
    pub(super) gpu_brand: &'static str,
    pub(super) gpu_name: &'static str,
    pub(super) gpus: i32,
    pub(super) vcpus: i32,
    /// GB.
    pub(super) memory: i64,
    /// GB.
    pub(super) storage: i64,
    /// US dollars an hour.
    pub(super) price: f64,
}

/// Sizes and names as in the README of the official Python client.
pub(super) static HARDWARE: [Hardware; 4] = [
    Hardware {
        id: 5,
        name: "A100_40GB_PCIe_1x",
        package: "g-nvidia-1xa100-40gb-pcie-14vcpu-112gb",
        gpu_type: "nvidia.com/A100PCIE40GB",
        gpu_brand: "Nvidia",
        gpu_name: "A100 40GB PCIe",
        gpus: 1,
        vcpus: 14,
        memory: 112,
        storage: 1_700,
        price: 2.05,
    },
    Hardware {
        id: 6,
        name: "A100_40GB_PCIe_2x",
        package: "g-nvidia-2xa100-40gb-pcie-28vcpu-224gb",
        gpu_type: "nvidia.com/A100PCIE40GB",
        gpu_brand: "Nvidia",
        gpu_name: "A100 40GB PCIe",
        gpus: 2,
        vcpus: 28,
        memory: 224,
        storage: 3_400,
        price: 4.1,
    },
    Hardware {
        id: inferred::H100_ID,
        name: "H100_80GB_SXM_8x",
        package: "g-nvidia-8xh100-80gb-sxm-200vcpu-940gb",
        gpu_type: "nvidia.com/H100SXM480GB",
        gpu_brand: "Nvidia",
        gpu_name: "H100 80GB SXM",
        gpus: 8,
        vcpus: 200,
        memory: 940,
        storage: 20_000,
        price: inferred::H100_PRICE,
    },
    Hardware {
        id: 15,
        name: inferred::GAUDI_NAME,
        package: "g-intel-8xgaudi2-152vcpu-940gb",
        gpu_type: "intel/GAUDI2",
        gpu_brand: "Intel",
        gpu_name: "Gaudi2",
        gpus: 8,
        vcpus: 152,
        memory: 940,
        storage: 27_000,
        price: inferred::GAUDI_PRICE,
    },
];

/// Name, distribution and version.
pub(super) static IMAGES: [(&str, &str, &str); 2] =
    [("Ubuntu 22.04.4 LTS", "Ubuntu", "22.04.4"), ("Ubuntu 24.04.1 LTS", "Ubuntu", "24.04.1")];

/// An application of the catalogue.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) name: &'static str,
    /// Name and image.
    pub(super) versions: &'static [(&'static str, &'static str)],
}

pub(super) static ITEMS: [Item; 2] = [
    Item {
        name: "jupyter-notebook",
        versions: &[
            ("python-3.11.9", "registry.example.test/jupyter-notebook:python-3.11.9"),
            ("python-3.12.3", "registry.example.test/jupyter-notebook:python-3.12.3"),
        ],
    },
    Item { name: "vllm", versions: &[("0.6.3", "registry.example.test/vllm:0.6.3")] },
];

impl Hardware {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        HARDWARE.iter().find(|hardware| hardware.name == name)
    }

    pub(super) fn packaged(name: &str) -> Option<&'static Self> {
        HARDWARE.iter().find(|hardware| hardware.package == name)
    }

    fn family(&self) -> String {
        let model = self.gpu_name.split(' ').next().unwrap_or_default();
        format!("{} {model}", self.gpu_brand.to_uppercase())
    }

    /// As a configuration of virtual servers.
    pub(super) fn configuration(&self, clusters: &[String]) -> Value {
        json!({
            "id": self.id, "user_friendly_name": self.name, "name": self.name, "description": null,
            "os_version": "20.04", "os_type": "Ubuntu", "storage": self.storage,
            "gpu_type": self.gpu_type, "gpu_family": self.family(), "gpu_brand": self.gpu_brand,
            "gpu_name": self.gpu_name, "type": self.gpu_type, "brand_family": self.family(),
            "brand": self.gpu_brand, "text_name": self.gpu_name, "gpus": self.gpus,
            "vcpus": self.vcpus, "memory": self.memory, "price": self.price,
            "compute_network": null, "is_gpu_platform": true, "clusters": clusters,
        })
    }

    /// As a hardware package of applications, which tells its clusters in lists only.
    pub(super) fn hardware_package(&self, clusters: Option<&[String]>) -> Value {
        let mut package = json!({
            "name": self.package, "description": self.gpu_name, "gpuCount": self.gpus,
            "gpuType": self.gpu_type, "gpuBrand": self.gpu_brand, "gpuName": self.gpu_name,
            "vcpusCount": self.vcpus, "memoryGb": self.memory,
            "directAttachedStorageGb": self.storage, "pricePerHour": self.price,
        });
        if let Some(clusters) = clusters {
            package["clusters"] = clusters.into();
        }
        package
    }
}

impl Item {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        ITEMS.iter().find(|item| item.name == name)
    }

    pub(super) fn describe(&self) -> Value {
        let version = |(name, image): &(&str, &str)| {
            json!({
                "name": name, "imageUrl": image, "imageLastPushDate": inferred::IMAGE_PUSHED,
                "platform": inferred::ITEM_PLATFORM, "accelerator": inferred::ITEM_ACCELERATOR,
                "launchType": inferred::ITEM_LAUNCH_TYPE, "releaseNotesUrl": null,
            })
        };
        json!({
            "name": self.name, "applicationSourceDetailsUrl": null, "applicationSourceOwner": null,
            "versions": self.versions.iter().map(version).collect::<Vec<_>>(),
        })
    }
}

/// The image of this name; servers show it with underscores.
pub(super) fn image(name: &str) -> Option<String> {
    let known = IMAGES.iter().find(|(known, ..)| *known == name);
    known.map(|(name, ..)| name.replace(' ', "_"))
}
