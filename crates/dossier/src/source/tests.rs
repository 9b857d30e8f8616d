use std::os::unix::fs::symlink;

use super::*;

/// A repository that holds a page, and a secret beside it.
fn tree() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("repository");
    std::fs::create_dir_all(root.join("docs")).unwrap();
    std::fs::write(root.join("docs/page.md"), "# Page\n").unwrap();
    std::fs::write(folder.path().join("secret"), "secret").unwrap();
    (folder, root)
}

#[test]
fn a_file_is_read_by_its_path_and_through_a_link_that_stays_inside() {
    let (_folder, root) = tree();
    symlink("docs/page.md", root.join("link.md")).unwrap();

    assert_eq!(read(&root, "docs/page.md").unwrap(), "# Page\n");
    assert_eq!(read(&root, "link.md").unwrap(), "# Page\n");
    assert!(!is_empty(&root, "link.md").unwrap());
}

#[test]
fn what_is_outside_without_end_or_too_large_is_not_read() {
    let (_folder, root) = tree();
    let secret = root.join("../secret").canonicalize().unwrap();
    symlink(&secret, root.join("outside")).unwrap();
    symlink("/dev/zero", root.join("endless")).unwrap();
    let large = std::fs::File::create(root.join("large")).unwrap();
    large.set_len(LIMIT + 1).unwrap();

    let reason = |file: &str| read(&root, file).unwrap_err().to_string();
    for file in ["outside", "endless", "../secret", secret.to_str().unwrap()] {
        assert_eq!(reason(file), "hors du dépôt", "{file}");
    }
    assert_eq!(reason("large"), "plus de 4 Mio");
    assert_eq!(
        read(&root, "docs").unwrap_err().kind(),
        ErrorKind::IsADirectory
    );
    assert_eq!(read(&root, "no").unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_file_of_blanks_is_empty() {
    let (_folder, root) = tree();
    std::fs::write(root.join("blank"), " \n\t\n").unwrap();

    assert!(is_empty(&root, "blank").unwrap());
}
