use std::fs;

use filrouge_model::evaluation::SAME_HOUR_LAST_WEEK;
use filrouge_model::{Description, champion};
use filrouge_train::{evaluate, predict};
use tempfile::TempDir;

use crate::place::{Later, city, conditions, later, runtime, shared_version, start, train_in};

// Preuve: C12.3 le modèle bat les deux prévisions sans modèle sur des heures jamais vues, et son intervalle est juste
#[test]
fn a_trained_version_beats_the_baselines_on_hours_it_has_not_seen() {
    let Later {
        folder,
        past,
        future,
        ..
    } = later();

    let evaluation = evaluate(&runtime(), folder, past, future)
        .unwrap()
        .evaluation;
    assert_eq!(evaluation.rows, 4 * 20 * 24);
    assert!(
        evaluation.skill(SAME_HOUR_LAST_WEEK).unwrap() > 0.2,
        "{evaluation:?}"
    );
    assert!(evaluation.lowest_skill().unwrap() > 0.0, "{evaluation:?}");

    assert!(
        (0.74..0.86).contains(&evaluation.coverage_80),
        "{evaluation:?}"
    );
}

// Preuve: C12.3 le graphe exporté et l’entraîneur donnent la même réponse, seuils et valeurs absentes compris
#[test]
fn the_exported_graph_answers_as_the_trainer_does() {
    let (_, report) = shared_version();
    assert!(
        report.fidelity.largest_relative <= 1e-5,
        "{:?}",
        report.fidelity
    );
    assert!(
        report.fidelity.threshold_rows > 100,
        "{:?}",
        report.fidelity
    );
    assert!(report.folder.join("fidelity.json").is_file());
}

#[test]
fn the_same_data_and_seed_give_the_same_bytes() {
    let (_, first) = shared_version();
    let (two, dataset) = (TempDir::new().unwrap(), city(2, 40));
    let second = train_in(two.path(), &dataset).unwrap();
    assert_eq!(first.version, second.version);

    let bytes = |folder: &std::path::Path| fs::read(folder.join("model.onnx")).unwrap();
    assert_eq!(bytes(&first.folder), bytes(&second.folder));

    train_in(two.path(), &dataset).unwrap();
    let folders = fs::read_dir(two.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().path().is_dir())
        .count();

    assert_eq!(
        folders, 1,
        "training again makes no second folder and leaves no draft"
    );
}

#[test]
fn a_version_is_described_and_put_into_service() {
    let (models, report) = shared_version();
    let dataset = city(2, 40);

    assert_eq!(champion::folder(models.path()).unwrap(), report.folder);

    let description = Description::read(&report.folder).unwrap();
    assert_eq!(description.dataset_sha256, dataset.content_sha256());
    assert_eq!(
        (description.training.rows, description.training.stations),
        (2 * 40 * 24, 2)
    );
    assert_eq!(description.reference.len(), description.feature_names.len());

    let card = fs::read_to_string(report.folder.join("MODEL_CARD.md")).unwrap();

    assert!(
        card.starts_with("# Fiche du modèle de demande") && card.contains("## Limites connues")
    );
}

#[test]
fn a_forecast_has_a_row_for_each_row_asked_with_demand_inside_its_interval() {
    let (_, report) = shared_version();
    let dataset = city(2, 40);
    let next_day = (0..24).map(|hour| conditions("S01", start() + 40 * 24 + hour));
    let input = filrouge_dataset::ConditionTable::from_rows(next_day).unwrap();
    let rows = predict(&runtime(), &report.folder, &dataset, &input).unwrap();
    assert_eq!(rows.len(), 24);
    assert!(
        rows.iter()
            .all(|row| row.demand_p10 <= row.demand && row.demand <= row.demand_p90)
    );

    assert!(
        rows[15].demand > 3.0 * rows[3].demand,
        "that Saturday’s afternoon is busier than its night"
    );
}
