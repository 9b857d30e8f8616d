//! `filrouge model package`, `verify`, `install`: a version that leaves this machine, and one that
//! arrives.

mod sbom;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use filrouge_artifacts::{ModelRelease, PARTS, Signer, TrustedKey};
use filrouge_model::Description;
use serde::Deserialize;

use crate::cli::{ArchiveArguments, PackageArguments};
use crate::commands::data::DataManifest;
use crate::print;

/// The part of a gate report by which it is known to be about this version.
#[derive(Deserialize)]
struct GateReport {
    version: String,
    model_sha256: String,
    passed: bool,
}

/// Packages a version that passed its gates, with its proofs.
pub(super) fn package(arguments: &PackageArguments) -> Result<()> {
    let description = Description::read(&arguments.model)?;
    check_gates(&arguments.gate, &description)?;
    check_dataset(&arguments.manifest, &description)?;

    let signer = Signer::new(arguments.key.clone());
    let release = ModelRelease::new(parts(arguments, &description)?)?;
    release
        .write(&arguments.out, &signer)
        .context("l'archive ne peut être écrite")?;

    print::line(&format!(
        "version {} : {}",
        release.version(),
        arguments.out.display()
    ));
    Ok(())
}

pub(super) fn verify(arguments: &ArchiveArguments) -> Result<ModelRelease> {
    let key = TrustedKey::read(&arguments.public_key).context("la clé ne peut servir")?;
    ModelRelease::verify(&arguments.archive, &key).context("l'archive est refusée")
}

/// Installs the version of an archive in `models`.
pub(super) fn install(arguments: &ArchiveArguments, models: &Path) -> Result<ModelRelease> {
    let key = TrustedKey::read(&arguments.public_key).context("la clé ne peut servir")?;
    ModelRelease::install(&arguments.archive, &key, models).context("l'archive est refusée")
}

fn check_gates(path: &Path, description: &Description) -> Result<()> {
    let report: GateReport = serde_json::from_slice(&read(path)?)
        .with_context(|| format!("`{}` n'est pas un verdict des critères", path.display()))?;

    ensure!(
        report.version == description.version && report.model_sha256 == description.model_sha256,
        "`{}` juge la version {}, pas {}",
        path.display(),
        report.version,
        description.version
    );
    ensure!(
        report.passed,
        "la version {} ne remplit pas ses critères de promotion : elle ne sort pas d'ici",
        description.version
    );
    Ok(())
}

fn check_dataset(path: &Path, description: &Description) -> Result<()> {
    let manifest = DataManifest::read(path)?;
    ensure!(
        manifest.rows_sha256 == description.dataset_sha256,
        "`{}` n'est pas le manifeste du jeu que la version {} a appris",
        path.display(),
        description.version
    );
    Ok(())
}

fn parts(
    arguments: &PackageArguments,
    description: &Description,
) -> Result<BTreeMap<String, Vec<u8>>> {
    let content = |name: &&str| {
        let content = match *name {
            "gate.json" => read(&arguments.gate),
            "dataset.json" => read(&arguments.manifest),
            "sbom.cdx.json" => sbom::of(description),
            file => read(&arguments.model.join(file)),
        };
        Ok(((*name).to_owned(), content?))
    };

    PARTS.iter().map(content).collect()
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("`{}` ne peut être lu", path.display()))
}
