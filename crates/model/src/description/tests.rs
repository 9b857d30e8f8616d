use tempfile::TempDir;

use super::*;

fn read(text: &str) -> String {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("model.json"), text).unwrap();
    Description::read(folder.path()).unwrap_err().to_string()
}

#[test]
fn a_model_of_before_is_refused_with_the_way_out() {
    for (text, found) in [
        (r#"{"name": "demand", "trees": 57}"#, 1),
        (r#"{"format": 3}"#, 3),
    ] {
        let error = read(text);
        assert!(error.contains(&format!("format {found}, ")), "{error}");
        assert!(error.contains("`cargo run -- train`"), "{error}");
        assert!(error.contains("`cargo xtask ci train`"), "{error}");
    }
}

#[test]
fn a_file_that_is_no_description_says_so() {
    assert!(read("[").ends_with("is not a model description"));
    assert!(read(r#"{"format": 2}"#).ends_with("is not a model description"));
}
