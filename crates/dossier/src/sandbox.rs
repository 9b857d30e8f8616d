//! The place where the programs of a repository run: on the machine when it is ours, in a sandbox
//! when somebody else wrote it.

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::bounded::copy_folder;

/// The sandbox: bubblewrap, a package of Debian.
const PROGRAM: &str = "bwrap";
/// The folders of the system that a program needs, and may not change. Of `/etc`, nothing secret.
const SYSTEM: [&str; 19] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/opt",
    "/etc/alternatives",
    "/etc/ca-certificates",
    "/etc/chromium",
    "/etc/fonts",
    "/etc/group",
    "/etc/hosts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/passwd",
    "/etc/ssl",
];

/// The place where the programs of a repository run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confinement {
    /// On the machine: who asks trusts the repository.
    Trusted,
    /// In a sandbox that sees the system, the tools, and the repository at this path, which alone it
    /// may change. It reaches no network, no other file of the person, and ends with us.
    Sandboxed(PathBuf),
    /// Nowhere: the reason in French, with the command that mends it.
    Refused(String),
}

impl Confinement {
    /// The sandbox of a repository that somebody else wrote, where the machine has one.
    pub fn of_a_stranger(root: &Path) -> Self {
        let missing = |what: &str| {
            Self::Refused(format!(
                "ce dépôt n'est pas celui de cette commande, et {what} ; apt-get install bubblewrap, \
                 ou --no-sandbox sur une machine que l'on peut perdre"
            ))
        };
        let Ok(root) = root.canonicalize() else {
            return missing("son dossier est illisible");
        };

        let sandbox = Self::Sandboxed(root);
        let tried = sandbox
            .confine(&Command::new("true"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match tried {
            Ok(status) if status.success() => sandbox,
            Ok(_) => missing("le bac à sable bwrap ne démarre pas ici"),
            Err(_) => missing("le bac à sable bwrap manque"),
        }
    }

    /// The reason why nothing of the repository is run, in French.
    pub(crate) fn refusal(&self) -> Option<&str> {
        match self {
            Self::Refused(reason) => Some(reason),
            Self::Trusted | Self::Sandboxed(_) => None,
        }
    }

    /// The command that runs a program there. One that is refused is not to be run: nothing is.
    pub(crate) fn confine(&self, program: &Command) -> Command {
        match self {
            Self::Trusted => {
                let mut same = Command::new(program.get_program());
                same.args(program.get_args());
                crate::bounded::copy_surroundings(program, &mut same);
                same
            }
            Self::Sandboxed(root) => sandboxed(root, program),
            Self::Refused(_) => Command::new("false"),
        }
    }
}

fn sandboxed(root: &Path, program: &Command) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(["--die-with-parent", "--new-session", "--unshare-all"])
        .args(["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]);
    for path in SYSTEM {
        command.args(["--ro-bind-try", path, path]);
    }

    let home = std::env::home_dir().unwrap_or_else(|| PathBuf::from("/nonexistent"));
    command.arg("--tmpfs").arg(&home);
    for path in tools(&home) {
        command.arg("--ro-bind-try").arg(&path).arg(&path);
    }

    // The repository has no say in the programs that git runs for the person.
    let git = root.join(".git");
    command.arg("--bind").arg(root).arg(root);
    command.arg("--ro-bind-try").arg(&git).arg(&git);

    command.arg("--clearenv");
    for (name, value) in variables(root, &home) {
        command.arg("--setenv").arg(name).arg(value);
    }
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            command.arg("--setenv").arg(name).arg(value);
        }
    }

    copy_folder(program, &mut command);
    command.arg("--").arg(program.get_program());
    command.args(program.get_args());
    command
}

/// The folders of a person's home with the tools of the project; none holds a secret.
fn tools(home: &Path) -> Vec<PathBuf> {
    let cargo = folder_of("CARGO_HOME", home, ".cargo");
    let rustup = folder_of("RUSTUP_HOME", home, ".rustup");

    ["bin", "registry", "git"]
        .map(|name| cargo.join(name))
        .into_iter()
        .chain([rustup, home.join(".cache/filrouge")])
        .collect()
}

fn folder_of(variable: &str, home: &Path, usual: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| home.join(usual), PathBuf::from)
}

/// All the variables of a program there.
fn variables(root: &Path, home: &Path) -> Vec<(&'static str, OsString)> {
    vec![
        ("PATH", std::env::var_os("PATH").unwrap_or_default()),
        ("HOME", home.into()),
        ("TMPDIR", "/tmp".into()),
        ("LANG", "C.UTF-8".into()),
        ("CARGO_HOME", folder_of("CARGO_HOME", home, ".cargo").into()),
        (
            "RUSTUP_HOME",
            folder_of("RUSTUP_HOME", home, ".rustup").into(),
        ),
        // Never that of another repository: programs built there would be run as that one's.
        ("CARGO_TARGET_DIR", root.join("target").into()),
        ("CARGO_NET_OFFLINE", "true".into()),
    ]
}
