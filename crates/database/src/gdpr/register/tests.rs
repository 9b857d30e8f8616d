use super::*;

// Preuve: C4.10 chaque donnée a une durée ou un terme, et la fréquence de la purge est dite
#[test]
fn every_holding_ends_by_a_rule_and_the_purge_has_a_frequency() {
    let register = parse(TEXT).unwrap();
    assert!(register.purge.every_hours > 0 && register.purge.automatic);
    let purges = register.procedures.iter();
    let purges: Vec<_> = purges
        .filter(|one| one.command == "filrouge gdpr purge")
        .map(|one| one.every_hours)
        .collect();
    assert_eq!(purges, [Some(register.purge.every_hours); 2]);

    for processing in &register.processings {
        let held = processing.holdings.len() + processing.files.len();
        assert!(held > 0, "{}", processing.id);

        for files in &processing.files {
            let by_hand = files.procedure.as_ref();
            assert!(
                files.days.is_some() != by_hand.is_some(),
                "{}",
                files.pattern
            );
            let is_known =
                |title: &String| register.procedures.iter().any(|one| one.title == *title);
            assert!(by_hand.is_none_or(is_known), "{}", files.pattern);
        }

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

// Preuve: C4.8 l’examen d’une AIPD tient les neuf critères, et sa conclusion en découle [code : data/gdpr/register.toml#screening]
#[test]
fn an_impact_assessment_is_required_from_two_criteria_on() {
    let screening = parse(TEXT).unwrap().screening;
    let met = screening.criteria.iter().filter(|one| one.met).count();

    assert_eq!(screening.criteria.len(), 9);
    assert_eq!(screening.required, met >= 2);
}

// Preuve: C4.8 une base légale est celle que le code suit : ce qui repose sur un consentement est ce que le consentement ouvre
#[test]
fn the_legal_basis_in_words_is_the_one_that_programs_read() {
    for processing in parse(TEXT).unwrap().processings {
        let words = match processing.basis {
            Basis::Consent => "consentement (article 6.1.a)",
            Basis::LegalObligation => "obligation légale (article",
            Basis::LegitimateInterest => "intérêt légitime (article 6.1.f)",
        };
        assert!(
            processing.legal_basis.starts_with(words),
            "{}",
            processing.id
        );
    }
}

#[test]
fn a_heading_that_is_unknown_or_missing_is_named() {
    let error = parse(&TEXT.replace("purpose =", "goal =")).unwrap_err();
    assert!(error.to_string().contains("goal"), "{error}");
    let error = parse(&TEXT.replacen("people =", "# people =", 1)).unwrap_err();
    assert!(error.to_string().contains("people"), "{error}");
}
