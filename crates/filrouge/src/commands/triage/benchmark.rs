//! `filrouge triage benchmark`: every service that can be reached, on the set of the protocol.

use std::path::Path;

use anyhow::{Context, Result};
use filrouge_http::Catalogue;
use filrouge_providers::benchmark::{
    BenchmarkProtocol, EcoInterval, LabelledText, PageInput, ServiceFigures, measure, page,
    read_set, small_part,
};
use filrouge_providers::{
    EMBEDDED, EmbeddedService, Preset, Presets, ServiceMetrics, TriageService as _,
};
use filrouge_storage::replace_file;

use super::services::reach;
use crate::chat_service::presets;
use crate::cli::{BenchmarkArguments, GlobalArgs, TriageModel};
use crate::project::home;
use crate::{print, state};

/// Tries before the measure: the first answer of a server loads what the others find.
const WARM_UP: &str = "Le frein avant grince.";

pub(super) async fn run(global: &GlobalArgs, arguments: &BenchmarkArguments) -> Result<()> {
    let protocol = protocol()?;
    let presets = presets()?;
    let mut texts = read_set(&home().join(&protocol.sets.file))?;
    if arguments.small {
        texts = small_part(&texts, protocol.sets.small_per_group);
    }
    let account = state::open(&global.state)?;

    let mut all = Vec::new();
    for preset in &presets.services {
        let measured = if preset.name == EMBEDDED {
            measure_embedded(preset, &arguments.model, &texts, &protocol).await
        } else {
            measure_remote(preset, &presets, &texts, &protocol, account.root()).await
        };

        match measured {
            Ok(figures) => {
                print::line(&summary(preset, &figures));
                all.push(figures);
            }
            Err(reason) => print::line(&format!("{} : non mesuré, {reason}", preset.title)),
        }
    }

    write(arguments.out.as_deref(), all)
}

/// The figures of the classifier of the project, or the reason why it was not measured.
async fn measure_embedded(
    preset: &Preset,
    model: &TriageModel,
    texts: &[LabelledText],
    protocol: &BenchmarkProtocol,
) -> Result<ServiceFigures, &'static str> {
    let classifier =
        super::load(model).map_err(|_| "son modèle ne se lit pas : filrouge triage train")?;
    let metrics = ServiceMetrics::new(&mut Catalogue::default())
        .map_err(|_| "ses métriques ne se déclarent pas")?;
    let service = EmbeddedService::new(classifier, metrics);
    let own = Some(std::process::id());

    Ok(measure(&service, &preset.model, texts, protocol, own).await)
}

/// The figures of a service over HTTP, or the reason why it was not measured.
async fn measure_remote(
    preset: &Preset,
    presets: &Presets,
    texts: &[LabelledText],
    protocol: &BenchmarkProtocol,
    account: &Path,
) -> Result<ServiceFigures, &'static str> {
    let reached = reach(preset, presets, account)?;

    let warm = reached.service.triage(WARM_UP).await;
    // A bad answer is an answer: it will be counted as such.
    if let Err(error) = warm
        && ["unreachable", "too_slow", "key_refused"].contains(&error.code())
    {
        return Err("il ne répond pas");
    }

    let model = reached.endpoint.model.clone();
    Ok(measure(&reached.service, &model, texts, protocol, reached.pid).await)
}

fn summary(preset: &Preset, figures: &ServiceFigures) -> String {
    let category = figures.tasks.get("categorie");
    let macro_f1 = category.map_or(0.0, |task| task.macro_f1);
    let failed: usize = figures.failures.values().sum();

    let decimal = |value: f64| format!("{value:.3}").replace('.', ",");
    format!(
        "{} : {} textes, macro-F1 de la catégorie {}, {failed} échecs, 95e centile {} s",
        preset.title,
        figures.texts,
        decimal(macro_f1),
        decimal(figures.timings.p95_seconds)
    )
}

/// Writes the figures in place of those of the same services; a service that was not reached this
/// time keeps its own.
fn write(out: Option<&Path>, new: Vec<ServiceFigures>) -> Result<()> {
    let Some(out) = out else { return Ok(()) };
    let mut figures: Vec<ServiceFigures> = if out.exists() {
        read_json(out)?
    } else {
        Vec::new()
    };
    figures.retain(|old| new.iter().all(|new| new.service != old.service));
    figures.extend(new);
    figures.sort_by(|a, b| a.service.cmp(&b.service));

    let text = serde_json::to_string_pretty(&figures)? + "\n";

    replace_file(out, text).with_context(|| format!("`{}` ne s’écrit pas", out.display()))
}

/// `docs/banc-ia.md`, from the figures that are kept.
pub(crate) fn document() -> Result<String> {
    let figures: Vec<ServiceFigures> = read_json(&home().join("data/triage/mesures.json"))?;
    let intervals: Vec<EcoInterval> = read_json(&home().join("data/triage/ecologits.json"))?;

    Ok(page(PageInput {
        protocol: &protocol()?,
        presets: &presets()?,
        figures: &figures,
        intervals: &intervals,
    }))
}

fn protocol() -> Result<BenchmarkProtocol> {
    Ok(BenchmarkProtocol::read(
        &home().join("data/triage/protocole.toml"),
    )?)
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("`{shown}` ne se lit pas"))?;

    serde_json::from_str(&text).with_context(|| format!("`{shown}` n’a pas la forme attendue"))
}
