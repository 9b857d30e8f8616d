//! Objects read by `git` with an empty environment, in an empty repository of ours.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::JoinHandle;
use std::time::Duration;

use super::batch::Batch;
use super::bounded::{self, GRACE, Group};
use super::history::{Commit, History};
use super::references::{References, is_hash, text};
use crate::limits::SUBJECT;
use crate::text::cut;
use crate::tree::listing::{Listing, Location, printable};

/// Longest run of one `git`.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Longest run of the `git` that hands out the files of a commit.
const BATCH_TIMEOUT: Duration = Duration::from_secs(120);
/// Greatest answer of one `git`, in bytes.
const ANSWER_LIMIT: u64 = 64 << 20;
/// Greatest number of commits read.
const COMMITS: &str = "--max-count=5000";

/// The objects of a submission, seen from a repository of ours.
#[derive(Debug)]
pub(crate) struct Objects {
    ours: tempfile::TempDir,
    objects: PathBuf,
    references: References,
    has_remote: bool,
    is_shallow: bool,
}

impl Objects {
    pub(super) fn borrow(folder: &Path, objects: &Path) -> Result<Self, String> {
        let config = text(&folder.join("config"));
        let shallow = text(&folder.join("shallow"));
        let ours = prepare(config.contains("sha256"), &shallow)
            .map_err(|error| format!("dossier de travail : {error}"))?;
        Ok(Self {
            ours,
            objects: objects.to_path_buf(),
            references: References::read(folder),
            has_remote: config.contains("[remote "),
            is_shallow: !shallow.is_empty(),
        })
    }

    /// True when nothing was ever committed.
    pub(crate) fn is_unborn(&self) -> bool {
        self.references.by_name.is_empty() && self.references.head.starts_with("ref: ")
    }

    /// The full hash of a revision, or of `HEAD`.
    pub(crate) fn resolve(&self, revision: Option<&str>) -> Result<String, String> {
        let id = match revision {
            None | Some("HEAD") => self
                .references
                .head()
                .ok_or("dépôt git sans commit lisible")?,
            Some(name) => self.named(name)?,
        };

        let commit = self.run(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &format!("{id}^{{commit}}"),
        ])?;
        let commit = commit.trim();
        if is_hash(commit) {
            Ok(commit.to_owned())
        } else {
            Err(format!("commit {} introuvable ou abîmé", printable(id)))
        }
    }

    /// The hash behind the name of a branch or a tag; the beginning of a hash stands for itself.
    fn named<'name>(&'name self, name: &'name str) -> Result<&'name str, String> {
        let is_short_hash = name.len() >= 4 && name.bytes().all(|byte| byte.is_ascii_hexdigit());

        self.references
            .find(name)
            .or(is_short_hash.then_some(name))
            .ok_or_else(|| {
                format!(
                    "« {} » n'est ni une empreinte, ni une branche, ni une étiquette",
                    printable(name)
                )
            })
    }

    pub(crate) fn history(&self, commit: &str) -> Result<History, String> {
        let format = "--format=%H%x1f%ct%x1f%P%x1f%ae%x1f%s";
        let answer = self.run(&["rev-list", "--no-commit-header", COMMITS, format, commit])?;
        let count = |prefix: &str| {
            let names = self.references.by_name.keys();
            names.filter(|name| name.starts_with(prefix)).count()
        };

        Ok(History {
            commits: answer.lines().filter_map(commit_of).collect(),
            // A clone has one branch of its own, and all those of its remote.
            branches: count("refs/heads/").max(count("refs/remotes/")),
            has_remote: self.has_remote,
            is_shallow: self.is_shallow,
        })
    }

    /// Lists the files of a commit.
    pub(in crate::tree) fn list(&self, commit: &str, listing: &mut Listing) -> Result<(), String> {
        let answer = self.run(&["ls-tree", "-r", "-t", "-l", "-z", commit])?;

        for line in answer.split('\0').filter(|line| !line.is_empty()) {
            if listing.is_full() {
                break;
            }
            if let Some((header, path)) = line.split_once('\t') {
                add(header, printable(path), listing);
            }
        }
        Ok(())
    }

    /// A process that hands out objects one by one.
    pub(crate) fn batch(&self) -> Result<Batch, String> {
        Batch::start(self.command(&["cat-file", "--batch"], BATCH_TIMEOUT))
    }

    /// The answer of one `git`, unless it takes too long or says too much.
    fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let mut child = Group::start(self.command(arguments, TIMEOUT))?;
        let (reading, answer) = read_apart(child.output());
        // The process is stopped from outside; the wait here ends whatever it does.
        let answer = answer.recv_timeout(TIMEOUT + GRACE);
        let status = child.end(answer.is_err())?;
        let _ = reading.join();

        match answer {
            Ok(Some(bytes)) if status.success() => Ok(text_of(bytes)),
            Ok(_) if bounded::is_out_of_time(status) => Err(out_of_time()),
            Ok(_) if bounded::is_absent(status) => Err("git est introuvable".to_owned()),
            Ok(_) => Err("dépôt git abîmé ou incomplet : git n'a pas su le lire".to_owned()),
            Err(_) => Err(out_of_time()),
        }
    }

    /// `git` with our configuration only: no lazy fetch, no protocol, no replaced object, no
    /// prompt.
    fn command(&self, arguments: &[&str], time: Duration) -> Command {
        let mut command = bounded::command("git", time);

        command
            // A replaced object would show another content than the hash that names it.
            .args(["--no-pager", "--no-replace-objects", "--no-optional-locks"])
            .args(arguments)
            // Nothing of the environment may lead git to another repository or program.
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("LC_ALL", "C")
            .env("HOME", self.ours.path())
            .env("GIT_DIR", self.ours.path())
            .env("GIT_OBJECT_DIRECTORY", &self.objects)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_ATTR_NOSYSTEM", "1")
            .env("GIT_ALTERNATE_OBJECT_DIRECTORIES", "")
            .env("GIT_ALLOW_PROTOCOL", "none")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .current_dir(self.ours.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());

        command
    }
}

fn out_of_time() -> String {
    format!("git n'a pas répondu en {} s", TIMEOUT.as_secs())
}

fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Reads the output of a process on a thread of its own, so that one that says nothing does not
/// hold up the reader.
fn read_apart(output: Option<ChildStdout>) -> (JoinHandle<()>, Receiver<Option<Vec<u8>>>) {
    let (done, answer) = mpsc::channel();

    let reading = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let result = output.map(|output| output.take(ANSWER_LIMIT).read_to_end(&mut bytes));
        let bytes = result.is_some_and(|result| result.is_ok()).then_some(bytes);
        // The receiver is gone once the time is out: nobody waits for this answer.
        let _ = done.send(bytes);
    });
    (reading, answer)
}

/// Adds a line of `git ls-tree`: mode, type, hash and size.
fn add(header: &str, path: String, listing: &mut Listing) {
    let fields: Vec<&str> = header.split_whitespace().collect();

    match fields[..] {
        ["120000", ..] => listing.skip(path, "lien : jamais suivi".to_owned()),
        [_, "blob", id, size] => {
            let location = Location::Object(id.to_owned());
            listing.add(path, size.parse().unwrap_or(0), location);
        }
        [_, "tree", ..] => listing.paths.push(path),
        _ => listing.skip(path, "sous-module : un autre dépôt".to_owned()),
    }
}

/// An empty repository of ours, in the format of theirs.
fn prepare(sha256: bool, shallow: &str) -> std::io::Result<tempfile::TempDir> {
    let ours = tempfile::Builder::new()
        .prefix("filrouge-compare")
        .tempdir()?;
    let root = ours.path();
    std::fs::create_dir_all(root.join("refs"))?;
    std::fs::create_dir_all(root.join("objects"))?;
    std::fs::write(root.join("HEAD"), "ref: refs/heads/none\n")?;

    let (version, extension) = if sha256 {
        (1, "[extensions]\n\tobjectFormat = sha256\n")
    } else {
        (0, "")
    };
    let bounds = "\tpackedGitWindowSize = 16m\n\tpackedGitLimit = 128m\n\tdeltaBaseCacheLimit = 16m\n\tbigFileThreshold = 8m\n\tcommitGraph = false\n\tmultiPackIndex = false\n";

    std::fs::write(
        root.join("config"),
        format!(
            "[core]\n\trepositoryformatversion = {version}\n\tbare = true\n{bounds}{extension}"
        ),
    )?;

    if !shallow.is_empty() {
        std::fs::write(root.join("shallow"), shallow)?;
    }
    Ok(ours)
}

fn commit_of(line: &str) -> Option<Commit> {
    let mut fields = line.splitn(5, '\x1f');
    let mut next = || fields.next();
    let (id, time, parents, author, subject) = (next()?, next()?, next()?, next()?, next()?);

    // An address is personal data: a hash is enough to count authors.
    let mut hasher = DefaultHasher::new();
    author.hash(&mut hasher);

    Some(Commit {
        id: id.to_owned(),
        time: time.parse().ok()?,
        is_merge: parents.contains(' '),
        author: hasher.finish(),
        subject: printable(cut(subject, SUBJECT)),
    })
}
