use filrouge_types::Language;

use super::*;

fn french() -> Frame {
    Frame::sample(Language::French)
}

fn stock(bikes: Option<u32>, docks: Option<u32>) -> Stock {
    Stock {
        bikes,
        docks,
        capacity: 20,
        report: None,
    }
}

// Preuve: C17.4 la disponibilité d’une station avertit de ce qui serait une marche pour rien [code : crates/web/src/page/availability.rs#Stock]
#[test]
fn a_rider_is_warned_of_what_would_be_a_walk_for_nothing() {
    let cases = [
        (Some(3), Some(17), None),
        (Some(2), Some(18), Some("presque vide")),
        (Some(19), Some(1), Some("presque pleine")),
        (Some(0), Some(20), Some("aucun vélo")),
        (Some(20), Some(0), Some("aucune place")),
        (Some(0), Some(0), Some("hors service")),
        (None, Some(4), Some("état inconnu")),
    ];
    for (bikes, docks, expected) in cases {
        let warning = stock(bikes, docks).warning().map(|key| french().say(key));
        assert_eq!(warning.as_deref(), expected);
    }
}

#[test]
fn the_gauge_holds_more_bikes_than_docks_and_no_docks_at_all() {
    assert_eq!(stock(Some(25), Some(0)).gauge_width(), 25);
    assert_eq!(
        Stock {
            capacity: 0,
            ..stock(None, None)
        }
        .gauge_width(),
        1
    );
}

#[test]
fn a_report_is_old_after_half_an_hour() {
    let now = DateTime::UNIX_EPOCH + TimeDelta::days(1);
    assert!(!Report::new(&french(), now - TimeDelta::minutes(30), now).is_old);
    assert!(Report::new(&french(), now - TimeDelta::minutes(31), now).is_old);
}
