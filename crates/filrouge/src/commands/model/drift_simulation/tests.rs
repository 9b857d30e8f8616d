use super::*;

#[test]
fn an_alarm_that_goes_on_is_one_alarm() {
    let then = |quiet| [vec![false, true, true], vec![false; quiet], vec![true]].concat();

    assert_eq!(beginnings(&then(0)), 1);
    assert_eq!(beginnings(&then(23)), 1, "the two days judged share hours");
    assert_eq!(beginnings(&then(24)), 2);
    assert_eq!(beginnings(&[true]), 1);
    assert_eq!(beginnings(&[]), 0);
}

#[test]
fn a_drift_that_is_missed_is_said() {
    let delays_hours = BTreeMap::from([("demande +30 %", vec![Some(7), None])]);
    let printed = text(&Report {
        stable_days: 30,
        delays_hours,
        ..Report::default()
    });

    assert!(
        printed.contains("30 jours stables : 0 fausse(s) alarme(s)"),
        "{printed}"
    );
    assert!(
        printed.contains("1 sur 2") && printed.contains("7 h"),
        "{printed}"
    );
}
