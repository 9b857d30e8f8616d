//! Submissions that no honest candidate sends: the command ends, within bounds, says what it left,
//! and reads the rest.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use filrouge_prerequisites as prerequisites;
use serde_json::Value;

use crate::processes;

/// Address space of the command, in MiB: what the issue allows in use, and as much again that is
/// only reserved.
const MEMORY_MIB: u32 = 1000;
const SECONDS: u32 = 100;

/// An honest file, which has to be read whatever stands beside it.
const ROUTE: &str = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/mesures\")\ndef mesures():\n    return [{\"jour\": 1}]\n";

/// Runs `cargo dossier` under bounds, and without the right that root has to open any file.
fn door(arguments: &[&str]) -> Output {
    let limit = format!(
        "ulimit -v {} && if [ \"$(id -u)\" = 0 ]; then set -- setpriv \
         --bounding-set=-dac_override,-dac_read_search \"$@\"; fi && exec \"$@\"",
        MEMORY_MIB << 10
    );
    let mut command = Command::new("timeout");
    command.args([
        &SECONDS.to_string(),
        "sh",
        "-c",
        &limit,
        "sh",
        env!("CARGO_BIN_EXE_filrouge-dossier"),
    ]);
    command
        .args(arguments)
        .env_remove("RUST_BACKTRACE")
        .output()
        .unwrap()
}

/// Compares a folder that also holds the honest file, which has to be found; what was skipped, path
/// then reason.
fn skipped_beside(tree: &Path) -> Vec<(String, String)> {
    std::fs::write(tree.join("api.py"), ROUTE).unwrap();
    let submission = comparison(tree);
    let c5 = &submission["competencies"][4];

    assert_eq!(
        (c5["id"].as_str(), c5["strength"].as_str()),
        (Some("C5"), Some("implemented")),
        "{c5:#}"
    );

    let skipped = submission["skipped"].as_array().unwrap().iter();
    let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();

    skipped
        .map(|one| (text(one, "path"), text(one, "reason")))
        .collect()
}

fn comparison(tree: &Path) -> Value {
    let reports = tempfile::tempdir().unwrap();
    let (json, html) = (reports.path().join("a.json"), reports.path().join("a.html"));
    let paths = [tree, &json, &html].map(|path| path.to_str().unwrap());
    let output = door(&["compare", paths[0], "--json", paths[1], "--html", paths[2]]);

    assert!(
        output.status.success(),
        "{:?} {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );

    let page = std::fs::read_to_string(html).unwrap();
    assert!(page.ends_with("</html>"));
    assert!(
        !page.contains(|letter: char| letter.is_control() && letter != '\n'),
        "a control character is on the page"
    );

    let mut report: Value = serde_json::from_str(&std::fs::read_to_string(json).unwrap()).unwrap();
    report["submissions"][0].take()
}

/// A folder made by `make`.
fn tree(make: impl FnOnce(&Path)) -> tempfile::TempDir {
    let tree = tempfile::tempdir().unwrap();
    make(tree.path());
    tree
}

fn reason<'all>(skipped: &'all [(String, String)], path: &str) -> &'all str {
    let found = skipped.iter().find(|(skipped, _)| skipped.contains(path));
    &found
        .unwrap_or_else(|| panic!("{path} is not said to be skipped: {skipped:?}"))
        .1
}

#[test]
fn a_path_that_does_not_exist_is_one_clear_error() {
    let output = door(&["compare", "/nulle/part"]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(error.starts_with("erreur : /nulle/part : "), "{error}");
}

#[test]
fn a_file_is_not_a_submission_and_is_one_clear_error() {
    let tree = tree(|tree| std::fs::write(tree.join("rapport.pdf"), "%PDF-1.7").unwrap());
    let output = door(&["compare", tree.path().join("rapport.pdf").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn an_empty_folder_and_an_empty_repository_are_empty() {
    if !has_git() {
        return;
    }
    let folder = tree(|_| {});
    assert_eq!(comparison(folder.path())["kind"], "empty");
    let repository = tree(|tree| git(tree, &["init", "-q"]));
    assert_eq!(comparison(repository.path())["kind"], "empty");
    let bare = tree(|tree| git(tree, &["init", "-q", "--bare"]));
    assert_eq!(comparison(bare.path())["kind"], "empty");
}

fn has_git() -> bool {
    prerequisites::program("git", "apt-get install git").is_some()
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = [
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.org",
        "-c",
        "protocol.file.allow=always",
    ];

    let output = Command::new("git")
        .args(identity)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();

    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A repository of two commits, the second with the honest file.
fn repository(tree: &Path) {
    git(tree, &["init", "-q"]);
    std::fs::write(tree.join("README.md"), "# a\n").unwrap();
    git(tree, &["add", "."]);
    git(tree, &["commit", "-qm", "a"]);
    std::fs::write(tree.join("api.py"), ROUTE).unwrap();
    git(tree, &["add", "."]);
    git(tree, &["commit", "-qm", "b"]);
}

#[test]
fn a_shallow_clone_is_read_as_it_stands() {
    if !has_git() {
        return;
    }
    let origin = tree(repository);
    let clone = tree(|tree| {
        let address = format!("file://{}", origin.path().display());
        git(tree, &["clone", "-q", "--depth", "1", &address, "clone"]);
    });
    assert_eq!(skipped_beside(&clone.path().join("clone")), []);
}

#[test]
fn a_corrupt_repository_is_read_by_its_files() {
    if !has_git() {
        return;
    }
    let tree = tree(|tree| {
        repository(tree);
        for folder in std::fs::read_dir(tree.join(".git/objects")).unwrap() {
            std::fs::remove_dir_all(folder.unwrap().path()).unwrap();
        }
        std::fs::write(tree.join(".git/HEAD"), [0xff, 0xfe, 0]).unwrap();
    });
    skipped_beside(tree.path());
}

#[test]
fn a_corrupt_bare_repository_is_one_clear_error() {
    if !has_git() {
        return;
    }
    let tree = tree(|tree| {
        let source = tree.join("source");
        std::fs::create_dir(&source).unwrap();
        repository(&source);
        git(tree, &["clone", "-q", "--bare", "source", "bare"]);
        for entry in std::fs::read_dir(tree.join("bare/objects")).unwrap() {
            std::fs::remove_dir_all(entry.unwrap().path()).unwrap();
        }
    });
    let output = door(&["compare", tree.path().join("bare").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn a_repository_runs_nothing_of_its_own_when_it_is_read() {
    if !has_git() {
        return;
    }
    let proof = tempfile::tempdir().unwrap();
    let witness = proof.path().join("ran");
    let tree = tree(|tree| {
        repository(tree);
        let command = format!("touch {}", witness.display());
        git(tree, &["config", "core.fsmonitor", &command]);
        git(tree, &["config", "core.pager", &command]);
        git(tree, &["config", "filter.x.smudge", &command]);
        git(tree, &["config", "diff.external", &command]);
        git(tree, &["config", "diff.x.textconv", &command]);
        git(tree, &["config", "core.sshCommand", &command]);
        git(tree, &["config", "core.alternateRefsCommand", &command]);
        git(tree, &["config", "uploadpack.packObjectsHook", &command]);
        git(tree, &["config", "credential.helper", &command]);
        git(tree, &["config", "gpg.program", &command]);
        git(tree, &["config", "log.showSignature", "true"]);
        git(tree, &["config", "core.hooksPath", "hooks"]);
        git(tree, &["config", "core.attributesFile", ".gitattributes"]);
        // A folder whose settings are in another file, and whose objects are elsewhere.
        std::fs::write(tree.join("more"), format!("[core]\n\tpager = {command}\n")).unwrap();
        git(tree, &["config", "include.path", "../more"]);
        git(
            tree,
            &["config", "remote.origin.url", &format!("ext::{command}")],
        );
        git(tree, &["config", "remote.origin.promisor", "true"]);
        std::fs::write(
            tree.join(".git/hooks/post-checkout"),
            format!("#!/bin/sh\n{command}\n"),
        )
        .unwrap();
        std::fs::write(tree.join(".gitattributes"), "* filter=x diff=x\n").unwrap();
        std::fs::write(
            tree.join("conftest.py"),
            format!("import os\nos.system('{command}')\n"),
        )
        .unwrap();
    });
    skipped_beside(tree.path());
    let output = door(&["compare", tree.path().to_str().unwrap(), "--commit", "HEAD"]);
    assert!(output.status.success());
    assert!(!witness.exists());
}

#[test]
fn what_a_reading_starts_dies_with_it_and_so_does_its_group() {
    let setpriv = prerequisites::program("setpriv", "apt-get install util-linux");
    let timeout = prerequisites::program("timeout", "apt-get install coreutils");
    if setpriv.is_none() || timeout.is_none() {
        return;
    }
    let repository = tree(repository);
    // A `git` that never answers, and that has started another program.
    let fake = tree(|tree| {
        use std::os::unix::fs::PermissionsExt;

        let program =
            "#!/bin/sh\nsleep 300 &\necho $$ $! end > \"$(dirname \"$0\")/processes\"\nwait\n";
        std::fs::write(tree.join("git"), program).unwrap();
        std::fs::set_permissions(tree.join("git"), std::fs::Permissions::from_mode(0o755)).unwrap();
    });
    let path = format!(
        "{}:{}",
        fake.path().display(),
        std::env::var("PATH").unwrap()
    );

    let mut command = Command::new(env!("CARGO_BIN_EXE_filrouge-dossier"));
    command
        .arg("compare")
        .arg(repository.path())
        .env("PATH", path);
    let mut reading = command.stdout(std::process::Stdio::null()).spawn().unwrap();
    let started = processes::written_in(&fake.path().join("processes"));

    // Killed without a chance to clean up.
    reading.kill().unwrap();
    reading.wait().unwrap();
    assert!(processes::all_end(&started), "{started:?}");
}

#[test]
fn a_commit_that_looks_like_an_option_is_no_option() {
    if !has_git() {
        return;
    }
    let tree = tree(repository);
    let witness = tree.path().join("written");
    let commit = format!("--commit=--output={}", witness.display());
    let output = door(&["compare", tree.path().to_str().unwrap(), &commit]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!witness.exists());
}

#[test]
fn bytes_that_are_no_text_are_left_and_said() {
    let tree = tree(|tree| {
        std::fs::write(tree.join("latin.py"), b"# caf\xe9\nx = 1\n").unwrap();
        std::fs::write(tree.join("zero.py"), [0u8; 4096]).unwrap();
        std::fs::write(tree.join("empty.py"), "").unwrap();
        std::fs::write(tree.join("bom.py"), "\u{feff}x = 1\n").unwrap();
        std::fs::write(
            tree.join("broken.ipynb"),
            "{\"cells\": [{\"cell_type\": \"code\", \"source\": [",
        )
        .unwrap();

        std::fs::write(tree.join("broken.yml"), "a: [b\n  - c: {\n\t*x").unwrap();
    });

    skipped_beside(tree.path());
}

#[test]
fn a_line_of_a_hundred_megabytes_is_left_and_said() {
    let tree = tree(|tree| {
        let mut file = BufWriter::new(File::create(tree.join("long.py")).unwrap());
        for _ in 0..100 {
            file.write_all(&vec![b'a'; 1 << 20]).unwrap();
        }
    });
    assert!(!reason(&skipped_beside(tree.path()), "long.py").is_empty());
}

#[test]
fn a_file_of_two_gigabytes_is_left_and_said() {
    let tree = tree(|tree| {
        File::create(tree.join("dump.sql"))
            .unwrap()
            .set_len(2 << 30)
            .unwrap()
    });
    assert!(!reason(&skipped_beside(tree.path()), "dump.sql").is_empty());
}

#[test]
fn a_program_nested_without_end_does_not_break_the_stack() {
    let tree = tree(|tree| {
        let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
        std::fs::write(tree.join("deep.py"), format!("x = {}\n", deep("(", ")"))).unwrap();
        std::fs::write(tree.join("calls.py"), format!("x = {}\n", deep("f(", ")"))).unwrap();
        std::fs::write(
            tree.join("deep.js"),
            format!("const x = {};\n", deep("[", "]")),
        )
        .unwrap();

        std::fs::write(tree.join("deep.json"), deep("[", "]")).unwrap();
        std::fs::write(
            tree.join("deep.ipynb"),
            format!("{{\"cells\": {}}}", deep("[", "]")),
        )
        .unwrap();
        std::fs::write(tree.join("deep.yml"), deep("[", "]")).unwrap();

        std::fs::write(tree.join("deep.html"), deep("<div>", "</div>")).unwrap();
        std::fs::write(tree.join("deep.sql"), format!("SELECT {};", deep("(", ")"))).unwrap();
        std::fs::write(tree.join("deep.md"), deep("> ", "")).unwrap();
    });

    skipped_beside(tree.path());
}

#[test]
fn an_alias_that_grows_without_end_is_not_unfolded() {
    let tree = tree(|tree| {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..20 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            text += &format!("a{level}: &a{level} [{aliases}]\n");
        }
        std::fs::write(tree.join("docker-compose.yml"), text).unwrap();
    });
    skipped_beside(tree.path());
}

#[test]
fn links_that_loop_or_leave_the_tree_are_not_followed() {
    let outside = tree(|tree| {
        std::fs::write(tree.join("secret.py"), ROUTE.replace("mesures", "dehors")).unwrap()
    });

    let tree = tree(|tree| {
        symlink(".", tree.join("loop")).unwrap();
        symlink("b", tree.join("a")).unwrap();
        symlink("a", tree.join("b")).unwrap();
        symlink(outside.path(), tree.join("outside")).unwrap();
        symlink(outside.path().join("secret.py"), tree.join("secret.py")).unwrap();
        symlink("/dev/zero", tree.join("zero.py")).unwrap();
        symlink("absent", tree.join("dead.py")).unwrap();
    });

    skipped_beside(tree.path());
    let text = comparison(tree.path()).to_string();
    assert!(!text.contains("dehors"), "{text}");
}

#[test]
fn a_pipe_that_nobody_writes_to_does_not_hold_the_reading() {
    let tree = tree(|tree| {
        assert!(
            Command::new("mkfifo")
                .arg(tree.join("pipe.py"))
                .status()
                .unwrap()
                .success()
        );
    });
    skipped_beside(tree.path());
}

#[test]
fn an_archive_is_not_unpacked() {
    let tree = tree(|tree| {
        let mut archive = zip::ZipWriter::new(File::create(tree.join("bomb.zip")).unwrap());

        archive
            .start_file("zeros.py", zip::write::SimpleFileOptions::default())
            .unwrap();

        for _ in 0..200 {
            archive.write_all(&vec![b'0'; 1 << 20]).unwrap();
        }

        archive.finish().unwrap();
        std::fs::copy(tree.join("bomb.zip"), tree.join("donnees.xlsx")).unwrap();
        std::fs::copy(tree.join("bomb.zip"), tree.join("rapport.docx")).unwrap();
    });

    skipped_beside(tree.path());
}

#[test]
fn names_that_hide_something_are_spelled_out() {
    let tree = tree(|tree| {
        let route = ROUTE.replace("mesures", "cachees");

        for name in [
            "a\u{1b}[2J\n.py",
            "<img src=x onerror=alert(1)>.py",
            "\u{202e}yp.exe.py",
            "'\"&;.py",
            "-rf.py",
            " .py",
        ] {
            std::fs::write(tree.join(name), &route).unwrap();
        }

        let bytes = std::ffi::OsStr::from_bytes(b"latin-\xe9.py");
        std::fs::write(tree.join(bytes), &route).unwrap();
    });

    skipped_beside(tree.path());
    let output = door(&["compare", tree.path().to_str().unwrap()]);
    let text = String::from_utf8_lossy(&output.stdout);

    assert!(
        !text.contains('\u{1b}') && !text.contains('\u{202e}'),
        "{text}"
    );
}

#[test]
fn folders_without_end_and_files_by_the_ten_thousand_are_read_within_bounds() {
    let tree = tree(|tree| {
        let mut deep = tree.to_owned();
        for _ in 0..200 {
            deep.push("dossier");
        }
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(deep.join("deep.py"), ROUTE).unwrap();
        for folder in 0..100 {
            let folder = tree.join(format!("f{folder}"));
            std::fs::create_dir(&folder).unwrap();
            for file in 0..200 {
                std::fs::write(
                    folder.join(format!("m{file}.py")),
                    "def f(x):\n    return x\n",
                )
                .unwrap();
            }
        }
    });
    skipped_beside(tree.path());
}

#[test]
fn a_file_that_cannot_be_opened_is_said() {
    use std::os::unix::fs::PermissionsExt;

    let tree = tree(|tree| {
        std::fs::write(tree.join("closed.py"), ROUTE).unwrap();
        std::fs::set_permissions(
            tree.join("closed.py"),
            std::fs::Permissions::from_mode(0o000),
        )
        .unwrap();
    });

    assert!(!reason(&skipped_beside(tree.path()), "closed.py").is_empty());
}

/// Lines of one thing, up to nearly half a megabyte.
fn filled(line: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for index in 0.. {
        if text.len() > 450_000 {
            break;
        }
        text += &line(index);
    }
    text
}

#[test]
fn half_a_megabyte_of_names_and_calls_is_read_within_bounds() {
    let tree = tree(|tree| {
        let write = |path: &str, text: String| std::fs::write(tree.join(path), text).unwrap();
        // Each of these functions calls all of the others, and tests call them.
        write("same.py", filled(|_| "def f():\n    f()\n".to_owned()));
        let test = |n| format!("def test_{n}():\n    assert f() == 1\n");
        write("test_same.py", filled(test));
        write("calls.py", filled(|n| format!("f{n}()\n")));
        let nested = |_| "f(".repeat(400) + &")".repeat(400) + "\n";
        write("nested.py", filled(nested));
        write("items.rs", filled(|n| format!("fn f{n}() {{}}\n")));
        let secret = |n| format!("token = 'Abcdef{n:012}Xyz'\n");
        write("config.py", format!("'''\n{}'''\n", filled(secret)));
    });
    skipped_beside(tree.path());
}

#[test]
fn half_a_megabyte_of_headings_and_claims_is_read_within_bounds() {
    let long = "n".repeat(150_000);
    let tree = tree(|tree| {
        let write = |path: &str, text: String| std::fs::write(tree.join(path), text).unwrap();
        write("headings.md", filled(|_| "# Veille API\n".to_owned()));
        write(
            "long.md",
            format!("# Veille API {long}\nVeille API {long}\n"),
        );
        write(
            "claims.md",
            filled(|n| format!("`a/{n}.py` [x](b/{n}.md)\n")),
        );
    });
    skipped_beside(tree.path());
}

#[test]
fn half_a_megabyte_of_jobs_is_read_within_bounds() {
    let long = "n".repeat(150_000);
    let tree = tree(|tree| {
        let folder = tree.join(".github/workflows");
        std::fs::create_dir_all(&folder).unwrap();
        let steps = filled(|_| "      - run: pytest\n".to_owned());
        let github = format!("on: push\njobs:\n  {long}:\n    steps:\n{steps}");
        std::fs::write(folder.join("ci.yml"), github).unwrap();

        let shared = "  - pip install x\n".repeat(10_000);
        let jobs = filled(|n| format!("j{n}:\n  script: pytest\n"));
        let gitlab = format!("before_script:\n{shared}\n{jobs}");
        std::fs::write(tree.join(".gitlab-ci.yml"), gitlab).unwrap();
    });
    skipped_beside(tree.path());
}
