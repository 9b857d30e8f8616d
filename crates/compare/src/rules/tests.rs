use super::Rules;
use super::words::LOOKED_AT;
use crate::criteria::Criteria;
use crate::document;
use crate::model::Strength;

fn strength(path: &str, text: &str, id: &str) -> Strength {
    let rules = Rules::load().unwrap();
    let said = rules.read(&document::read(path, text, 1));
    let found = said
        .into_iter()
        .find(|(index, _)| rules.rules[*index].id == id);
    found.map_or(Strength::Absent, |(_, evidence)| evidence.strength)
}

#[test]
fn every_criterion_has_one_rule_and_every_competency_a_core() {
    let (rules, criteria) = (Rules::load().unwrap(), Criteria::load().unwrap());
    let ids: Vec<&str> = rules.rules.iter().map(|rule| rule.id.as_str()).collect();

    assert_eq!(
        ids,
        criteria
            .all()
            .map(|one| one.id.as_str())
            .collect::<Vec<_>>()
    );

    for competency in &criteria.competencies {
        let prefix = format!("{}.", competency.id);

        assert!(
            rules
                .rules
                .iter()
                .any(|rule| rule.core && rule.id.starts_with(&prefix)),
            "{}",
            competency.id
        );
    }
}

#[test]
fn a_register_with_purposes_and_durations_is_described_and_a_word_is_mentioned() {
    let register = "# Registre des traitements\n\n| Traitement | Finalité | Base légale | Conservation |\n|---|---|---|---|\n| Comptes | se connecter au service | contrat | deux ans après la dernière visite |\n| Journaux | sécurité du service | intérêt légitime | six mois |\n";

    assert_eq!(
        strength("docs/rgpd.md", register, "C4.8"),
        Strength::Described
    );
    assert_eq!(
        strength("README.md", "# Projet\nConforme au RGPD.\n", "C4.8"),
        Strength::Mentioned
    );

    assert_eq!(
        strength("README.md", "# Projet\nUn site de recettes.\n", "C4.8"),
        Strength::Absent
    );
}

#[test]
fn a_list_of_competencies_describes_none_of_them() {
    let stuffed = "# Projet\n- C1 extraction API, scraping, CSV, base de données, big data Spark\n- C4 Merise MCD MLD MPD, registre RGPD\n- C6 veille RSS hebdomadaire\n- C7 benchmark des services d'IA OpenAI Mistral\n- C9 API du modèle JWT\n- C11 monitoring drift\n- C13 CI/CD MLOps\n- C16 Scrum sprint kanban\n- C18 intégration continue\n- C19 livraison continue Docker\n- C20 alertes Prometheus Grafana\n";
    for id in ["C1.4", "C4.8", "C7.2", "C16.1", "C19.3", "C20.3"] {
        assert!(
            strength("README.md", stuffed, id) <= Strength::Mentioned,
            "{id}"
        );
    }
}

/// Words that the rules look at in a page of so many sections.
fn looked_at(sections: usize) -> usize {
    let page =
        "# Veille API RGPD\n\nLa veille, l'API et le registre des traitements.\n".repeat(sections);
    let rules = Rules::load().unwrap();
    LOOKED_AT.set(0);
    rules.read(&document::read("README.md", &page, 1));
    LOOKED_AT.get()
}

#[test]
fn twice_the_headings_are_twice_the_work() {
    let (once, twice) = (looked_at(200), looked_at(400));
    assert!(once > 200 && twice <= 2 * once + 100, "{once} {twice}");
}

#[test]
fn a_heading_of_a_page_is_repeated_in_part() {
    let long = "veille ".repeat(1_000);
    let page = format!("# Registre des traitements {long}\n\nRGPD\n");
    let rules = Rules::load().unwrap();
    let said = rules.read(&document::read("README.md", &page, 1));
    let longest = said.iter().map(|(_, evidence)| evidence.what.len()).max();
    assert!(longest.is_some_and(|length| length < 300), "{longest:?}");
}

#[test]
fn a_line_that_names_a_criterion_shows_nothing_by_itself() {
    for claim in [
        "# Projet\nC4.8 : conforme au RGPD, registre des traitements tenu.\n",
        "# Projet\n\n## C4.8 Registre des traitements RGPD\n",
        "# Projet\n\n| C4.8 | registre des traitements RGPD | respecté |\n",
    ] {
        assert_eq!(
            strength("README.md", claim, "C4.8"),
            Strength::Absent,
            "{claim}"
        );
    }

    // Under a heading that claims, real text still describes.
    let register = "# Projet\n\n## C4.8 Registre des traitements\n\n| Traitement | Finalité | Base légale | Conservation |\n|---|---|---|---|\n| Comptes | se connecter au service | contrat | deux ans après la dernière visite |\n| Journaux | sécurité du service | intérêt légitime | six mois |\n";
    assert_eq!(strength("README.md", register, "C4.8"), Strength::Described);
}
