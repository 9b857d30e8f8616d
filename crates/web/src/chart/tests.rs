use super::*;

#[test]
fn the_scale_is_made_of_round_numbers_and_never_of_less_than_one() {
    for (rough, step) in [
        (0.01, 1.0),
        (1.0, 1.0),
        (1.1, 2.0),
        (4.2, 5.0),
        (7.0, 10.0),
        (13.0, 20.0),
        (480.0, 500.0),
    ] {
        assert_eq!(round_step(rough), step, "{rough}");
    }
}

#[test]
fn nothing_is_drawn_outside_the_picture() {
    let scale = Scale {
        count: 3,
        top: 4.0,
        height: 220.0,
        width: WIDTH,
    };
    for value in [-1.0, 0.0, 2.0, 4.0, 9.0, 12_345.0] {
        let y: f64 = scale.point((0, value)).y.parse().unwrap();
        assert!((TOP..=220.0 - BOTTOM).contains(&y), "{value}: {y}");
    }
}
