//! Git, reading a repository without its settings. Its hooks, filters, attributes, helpers and
//! monitors are programs that it chooses: they are looked for in a folder of ours, which has none.

#[cfg(test)]
mod tests;

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use crate::bounded::{Bounds, Run};

/// Bounds of one `git`.
const BOUNDS: Bounds = Bounds {
    time: Duration::from_secs(120),
    memory_mib: Some(4 << 10),
};

/// Greatest size of a file of a repository that is read here, in bytes.
const SMALL: u64 = 1 << 20;

/// A repository, seen from a folder of ours that lends git our own settings.
pub(crate) struct Git {
    root: PathBuf,
    ours: tempfile::TempDir,
    /// The folder of its objects, references and settings.
    theirs: PathBuf,
}

impl Git {
    /// The repository at `root`, or the working tree of one.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn open(root: &Path) -> anyhow::Result<Self> {
        let root = root
            .canonicalize()
            .with_context(|| root.display().to_string())?;
        let folder = folder(&root)?;
        let theirs = match small(&folder.join("commondir")) {
            Some(common) => folder.join(common.trim()),
            None => folder.clone(),
        };

        let ours = prepare(&folder, &theirs).context("dossier de travail de git")?;
        Ok(Self { root, ours, theirs })
    }

    /// The files that git tracks or would track, in order, from the root.
    ///
    /// # Errors
    /// When git does not list them.
    pub(crate) fn files(&self) -> anyhow::Result<Vec<String>> {
        let listing = self.run(&[
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
            "--deduplicate",
        ])?;
        let names = listing.split('\0').filter(|name| !name.is_empty());
        let mut files: Vec<String> = names.map(str::to_owned).collect();

        files.sort();
        Ok(files)
    }

    /// True for a file that git tracks, even when it was removed since.
    pub(crate) fn tracks(&self, file: &str) -> bool {
        self.run(&["ls-files", "--error-unmatch", "--", file])
            .is_ok()
    }

    /// The full hash of the commit that the files stand on.
    ///
    /// # Errors
    /// When nothing was ever committed.
    pub(crate) fn head(&self) -> anyhow::Result<String> {
        self.run(&["rev-parse", "--verify", "HEAD"])
    }

    /// True when the files are not those of the commit.
    ///
    /// # Errors
    /// When git does not compare them.
    pub(crate) fn is_modified(&self) -> anyhow::Result<bool> {
        // Git would go into a submodule, and read its settings.
        let changes = self.run(&["status", "--porcelain", "--ignore-submodules=all"])?;
        Ok(!changes.is_empty())
    }

    /// The values of the settings with such a key, read as text: nothing acts on them.
    pub(crate) fn settings(&self, pattern: &str) -> Vec<(String, String)> {
        let file = self.theirs.join("config");
        if small(&file).is_none() {
            return Vec::new();
        }
        let file = file.display().to_string();
        let found = self.run(&["config", "--file", &file, "--get-regexp", pattern]);

        let found = found.unwrap_or_default();
        let pairs = found.lines().filter_map(|line| line.split_once(' '));
        pairs
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    /// The output of git, without its last line break.
    ///
    /// # Errors
    /// When git fails, is stopped, or says too much.
    pub(crate) fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let run = BOUNDS.run(&self.command(arguments))?;

        if let Some(fault) = run.fault() {
            bail!("git {} : {}", arguments.join(" "), reason(&run, &fault));
        }
        ensure!(!run.is_cut(), "git {} : trop long", arguments.join(" "));
        Ok(run.output.trim().to_owned())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        // A hook or a person may have led git to another repository.
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"GIT_") {
                command.env_remove(name);
            }
        }

        command
            .args(["--no-pager", "--no-optional-locks", "--no-replace-objects"])
            .args(arguments)
            .current_dir(&self.root)
            .env("GIT_DIR", self.ours.path())
            .env("GIT_WORK_TREE", &self.root)
            .env("GIT_OBJECT_DIRECTORY", self.theirs.join("objects"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_ATTR_NOSYSTEM", "1")
            .env("GIT_LITERAL_PATHSPECS", "1")
            .env("GIT_ALLOW_PROTOCOL", "none")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("HOME", self.ours.path())
            .env("XDG_CONFIG_HOME", self.ours.path())
            .env("LC_ALL", "C");
        command
    }
}

fn reason<'run>(run: &'run Run, fault: &'run str) -> &'run str {
    match (run.code(), run.last_error.as_str()) {
        (Some(127), _) => "introuvable",
        (_, "") => fault,
        (_, error) => error,
    }
}

/// The folder of a repository; that of a second working tree is named by a file.
fn folder(root: &Path) -> anyhow::Result<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Ok(git);
    }

    let named = small(&git).and_then(|text| Some(root.join(text.strip_prefix("gitdir: ")?.trim())));
    named
        .filter(|folder| folder.is_dir())
        .with_context(|| format!("{} n'est pas un dépôt git", root.display()))
}

/// A repository of ours with the references and the index of another one: data, which git reads and
/// does not run.
fn prepare(folder: &Path, common: &Path) -> anyhow::Result<tempfile::TempDir> {
    let ours = tempfile::Builder::new()
        .prefix("filrouge-dossier")
        .tempdir()?;
    let root = ours.path();

    // Git would take a link for the name of a reference.
    let head = small(&folder.join("HEAD")).context("HEAD est illisible")?;
    std::fs::write(root.join("HEAD"), head)?;
    symlink(common.join("refs"), root.join("refs"))?;
    for (name, from) in [
        ("index", folder),
        ("packed-refs", common),
        ("shallow", common),
    ] {
        if from.join(name).is_file() {
            symlink(from.join(name), root.join(name))?;
        }
    }

    // Patterns of files that a person keeps out of the listings.
    let exclude = common.join("info/exclude");
    if exclude.is_file() {
        std::fs::create_dir(root.join("info"))?;
        symlink(exclude, root.join("info/exclude"))?;
    }

    std::fs::write(root.join("config"), settings(common))?;
    Ok(ours)
}

/// Our settings, in the format of their objects.
fn settings(common: &Path) -> &'static str {
    let theirs = small(&common.join("config")).unwrap_or_default();

    if theirs.contains("sha256") {
        "[core]\n\trepositoryformatversion = 1\n\tbare = false\n[extensions]\n\tobjectFormat = sha256\n"
    } else {
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n"
    }
}

/// The text of a small file of a repository; none behind a link, which may lead to one without end.
fn small(path: &Path) -> Option<String> {
    let metadata = path.symlink_metadata().ok()?;
    let is_small = metadata.is_file() && metadata.len() <= SMALL;
    is_small.then(|| std::fs::read_to_string(path).ok())?
}
