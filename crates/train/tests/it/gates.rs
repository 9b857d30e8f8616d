//! The gates, each on its own: a sound version passes them all, and each refuses what it is there
//! for.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use filrouge_dataset::Dataset;
use filrouge_model::canary::{CanaryBounds, CanaryDecision, CanaryReason};
use filrouge_train::gates::{FILE_NAME, GateInputs, Gates, Verdict};
use filrouge_train::{CanaryReplay, ReplayInputs, replay_canary};
use filrouge_types::StationHour;

use crate::place::{Later, later, runtime, train_in};

/// A version that learnt, for each hour, the demand of the one seven rows later.
fn misled() -> &'static Path {
    static MISLED: OnceLock<PathBuf> = OnceLock::new();

    MISLED.get_or_init(|| {
        let Later { models, past, .. } = later();
        let departures: Vec<u32> = past.iter().map(|row| row.departures).collect();
        let moved = past.iter().zip(departures.into_iter().cycle().skip(7));
        let moved = moved.map(|(row, departures)| StationHour { departures, ..row });

        train_in(
            &models.path().join("misled"),
            &Dataset::from_rows(moved).unwrap(),
        )
        .unwrap()
        .folder
    })
}

fn committed() -> Gates {
    Gates::read(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../models/demand")
            .join(FILE_NAME),
    )
    .unwrap()
}

fn inputs<'a>(model: &'a Path, champion: Option<&'a Path>) -> GateInputs<'a> {
    let later = later();
    GateInputs {
        model,
        champion,
        history: &later.past,
        dataset: &later.future,
        stations: &[],
        seed: 1,
    }
}

fn verdicts(gates: &Gates, inputs: &GateInputs<'_>) -> Vec<Verdict> {
    gates.judge(&runtime(), inputs).unwrap()
}

fn refused(verdicts: &[Verdict]) -> Vec<&'static str> {
    verdicts
        .iter()
        .filter(|verdict| !verdict.passed)
        .map(|verdict| verdict.gate)
        .collect()
}

// Preuve: C12.3 une version saine remplit tous les critères de promotion, face à la championne aussi
#[test]
fn a_sound_version_passes_every_gate() {
    let verdicts = verdicts(&committed(), &inputs(&later().folder, Some(misled())));
    let gates: Vec<_> = verdicts.iter().map(|verdict| verdict.gate).collect();

    assert_eq!(
        gates,
        [
            "references",
            "tranches",
            "couverture",
            "taille",
            "latence",
            "fidelite",
            "donnees",
            "fuite",
            "hasard",
            "championne"
        ]
    );

    assert_eq!(refused(&verdicts), [""; 0], "{verdicts:?}");
}

// Preuve: C13.3 le fichier des critères de promotion est lu et exécuté : chaque seuil refuse seul ce qu’il interdit [code : crates/train/src/gates/thresholds.rs#Gates]
#[test]
fn each_gate_refuses_what_its_own_figure_forbids() {
    type Forbid = fn(&mut Gates);

    let unreachable: [(&str, Forbid); 7] = [
        ("references", |gates| gates.lowest_skill = 0.99),
        ("tranches", |gates| gates.worst_slice_skill = 0.99),
        ("couverture", |gates| gates.coverage = (0.99, 1.0)),
        ("taille", |gates| gates.most_bytes = 1),
        ("latence", |gates| gates.most_microseconds = 0),
        ("fidelite", |gates| gates.fidelity = -1.0),
        ("fuite", |gates| gates.leak = 0.01),
    ];

    for (gate, forbid) in unreachable {
        let mut gates = committed();
        forbid(&mut gates);
        assert_eq!(
            refused(&verdicts(&gates, &inputs(&later().folder, None))),
            [gate]
        );
    }
}

// Preuve: C12.3 une version qui a appris la demande d’autres heures ne bat ni les références ni la championne
#[test]
fn a_version_that_learnt_the_wrong_hours_does_not_serve() {
    let refused = refused(&verdicts(
        &committed(),
        &inputs(misled(), Some(&later().folder)),
    ));
    assert!(
        refused.contains(&"references") && refused.contains(&"championne"),
        "{refused:?}"
    );
}

fn replayed(canary: &Path, champion: &Path) -> CanaryReplay {
    let inputs = ReplayInputs {
        canary,
        champion,
        history: &later().past,
        dataset: &later().future,
        seed: 1,
    };
    let bounds = CanaryBounds {
        // No machine is too slow for it.
        most_slowdown: 1e6,
        ..committed().canary
    };
    replay_canary(&runtime(), &inputs, &bounds).unwrap()
}

// Preuve: C13.5 le canari rejoué sur des heures jamais vues : la bonne version est promue, celle qui a appris d’autres heures est retirée
#[test]
fn a_replayed_canary_tells_the_better_version() {
    let (good, bad) = (later().folder.as_path(), misled());

    let promoted = replayed(good, bad).verdict;
    assert_eq!(promoted.decision, CanaryDecision::Promote, "{promoted:?}");

    let refused = replayed(bad, good).verdict;
    assert_eq!(refused.reason, CanaryReason::Worse, "{refused:?}");

    let same = replayed(good, good);
    assert_eq!(same.verdict.worse_by_chance, 0.5);
    assert_eq!(same.verdict.reason, CanaryReason::Undecided);
    assert_eq!(same.verdict.decision, CanaryDecision::RollBack);
    assert_eq!(same.verdict.days, committed().canary.most_days);
}

#[test]
fn a_history_that_breaks_a_rule_closes_its_gate_and_names_the_rule() {
    let kelvin = later().past.iter().enumerate().map(|(index, mut row)| {
        row.conditions.weather.temperature_c = Some(if index == 500 { 285.0 } else { 12.0 });
        row
    });
    let history = Dataset::from_rows(kelvin).unwrap();

    let verdicts = verdicts(
        &committed(),
        &GateInputs {
            history: &history,
            ..inputs(&later().folder, None)
        },
    );

    let data = verdicts
        .iter()
        .find(|verdict| verdict.gate == "donnees")
        .unwrap();

    assert!(
        !data.passed && data.measured.contains("temperature_plausible"),
        "{data:?}"
    );
}

// Preuve: C12.3 une version n’est jamais jugée sur des heures qu’elle a apprises
#[test]
fn hours_that_the_version_learnt_are_refused() {
    let inputs = GateInputs {
        dataset: &later().past,
        ..inputs(&later().folder, None)
    };
    let error = committed()
        .judge(&runtime(), &inputs)
        .unwrap_err()
        .to_string();
    assert!(error.contains("is not unseen"), "{error}");
}
