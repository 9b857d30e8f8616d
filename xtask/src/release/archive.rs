//! The archive for a machine without containers: the program, what it reads, its systemd units, and
//! the files by which the image is deployed.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::Release;
use crate::files::listed;
use crate::tool;

/// Files of the repository, and the folder that each group has in the archive.
const PARTS: [(&[&str], &str); 2] = [
    (
        &[
            "data/profiles/*.toml",
            "data/queries/*.sql",
            "models/demand",
        ],
        "share/",
    ),
    (
        &[
            "deployment",
            "docker",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "docs/livraison.md",
        ],
        "",
    ),
];

/// Writes the archive: the program and its library are those of the image.
pub(super) fn write(release: &Release<'_>, archive: &Path) -> Result<()> {
    let work = TempDir::with_prefix("filrouge-archive-")?;
    let top = work.path().join(format!("filrouge-{}", release.version));

    for (patterns, folder) in PARTS {
        for name in listed(release.root, patterns)? {
            let from = release.root.join(&name);
            let mode = if is_program(&from)? { "755" } else { "644" };
            tool::install(&from, &top.join(format!("{folder}{name}")), mode)?;
        }
    }

    take_from_image(release, work.path())?;
    let image = work.path().join("image");
    tool::install(
        &image.join("usr/bin/filrouge"),
        &top.join("bin/filrouge"),
        "755",
    )?;
    tool::install(
        &image.join("usr/lib/filrouge/libonnxruntime.so"),
        &top.join("lib/libonnxruntime.so"),
        "644",
    )?;
    std::fs::remove_dir_all(&image)?;
    std::fs::remove_dir_all(work.path().join("oci"))?;
    tool::tar(work.path(), archive)
}

fn is_program(file: &Path) -> Result<bool> {
    let metadata =
        std::fs::metadata(file).with_context(|| format!("cannot read `{}`", file.display()))?;
    Ok(metadata.permissions().mode() & 0o111 != 0)
}

/// Unpacks our part of the image in `work/image`.
fn take_from_image(release: &Release<'_>, work: &Path) -> Result<()> {
    let (oci, image) = (work.join("oci"), work.join("image"));
    std::fs::create_dir_all(&oci)?;
    std::fs::create_dir_all(&image)?;

    let archive = release.image_folder.join(crate::image::ARCHIVE);
    tool::run(
        Command::new("tar")
            .arg("-xf")
            .arg(archive)
            .arg("-C")
            .arg(&oci),
    )?;
    for layer in crate::image::layers(&oci)? {
        let mut tar = Command::new("tar");
        tar.args(["-xzf"]).arg(layer).arg("-C").arg(&image);
        tool::run(tar.args(["usr/bin/filrouge", "usr/lib/filrouge"]))?;
    }
    Ok(())
}
