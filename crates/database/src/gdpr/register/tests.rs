use super::*;

// Preuve: C4.10 chaque donnée a une durée ou un terme, et la fréquence de la purge est dite
#[test]
fn every_holding_ends_by_a_rule_and_the_purge_has_a_frequency() {
    let register = parse(TEXT).unwrap();
    assert!(register.purge.every_hours > 0 && register.purge.automatic);

    for processing in &register.processings {
        assert!(!processing.holdings.is_empty(), "{}", processing.id);

        for holding in &processing.holdings {
            let by_time = holding.instant.is_some() && holding.days.is_some();
            assert!(by_time != holding.kept_until.is_some(), "{}", holding.table);
            assert!(holding.columns.contains(&holding.key), "{}", holding.table);

            assert!(
                holding
                    .instant
                    .iter()
                    .all(|instant| holding.columns.contains(instant)),
                "{}",
                holding.table
            );
        }
    }
}

#[test]
fn a_heading_that_is_unknown_or_missing_is_named() {
    let error = parse(&TEXT.replace("purpose =", "goal =")).unwrap_err();
    assert!(error.to_string().contains("goal"), "{error}");
    let error = parse(&TEXT.replacen("people =", "# people =", 1)).unwrap_err();
    assert!(error.to_string().contains("people"), "{error}");
}
