use super::*;

#[test]
fn two_services_that_start_together_share_the_secret_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");

    create_private(&path, b"first").unwrap();
    create_private(&path, b"second").unwrap();
    let read = read_or_create_private(&path, || Ok::<_, io::Error>(b"third".to_vec()));

    assert_eq!(read.unwrap(), b"first");
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_a_private_file() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");

    for content in ["drawn", "replaced"] {
        write_private(&path, content.as_bytes()).unwrap();

        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
}
