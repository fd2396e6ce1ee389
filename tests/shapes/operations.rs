//! Every operation with what may be repeated, what it is limited by and where it goes.

use std::fmt::Write;

use longhaul::raw::{self, Operation};

#[test]
fn the_operations_of_rescale_are_as_reviewed() {
    insta::assert_snapshot!("rescale_operations", table(raw::rescale::OPERATIONS));
}

#[cfg(feature = "bodo")]
#[test]
fn the_operations_of_bodo_are_as_reviewed() {
    insta::assert_snapshot!("bodo_operations", table(raw::bodo::OPERATIONS));
}

#[cfg(feature = "denvr")]
#[test]
fn the_operations_of_denvr_are_as_reviewed() {
    insta::assert_snapshot!("denvr_operations", table(raw::denvr::OPERATIONS));
}

#[cfg(feature = "spark")]
#[test]
fn the_operations_of_spark_are_as_reviewed() {
    insta::assert_snapshot!("spark_operations", table(raw::spark::OPERATIONS));
}

#[cfg(feature = "v3io")]
#[test]
fn the_operations_of_v3io_are_as_reviewed() {
    insta::assert_snapshot!("v3io_operations", table(raw::v3io::OPERATIONS));
}

/// One line for each operation, in columns.
fn table(operations: &[Operation]) -> String {
    let widest = |column: fn(&Operation) -> &str| {
        operations.iter().map(|operation| column(operation).len()).max().unwrap_or_default()
    };
    let (id, method) = (widest(|operation| operation.id), widest(|operation| operation.method));
    let scope = widest(|operation| operation.scope);
    let mut lines = String::new();
    for one in operations {
        let streamed = if one.streamed { " (streamed)" } else { "" };
        let _ = writeln!(
            lines,
            "{:<id$}  {:<method$}  {:<5}  {:<scope$}  {}{streamed}",
            one.id, one.method, one.repeat, one.scope, one.path,
        );
    }
    lines
}
