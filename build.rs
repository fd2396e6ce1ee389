//! Keeps `generated/` in step with `openapi/`.
//!
//! Without the feature `codegen` it only compares: the first line of each generated file names the
//! hash of the spec that it was made from. With it, the clients are generated again and compared
//! whole, and with `LONGHAUL_REGENERATE` set they are written; `cargo regen` does that.

#[path = "codegen/fingerprint.rs"]
mod fingerprint;

#[cfg(feature = "codegen")]
#[path = "codegen/mod.rs"]
mod codegen;

use std::path::Path;
use std::{env, fs};

/// One line for each platform, the name of its feature, spec and generated client.
const PLATFORMS: &[&str] = &["bodo", "denvr", "rescale", "spark", "v3io"];

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=codegen");
    println!("cargo::rerun-if-env-changed=LONGHAUL_REGENERATE");
    if !has_feature("rustls") && !has_feature("native-tls") {
        println!(
            "cargo::error=longhaul needs a TLS library: choose the feature rustls or native-tls"
        );
    }
    for platform in PLATFORMS.iter().filter(|platform| has_feature(platform)) {
        keep_in_step(Path::new(&root), platform);
    }
}

fn has_feature(name: &str) -> bool {
    let variable = name.to_uppercase().replace('-', "_");
    env::var_os(format!("CARGO_FEATURE_{variable}")).is_some()
}

fn keep_in_step(root: &Path, platform: &str) {
    let spec_path = root.join(format!("openapi/{platform}.json"));
    let client_path = root.join(format!("generated/{platform}.rs"));
    println!("cargo::rerun-if-changed={}", spec_path.display());
    println!("cargo::rerun-if-changed={}", client_path.display());
    let spec = fs::read_to_string(&spec_path).expect("the spec is part of the package");
    let client = fs::read_to_string(&client_path).unwrap_or_default();
    #[cfg(feature = "codegen")]
    let fresh = generate(platform, &spec, &client, &client_path);
    #[cfg(not(feature = "codegen"))]
    let fresh = fingerprint::names(&client, &spec);
    if !fresh {
        println!(
            "cargo::error=openapi/{platform}.json changed and generated/{platform}.rs did not: \
             run `cargo regen`"
        );
    }
}

/// Whether the client is what the spec gives now; writes it when that is wanted.
#[cfg(feature = "codegen")]
fn generate(platform: &str, spec: &str, client: &str, client_path: &Path) -> bool {
    let generated = match codegen::client(platform, spec) {
        Ok(generated) => generated,
        Err(why) => {
            println!("cargo::error=openapi/{platform}.json: {why}");
            return true;
        }
    };
    let same = generated == client;
    // An equal file is not written again, or every build would run this script.
    if !same && env::var_os("LONGHAUL_REGENERATE").is_some() {
        fs::write(client_path, generated).expect("generated/ can be written");
        return true;
    }
    same
}
