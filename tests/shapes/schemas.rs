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
    let shapes = raw::rescale::shapes();
    #[cfg(feature = "v3io")]
    let shapes = shapes.into_iter().chain(raw::v3io::shapes());
    for (name, shape) in shapes {
        assert!(shape.get("additionalProperties") != Some(&false.into()), "{name}");
        assert!(shape.get("enum").is_none(), "{name} is a closed enum");
    }
}
