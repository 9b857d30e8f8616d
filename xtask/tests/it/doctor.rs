//! `./doctor`, with a `PATH` from which tools were taken away.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

use filrouge_prerequisites as prerequisites;
use tempfile::TempDir;

/// What the script calls or looks for.
const TOOLS: [&str; 8] = [
    "cargo", "rustc", "cc", "python3", "git", "curl", "df", "uname",
];

/// Preuve: C17.1 ce qui manque à l’environnement de développement est nommé, avec son remède
#[test]
fn a_tool_that_is_missing_comes_with_its_remedy() {
    for (tool, told, remedy) in [
        ("rustc", "Rust 1", "https://rustup.rs"),
        (
            "cc",
            "compilateur C (cc) : absent",
            "apt-get install build-essential",
        ),
        (
            "python3",
            "Python 3 : absent",
            "apt-get install python3 python3-pip",
        ),
        ("git", "git : absent", "apt-get install git"),
        ("curl", "curl : absent", "apt-get install curl"),
    ] {
        let Some(machine) = Machine::without(tool) else {
            return;
        };
        let (output, text) = machine.doctor("debian");

        assert_eq!(output.status.code(), Some(1), "{tool}: {text}");
        assert!(text.contains(&format!("✗ {told}")), "{tool}: {text}");
        assert!(text.contains(remedy), "{tool}: {text}");
    }
}

#[test]
fn the_tools_of_this_machine_are_found() {
    let Some(machine) = Machine::without("none of them") else {
        return;
    };
    let (_, text) = machine.doctor("debian");

    for found in [
        "✓ Rust",
        "✓ compilateur C",
        "✓ Python 3 et pip",
        "✓ git",
        "✓ curl",
    ] {
        assert!(text.contains(found), "{found}: {text}");
    }
}

#[test]
fn each_system_has_its_own_remedies() {
    for (system, remedy) in [
        ("debian", "sudo apt-get install git"),
        ("wsl", "sudo apt-get install git"),
        ("fedora", "sudo dnf install git"),
        ("macos", "xcode-select --install"),
        ("autre", "installez git"),
    ] {
        let Some(machine) = Machine::without("git") else {
            return;
        };
        let (_, text) = machine.doctor(system);

        assert!(text.contains(remedy), "{system}: {text}");
    }
}

#[test]
fn a_tool_that_does_not_do_is_not_good() {
    for (tool, script, told) in [
        (
            "rustc",
            "echo 'rustc 1.70.0 (90c541806 2023-05-31)'",
            "✗ Rust 1.70.0 : il faut",
        ),
        ("rustc", "exit 1", "✗ Rust : rustc ne démarre pas"),
        ("cc", "exit 1", "✗ compilateur C (cc) : les en-têtes"),
        ("python3", "exit 1", "✗ pip, pour Python 3 : absent"),
        (
            "df",
            "printf 'title\\ndisk 9 8 1048576 89%% /\\n'",
            "✗ disque : 1 Gio libres",
        ),
    ] {
        let Some(machine) = Machine::without(tool) else {
            return;
        };
        machine.add(tool, script);
        let (output, text) = machine.doctor("debian");

        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains(told), "{text}");
    }
}

#[test]
fn an_unknown_system_is_refused() {
    let Some(machine) = Machine::without("none of them") else {
        return;
    };
    let (output, _) = machine.doctor("plan9");

    assert_eq!(output.status.code(), Some(2));
}

/// A shell and a folder that is all of its `PATH`.
struct Machine {
    shell: PathBuf,
    folder: TempDir,
}

impl Machine {
    /// All the tools but one. The shell is dash, which has nothing that POSIX does not ask for.
    fn without(taken: &str) -> Option<Self> {
        let shell = prerequisites::program("dash", "apt-get install dash")?;
        let path = std::env::var("PATH").unwrap();
        let machine = Self {
            shell,
            folder: tempfile::tempdir().unwrap(),
        };

        for tool in TOOLS.into_iter().filter(|tool| *tool != taken) {
            let place = prerequisites::program(tool, "./doctor")?;
            // Not a link: a tool may be a script that calls others.
            let script = format!("PATH='{path}' exec '{}' \"$@\"", place.display());
            machine.add(tool, &script);
        }

        Some(machine)
    }

    fn add(&self, tool: &str, script: &str) {
        let place = self.folder.path().join(tool);

        std::fs::write(&place, format!("#!{}\n{script}\n", self.shell.display())).unwrap();
        std::fs::set_permissions(&place, PermissionsExt::from_mode(0o755)).unwrap();
    }

    fn doctor(&self, system: &str) -> (Output, String) {
        let output = Command::new(&self.shell)
            .arg(super::repository().join("doctor"))
            .args(["--system", system])
            .env("PATH", self.folder.path())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();

        (output, text)
    }
}
