use super::*;

/// The demand is the sum of the first two features, and their product.
fn model(rows: &[f32]) -> Vec<Prediction> {
    let demand = |row: &[f32]| row[0] + row[1] + row[0] * row[1];
    let prediction = |row| Prediction {
        demand: demand(row),
        demand_p10: 0.0,
        demand_p90: 9.0,
    };
    rows.chunks_exact(FEATURE_COUNT).map(prediction).collect()
}

// Preuve: C9.2 les contributions s’additionnent jusqu’à la prévision, et une caractéristique sans effet n’a rien
#[test]
fn contributions_add_up_to_the_prediction_and_a_feature_without_effect_has_none() {
    let (reference, mut row) = ([0.0; FEATURE_COUNT], [5.0; FEATURE_COUNT]);
    (row[0], row[1]) = (2.0, 3.0);

    let permutations = ShapleyPermutations::new(&row, &reference);
    let explanation = permutations
        .explanation(&model(permutations.rows()))
        .unwrap();
    assert_eq!(permutations.explanation(&[]), None);

    let sum: f64 = explanation.base + explanation.contributions.iter().sum::<f64>();
    assert!((sum - f64::from(explanation.prediction.demand)).abs() < 1e-9);
    assert_eq!(explanation.prediction.demand, 11.0);

    // The product is shared equally, as the Shapley value says.
    let [first, second, others @ ..] = explanation.contributions;
    assert!((first - 5.0).abs() < 1e-9, "{first}");
    assert!((second - 6.0).abs() < 1e-9, "{second}");
    assert!(others.iter().all(|contribution| *contribution == 0.0));
}
