//! The files that the image may hold, by `docker/image.toml`.

use std::collections::HashSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::files::read;

const FILE: &str = "docker/image.toml";

/// The rules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    /// Size of all the files, MiB.
    pub(super) maximum_mib: u64,
    /// Size of the compressed archive, MiB.
    pub(super) maximum_archive_mib: u64,
    /// Names of the files that are added to the base; `*` stands for one name or a part of it.
    content: Vec<String>,
    /// Names of programs that no folder may have.
    forbidden: Vec<String>,
}

/// A file of the image.
#[derive(Debug)]
pub(super) struct File {
    /// As `ls -l` writes it.
    pub(super) mode: String,
    pub(super) bytes: u64,
    pub(super) name: String,
}

impl Rules {
    pub(super) fn read(root: &Path) -> Result<Self> {
        toml::from_str(&read(root, FILE)?).with_context(|| format!("in `{FILE}`"))
    }

    /// Fails with all that an image has and may not have.
    pub(super) fn check(&self, files: &[File], base: &[String]) -> Result<()> {
        let faults = self.faults(files, base);
        ensure!(
            faults.is_empty(),
            "the image breaks the rules of `{FILE}`:\n  {}",
            faults.join("\n  ")
        );
        Ok(())
    }

    /// Fails when what travels is too heavy.
    pub(super) fn check_archive(&self, bytes: u64) -> Result<()> {
        ensure!(
            mib(bytes) <= self.maximum_archive_mib as f64,
            "the archive of the image has {:.1} MiB, {} at most by `{FILE}`",
            mib(bytes),
            self.maximum_archive_mib
        );
        Ok(())
    }

    fn faults(&self, files: &[File], base: &[String]) -> Vec<String> {
        let base: HashSet<&str> = base.iter().map(String::as_str).collect();
        let added: Vec<_> = files
            .iter()
            .filter(|file| !file.mode.starts_with('d') && !base.contains(file.name.as_str()))
            .collect();

        let unexpected = added
            .iter()
            .filter(|file| {
                !self
                    .content
                    .iter()
                    .any(|pattern| is_like(&file.name, pattern))
            })
            .map(|file| format!("`{}` is not on the list", file.name));
        let absent = self
            .content
            .iter()
            .filter(|pattern| !added.iter().any(|file| is_like(&file.name, pattern)))
            .map(|pattern| format!("`{pattern}` is on the list, and no file is"));

        unexpected
            .chain(absent)
            .chain(files.iter().filter_map(|file| self.danger(file)))
            .chain(self.over_size(files))
            .collect()
    }

    fn danger(&self, file: &File) -> Option<String> {
        let program = file.name.rsplit('/').next()?;
        let rights = file.mode.as_bytes();
        // The eighth right is that of others to write; a folder with the `t` bit protects its files.
        let is_writable = rights.get(8) == Some(&b'w')
            && !file.mode.starts_with('l')
            && !file.mode.ends_with('t');

        if self.forbidden.iter().any(|name| name == program) && !file.mode.starts_with('d') {
            Some(format!("`{}` would serve an attacker", file.name))
        } else if file.mode.contains('s') {
            Some(format!("`{}` runs with the rights of its owner", file.name))
        } else if is_writable {
            Some(format!("`{}` can be written by anyone", file.name))
        } else {
            None
        }
    }

    fn over_size(&self, files: &[File]) -> Option<String> {
        let bytes = files.iter().map(|file| file.bytes).sum();
        (mib(bytes) > self.maximum_mib as f64)
            .then(|| format!("{:.1} MiB, {} at most", mib(bytes), self.maximum_mib))
    }
}

/// Mebibytes.
pub(super) fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// The name of a file of an archive, from the top folder, without the slash of a folder.
pub(super) fn plain(name: &str) -> String {
    name.trim_start_matches("./").trim_matches('/').to_owned()
}

/// Compares name by name: `*` does not cross a slash.
fn is_like(name: &str, pattern: &str) -> bool {
    let (names, patterns) = (name.split('/'), pattern.split('/'));
    names.clone().count() == patterns.clone().count()
        && names
            .zip(patterns)
            .all(|(name, pattern)| match pattern.split_once('*') {
                None => name == pattern,
                Some((start, end)) => {
                    name.len() >= start.len() + end.len()
                        && name.starts_with(start)
                        && name.ends_with(end)
                }
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(mode: &str, bytes: u64, name: &str) -> File {
        File {
            mode: mode.to_owned(),
            bytes,
            name: name.to_owned(),
        }
    }

    // Preuve: C19.3 l’image ne contient que ce que la liste annonce : ni source, ni secret, ni données de test
    #[test]
    fn an_image_holds_what_is_on_the_list_and_nothing_else() {
        let rules = Rules {
            maximum_mib: 1,
            maximum_archive_mib: 1,
            content: vec![
                "usr/bin/filrouge".to_owned(),
                "usr/share/*/*.toml".to_owned(),
            ],
            forbidden: vec!["sh".to_owned()],
        };
        let base = ["lib/libc.so.6".to_owned(), "bin/sh".to_owned()];
        let program = || file("-rwxr-xr-x", 9, "usr/bin/filrouge");
        let profile = || file("-rw-r--r--", 9, "usr/share/profiles/rivemont.toml");

        let table = [
            (file("-rw-r--r--", 9, "lib/libc.so.6"), ""),
            (file("drwxr-xr-x", 0, "usr/share/more"), ""),
            (file("drwxrwxrwt", 0, "tmp"), ""),
            (
                file("-rw-r--r--", 9, "src/main.rs"),
                "`src/main.rs` is not on the list",
            ),
            (
                file("-rw-------", 9, "var/lib/service/credentials.json"),
                "`var/lib/service/credentials.json` is not on the list",
            ),
            (
                file("-rw-r--r--", 9, "usr/share/a/b/c.toml"),
                "`usr/share/a/b/c.toml` is not on the list",
            ),
            (
                file("lrwxrwxrwx", 0, "bin/sh"),
                "`bin/sh` would serve an attacker",
            ),
            (
                file("-rwsr-xr-x", 0, "lib/libc.so.6"),
                "`lib/libc.so.6` runs with the rights of its owner",
            ),
            (
                file("-rw-rw-rw-", 0, "lib/libc.so.6"),
                "`lib/libc.so.6` can be written by anyone",
            ),
            (
                file("-rw-r--r--", 2 << 20, "lib/libc.so.6"),
                "2.0 MiB, 1 at most",
            ),
        ];

        for (added, expected) in table {
            let faults = rules.faults(&[program(), profile(), added], &base);
            assert_eq!(faults.join("; "), expected);
        }
        assert!(rules.check_archive(1 << 20).is_ok());
        assert!(rules.check_archive((1 << 20) + 1).is_err());
        assert_eq!(
            rules.faults(&[program()], &base),
            ["`usr/share/*/*.toml` is on the list, and no file is"]
        );
    }
}
