//! `docs/pilotage/historique.md`: the burn-down, the throughput and the cycle times, computed from
//! the commits of this repository up to the one that `data/framing/history.toml` names.

mod chart;
mod history;

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::Document;
use crate::files;
use history::{CommitHistory, CycleTime, Sample};

const SETTINGS: &str = "data/framing/history.toml";
const PAGE: &str = "docs/pilotage/historique.md";
const CHART: &str = "docs/pilotage/criteres-restants.svg";

const INTRODUCTION: &str = "<!-- Preuve: C16.2 graphique d’avancement (burndown), débit et temps de cycle, calculés sur les commits -->
# L’historique, mesuré

Page et dessin tirés des commits du dépôt par `cargo xtask board` : ne pas les modifier à la main. `cargo xtask docs --check` refait le calcul jusqu’au même commit et compare.
";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// The last commit that is counted.
    until: String,
}

/// The page and its chart, up to the commit of the settings; none where the history is cut.
pub(crate) fn documents(root: &Path) -> Result<Vec<Document>> {
    let settings = toml::from_str(&files::read(root, SETTINGS)?);
    let Settings { until } = settings.with_context(|| format!("in `{SETTINGS}`"))?;

    if !history::holds(root, &until)? {
        ensure!(
            std::env::var_os("FILROUGE_STRICT").is_none(),
            "the history does not hold the commit `{until}` of `{SETTINGS}`: git fetch --unshallow"
        );
        report(
            "not played: the history is cut, the steering is not drawn again (git fetch --unshallow)",
        );
        return Ok(Vec::new());
    }
    drawn(root, &until)
}

/// The page, its chart and the settings, up to the present commit.
pub(crate) fn now(root: &Path) -> Result<Vec<Document>> {
    let until = history::head(root)?;
    let mut documents = drawn(root, &until)?;

    documents.push(Document {
        path: SETTINGS.to_owned(),
        text: format!(
            "# Le dernier commit que compte `docs/pilotage/historique.md`, écrit par `cargo xtask board`.\n\nuntil = \"{until}\"\n"
        ),
    });
    Ok(documents)
}

fn drawn(root: &Path, until: &str) -> Result<Vec<Document>> {
    let history = CommitHistory::read(root, until)?;
    Ok(vec![
        Document {
            path: CHART.to_owned(),
            text: chart::svg(&history),
        },
        Document {
            path: PAGE.to_owned(),
            text: page(&history),
        },
    ])
}

fn page(history: &CommitHistory) -> String {
    let CommitHistory {
        until, criteria, ..
    } = history;
    let mut text = format!(
        "{INTRODUCTION}\nDernier commit compté : `{}`.\n",
        &until[..7.min(until.len())]
    );

    let _ = write!(
        text,
        "\n## Ce qui reste à prouver\n\nLe travail restant se compte en critères : sur les {criteria} de la certification, combien n’ont encore aucune preuve déclarée (`Preuve:`) dans le dépôt, au dernier commit de chaque tranche de trois heures. La courbe ne descend pas en ligne droite : une preuve déclarée l’est souvent longtemps après le code qu’elle montre.\n\n![Critères encore sans preuve, de commit en commit ; le tableau qui suit donne les mêmes valeurs](criteres-restants.svg)\n\n| Instant (UTC) | Commit | Critères sans preuve | Commits depuis le début |\n| --- | --- | --- | --- |\n"
    );
    for Sample {
        at,
        commit,
        proved,
        commits,
        ..
    } in &history.samples
    {
        let left = criteria.saturating_sub(*proved);
        let _ = writeln!(text, "| {at} | `{}` | {left} | {commits} |", &commit[..7]);
    }

    text += "\n## Débit\n\n| Jour | Commits | Incidents notés au journal |\n| --- | --- | --- |\n";
    for day in &history.days {
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            day.date, day.commits, day.incidents
        );
    }
    text += &cycle_times(&history.cycles);
    text
}

/// Cycle times of the faults: from the commit of the red test to that of the fix.
fn cycle_times(cycles: &[CycleTime]) -> String {
    let mut text = "\n## Temps de cycle\n\nLe temps de cycle d’une faute va du commit du test rouge à celui de la correction, pour les lignes du [journal des incidents](../incidents/journal.md) qui nomment deux commits. Il ne compte ni le temps passé à chercher, ni l’attente avant la découverte : les commits ne les disent pas. Une médiane de quelques minutes veut dire que le test et la correction ont été versionnés l’un après l’autre, une fois la faute comprise.\n".to_owned();
    let mut minutes: Vec<u64> = cycles.iter().map(|cycle| cycle.minutes).collect();
    minutes.sort_unstable();

    let _ = write!(
        text,
        "\n| Mesure | Valeur |\n| --- | --- |\n| fautes comptées | {} |\n| médiane | {} |\n| 85e centile | {} |\n",
        minutes.len(),
        told(percentile(&minutes, 50)),
        told(percentile(&minutes, 85))
    );
    text += "\n| Date | Test rouge | Correction | Temps de cycle |\n| --- | --- | --- | --- |\n";
    for CycleTime {
        date,
        red,
        fix,
        minutes,
    } in cycles
    {
        let _ = writeln!(
            text,
            "| {date} | `{red}` | `{fix}` | {} |",
            told(Some(*minutes))
        );
    }
    text
}

/// The smallest value that `share` percent of the sorted values do not exceed.
fn percentile(sorted: &[u64], share: usize) -> Option<u64> {
    let rank = (sorted.len() * share).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

fn told(minutes: Option<u64>) -> String {
    match minutes {
        None => "aucune".to_owned(),
        Some(minutes) if minutes < 60 => format!("{minutes}\u{a0}min"),
        Some(minutes) => format!("{}\u{a0}h\u{a0}{:02}", minutes / 60, minutes % 60),
    }
}

#[expect(clippy::print_stdout, reason = "a command's report")]
fn report(line: &str) {
    println!("{line}");
}

#[cfg(test)]
mod tests;
