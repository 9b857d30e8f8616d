use std::path::Path;

use filrouge_dataset::{ConditionTable, Dataset};
use filrouge_model::champion;
use filrouge_train::predict;

use crate::place::{conditions, runtime, start};

// Preuve: C12.3 le modèle livré avec le projet est entier (empreinte vérifiée) et prévoit
#[test]
fn the_champion_of_the_repository_is_whole_and_forecasts() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/demand");
    let folder = champion::folder(&models).unwrap();
    let input =
        ConditionTable::from_rows((0..24).map(|hour| conditions("S01", start() + hour))).unwrap();
    let forecast = predict(&runtime(), &folder, &Dataset::default(), &input).unwrap();
    let at = |hour: usize| forecast[hour].demand;

    assert!(
        forecast
            .iter()
            .all(|row| row.demand_p10 <= row.demand && row.demand <= row.demand_p90)
    );
    assert!(
        at(17) > at(2),
        "the end of a working day is busier than the night"
    );
}
