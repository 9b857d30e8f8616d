//! The txtar form: a comment, then `-- path --` lines, each followed by the content of that file.

use std::path::Path;

/// The path that a marker line names.
pub(crate) fn marker(line: &str) -> Option<&str> {
    line.strip_prefix("-- ")?.strip_suffix(" --")
}

/// The files of an archive, with their content.
pub(crate) fn files(text: &str) -> Vec<(&str, String)> {
    let mut files: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        match (marker(line), files.last_mut()) {
            (Some(path), _) => files.push((path, String::new())),
            (None, Some((_, content))) => {
                content.push_str(line);
                content.push('\n');
            }
            (None, None) => {}
        }
    }
    files
}

/// Writes the files of an archive under `folder`.
pub(crate) fn unpack(text: &str, folder: &Path) {
    for (path, content) in files(text) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
}

#[test]
fn an_archive_is_a_comment_then_files() {
    let text = "a comment\n-- a/b.txt --\none\n\ntwo\n-- empty --\n-- c --\n-- not a marker\n";
    let expected = [
        ("a/b.txt", "one\n\ntwo\n"),
        ("empty", ""),
        ("c", "-- not a marker\n"),
    ];
    assert_eq!(
        files(text),
        expected.map(|(path, content)| (path, content.to_owned()))
    );
}
