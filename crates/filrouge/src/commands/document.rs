//! `filrouge document`: the parts of the documents that only the program can write.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use filrouge_aggregate::{Action, rules};
use filrouge_city::{City, WriteOptions, write_files};
use filrouge_lake::{ReadOptions, explain, ingest, read_query, weigh};
use filrouge_types::FixedClock;

use crate::cli::Part;
use crate::{print, project};

pub(crate) async fn run(part: Part) -> Result<()> {
    let text = match part {
        Part::Rules => rules_table(),
        Part::Plans => plans().await?,
        Part::DataApi => filrouge_data_api::openapi().to_pretty_json()?,
        Part::ModelApi => filrouge_model_api::openapi().to_pretty_json()?,
    };
    print::line(text.trim_end());
    Ok(())
}

/// The rules of cleaning, in the order in which they are applied.
fn rules_table() -> String {
    let mut text =
        "| Ordre | Code | Nom | Effet | Raison |\n| --- | --- | --- | --- | --- |\n".to_owned();

    for (order, rule) in rules().enumerate() {
        let effect = match rule.action() {
            Action::Rejected => "écartée",
            Action::Repaired => "réparée",
            Action::Reported => "signalée",
        };

        let _ = writeln!(
            text,
            "| {} | {} | `{}` | {effect} | {} |",
            order + 1,
            rule.code,
            rule.name,
            rule.reason
        );
    }

    text
}

/// When the city of the document is looked at: the same plans come out whenever they are asked for.
const NOW: &str = "2026-03-10T09:30:00Z";

/// The month that the extraction of the document asks for.
const MONTH: &str = "202603";

/// The plans of every engine for every query, on a small city made for that.
async fn plans() -> Result<String> {
    let folder = tempfile::tempdir().context("pas de dossier provisoire")?;
    let (city, lake) = (folder.path().join("city"), folder.path().join("lake"));
    let clock = FixedClock::at(NOW.parse()?);
    write_files(
        &City::new(1),
        &city,
        &clock,
        &WriteOptions {
            months: 2,
            ..WriteOptions::default()
        },
    )
    .await?;
    let mut trips: Vec<_> = std::fs::read_dir(city.join("trips"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    trips.sort();
    ingest(&lake, &trips, ReadOptions::default())?;
    let mut text = lake_plans(&lake)?;
    text += "\n## Base de l’exploitant, SQLite\n";
    for plan in
        filrouge_collect::explain_operator(&city.join("operator.sqlite"), folder.path()).await?
    {
        let (before, after) = (
            plan.without_indexes.join("\n"),
            plan.with_indexes.join("\n"),
        );
        let _ = write!(
            text,
            "\n### `data/queries/operator/{}.sql`\n\nSans les index de l’exploitant :\n\n```text\n{before}\n```\n\nAvec eux :\n\n```text\n{after}\n```\n",
            plan.name
        );
    }
    Ok(text)
}

/// A query on the lake.
struct LakeQuery {
    name: &'static str,
    /// True when it also reads the trips whose start is unreadable.
    reads_unreadable: bool,
    decodes: fn(&str) -> bool,
}

const LAKE_QUERIES: [LakeQuery; 2] = [
    LakeQuery {
        name: "departures_by_station_hour",
        reads_unreadable: false,
        decodes: |column| {
            ["start_station_id", "started_hour", "duration_seconds"].contains(&column)
        },
    },
    LakeQuery {
        name: "trips",
        reads_unreadable: true,
        decodes: |_| true,
    },
];

fn lake_plans(lake: &Path) -> Result<String> {
    let mut text = "\n## Lac, Polars\n".to_owned();
    let all = weigh(lake, |_, _| true, |_| true)?;
    for LakeQuery {
        name,
        reads_unreadable,
        decodes,
    } in LAKE_QUERIES
    {
        let path = project::home().join(format!("data/queries/lake/{name}.sql"));
        let query = read_query(&path, &[("first_month", MONTH), ("last_month", MONTH)])?;
        // The folder is a temporary one: its name would change the page at each writing.
        let plan = |optimised| {
            let plan = explain(lake, &query, optimised)?;
            Ok::<_, anyhow::Error>(
                plan.replace(&*lake.to_string_lossy(), "lake")
                    .trim_end()
                    .to_owned(),
            )
        };
        let is_asked =
            |year, month| format!("{year}{month:02}") == MONTH || (reads_unreadable && year == 0);
        let read = weigh(lake, is_asked, decodes)?;
        let (written, optimised) = (plan(false)?, plan(true)?);
        let _ = write!(
            text,
            "\n### `data/queries/lake/{name}.sql`, un mois\n\n\
             Tel qu'écrit : tout est lu, puis filtré.\n\n```text\n{written}\n```\n\n\
             Optimisé : le filtre et le choix des colonnes descendent jusqu'aux fichiers.\n\n```text\n{optimised}\n```\n\n\
             | D'après les métadonnées des fichiers | Fichiers | Lignes | Octets |\n| --- | --- | --- | --- |\n\
             | lac entier | {} | {} | {} |\n| partitions et colonnes de la requête | {} | {} | {} |\n",
            all.files, all.rows, all.bytes, read.files, read.rows, read.bytes
        );
    }
    Ok(text)
}
