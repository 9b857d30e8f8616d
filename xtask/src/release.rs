//! `cargo xtask release VERSION`: everything that a version delivers, in one signed folder; then, and
//! only then, the branch of its pull request and its tag, pushed together.

mod archive;
mod delivery;
mod notes;
mod provenance;
mod signature;
mod version;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::docs::changelog;
use crate::image::base::{self, Base};
use crate::image::{self, Image};
use crate::tool;

use delivery::Remote;
use signature::Keys;

/// Beginning of the name of a folder that is not whole yet.
const DRAFT: &str = ".draft-";

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Version, as Cargo.toml has it
    version: String,
    /// Folder of the image of this commit
    #[arg(long, default_value = "target/image")]
    image: PathBuf,
    /// Folder of the releases, each in a folder of its version
    #[arg(long, default_value = "target/releases")]
    out: PathBuf,
    /// Secret key of minisign, made by `minisign -G -W`; a version that is packaged already asks for none
    #[arg(long, env = "FILROUGE_SIGNING_KEY")]
    key: Option<PathBuf>,
    /// Public key that those who install the version trust
    #[arg(long, env = "FILROUGE_PUBLIC_KEY")]
    public_key: PathBuf,
    /// Git remote, by its name or its address, that receives the branch and the tag once everything is
    /// packaged
    #[arg(long)]
    remote: Option<String>,
    /// Repository; this one, otherwise
    #[arg(long)]
    repository: Option<PathBuf>,
}

/// A version that is being released.
pub(crate) struct Release<'a> {
    root: &'a Path,
    version: &'a str,
    /// The commit, in full.
    revision: String,
    /// Date of the commit: the same release comes out of it tomorrow.
    date: String,
    image: Image,
    image_folder: PathBuf,
    base: Base,
}

/// Packages a version unless it is packaged already, then delivers it where a remote is named.
pub(crate) fn run(root: &Path, options: &Options) -> Result<()> {
    let root = options.repository.as_deref().unwrap_or(root);
    let root = &root
        .canonicalize()
        .with_context(|| format!("cannot read `{}`", root.display()))?;
    let keys = Keys::new(options.key.as_deref(), &options.public_key)?;
    let remote = options
        .remote
        .as_deref()
        .map(|name| Remote::new(root, name));

    let release = Release::prepare(root, options)?;
    if let Some(remote) = &remote {
        remote.refuse_if_delivered(&options.version)?;
    }

    let folder = root.join(&options.out).join(&options.version);
    if folder.exists() {
        // A delivery that was interrupted: what was packaged is delivered, and not made again.
        keys.verify(&folder)?;
        release.check_package(&folder)?;
        ensure!(
            remote.is_some(),
            "version {} is packaged already, in `{}`",
            options.version,
            folder.display()
        );
    } else {
        release.package(&folder, &keys)?;
    }

    told(&format!(
        "{} is packaged in {}",
        options.version,
        folder.display()
    ));
    if let Some(remote) = remote {
        remote.deliver(&release, &folder)?;
        told(&format!(
            "branch {} and tag v{} are on the remote",
            delivery::branch(&options.version),
            options.version
        ));
    }
    Ok(())
}

impl<'a> Release<'a> {
    /// Reads what the release is made of, and refuses before any work what could not end.
    fn prepare(root: &'a Path, options: &'a Options) -> Result<Self> {
        let version = &options.version;
        let git = |arguments: &[&str]| {
            tool::printed(
                Command::new("git")
                    .args(arguments)
                    .current_dir(root)
                    .env("TZ", "UTC"),
            )
        };

        version::check(root, version, &git(&["tag", "--list", "v*"])?)?;
        let changes = git(&["status", "--porcelain", "--untracked-files=no"])?;
        ensure!(
            changes.is_empty(),
            "the sources are not those of a commit:\n{changes}"
        );

        let release = Self {
            root,
            version,
            revision: git(&["rev-parse", "HEAD"])?,
            date: git(&[
                "log",
                "-1",
                "--format=%cd",
                "--date=format-local:%Y-%m-%dT%H:%M:%SZ",
            ])?,
            image: image::record(&root.join(&options.image))?,
            image_folder: root.join(&options.image),
            base: Base::make(root, "filrouge")?,
        };
        release.check_image()?;
        Ok(release)
    }

    /// The image is that of this commit, on the base that the lock names.
    fn check_image(&self) -> Result<()> {
        let Image {
            revision,
            version,
            base_digest,
            ..
        } = &self.image;
        ensure!(
            *revision == self.revision,
            "the image is of commit {revision}, the release of {}: run `cargo xtask image` again",
            self.revision
        );
        ensure!(
            *version == self.version,
            "the image is of version {version}, not {}",
            self.version
        );

        signature::check_sums(&self.image_folder)?;

        let changes = self.base.changes(self.root)?;
        ensure!(
            changes.is_empty(),
            "{}:\n  {}",
            base::CHANGED,
            changes.join("\n  ")
        );
        ensure!(
            *base_digest == self.base.digest,
            "the image stands on another base, {base_digest}: run `cargo xtask image` again"
        );
        Ok(())
    }

    /// What was packaged before holds the image of this commit, which the tag will name.
    fn check_package(&self, folder: &Path) -> Result<()> {
        let packaged = image::record(folder)?;
        ensure!(
            packaged == self.image,
            "`{}` holds the image of commit {}, not that of {}: move it away to package again",
            folder.display(),
            packaged.revision,
            self.revision
        );
        Ok(())
    }

    /// Writes the folder under another name, and gives it its own once it is whole and signed.
    fn package(&self, folder: &Path, keys: &Keys) -> Result<()> {
        let parent = folder
            .parent()
            .context("the folder of the releases has no parent")?;
        std::fs::create_dir_all(parent)
            .with_context(|| format!("cannot make `{}`", parent.display()))?;
        forget_drafts(parent)?;
        let draft = TempDir::with_prefix_in(DRAFT, parent)
            .with_context(|| format!("cannot write in `{}`", parent.display()))?;

        self.write(draft.path())?;
        tool::write_sums(draft.path())?;
        keys.sign(draft.path(), self.version)?;
        keys.verify(draft.path())?;

        // A folder of one's own until then: what is released may be read by anyone.
        let draft = draft.keep();
        std::fs::set_permissions(&draft, Permissions::from_mode(0o755))
            .with_context(|| format!("cannot open `{}`", draft.display()))?;
        std::fs::rename(&draft, folder)
            .with_context(|| format!("cannot name `{}`", folder.display()))
    }

    fn write(&self, draft: &Path) -> Result<()> {
        let name = format!("filrouge-{}-linux-x86_64", self.version);
        copy(
            &self.image_folder.join(image::ARCHIVE),
            &draft.join(format!("{name}.oci.tar")),
        )?;
        copy(
            &self.image_folder.join(image::RECORD),
            &draft.join(image::RECORD),
        )?;
        archive::write(self, &draft.join(format!("{name}.tar.gz")))?;

        write(&draft.join("NOTES.md"), &notes::text(self)?)?;
        write(&draft.join("sbom.cdx.json"), &self.sbom()?)?;
        write(
            &draft.join("provenance.json"),
            &provenance::statement(self, draft)?,
        )
    }

    /// The software bill of materials, by `docker/sbom`.
    fn sbom(&self) -> Result<String> {
        let versions = self.base.archive.with_file_name("versions");
        let mut sbom = Command::new(self.root.join("docker/sbom"));
        sbom.args([self.version, &self.date])
            .arg(versions)
            .current_dir(self.root);
        tool::printed(&mut sbom)
    }
}

/// Removes what a release that was killed left behind.
fn forget_drafts(folder: &Path) -> Result<()> {
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?
    {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(DRAFT) {
            std::fs::remove_dir_all(entry.path())
                .with_context(|| format!("cannot remove `{}`", entry.path().display()))?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to)
        .map(drop)
        .with_context(|| format!("cannot copy `{}` to `{}`", from.display(), to.display()))
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).with_context(|| format!("cannot write `{}`", file.display()))
}

#[expect(clippy::print_stdout, reason = "the report of the chore")]
fn told(text: &str) {
    println!("{text}");
}
