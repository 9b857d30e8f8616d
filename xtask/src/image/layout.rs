//! An image on disk, as the OCI image layout has it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::content::{File, plain};
use crate::files::read;
use crate::tool;

/// The folder, and the digest of the one manifest that it holds.
pub(super) struct Layout {
    pub(super) folder: PathBuf,
    pub(super) digest: String,
}

#[derive(Deserialize)]
struct Index {
    manifests: Vec<Descriptor>,
}

#[derive(Deserialize)]
struct Manifest {
    layers: Vec<Descriptor>,
}

#[derive(Deserialize)]
struct Descriptor {
    digest: String,
}

impl Layout {
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let index: Index = serde_json::from_str(&read(folder, "index.json")?)
            .with_context(|| format!("in `{}/index.json`", folder.display()))?;
        let [Descriptor { digest }] = &index.manifests[..] else {
            anyhow::bail!(
                "`{}` holds {} images",
                folder.display(),
                index.manifests.len()
            );
        };

        Ok(Self {
            folder: folder.to_owned(),
            digest: digest.clone(),
        })
    }

    /// Its layers, as compressed archives.
    pub(super) fn layers(&self) -> Result<Vec<PathBuf>> {
        let manifest: Manifest = serde_json::from_str(&read(&self.folder, &blob(&self.digest)?)?)
            .context("the manifest is not one")?;
        let place = |layer: &Descriptor| Ok(self.folder.join(blob(&layer.digest)?));

        manifest.layers.iter().map(place).collect()
    }

    /// The files of its layers.
    pub(super) fn files(&self) -> Result<Vec<File>> {
        let mut files = Vec::new();

        for layer in self.layers()? {
            let mut tar = Command::new("tar");
            tar.args(["--list", "--verbose", "--numeric-owner", "--gzip", "--file"]);
            let listed = tool::printed(tar.arg(layer))?;
            files.extend(listed.lines().map(file).collect::<Result<Vec<_>>>()?);
        }

        Ok(files)
    }
}

/// Place of a blob in the layout.
fn blob(digest: &str) -> Result<String> {
    let hash = digest
        .strip_prefix("sha256:")
        .context("a digest is not of SHA-256")?;
    Ok(format!("blobs/sha256/{hash}"))
}

/// A line of `tar --list --verbose`: mode, owner, bytes, date, time, name.
fn file(line: &str) -> Result<File> {
    let words: Vec<_> = line.split_whitespace().collect();
    ensure!(words.len() >= 6, "not a line of tar: {line}");
    let name = words[5..].join(" ");

    Ok(File {
        mode: words[0].to_owned(),
        bytes: words[2].parse().unwrap_or_default(),
        name: plain(name.split(" -> ").next().unwrap_or_default()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_tar_is_a_file() {
        let table = [
            (
                "-rwxr-xr-x 0/0    1024 1970-01-01 00:00 ./usr/bin/filrouge",
                ("-rwxr-xr-x", 1024, "usr/bin/filrouge"),
            ),
            (
                "lrwxrwxrwx 0/0       0 1970-01-01 00:00 lib/libm.so -> libm.so.6",
                ("lrwxrwxrwx", 0, "lib/libm.so"),
            ),
            (
                "drwx------ 10001/10001 0 1970-01-01 00:00 var/lib/service/",
                ("drwx------", 0, "var/lib/service"),
            ),
        ];

        for (line, (mode, bytes, name)) in table {
            let file = file(line).unwrap();
            assert_eq!(
                (file.mode.as_str(), file.bytes, file.name.as_str()),
                (mode, bytes, name)
            );
        }
        assert!(file("tar: Error").is_err());
    }
}
