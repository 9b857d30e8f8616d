use proptest::prelude::*;

use super::*;

#[test]
fn a_scale_is_the_usual_demand_set_right_by_the_bias_of_forecasts() {
    let scale = Scale {
        default: 4.0,
        correction_strength: 0.5,
    };

    for (usual, ratio, expected) in [
        (9.0, 1.0, 9.0),
        (9.0, 4.0, 18.0),
        (9.0, 0.25, 4.5),
        (9.0, f32::NAN, 9.0),
        (f32::NAN, f32::NAN, 4.0),
        (f32::NAN, 4.0, 8.0),
    ] {
        assert_eq!(scale.from(usual, ratio), expected, "{usual} {ratio}");
    }

    let uncorrected = Scale {
        correction_strength: 0.0,
        ..scale
    };
    assert_eq!(uncorrected.from(9.0, 4.0), 9.0, "nothing is corrected");
}

proptest! {
    #[test]
    fn bounds_enclose_the_demand_and_nothing_is_negative(
        relative in -2.0_f64..4.0,
        scale in 0.01_f64..500.0,
        values in prop::collection::vec(prop::array::uniform3(-2.0_f64..2.0), 3),
    ) {
        let calibration = Calibration { scale: Scale::default(), knots: vec![0.1, 1.0, 7.0], values };
        let prediction = calibration.predict(relative, scale);
        prop_assert!(0.0 <= prediction.demand_p10 && prediction.demand_p10 <= prediction.demand);
        prop_assert!(prediction.demand <= prediction.demand_p90);
    }
}
