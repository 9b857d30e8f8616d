use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn a_rounded_threshold_sends_every_32_bit_number_to_the_same_side(threshold in -1e6_f64..1e6, ulps in -3_i32..4) {
        let rounded = round_up(threshold);
        let mut value = threshold as f32;
        for _ in 0..ulps.abs() {
            value = if ulps < 0 { value.next_down() } else { value.next_up() };
        }
        prop_assert_eq!(f64::from(value) < threshold, value < rounded);
    }

    #[test]
    fn sums_of_rounded_leaves_are_the_same_in_32_and_64_bits(leaves in prop::collection::vec(-0.5_f64..0.5, 1..300)) {
        let step = rounding_step(leaves.iter().map(|leaf| leaf.abs()).sum());
        let rounded: Vec<f32> = leaves.iter().map(|leaf| ((leaf / step).round() * step) as f32).collect();
        let wide: f64 = rounded.iter().map(|leaf| f64::from(*leaf)).sum();
        prop_assert_eq!(f64::from(rounded.iter().sum::<f32>()), wide);
        prop_assert_eq!(f64::from(rounded.iter().rev().sum::<f32>()), wide);
    }
}

#[test]
fn the_threshold_that_parts_known_from_missing_stays_finite() {
    assert_eq!(round_up(f64::MAX), f32::MAX);
}
