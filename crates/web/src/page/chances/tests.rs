use chrono::TimeDelta;
use filrouge_types::Language;

use super::*;
use crate::data_api::SAMPLE_TIME;
use crate::model_api::sample_chances;

fn french() -> Frame {
    Frame::sample(Language::French)
}

fn hours() -> Vec<HourAvailability> {
    sample_chances().of(&"RIV-001".parse().unwrap()).to_vec()
}

fn next(wanted: RiderNeed, chosen: Option<u32>) -> NextChances {
    let chances = sample_chances();
    NextChances::new(
        &french(),
        &hours(),
        (wanted, chosen),
        &chances,
        None,
        SAMPLE_TIME,
    )
    .unwrap()
}

// Preuve: C17.4 une probabilité se lit en chances sur dix, et jamais comme une promesse
#[test]
fn chances_are_told_in_tenths_and_never_as_a_promise() {
    let table = [
        (0.0, "moins d’une chance sur 10", "moins de 1 sur 10"),
        (0.06, "1 chance sur 10", "1 sur 10"),
        (0.44, "4 chances sur 10", "4 sur 10"),
        (0.949, "9 chances sur 10", "9 sur 10"),
        (0.96, "plus de 9 chances sur 10", "plus de 9 sur 10"),
        (1.0, "plus de 9 chances sur 10", "plus de 9 sur 10"),
    ];
    for (chance, long, short) in table {
        let t = french();
        let told = (t.odds(chance), t.short_odds(chance));
        let plain = |text: String| text.replace('\u{a0}', " ");
        assert_eq!(
            (plain(told.0).as_str(), plain(told.1).as_str()),
            (long, short)
        );
    }
}

#[test]
fn the_answer_is_that_of_the_hour_chosen_else_of_the_next_one() {
    let answer = |wanted, chosen| next(wanted, chosen).answer.replace('\u{a0}', " ");
    assert_eq!(
        answer(RiderNeed::Bike, Some(18)),
        "À 18 h : 2 chances sur 10 de trouver un vélo, plus de 9 chances sur 10 de trouver une place."
    );
    assert!(answer(RiderNeed::Bike, None).starts_with("À 10 h :"));
    assert!(answer(RiderNeed::Dock, Some(8)).starts_with("Demain à 8 h :"));
    assert!(
        answer(RiderNeed::Dock, Some(77)).starts_with("À 10 h :"),
        "no such hour"
    );
}

#[test]
fn an_instant_between_two_hours_has_a_chance_between_theirs() {
    let hours = hours();
    let at = |minutes| {
        let instant = SAMPLE_TIME + TimeDelta::minutes(minutes);
        chance_at(&hours, RiderNeed::Bike, (SAMPLE_TIME, true), instant)
    };
    assert_eq!(at(0), Some(1.0));
    let (first, second) = (hours[0].bike, hours[1].bike);
    assert_eq!(at(60), Some(first));
    assert!((at(90).unwrap() - (first + second) / 2.0).abs() < 1e-9);
    assert_eq!(at(24 * 60 + 1), None);
}
