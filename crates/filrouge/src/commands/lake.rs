//! `filrouge lake`: trip histories into the lake, SQL out of it.

use std::path::Path;

use anyhow::{Context, Result};
use filrouge_lake::{IngestReport, OutputFormat, ReadOptions};

use crate::cli::{LakeCommand, Place};
use crate::print;
use crate::progress::table;
use crate::state::State;

pub(crate) fn run(place: &Place, command: &LakeCommand) -> Result<()> {
    let lake = State::open(&place.state)?.lake();
    match command {
        LakeCommand::Ingest { files, time_zone } => {
            let time_zone = time_zone.parse().with_context(|| format!("`{time_zone}` n'est pas un fuseau horaire"))?;
            let report = filrouge_lake::ingest(&lake, files, ReadOptions { time_zone })?;
            print::line(&describe(&report));
            Ok(())
        }
        LakeCommand::Sql { query, file, output } => sql(&lake, query.as_deref(), file.as_deref(), output.as_deref()),
    }
}

fn sql(lake: &Path, query: Option<&str>, file: Option<&Path>, output: Option<&Path>) -> Result<()> {
    let text = match file {
        Some(path) => filrouge_lake::read_query(path, &[])?,
        None => query.unwrap_or_default().to_owned(),
    };
    match (output, file) {
        (Some(output), Some(file)) => {
            let report = filrouge_lake::run_query_file(lake, file, &[], output)?;
            print::line(&format!("{} lignes dans `{}`", report.rows, output.display()));
        }
        _ => {
            filrouge_lake::print_query(lake, &text, OutputFormat::Table, &mut std::io::stdout())?;
        }
    }
    Ok(())
}

/// A table, one row a file, and a total in which kept and rejected add up to what was read.
fn describe(report: &IngestReport) -> String {
    let rows: Vec<Vec<String>> = report
        .files
        .iter()
        .map(|file| {
            let counts = [file.read, file.kept, file.rejected].map(|count| count.to_string());
            [vec![file.source_file.clone(), file.column_set.clone()], counts.to_vec()].concat()
        })
        .collect();
    let mut lines = vec![table(&["Fichier", "Colonnes", "Lues", "Gardées", "Écartées"], &rows)];
    for file in &report.files {
        lines.extend(
            file.rejected_lines.iter().map(|rejected| {
                format!("  {}, ligne {} : {}", file.source_file, rejected.source_line, rejected.reason)
            }),
        );
    }
    lines.extend(report.already_ingested.iter().map(|file| format!("  {file} : déjà dans le lac")));
    lines.push(format!("{} lignes lues = {} gardées + {} écartées", report.read(), report.kept(), report.rejected()));
    lines.join("\n")
}
