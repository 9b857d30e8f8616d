use std::fs;

use filrouge_model::evaluation::WindowStats;
use filrouge_types::Hour;

use super::*;

fn days(errors: &[f64]) -> Vec<WindowStats> {
    let day = |(index, error): (usize, &f64)| WindowStats {
        absolute_error: *error,
        ..WindowStats::starting(Hour::from_hours_since_epoch(24 * index as i64))
    };
    errors.iter().enumerate().map(day).collect()
}

// Preuve: C13.3 les critères de promotion se lisent tous, et un critère inconnu est refusé
#[test]
fn the_committed_gates_are_read_and_an_unknown_one_is_refused() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../models/demand")
        .join(FILE_NAME);
    let gates = Gates::read(&path).unwrap();
    assert!(gates.coverage.0 < 0.8 && 0.8 < gates.coverage.1);
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join(FILE_NAME);
    fs::write(&other, fs::read_to_string(&path).unwrap() + "\nluck = 1\n").unwrap();
    assert!(format!("{:#}", Gates::read(&other).unwrap_err()).contains("luck"));

    let endless = fs::read_to_string(&path).unwrap() + "\n";
    let endless = endless.replace("most_days = 7", "most_days = 99");
    fs::write(&other, endless).unwrap();
    assert!(format!("{:#}", Gates::read(&other).unwrap_err()).contains("most_days is at most 28"));
}

// Preuve: C12.3 la chance ne fait pas gagner : un jour heureux parmi dix ne suffit pas à battre la championne
#[test]
fn luck_does_not_beat_the_champion() {
    let champion = days(&[10.0; 10]);
    let better = days(&[9.0, 9.5, 9.0, 9.2, 9.1, 9.0, 9.3, 9.0, 9.1, 9.0]);
    let lucky = days(&[9.9, 10.4, 10.3, 1.0, 10.6, 10.5, 10.8, 10.9, 11.5, 12.9]);
    assert_eq!(
        bootstrap::probability_of_worse(&better, &champion, 500, 1),
        0.0
    );
    assert!(bootstrap::probability_of_worse(&lucky, &champion, 500, 1) > 0.3);
    assert_eq!(
        bootstrap::probability_of_worse(&champion, &champion, 500, 1),
        0.5
    );
}

// Preuve: C12.3 une cible qui est la somme de deux colonnes est trouvée, une cible bruitée ne l’est pas
#[test]
fn a_target_that_is_a_sum_of_columns_is_found() {
    let value =
        |row: usize, column: usize| ((row * 7919 + column * 104_729 + row * row * 31) % 97) as f32;
    let rows: Vec<f32> = (0..600)
        .flat_map(|row| [1.0, value(row, 1), value(row, 2), f32::NAN])
        .collect();
    let sum: Vec<f32> = (0..600)
        .map(|row| 3.0 + value(row, 1) + value(row, 2))
        .collect();
    let noise: Vec<f32> = (0..600).map(|row| value(row, 9)).collect();
    assert!(leak::affine_share(&rows, 4, &sum).unwrap() > 0.999);
    assert!(leak::affine_share(&rows, 4, &noise).unwrap() < 0.5);
    assert_eq!(leak::affine_share(&rows, 4, &[5.0; 600]), None);
}
