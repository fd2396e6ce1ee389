//! The hash that ties a generated client to its spec.

/// FNV-1a over the spec without carriage returns, so that a checkout with other line ends agrees.
#[allow(dead_code, reason = "each of its users needs a part of this file")]
pub(crate) fn of(spec: &str) -> u64 {
    let bytes = spec.bytes().filter(|byte| *byte != b'\r');
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Whether the first line of the generated client names this spec.
#[allow(dead_code, reason = "each of its users needs a part of this file")]
pub(crate) fn names(client: &str, spec: &str) -> bool {
    let first = client.lines().next().unwrap_or_default();
    first.contains(&format!("{:016x}", of(spec)))
}
