//! The files of the repository, and the names that they hold.

use std::collections::{BTreeSet, HashSet};
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::files;

/// Data of others: their names are not ours, and they are large.
const NOT_READ: [&str; 3] = ["data/real/", "data/faults/", "models/"];

/// The files of the repository, their folders, and the names in all that is no document.
#[derive(Default)]
pub(super) struct Tree {
    /// Files and folders, from the top folder.
    paths: BTreeSet<String>,
    names: HashSet<String>,
    /// Names of functions, and stems of files: the filters of `cargo test`.
    tests: BTreeSet<String>,
    packages: BTreeSet<String>,
    /// Where git is asked which paths it ignores.
    root: PathBuf,
}

impl Tree {
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut tree = Self {
            root: root.to_owned(),
            ..Self::default()
        };

        for path in files::listed(root, &[])? {
            // A file that is not text holds no name.
            let text = files::read(root, &path).unwrap_or_default();
            tree.add(&path, &text);
        }

        Ok(tree)
    }

    /// Adds a file, its folders and the names that it holds.
    pub(super) fn add(&mut self, path: &str, text: &str) {
        let folders = Path::new(path).ancestors().skip(1);
        let folders = folders.map(|folder| folder.to_string_lossy().into_owned());
        self.paths.extend(folders.chain([path.to_owned()]));

        // A name in documents alone is what is looked for.
        if path.ends_with(".md") || NOT_READ.iter().any(|place| path.starts_with(place)) {
            return;
        }
        let names = words(text).filter(|word| word.contains('_'));
        self.names.extend(names.map(str::to_owned));

        if path.ends_with(".rs") {
            let stem = Path::new(path).file_stem();
            let stem = stem.map(|stem| stem.to_string_lossy().into_owned());
            self.tests
                .extend(functions(text).map(str::to_owned).chain(stem));
        }
        if path.ends_with("Cargo.toml") {
            self.packages.extend(package(text));
        }
    }

    /// A name of three words or more that no file but documents holds: a test or an item that was
    /// renamed. Shorter ones may be anybody's.
    pub(super) fn unknown_name(&self, text: &str) -> Option<String> {
        let is_name = text.split('_').count() >= 3
            && text.starts_with(|letter: char| letter.is_ascii_lowercase())
            && words(text).eq([text]);

        (is_name && !self.names.contains(text))
            .then(|| format!("no file of the tree holds the name `{text}`"))
    }

    /// A path below a top folder, from there or from the document, that is neither in the tree nor
    /// made at run time.
    pub(super) fn unknown_path(&self, document: &Path, text: &str) -> Option<String> {
        let (top, _) = text.split_once('/')?;
        // A pattern or a sentence is no path.
        let is_path = !text.contains(|letter: char| " *<>{}$…|(),=\"'".contains(letter));
        if !is_path || top.is_empty() || !self.paths.contains(top) {
            return None;
        }

        let path = text
            .split(['#', ':'])
            .next()
            .unwrap_or(text)
            .trim_end_matches('/');
        let here = normal(&document.parent().unwrap_or(Path::new("")).join(path));
        let is_known =
            self.paths.contains(path) || self.paths.contains(&here) || self.is_ignored(path);
        (!is_known).then(|| format!("there is no `{path}` in the tree"))
    }

    /// True when a word that `cargo test` takes as a filter keeps some test.
    pub(super) fn has_test(&self, filter: &str) -> bool {
        let name = filter.rsplit("::").next().unwrap_or(filter);
        self.tests.iter().any(|test| test.contains(name))
    }

    pub(super) fn has_package(&self, name: &str) -> bool {
        self.packages.contains(name)
    }

    /// True when git ignores a path: a program makes it.
    fn is_ignored(&self, path: &str) -> bool {
        // The pattern of a folder ends with `/`, and the document may leave it out.
        [path, &format!("{path}/")].iter().any(|path| {
            let mut git = Command::new("git");
            git.args(["check-ignore", "--quiet", "--", path]);
            let status = git.current_dir(&self.root).status();
            status.is_ok_and(|status| status.success())
        })
    }
}

/// The path without `.` and `..`.
fn normal(path: &Path) -> String {
    let mut parts: Vec<_> = Vec::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(parts.pop()),
            Component::Normal(name) => parts.push(name.to_string_lossy()),
            _ => {}
        }
    }
    parts.join("/")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty())
}

/// Names after `fn`.
fn functions(text: &str) -> impl Iterator<Item = &str> {
    text.split("fn ")
        .skip(1)
        .filter_map(|rest| words(rest).next())
}

/// The name of the package that a manifest describes.
fn package(manifest: &str) -> Option<String> {
    let table: toml::Table = toml::from_str(manifest).ok()?;
    Some(table.get("package")?.get("name")?.as_str()?.to_owned())
}
