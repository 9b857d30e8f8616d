use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::benchmark::{GroupFigures, TaskFigures, Timings};

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn protocol() -> BenchmarkProtocol {
    BenchmarkProtocol::read(&root().join("data/triage/protocole.toml")).unwrap()
}

fn presets() -> Presets {
    Presets::read(&root().join("data/providers.toml")).unwrap()
}

/// Figures of a service whose tasks all have this score, and whose answers take so long.
fn figures(service: &str, score: f64, seconds: f64) -> ServiceFigures {
    let task = TaskFigures {
        texts: 10,
        accuracy: score,
        macro_f1: score,
    };
    let tasks = protocol().tasks.into_iter();
    let group = GroupFigures {
        texts: 10,
        accuracy: score,
        abstained: 1,
        failed: 0,
    };

    ServiceFigures {
        service: service.to_owned(),
        model: "m".to_owned(),
        texts: 10,
        tasks: tasks.map(|asked| (asked.name, task.clone())).collect(),
        groups: BTreeMap::from([("courant".to_owned(), group)]),
        failures: BTreeMap::new(),
        prompt_tokens: 300.0,
        completion_tokens: 30.0,
        timings: Timings {
            p50_seconds: seconds,
            p95_seconds: seconds,
            cpu_seconds: Some(seconds),
        },
    }
}

fn drawn(protocol: &BenchmarkProtocol, figures: &[ServiceFigures]) -> String {
    page(PageInput {
        protocol,
        presets: &presets(),
        figures,
        intervals: &[],
    })
}

/// The title of the recommended service.
fn recommended(page: &str) -> &str {
    let line = page.lines().find(|line| line.contains("**recommandé**"));

    line.and_then(|line| line.split("**").nth(1))
        .unwrap_or("personne")
}

// Preuve: C7.7 la recommandation est calculée des poids : en changer un change la page
#[test]
fn changing_a_weight_changes_the_recommendation_and_its_page() {
    let measured = [
        figures("embarque", 0.7, 0.001),
        figures("llama-server", 0.9, 4.0),
    ];
    let as_written = protocol();
    let mut other = protocol();
    for criterion in &mut other.criteria {
        criterion.weight = if criterion.name == "latence" {
            1.0
        } else {
            0.0
        };
    }

    assert!(recommended(&drawn(&as_written, &measured)).starts_with("llama.cpp"));
    assert_eq!(
        recommended(&drawn(&other, &measured)),
        "Classifieur embarqué"
    );
}

#[test]
fn a_limit_that_is_passed_makes_a_service_unfit_whatever_its_grade() {
    let measured = [
        figures("embarque", 0.7, 0.001),
        figures("llama-server", 0.2, 9.0),
    ];
    let page = drawn(&protocol(), &measured);
    let unfit = page.split("### Services inadaptés").nth(1).unwrap();

    assert!(
        unfit.contains("macro-F1 de la catégorie : 0,200 au lieu de 0,600 au moins"),
        "{page}"
    );
    assert!(unfit.contains("latence, 95e centile en secondes : 9,00 au lieu de 5,00 au plus"));
    assert_eq!(recommended(&page), "Classifieur embarqué");
}

#[test]
fn without_a_measure_nothing_is_recommended() {
    let page = drawn(&protocol(), &[]);

    assert_eq!(recommended(&page), "personne");
    assert!(page.contains("Aucun service mesuré ne tient toutes les bornes."));
    assert!(
        page.contains("- **Scaleway, Generative APIs** : note"),
        "{page}"
    );
}

#[test]
fn a_service_that_was_not_measured_is_priced_with_the_tokens_of_one_that_was() {
    let presets = presets();
    let measured = [figures("llama-server", 0.9, 1.0)];
    let assessments = assess(&presets.services, &measured, &[], &protocol());
    let price = |name: &str| {
        let assessment = assessments
            .iter()
            .find(|one| one.preset.name == name)
            .unwrap();
        assessment.values[5].unwrap()
    };

    // 6000 × (300 × 0.15 + 30 × 0.60) / 10⁶.
    assert!(
        (price("mistral") - 0.378).abs() < 1e-9,
        "{}",
        price("mistral")
    );
    assert!(price("llama-server").abs() < 1e-9);
}

#[test]
fn the_page_tells_its_facts_with_their_source_and_their_day() {
    let page = drawn(&protocol(), &[figures("embarque", 0.7, 0.001)]);

    for fact in presets().services.iter().flat_map(|preset| &preset.facts) {
        assert!(page.contains(fact.source.as_str()), "{}", fact.source);
    }
    for criterion in ["C7.2", "C7.3", "C7.4", "C7.5", "C7.6", "C7.7"] {
        assert_eq!(page.matches(criterion).count(), 1, "{criterion}");
    }
}
