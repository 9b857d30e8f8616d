//! `filrouge document`: the parts of the documents that only the program can write.

mod metrics;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use filrouge_aggregate::{Action, rules};
use filrouge_city::{City, WriteOptions, write_files};
use filrouge_collect::explain_operator;
use filrouge_lake::{ReadOptions, Weight, explain, ingest, read_query, weigh};
use filrouge_types::FixedClock;

use crate::cli::Part;
use crate::{print, project};

pub(crate) async fn run(part: Part) -> Result<()> {
    let text = match part {
        Part::Rules => rules_table(),
        Part::Plans => plans().await?,
        Part::DataApi => filrouge_data_api::openapi().to_pretty_json()?,
        Part::ModelApi => filrouge_model_api::openapi().to_pretty_json()?,
        Part::Metrics => metrics::page()?,
        Part::Dashboard => metrics::dashboard()?,
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

    let options = WriteOptions {
        // The query asks for one of them: its plan must leave the other unread.
        months: 2,
        ..WriteOptions::default()
    };
    write_files(&City::new(1), &city, &clock, &options).await?;
    ingest(&lake, &trip_files(&city)?, ReadOptions::default())?;

    Ok(lake_plans(&lake)? + &operator_plans(&city, folder.path()).await?)
}

fn trip_files(city: &Path) -> Result<Vec<PathBuf>> {
    let mut trips: Vec<_> = std::fs::read_dir(city.join("trips"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;

    // The order of a folder is that of its file system.
    trips.sort();
    Ok(trips)
}

async fn operator_plans(city: &Path, scratch: &Path) -> Result<String> {
    let mut text = "\n## Base de l'exploitant, SQLite\n".to_owned();

    for plan in explain_operator(&city.join("operator.sqlite"), scratch).await? {
        let without = plan.without_indexes.join("\n");
        let with = plan.with_indexes.join("\n");

        let _ = write!(
            text,
            "\n### `data/queries/operator/{}.sql`\n\n\
             Sans les index de l'exploitant :\n\n```text\n{without}\n```\n\n\
             Avec eux :\n\n```text\n{with}\n```\n",
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

    for query in LAKE_QUERIES {
        text += &query.document(lake, &all)?;
    }

    Ok(text)
}

impl LakeQuery {
    /// Its two plans, and the share of the lake that it reads.
    fn document(&self, lake: &Path, all: &Weight) -> Result<String> {
        let name = self.name;
        let path = project::home().join(format!("data/queries/lake/{name}.sql"));
        let query = read_query(&path, &[("first_month", MONTH), ("last_month", MONTH)])?;

        let (written, optimised) = (plan(lake, &query, false)?, plan(lake, &query, true)?);
        let read = weigh(lake, |year, month| self.asks_for(year, month), self.decodes)?;

        Ok(format!(
            "\n### `data/queries/lake/{name}.sql`, un mois\n\n\
             Tel qu'écrit : tout est lu, puis filtré.\n\n```text\n{written}\n```\n\n\
             Optimisé : le filtre et le choix des colonnes descendent jusqu'aux fichiers.\n\n```text\n{optimised}\n```\n\n\
             | D'après les métadonnées des fichiers | Fichiers | Lignes | Octets |\n| --- | --- | --- | --- |\n\
             | lac entier | {} | {} | {} |\n| partitions et colonnes de la requête | {} | {} | {} |\n",
            all.files, all.rows, all.bytes, read.files, read.rows, read.bytes
        ))
    }

    fn asks_for(&self, year: u32, month: u32) -> bool {
        // The lake keeps the trips whose start is unreadable in `year=0000`.
        let is_unreadable = year == 0;
        format!("{year}{month:02}") == MONTH || (self.reads_unreadable && is_unreadable)
    }
}

fn plan(lake: &Path, query: &str, optimised: bool) -> Result<String> {
    let plan = explain(lake, query, optimised)?;

    // A temporary name would change the page each time.
    let plan = plan.replace(&*lake.to_string_lossy(), "lake");
    Ok(plan.trim_end().to_owned())
}
