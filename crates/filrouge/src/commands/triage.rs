//! `filrouge triage`: putting riders' reports in categories, and taking personal data out of them.

pub(crate) mod benchmark;
mod monitor;
mod services;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use filrouge_triage::{
    Classifier, MarkedText, RedactionScores, ReportScores, RiderReport, details,
};
use serde_json::json;

use crate::cli::{GlobalArgs, TriageCommand, TriageModel};
use crate::commands::collect;
use crate::project::home;
use crate::{accounts, print, state};

/// Bytes of a text given on the standard input.
const MAX_TEXT_BYTES: u64 = 1 << 20;

pub(crate) async fn run(global: &GlobalArgs, command: &TriageCommand) -> Result<()> {
    match command {
        TriageCommand::Train { reports, out } => train(reports, out),
        TriageCommand::Evaluate {
            model,
            reports,
            json,
        } => evaluate(model, reports, *json),
        TriageCommand::Examples => examples(global).await,
        TriageCommand::Benchmark(arguments) => benchmark::run(global, arguments).await,
        TriageCommand::Monitor(arguments) => monitor::run(global, arguments).await,
        TriageCommand::Classify { model, json } => classify(model, *json),
        TriageCommand::Redact => {
            print::text(&filrouge_triage::redact(&text()?).text);
            Ok(())
        }
        TriageCommand::Redaction { files, json } => redaction(files, *json),
    }
}

/// The reports that may teach, in the columns that [`train`] reads.
async fn examples(global: &GlobalArgs) -> Result<()> {
    let state = state::open(&global.state)?;
    let city = collect::read_profile(global, &state, None)?.city();
    let accounts = accounts::open(&state).await?;
    let examples = accounts.examples().await?;
    accounts.close().await;

    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["text", "category", "date", "city"])?;
    for example in examples {
        let date = example.received_at.with_timezone(&city.time_zone);
        let date = date.format("%Y-%m-%d").to_string();
        csv.write_record([&example.body, &example.category, &date, &city.city])?;
    }

    print::text(&String::from_utf8(csv.into_inner()?)?);
    Ok(())
}

fn train(reports: &Path, out: &Path) -> Result<()> {
    let read = read(reports)?;
    let classifier = filrouge_triage::train(&read)
        .with_context(|| format!("`{}` n’apprend rien", reports.display()))?;
    classifier.save(out)?;

    print::line(&format!(
        "{} signalements appris, {} catégories : {}.\nModèle écrit dans `{}`.",
        read.len(),
        classifier.categories().len(),
        classifier.categories().join(", "),
        out.display()
    ));
    Ok(())
}

fn evaluate(model: &TriageModel, reports: &Path, json: bool) -> Result<()> {
    let classifier = load(model)?;
    let read = read(reports)?;
    let is_known = |report: &RiderReport| classifier.categories().contains(&report.category);
    ensure!(
        read.iter().any(is_known),
        "`{}` : aucune de ses catégories n’est connue du modèle ({})",
        reports.display(),
        classifier.categories().join(", ")
    );

    let scores = classifier.evaluate(&read);
    if json {
        print::line(&serde_json::to_string_pretty(&scores)?);
    } else {
        print::line(&page(&scores));
    }
    Ok(())
}

fn page(scores: &ReportScores) -> String {
    let header = ["Catégorie", "Signalements", "Précision", "Rappel", "F1"];
    let rows: Vec<Vec<String>> = scores
        .categories
        .iter()
        .map(|scores| {
            let shares = [scores.precision, scores.recall, scores.f1].map(percent);
            [
                vec![scores.category.clone(), scores.reports.to_string()],
                shares.to_vec(),
            ]
            .concat()
        })
        .collect();

    format!(
        "{} signalements : {} bien classés, macro-F1 {}.\n\
         Sûr pour {} d’entre eux, dont {} bien classés.\n\n{}",
        scores.reports,
        percent(scores.accuracy),
        percent(scores.macro_f1),
        percent(scores.coverage),
        scores
            .accuracy_when_sure
            .map_or_else(|| "—".to_owned(), percent),
        crate::progress::table(&header, &rows)
    )
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share).replace('.', ",")
}

fn classify(model: &TriageModel, json: bool) -> Result<()> {
    let classifier = load(model)?;
    let text = text()?;
    let opinion = classifier.classify(&text);

    let details = details(&text);
    let line = if json {
        json!({
            "category": opinion.category(),
            "best": opinion.best,
            "probability": opinion.probability,
            "urgency": details.urgency.word(),
            "bikes": details.bikes,
            "station": details.station,
        })
        .to_string()
    } else {
        format!(
            "{} ({} : {}) ; urgence {} ; vélo {} ; station {}",
            opinion.category().unwrap_or("je ne sais pas"),
            opinion.best,
            percent(f64::from(opinion.probability)),
            details.urgency.word(),
            or_none(&details.bikes.join(", ")),
            or_none(details.station.unwrap_or_default()),
        )
    };
    print::line(&line);
    Ok(())
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "—" } else { text }
}

/// Measures each file by itself: the held-out part was not looked at when the rules were written.
fn redaction(files: &[PathBuf], json: bool) -> Result<()> {
    let files = if files.is_empty() {
        &marked_texts()[..]
    } else {
        files
    };
    let mut all = serde_json::Map::new();
    for file in files {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("`{}` ne se lit pas", file.display()))?;
        let texts = MarkedText::read_all(&text).with_context(|| format!("`{}`", file.display()))?;
        let scores = RedactionScores::of(&texts);

        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if json {
            all.insert(name, serde_json::to_value(&scores)?);
        } else {
            print::line(&redaction_page(&name, &scores));
        }
    }
    if json {
        print::line(&serde_json::to_string_pretty(&all)?);
    }
    Ok(())
}

/// Those of the project.
fn marked_texts() -> Vec<PathBuf> {
    let names = ["redaction.jsonl", "redaction-reserve.jsonl"];
    names
        .map(|name| home().join("data/triage").join(name))
        .to_vec()
}

fn redaction_page(name: &str, scores: &RedactionScores) -> String {
    let mut lines = vec![format!(
        "{name} : {} données personnelles, rappel {}, précision {} ; vélos et stations gardés : {}",
        scores.spans,
        percent(scores.recall),
        percent(scores.precision),
        percent(scores.kept)
    )];

    for (title, places) in [
        ("manqué", &scores.missed),
        ("retiré à tort", &scores.wrong),
        ("perdu", &scores.lost),
    ] {
        lines.extend(places.iter().map(|place| format!("  {title} : {place}")));
    }

    lines.join("\n")
}

fn read(reports: &Path) -> Result<Vec<RiderReport>> {
    filrouge_triage::read_reports(reports).with_context(|| format!("`{}`", reports.display()))
}

fn load(model: &TriageModel) -> Result<Classifier> {
    let folder = model.folder.clone().unwrap_or_else(project_model);
    Ok(Classifier::load(&folder)?)
}

/// Learned from the project's own reports.
fn project_model() -> PathBuf {
    home().join("models/triage")
}

fn text() -> Result<String> {
    let mut text = String::new();
    let read = std::io::stdin()
        .take(MAX_TEXT_BYTES + 1)
        .read_to_string(&mut text)?;
    ensure!(
        read as u64 <= MAX_TEXT_BYTES,
        "le texte dépasse {MAX_TEXT_BYTES} octets"
    );
    Ok(text)
}
