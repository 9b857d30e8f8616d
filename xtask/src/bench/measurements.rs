//! Figures of the measurements, the machine they were taken on, and their targets.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// Figures in the order of the page: data, so that a new one is one line.
const FIGURES: &str = include_str!("../../benchmarks.toml");

#[derive(Deserialize)]
struct Catalogue {
    figures: Vec<Figure>,
}

/// One figure, as the page shows it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Figure {
    key: String,
    label: String,
    unit: String,
    target: String,
    decimals: usize,
}

/// The figures of the catalogue; a test reads it, so that it is never empty by mistake.
fn figures() -> Vec<Figure> {
    toml::from_str(FIGURES).map_or_else(|_| Vec::new(), |catalogue: Catalogue| catalogue.figures)
}

/// The content of `docs/benchmarks.json`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Measurements {
    machine: String,
    commit: String,
    figures: BTreeMap<String, f64>,
    /// Outputs of the measured commands.
    #[serde(default)]
    outputs: BTreeMap<String, String>,
}

impl Measurements {
    /// Reads the last measurements of the repository.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let path = root.join("docs/benchmarks.json");
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        serde_json::from_str(&text)
            .with_context(|| format!("`{}` is not what `xtask bench` writes", path.display()))
    }

    /// Writes the measurements and their page.
    pub(crate) fn write(&self, root: &Path) -> Result<()> {
        let json = serde_json::to_string_pretty(self)? + "\n";
        std::fs::write(root.join("docs/benchmarks.json"), json)
            .context("cannot write `docs/benchmarks.json`")?;
        std::fs::write(root.join("docs/benchmarks.md"), self.page())
            .context("cannot write `docs/benchmarks.md`")
    }

    /// Notes the machine and the commit that are about to be measured.
    pub(crate) fn describe_machine(&mut self, root: &Path) -> Result<()> {
        let cores = std::thread::available_parallelism().context("cannot count the cores")?;
        self.machine = format!(
            "{cores} cœurs, {}, {}",
            std::env::consts::ARCH,
            printed_by(root, "rustc", &["--version"])?
        );
        // Twelve digits: enough to be one commit of this repository for long.
        self.commit = printed_by(root, "git", &["rev-parse", "--short=12", "HEAD"])?;
        Ok(())
    }

    pub(crate) fn record(&mut self, key: &str, value: f64) {
        self.figures.insert(key.to_owned(), value);
    }

    pub(crate) fn record_output(&mut self, command: &str, printed: &str) {
        self.outputs.insert(command.to_owned(), printed.to_owned());
    }

    /// Output of a command, as a block of Markdown.
    pub(crate) fn printed(&self, command: &str) -> Option<String> {
        self.outputs
            .get(command)
            .map(|text| format!("\n\n```text\n{text}\n```\n\n"))
    }

    /// The figure itself, where it was measured.
    pub(crate) fn figure(&self, key: &str) -> Option<f64> {
        self.figures.get(key).copied()
    }

    /// The commit that was measured.
    pub(crate) fn commit(&self) -> &str {
        &self.commit
    }

    /// The figure as documents cite it, with a decimal comma.
    pub(crate) fn rounded(&self, key: &str) -> Option<String> {
        let figure = figures().into_iter().find(|figure| figure.key == key)?;
        self.french(&figure)
    }

    /// The page: one table, its header, the command that makes it again.
    pub(crate) fn page(&self) -> String {
        let rows: String = figures()
            .iter()
            .filter_map(|figure| self.row(figure))
            .collect();

        format!(
            "# Mesures\n\nCette page est écrite par `cargo xtask bench` (compilation à froid : `cargo xtask bench --cold-build`).\nMachine : {}. Commit mesuré : `{}`.\n\n| Ce qui est mesuré | Valeur | Unité | Cible |\n| --- | --- | --- | --- |\n{rows}",
            self.machine, self.commit
        )
    }

    fn row(&self, figure: &Figure) -> Option<String> {
        let Figure { label, unit, .. } = figure;
        let value = self.french(figure)?;
        // A cell that a screen reader finds empty says nothing.
        let target = Some(figure.target.as_str()).filter(|target| !target.is_empty());
        let target = target.unwrap_or("—");
        Some(format!("| {label} | {value} | {unit} | {target} |\n"))
    }

    fn french(&self, figure: &Figure) -> Option<String> {
        let value = *self.figures.get(&figure.key)?;
        Some(format!("{value:.*}", figure.decimals).replace('.', ","))
    }
}

fn printed_by(root: &Path, program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .output()
        .with_context(|| format!("cannot run `{program}`"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_read_and_names_each_figure_once() {
        let mut keys: Vec<_> = figures().into_iter().map(|figure| figure.key).collect();
        assert!(!keys.is_empty());

        keys.sort();
        let count = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), count);
    }

    #[test]
    fn only_what_was_measured_is_on_the_page() {
        let mut measurements = Measurements::default();
        measurements.record("up_first_seconds", 41.26);
        let page = measurements.page();
        assert!(page.contains("| 41,3 | s | ≤ 60 |"), "{page}");
        assert!(!page.contains("MAE"), "{page}");
    }
}
