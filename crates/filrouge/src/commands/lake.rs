//! `filrouge lake`: trip histories into the lake, SQL out of it.

use std::path::Path;

use anyhow::{Context, Error, Result};
use filrouge_lake::{FileReport, IngestReport, LakeError, OutputFormat, QueryEngine, ReadOptions};

use crate::cli::{GlobalArgs, LakeCommand};
use crate::print;
use crate::progress::table;
use crate::state;

pub(crate) fn run(global: &GlobalArgs, command: &LakeCommand) -> Result<()> {
    play(global, command).map_err(|error| match error.downcast::<LakeError>() {
        Ok(error) => in_french(error),
        Err(error) => error,
    })
}

/// The sentence for a refusal of the lake, and its cause.
fn in_french(error: LakeError) -> Error {
    let sentence = match &error {
        LakeError::Unreadable { path, .. } => format!("`{path}` ne peut être lu"),
        LakeError::UnknownColumns { path, .. } => {
            format!("`{path}` n’est pas une table de trajets")
        }
        LakeError::OtherTimeZone { path, known, .. } => {
            format!("`{path}` est déjà dans le lac, lu dans le fuseau {known}")
        }
        LakeError::Damaged(path) => format!(
            "`{}` est abîmé : ingérez de nouveau ses fichiers de trajets",
            path.display()
        ),
        LakeError::Empty(lake) => format!(
            "le lac `{}` est vide : ingérez d’abord des fichiers de trajets",
            lake.display()
        ),
        LakeError::Query { query, .. } => format!("la requête `{query}` est refusée"),
        LakeError::Unwritable { path, .. } => {
            format!("`{}` ne peut être écrit", path.display())
        }
    };
    Error::new(error).context(sentence)
}

fn play(global: &GlobalArgs, command: &LakeCommand) -> Result<()> {
    let lake = state::open(&global.state)?.lake();

    match command {
        LakeCommand::Ingest { files, time_zone } => {
            let time_zone = time_zone
                .parse()
                .with_context(|| format!("`{time_zone}` n'est pas un fuseau horaire"))?;
            let report = filrouge_lake::ingest(&lake, files, ReadOptions { time_zone })?;
            print::line(&describe(&report));
            Ok(())
        }

        LakeCommand::Forget { before } => {
            let files = filrouge_lake::forget_before(&lake, *before)?;
            print::line(&format!("{files} fichiers retirés du lac."));
            Ok(())
        }

        LakeCommand::Sql {
            query,
            file,
            output,
            parameters,
            engine,
            explain,
            time,
        } => {
            let parameters: Vec<_> = parameters
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();

            // A file of results names the query that made it; a text typed once has no name.
            if let (Some(output), Some(file)) = (output, file) {
                return write_result(&lake, file, &parameters, engine, output);
            }

            let text = match file {
                Some(path) => filrouge_lake::read_query(path, &parameters)?,
                None => query.clone().unwrap_or_default(),
            };

            match (explain, time) {
                (true, _) => plans(&lake, &text),
                (_, true) => times(&lake, &text),
                _ => answer(&lake, &text, engine),
            }
        }
    }
}

fn write_result(
    lake: &Path,
    query: &Path,
    parameters: &[(&str, &str)],
    engine: &QueryEngine,
    output: &Path,
) -> Result<()> {
    let report = filrouge_lake::run_query_file(lake, query, parameters, engine, output)?;

    print::line(&format!(
        "{} lignes dans `{}`",
        report.rows,
        output.display()
    ));
    Ok(())
}

fn answer(lake: &Path, query: &str, engine: &QueryEngine) -> Result<()> {
    filrouge_lake::print_query(
        lake,
        query,
        engine,
        OutputFormat::Table,
        &mut std::io::stdout(),
    )?;
    Ok(())
}

fn plans(lake: &Path, query: &str) -> Result<()> {
    for (title, optimised) in [("Plan tel qu'écrit", false), ("Plan optimisé", true)] {
        print::line(&format!(
            "{title}\n{}\n",
            filrouge_lake::explain(lake, query, optimised)?
        ));
    }
    Ok(())
}

fn times(lake: &Path, query: &str) -> Result<()> {
    let as_written = filrouge_lake::best_seconds(lake, query, false)?;
    let optimised = filrouge_lake::best_seconds(lake, query, true)?;
    print::line(&format!(
        "telle qu'écrite : {as_written:.4} s ; optimisée : {optimised:.4} s ; rapport : {:.1}",
        as_written / optimised
    ));
    Ok(())
}

/// A table, one row a file, and a total in which kept and rejected add up to read.
fn describe(report: &IngestReport) -> String {
    let header = ["Fichier", "Lecture", "Lues", "Gardées", "Écartées"];
    let rows: Vec<Vec<String>> = report.files.iter().map(row).collect();

    let mut lines = vec![table(&header, &rows)];
    lines.extend(report.files.iter().flat_map(rejected));

    lines.extend(
        report
            .already_ingested
            .iter()
            .map(|file| format!("  {file} : déjà dans le lac")),
    );

    lines.push(format!(
        "{} lignes lues = {} gardées + {} écartées",
        report.read(),
        report.kept(),
        report.rejected()
    ));

    lines.join("\n")
}

fn row(file: &FileReport) -> Vec<String> {
    let read_as = format!(
        "{} colonnes, {}, {}",
        file.columns.len(),
        file.encoding,
        file.date_formats.join(" et ")
    );
    let counts = [file.read, file.kept, file.rejected].map(|count| count.to_string());

    [vec![file.source_file.clone(), read_as], counts.to_vec()].concat()
}

fn rejected(file: &FileReport) -> impl Iterator<Item = String> + '_ {
    file.rejected_lines.iter().map(|rejected| {
        format!(
            "  {}, ligne {} : {}",
            file.source_file, rejected.source_line, rejected.reason
        )
    })
}
