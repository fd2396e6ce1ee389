//! The JSON Schema of every type that a platform sends or takes.

use longhaul::raw;

#[test]
fn the_models_of_rescale_are_as_reviewed() {
    let shapes = raw::rescale::shapes();
    assert!(shapes.contains_key("Job") && shapes.contains_key("JobStatus"));
    insta::with_settings!({ sort_maps => true }, {
        insta::assert_yaml_snapshot!("rescale_models", shapes);
    });
}

#[cfg(feature = "bodo")]
#[test]
fn the_models_of_bodo_are_as_reviewed() {
    let shapes = raw::bodo::shapes();
    assert!(shapes.contains_key("JobRun") && shapes.contains_key("ClusterStatus"));
    insta::with_settings!({ sort_maps => true }, {
        insta::assert_yaml_snapshot!("bodo_models", shapes);
    });
}

#[cfg(feature = "denvr")]
#[test]
fn the_models_of_denvr_are_as_reviewed() {
    let shapes = raw::denvr::shapes();
    assert!(shapes.contains_key("VirtualServerCreate") && shapes.contains_key("Application"));
    insta::with_settings!({ sort_maps => true }, {
        insta::assert_yaml_snapshot!("denvr_models", shapes);
    });
}

#[cfg(feature = "spark")]
#[test]
fn the_models_of_spark_are_as_reviewed() {
    let shapes = raw::spark::shapes();
    assert!(shapes.contains_key("BatchProgress") && shapes.contains_key("BatchStatus"));
    insta::with_settings!({ sort_maps => true }, {
        insta::assert_yaml_snapshot!("spark_models", shapes);
    });
}

#[cfg(feature = "v3io")]
#[test]
fn the_models_of_v3io_are_as_reviewed() {
    let shapes = raw::v3io::shapes();
    assert!(shapes.contains_key("PutItemRequest") && shapes.contains_key("JobState"));
    insta::with_settings!({ sort_maps => true }, {
        insta::assert_yaml_snapshot!("v3io_models", shapes);
    });
}

#[test]
fn no_model_forbids_what_a_platform_may_add() {
    let platforms = [
        #[cfg(feature = "bodo")]
        raw::bodo::shapes(),
        #[cfg(feature = "denvr")]
        raw::denvr::shapes(),
        raw::rescale::shapes(),
        #[cfg(feature = "spark")]
        raw::spark::shapes(),
        #[cfg(feature = "v3io")]
        raw::v3io::shapes(),
    ];
    for (name, shape) in platforms.into_iter().flatten() {
        assert!(shape.get("additionalProperties") != Some(&false.into()), "{name}");
        assert!(shape.get("enum").is_none(), "{name} is a closed enum");
    }
}
