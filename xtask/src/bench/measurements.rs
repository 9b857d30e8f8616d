//! Figures of the measurements, the machine they were taken on, and their targets.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// One figure that the project promises.
struct Promise {
    key: &'static str,
    label: &'static str,
    unit: &'static str,
    target: &'static str,
    decimals: usize,
}

const PROMISES: &[Promise] = &[
    promise(
        "cold_build_cpu_minutes",
        "Construction à froid, temps processeur",
        "min",
        "≤ 30",
        1,
    ),
    promise(
        "up_first_seconds",
        "`up` : du départ à la première prévision sur la page",
        "s",
        "≤ 60",
        1,
    ),
    promise(
        "up_second_seconds",
        "`up` : second départ sur le même état",
        "s",
        "≤ 10",
        1,
    ),
    promise(
        "up_peak_memory_mib",
        "`up` : mémoire au plus haut",
        "Mio",
        "≤ 1536",
        0,
    ),
    promise(
        "city_rows",
        "Lignes station × heure des 30 derniers jours de la ville",
        "lignes",
        "",
        0,
    ),
    promise(
        "train_seconds",
        "Entraînement sur le jeu de la ville",
        "s",
        "≤ 20",
        1,
    ),
    promise(
        "test_mae",
        "Erreur absolue moyenne (MAE), 30 derniers jours de la ville",
        "départs/h",
        "",
        3,
    ),
    promise(
        "test_baseline_mae",
        "MAE de la meilleure référence naïve, mêmes jours",
        "départs/h",
        "",
        3,
    ),
    promise(
        "test_gain_pct",
        "Gain sur la meilleure référence naïve",
        "%",
        "≥ 25",
        1,
    ),
    promise(
        "test_coverage_pct",
        "Couverture de l'intervalle à 80 %",
        "%",
        "75 à 85",
        1,
    ),
    promise(
        "aggregate_seconds",
        "Nettoyer et agréger dix millions de trajets",
        "s",
        "",
        1,
    ),
    promise(
        "aggregate_times_faster_than_pandas",
        "… rapport au temps de pandas",
        "×",
        "≥ 8",
        1,
    ),
    promise(
        "aggregate_times_faster_than_duckdb",
        "… rapport au temps de DuckDB",
        "×",
        "≥ 1",
        1,
    ),
    promise(
        "aggregate_times_faster_than_polars",
        "… rapport au temps de Polars en Python",
        "×",
        "≥ 1",
        1,
    ),
    promise(
        "aggregate_peak_memory_mib",
        "… mémoire au plus haut",
        "Mio",
        "≤ 2048",
        0,
    ),
    promise(
        "aggregate_many_seconds",
        "Nettoyer et agréger cinquante millions de trajets",
        "s",
        "",
        1,
    ),
    promise(
        "aggregate_many_peak_memory_mib",
        "… mémoire au plus haut",
        "Mio",
        "≤ 2048",
        0,
    ),
    promise(
        "import_seconds",
        "API de données : importer un million d'heures-stations dans SQLite",
        "s",
        "≤ 20",
        1,
    ),
    promise(
        "export_seconds",
        "API de données : exporter un million d'heures-stations en Parquet",
        "s",
        "",
        3,
    ),
    promise(
        "export_times_direct_writing",
        "… rapport à l'écriture directe par Polars",
        "×",
        "≤ 2",
        2,
    ),
    promise(
        "export_unprepared_seconds",
        "… demandé avant que le service l'ait préparé",
        "s",
        "",
        2,
    ),
    promise(
        "export_unprepared_times_direct_writing",
        "… rapport à l'écriture directe par Polars",
        "×",
        "",
        1,
    ),
    promise(
        "export_peak_memory_mib",
        "… mémoire au plus haut",
        "Mio",
        "≤ 300",
        0,
    ),
    promise(
        "load_requests_per_second",
        "API de données : 200 clients pendant 60 s",
        "req/s",
        "",
        0,
    ),
    promise("load_p50_ms", "… latence médiane", "ms", "", 1),
    promise("load_p99_ms", "… 99e centile", "ms", "", 1),
    promise("load_start_memory_mib", "… mémoire au départ", "Mio", "", 0),
    promise("load_warm_memory_mib", "… après dix secondes", "Mio", "", 0),
    promise("load_end_memory_mib", "… à la fin", "Mio", "la même", 0),
    promise(
        "page_requests_per_second",
        "API de données : la même page de 100 heures",
        "req/s",
        "",
        0,
    ),
    promise("page_p99_ms", "… 99e centile", "ms", "", 2),
    promise(
        "page_times_requests_of_fastapi",
        "… rapport à FastAPI et SQLAlchemy",
        "×",
        "≥ 8",
        1,
    ),
    promise(
        "page_fastapi_p99_divided_by",
        "… leur 99e centile divisé par",
        "",
        "≥ 5",
        1,
    ),
    promise(
        "distinct_page_requests_per_second",
        "API de données : 19 000 pages différentes",
        "req/s",
        "",
        0,
    ),
    promise("distinct_page_p99_ms", "… 99e centile", "ms", "", 2),
    promise(
        "distinct_page_times_requests_of_fastapi",
        "… rapport à FastAPI et SQLAlchemy",
        "×",
        "",
        1,
    ),
    promise(
        "distinct_page_fastapi_p99_divided_by",
        "… leur 99e centile divisé par",
        "",
        "",
        1,
    ),
    promise(
        "serve_requests_per_second",
        "API du modèle, une prévision par requête : les heures du lendemain",
        "requêtes/s",
        "",
        0,
    ),
    promise(
        "serve_p99_ms",
        "… 99e centile du temps de réponse",
        "ms",
        "",
        2,
    ),
    promise(
        "serve_times_fastapi",
        "… rapport aux requêtes/s de FastAPI et onnxruntime",
        "×",
        "≥ 8",
        1,
    ),
    promise(
        "serve_fastapi_p99_times",
        "… 99e centile de FastAPI rapporté au nôtre",
        "×",
        "≥ 6",
        1,
    ),
    promise(
        "serve_share_of_constant_pct",
        "… part des requêtes/s de la même route sans modèle",
        "%",
        "≥ 75",
        0,
    ),
    promise(
        "serve_anew_requests_per_second",
        "API du modèle, une prévision par requête : la météo du client, rien n'est retenu",
        "requêtes/s",
        "",
        0,
    ),
    promise(
        "serve_anew_p99_ms",
        "… 99e centile du temps de réponse",
        "ms",
        "",
        2,
    ),
    promise(
        "serve_anew_times_fastapi",
        "… rapport aux requêtes/s de FastAPI et onnxruntime",
        "×",
        "≥ 8",
        1,
    ),
    promise(
        "serve_anew_fastapi_p99_times",
        "… 99e centile de FastAPI rapporté au nôtre",
        "×",
        "≥ 6",
        1,
    ),
    promise(
        "serve_anew_share_of_constant_pct",
        "… part des requêtes/s de la même route sans modèle",
        "%",
        "",
        0,
    ),
    promise(
        "serve_times_mlserver",
        "`/v2/models/demand/infer`, rapport aux requêtes/s de MLServer",
        "×",
        "≥ 10",
        1,
    ),
    promise(
        "serve_batch_rows_per_second",
        "Lots de 1 000 lignes",
        "lignes/s",
        "",
        0,
    ),
    promise(
        "serve_batch_share_of_loop_pct",
        "… part des lignes/s d'une boucle ONNX Runtime nue",
        "%",
        "≥ 85",
        0,
    ),
    promise(
        "serve_batch_recalled_share_of_loop_pct",
        "… la même part, les heures du lendemain",
        "%",
        "",
        0,
    ),
    promise(
        "serve_batch_hours_share_of_loop_pct",
        "… la même part, caractéristiques à calculer",
        "%",
        "",
        0,
    ),
    promise(
        "train_city_mae",
        "Entraîner, ville simulée : MAE à origine glissante",
        "départs/h",
        "",
        3,
    ),
    promise(
        "train_city_seconds",
        "… temps d'une version, tout compris",
        "s",
        "",
        1,
    ),
    promise(
        "train_city_error_of_lightgbm",
        "… erreur rapportée à celle de LightGBM par défaut",
        "×",
        "≤ 0,97",
        3,
    ),
    promise(
        "train_city_error_of_scikit_learn",
        "… à celle de scikit-learn (histogrammes)",
        "×",
        "",
        3,
    ),
    promise(
        "train_city_error_of_search",
        "… à celle de LightGBM cherché par Optuna parmi les pertes à moyenne",
        "×",
        "≤ 1",
        3,
    ),
    promise(
        "train_city_time_of_search",
        "… temps rapporté à celui de cette recherche",
        "×",
        "≤ 0,1",
        3,
    ),
    promise(
        "replay_city_skill_pct",
        "… production rejouée : gain sur la même heure de la semaine passée",
        "%",
        "",
        1,
    ),
    promise(
        "replay_city_worst_month_pct",
        "… le pire mois",
        "%",
        "≥ 0",
        1,
    ),
    promise(
        "train_paris_mae",
        "Entraîner, compteurs de Paris : MAE à origine glissante",
        "départs/h",
        "",
        3,
    ),
    promise(
        "train_paris_seconds",
        "… temps d'une version, tout compris",
        "s",
        "",
        1,
    ),
    promise(
        "train_paris_error_of_lightgbm",
        "… erreur rapportée à celle de LightGBM par défaut",
        "×",
        "≤ 0,97",
        3,
    ),
    promise(
        "train_paris_error_of_scikit_learn",
        "… à celle de scikit-learn (histogrammes)",
        "×",
        "",
        3,
    ),
    promise(
        "train_paris_error_of_search",
        "… à celle de LightGBM cherché par Optuna parmi les pertes à moyenne",
        "×",
        "≤ 1",
        3,
    ),
    promise(
        "train_paris_time_of_search",
        "… temps rapporté à celui de cette recherche",
        "×",
        "≤ 0,1",
        3,
    ),
    promise(
        "replay_paris_skill_pct",
        "… production rejouée : gain sur la même heure de la semaine passée",
        "%",
        "≥ 36",
        1,
    ),
    promise(
        "replay_paris_worst_month_pct",
        "… le pire mois",
        "%",
        "≥ 0",
        1,
    ),
    promise(
        "replay_capital_skill_pct",
        "Capital Bikeshare 2011, production rejouée : gain sur la même heure de la semaine passée",
        "%",
        "≥ 36",
        1,
    ),
    promise(
        "replay_capital_worst_month_pct",
        "… le pire mois",
        "%",
        "≥ 0",
        1,
    ),
    promise(
        "watch_false_alarms_a_month",
        "Surveillance : fausses alarmes par mois stable",
        "",
        "0",
        2,
    ),
    promise(
        "watch_noticed_pct",
        "… changements vus en 24 heures",
        "%",
        "100",
        0,
    ),
    promise(
        "watch_longest_delay_hours",
        "… le plus long délai",
        "h",
        "≤ 24",
        0,
    ),
    promise(
        "lake_count_ratio",
        "Départs d'un mois du lac, requête telle qu'écrite rapportée à l'optimisée",
        "×",
        "",
        1,
    ),
    promise(
        "lake_trips_ratio",
        "Trajets d'un mois du lac, requête telle qu'écrite rapportée à l'optimisée",
        "×",
        "",
        1,
    ),
    promise(
        "page_kib",
        "Page d'une station avec sa prévision",
        "Kio",
        "≤ 30",
        1,
    ),
    promise(
        "dossier_read_seconds",
        "`cargo dossier compare` : 200 Mo, 20 000 fichiers de texte",
        "s",
        "≤ 2",
        1,
    ),
    promise(
        "dossier_read_peak_memory_mib",
        "… mémoire au plus haut",
        "Mio",
        "≤ 500",
        0,
    ),
    promise(
        "dossier_start_milliseconds",
        "… départ à froid, dossier vide",
        "ms",
        "≤ 50",
        0,
    ),
    promise("champion_kib", "Modèle livré", "Kio", "", 0),
];

const fn promise(
    key: &'static str,
    label: &'static str,
    unit: &'static str,
    target: &'static str,
    decimals: usize,
) -> Promise {
    Promise {
        key,
        label,
        unit,
        target,
        decimals,
    }
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

    /// The figure as documents cite it, with a decimal comma.
    pub(crate) fn rounded(&self, key: &str) -> Option<String> {
        let promise = PROMISES.iter().find(|promise| promise.key == key)?;
        Some(french(*self.figures.get(key)?, promise.decimals))
    }

    /// The page: one table, its header, the command that makes it again.
    pub(crate) fn page(&self) -> String {
        let rows: String = PROMISES
            .iter()
            .filter_map(|promise| {
                let value = self.rounded(promise.key)?;
                let target = if promise.target.is_empty() {
                    "—"
                } else {
                    promise.target
                };

                Some(format!(
                    "| {} | {value} | {} | {target} |\n",
                    promise.label, promise.unit
                ))
            })
            .collect();

        format!(
            "# Mesures\n\nCette page est écrite par `cargo xtask bench` (construction à froid : `cargo xtask bench --cold-build`).\nMachine : {}. Commit mesuré : `{}`.\n\n| Ce qui est mesuré | Valeur | Unité | Cible |\n| --- | --- | --- | --- |\n{rows}",
            self.machine, self.commit
        )
    }
}

fn french(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}").replace('.', ",")
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
    fn only_what_was_measured_is_on_the_page() {
        let mut measurements = Measurements::default();
        measurements.record("up_first_seconds", 41.26);
        let page = measurements.page();
        assert!(page.contains("| 41,3 | s | ≤ 60 |"), "{page}");
        assert!(!page.contains("MAE"), "{page}");
    }
}
