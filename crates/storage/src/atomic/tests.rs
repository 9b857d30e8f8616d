use super::*;

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn a_failed_write_leaves_the_previous_file_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    fs::write(&path, "before").unwrap();

    let answer: io::Result<()> = write_atomically(&path, |file| {
        file.write_all(b"half")?;
        Err(io::Error::other("the disk is full"))
    });

    assert_eq!(answer.unwrap_err().to_string(), "the disk is full");
    assert_eq!(fs::read_to_string(&path).unwrap(), "before");
    assert_eq!(names(folder.path()), ["a.txt"]);
}

#[test]
fn a_replaced_file_makes_its_folder_and_holds_the_new_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/a.txt");

    replace_file(&path, "one").unwrap();
    replace_file(&path, "two").unwrap();

    assert_eq!(fs::read_to_string(&path).unwrap(), "two");
    assert_eq!(names(path.parent().unwrap()), ["a.txt"]);
}

#[test]
fn a_file_dropped_before_its_commit_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = AtomicFile::create(&folder.path().join("a.txt")).unwrap();
    file.as_file().write_all(b"half").unwrap();

    drop(file);

    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn a_finished_folder_takes_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let draft = folder.path().join(".draft");
    fs::create_dir(&draft).unwrap();
    fs::write(draft.join("a.txt"), "whole").unwrap();

    move_into_place(&draft, &folder.path().join("runs/1")).unwrap();

    let moved = fs::read_to_string(folder.path().join("runs/1/a.txt")).unwrap();
    assert_eq!(moved, "whole");
    assert!(!draft.exists());
}
