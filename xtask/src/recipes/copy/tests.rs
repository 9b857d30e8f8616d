use filrouge_prerequisites as prerequisites;

use super::*;

#[test]
fn a_patch_is_applied_then_taken_back() {
    if prerequisites::program("git", "apt-get install git").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let copy = Copy {
        folder: folder.path().to_owned(),
        target: PathBuf::new(),
    };
    copy.git(&["init", "--quiet"]).unwrap();
    std::fs::write(folder.path().join("a"), "un\n").unwrap();
    copy.git(&["add", "--all"]).unwrap();

    let patch = "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-un\n+deux\n";
    copy.apply(patch).unwrap();
    std::fs::write(folder.path().join("b"), "").unwrap();
    let read = || std::fs::read_to_string(folder.path().join("a")).unwrap();
    assert_eq!(read(), "deux\n");

    copy.reset().unwrap();
    assert_eq!(read(), "un\n");
    assert!(!folder.path().join("b").exists());
    assert_eq!(
        copy.apply("diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-trois\n+deux\n")
            .unwrap_err()
            .to_string(),
        "the patch no longer applies: make it again"
    );
}
