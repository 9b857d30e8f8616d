//! The committed pages beside the descriptions that they come from.

use std::fs;
use std::path::Path;

use filrouge_database::gdpr::register;

#[test]
fn the_committed_document_is_the_register() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/donnees-personnelles.md");
    let current = filrouge_personal_data::register_page(register::embedded());

    let committed = fs::read_to_string(&path).unwrap_or_default();

    assert!(
        committed == current,
        "run `cargo xtask regenerate` and commit {}",
        path.display()
    );
}
