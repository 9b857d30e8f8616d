use super::*;

#[test]
fn links_in_code_are_not_links() {
    assert_eq!(
        targets("a [b](c.md) and `[d](e.md)`\n```\n[f](g.md)\n```\n![h](i.svg)"),
        ["c.md", "i.svg"]
    );
    assert_eq!(targets("<a@example.org>"), [""; 0]);
}

#[test]
fn anchors_follow_the_forges() {
    let anchors = anchors("# Où est `train` ?\n## C4 : la base, l'import");
    assert!(anchors.contains("où-est-train-"), "{anchors:?}");
    assert!(anchors.contains("c4--la-base-limport"), "{anchors:?}");
}

#[test]
fn a_missing_file_and_a_missing_anchor_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.md"), "# Un\n").unwrap();
    let check = |target: &str| {
        reason_it_is_broken(folder.path(), Path::new("b.md"), "# Deux\n", target).unwrap()
    };
    assert_eq!(check("a.md#un"), None);
    assert_eq!(check("#deux"), None);

    assert_eq!(check("https://example.org/x#y"), None);
    assert_eq!(check("c.md"), Some("names a file that is not there"));
    assert_eq!(
        check("a.md#trois"),
        Some("names no heading of that document")
    );
    assert_eq!(check("#trois"), Some("names no heading of the document"));
}
