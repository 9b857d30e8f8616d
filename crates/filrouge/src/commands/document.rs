//! `filrouge document`: the parts of the documents that only the program can write.

mod metrics;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use filrouge_aggregate::{Action, rules};
use filrouge_city::{City, WriteOptions, write_files};
use filrouge_collect::explain_operator;
use filrouge_lake::{ReadOptions, Weight, explain, ingest, read_query, weigh};
use filrouge_operations::{alert_rules, alerts, objectives};
use filrouge_types::FixedClock;

use crate::cli::Part;
use crate::commands::{feeds, triage};
use crate::{print, project};

pub(crate) async fn run(part: Part) -> Result<()> {
    let text = match part {
        Part::Rules => rules_table(),
        Part::Plans => plans().await?,
        Part::DataApi => filrouge_data_api::openapi().to_pretty_json()?,
        Part::ModelApi => filrouge_model_api::openapi().to_pretty_json()?,
        Part::Metrics => metrics::page()?,
        Part::Dashboard => metrics::dashboard()?,
        Part::Alerts => alert_rules(&alerts()?, &objectives()?),
        Part::Alarms => filrouge_operations::page(&alerts()?, &objectives()?),
        Part::AlarmsDashboard => filrouge_operations::dashboard(&alerts()?, &objectives()?)?,
        Part::Digests => feeds::digests_document()?,
        Part::Feeds => feeds::sources_document()?,
        Part::AiBenchmark => triage::benchmark::document()?,
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

/// The thing to see in the plans of SQLite, query by query.
const SEEN_IN_SQLITE: [(&str, &str); 3] = [
    (
        "stations",
        "le même plan deux fois. L’ordre vient de l’index de la clé primaire : aucun tri (`USE TEMP B-TREE`) \
         n’apparaît.",
    ),
    (
        "maintenance",
        "`SCAN`, sans `INDEX` : la table est lue en entier, dans l’ordre de sa clé primaire. L’extraction \
         incrémentale épargne ce qui est transmis, pas ce qui est lu.",
    ),
    (
        "subscribers",
        "`USE TEMP B-TREE FOR GROUP BY` disparaît avec l’index : les abonnements arrivent déjà groupés.",
    ),
];

async fn operator_plans(city: &Path, scratch: &Path) -> Result<String> {
    let mut text = "\n## Base de l'exploitant, SQLite\n".to_owned();

    for plan in explain_operator(&city.join("operator.sqlite"), scratch).await? {
        let without = plan.without_indexes.join("\n");
        let with = plan.with_indexes.join("\n");

        let _ = write!(
            text,
            "\n### `data/queries/operator/{}.sql`\n\n\
             Sans les index de l'exploitant :\n\n```text\n{without}\n```\n\n\
             Avec eux :\n\n```text\n{with}\n```\n\n\
             À voir : {}\n",
            plan.name,
            seen_in_sqlite(plan.name)?
        );
    }

    Ok(text)
}

fn seen_in_sqlite(query: &str) -> Result<&'static str> {
    let seen = SEEN_IN_SQLITE.iter().find(|(name, _)| *name == query);
    seen.map(|(_, sentence)| *sentence)
        .with_context(|| format!("il manque ce qu’il faut voir dans le plan de `{query}`"))
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
             Optimisé :\n\n```text\n{optimised}\n```\n\n{}\n\n\
             | D'après les métadonnées des fichiers | Fichiers | Lignes | Octets |\n| --- | --- | --- | --- |\n\
             | lac entier | {} | {} | {} |\n| partitions et colonnes de la requête | {} | {} | {} |\n",
            seen_in_the_lake(&optimised, all, &read)?,
            all.files,
            all.rows,
            all.bytes,
            read.files,
            read.rows,
            read.bytes
        ))
    }

    fn asks_for(&self, year: u32, month: u32) -> bool {
        // The lake keeps the trips whose start is unreadable in `year=0000`.
        let is_unreadable = year == 0;
        format!("{year}{month:02}") == MONTH || (self.reads_unreadable && is_unreadable)
    }
}

/// The thing to see in an optimised plan of Polars, with its own figures.
fn seen_in_the_lake(plan: &str, all: &Weight, read: &Weight) -> Result<String> {
    let projection = plan
        .split_once("PROJECT ")
        .and_then(|(_, rest)| rest.split_once(" COLUMNS"))
        .context("le plan ne dit pas quelles colonnes sont lues")?
        .0;
    let is_whole = projection
        .split_once('/')
        .is_some_and(|(some, all)| some == all);
    let columns = if is_whole {
        "la requête demande toutes les colonnes, ce choix n’épargne rien ici"
    } else {
        "les autres colonnes ne sont pas lues"
    };

    Ok(format!(
        "À voir : le filtre est passé dans la lecture (`SELECTION`), qui n’ouvre que {} des {} fichiers ; \
         `PROJECT {projection}` : {columns}.",
        read.files, all.files
    ))
}

fn plan(lake: &Path, query: &str, optimised: bool) -> Result<String> {
    let plan = explain(lake, query, optimised)?;

    // A temporary name would change the page each time.
    let plan = plan.replace(&format!("file://{}", lake.display()), "lake");
    // Of files read by address the engine knows no count: the figure that it prints means nothing.
    let lines: Vec<&str> = plan
        .lines()
        .filter(|line| !line.trim_start().starts_with("ESTIMATED ROWS"))
        .collect();
    Ok(lines.join("\n").trim_end().to_owned())
}
