//! `cargo xtask image`: the image of all the services, from the very program that the tests ran,
//! built twice, checked by `docker/image.toml`, and written to a folder with its hashes.

pub(crate) mod base;
mod content;
mod layout;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::cargo::cargo;
use crate::files::{listed, read};
use crate::tool;

use base::Base;
use content::Rules;
use layout::Layout;

/// Name of the image on this machine.
const NAME: &str = "localhost/filrouge";

/// Files of the project that the services read.
const SHARED: [&str; 6] = [
    "data/profiles/*.toml",
    "data/providers.toml",
    "data/queries/*.sql",
    "models/availability",
    "models/demand",
    "models/triage",
];

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Folder of the image, replaced
    #[arg(long, default_value = "target/image")]
    pub(crate) out: PathBuf,
    /// Version, on the label and in the tag; that of the workspace when none is given
    #[arg(long, default_value = env!("CARGO_PKG_VERSION"))]
    pub(crate) version: String,
    /// Write docker/bases/filrouge.lock anew, once a person has read what changed
    #[arg(long)]
    pub(crate) accept_base: bool,
}

/// The description of an image, written beside it as `image.json`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Image {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) revision: String,
    /// Of the manifest: what `podman image inspect` shows once the archive is loaded.
    pub(crate) digest: String,
    pub(crate) base_digest: String,
    pub(crate) size_bytes: u64,
    /// Compressed, as it travels.
    pub(crate) archive_bytes: u64,
    pub(crate) files: usize,
}

/// File of the archive that `podman load` reads.
pub(crate) const ARCHIVE: &str = "filrouge.oci.tar";
/// File of the [`Image`].
pub(crate) const RECORD: &str = "image.json";

/// Builds, checks and writes the image.
pub(crate) fn run(root: &Path, options: &Options) -> Result<Image> {
    let out = root.join(&options.out);
    let rules = Rules::read(root)?;
    let base = Base::make(root, "filrouge")?;
    if options.accept_base {
        base.accept(root)?;
    }
    tool::run(Command::new("hadolint").arg(root.join("docker/Dockerfile")))?;

    let work = TempDir::with_prefix("filrouge-image-")?;
    let parts = Parts::find(root)?;
    let build = Build {
        root,
        base: &base,
        parts: &parts,
        version: &options.version,
        revision: &revision(root)?,
    };

    // Two contexts too: dates and orders of files must not show.
    let first = build.run(&work.path().join("first"))?;
    let second = build.run(&work.path().join("second"))?;
    ensure!(
        first.digest == second.digest,
        "two builds of the same commit differ: {} and {}",
        first.digest,
        second.digest
    );

    let files = first.files()?;
    rules.check(&files, &base.files()?)?;
    let archive = work.path().join(ARCHIVE);
    tool::tar(&first.folder, &archive)?;
    let archive_bytes = std::fs::metadata(&archive)?.len();
    rules.check_archive(archive_bytes)?;

    let image = Image {
        name: NAME.to_owned(),
        version: options.version.clone(),
        revision: build.revision.to_owned(),
        digest: first.digest.clone(),
        base_digest: base.digest.clone(),
        size_bytes: files.iter().map(|file| file.bytes).sum(),
        archive_bytes,
        files: files.len(),
    };

    write(&out, &archive, &image)?;
    report(&out, &image, &rules, &base.changes(root)?);
    Ok(image)
}

/// Programs of the image that come from elsewhere than the base.
struct Parts {
    program: PathBuf,
    onnx_runtime: PathBuf,
    shared: Vec<String>,
}

impl Parts {
    fn find(root: &Path) -> Result<Self> {
        let runtime = filrouge_onnx_runtime::ensure_runtime(&root.join("models/runtime"))?;
        let library = runtime.library();
        ensure!(
            library.starts_with(root.join("models/runtime").canonicalize()?),
            "`{}` would stand for the pinned ONNX Runtime: unset ORT_DYLIB_PATH, or remove the system's",
            library.display()
        );

        Ok(Self {
            program: program(root)?,
            onnx_runtime: library.to_owned(),
            shared: listed(root, &SHARED)?,
        })
    }
}

/// The program that `cargo build` makes, which is there when the tests have run.
pub(crate) fn program(root: &Path) -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Message {
        executable: Option<PathBuf>,
    }

    let output = cargo(root)
        .args(["build", "--quiet", "-p", "filrouge"])
        .arg("--message-format=json-render-diagnostics")
        .output()
        .context("cannot run cargo")?;
    ensure!(output.status.success(), "`cargo build -p filrouge` failed");

    String::from_utf8(output.stdout)?
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok()?.executable)
        .next_back()
        .context("cargo did not say where the program is")
}

/// The commit, and whether the sources differ from it.
pub(crate) fn revision(root: &Path) -> Result<String> {
    let described = [
        "describe",
        "--always",
        "--abbrev=40",
        "--exclude=*",
        "--dirty",
    ];
    tool::printed(Command::new("git").args(described).current_dir(root))
}

/// The parts of one build.
struct Build<'a> {
    root: &'a Path,
    base: &'a Base,
    parts: &'a Parts,
    version: &'a str,
    revision: &'a str,
}

impl Build<'_> {
    /// Builds in `folder`, and gives the image as an OCI layout.
    fn run(&self, folder: &Path) -> Result<Layout> {
        let context = folder.join("context");
        self.gather(&context)?;

        let tag = format!("{NAME}:{}", self.version);
        let dockerfile = self.root.join("docker/Dockerfile");
        let mut buildah = buildah(self.root);
        buildah
            .args(["build", "--quiet", "--isolation", "chroot", "--no-cache"])
            // One layer, whose files all have the same date.
            .args(["--squash", "--timestamp", "0", "--tag", &tag])
            .args(["--build-arg", &format!("VERSION={}", self.version)])
            .args(["--build-arg", &format!("REVISION={}", self.revision)])
            .args(["--build-arg", &format!("BASE_DIGEST={}", self.base.digest)])
            .arg("--file")
            .args([&dockerfile, &context]);
        tool::printed(&mut buildah)?;

        let layout = folder.join("oci");
        let target = format!("oci:{}:{tag}", layout.display());
        tool::printed(self::buildah(self.root).args(["push", "--quiet", &tag, &target]))?;
        tool::printed(self::buildah(self.root).args(["rmi", "--force", &tag]))?;
        Layout::read(&layout)
    }

    /// The build context: the base, and the program's own files where the image will have them.
    fn gather(&self, context: &Path) -> Result<()> {
        let program = context.join("program");
        let copies = [
            (&self.base.archive, context.join("base.tar"), "644"),
            (
                &self.parts.onnx_runtime,
                program.join("usr/lib/filrouge/libonnxruntime.so"),
                "644",
            ),
        ];
        for (from, to, mode) in copies {
            tool::install(from, &to, mode)?;
        }

        for name in &self.parts.shared {
            let to = program.join("usr/share/filrouge").join(name);
            tool::install(&self.root.join(name), &to, "644")?;
        }

        let stripped = program.join("usr/bin/filrouge");
        tool::install(&self.parts.program, &stripped, "755")?;
        tool::run(Command::new("strip").arg("--strip-all").arg(&stripped))
    }
}

/// `buildah` with the settings of the project, the same on every machine.
fn buildah(root: &Path) -> Command {
    let mut buildah = Command::new("buildah");
    buildah
        .env("CONTAINERS_CONF", root.join("docker/local/containers.conf"))
        .env(
            "CONTAINERS_STORAGE_CONF",
            root.join("docker/local/storage.conf"),
        );
    buildah
}

/// Writes the archive, the record and the hash of each.
fn write(out: &Path, archive: &Path, image: &Image) -> Result<()> {
    if out.exists() {
        std::fs::remove_dir_all(out)
            .with_context(|| format!("cannot replace `{}`", out.display()))?;
    }
    std::fs::create_dir_all(out).with_context(|| format!("cannot make `{}`", out.display()))?;

    tool::install(archive, &out.join(ARCHIVE), "644")?;
    std::fs::write(out.join(RECORD), serde_json::to_vec_pretty(image)?)
        .with_context(|| format!("cannot write `{}`", out.join(RECORD).display()))?;
    tool::write_sums(out)
}

#[expect(clippy::print_stdout, reason = "the report of the chore")]
fn report(out: &Path, image: &Image, rules: &Rules, changes: &[String]) {
    println!(
        "{}:{} in {}\n  {} (twice)\n  {:.1} MiB compressed, {} at most; {:.1} MiB on disk, {} at most; {} files",
        image.name,
        image.version,
        out.display(),
        image.digest,
        content::mib(image.archive_bytes),
        rules.maximum_archive_mib,
        content::mib(image.size_bytes),
        rules.maximum_mib,
        image.files
    );
    if !changes.is_empty() {
        println!("  {}:\n    {}", base::CHANGED, changes.join("\n    "));
    }
}

/// The layers of an image on disk, as compressed archives.
pub(crate) fn layers(folder: &Path) -> Result<Vec<PathBuf>> {
    Layout::read(folder)?.layers()
}

/// The record of an image that was built.
pub(crate) fn record(out: &Path) -> Result<Image> {
    let text = read(out, RECORD).context("build the image first: cargo xtask image")?;
    serde_json::from_str(&text).with_context(|| format!("in `{}`", out.join(RECORD).display()))
}
