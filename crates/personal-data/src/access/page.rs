//! The page that a person reads about themselves.

use std::fmt::Write as _;

use filrouge_database::SubscriberNumber;
use filrouge_database::gdpr::{Decision, PersonFile};

pub(super) fn person_page(person: &SubscriberNumber, held: &PersonFile) -> String {
    let mut text = values(person, held);

    text += "\n## Vos décisions\n\n";
    write_decisions(&mut text, held);

    text += "\n## Qui a lu ou modifié vos données\n\n";
    for entry in &held.audit_log {
        // Writing to a text cannot fail, here and below.
        let _ = writeln!(text, "- {} : {} ({})", entry.at, entry.action, entry.actor);
    }

    text + "\nVous pouvez demander leur rectification, leur effacement ou la limitation de leur usage, et saisir la CNIL.\n"
}

fn values(person: &SubscriberNumber, held: &PersonFile) -> String {
    let mut text = format!(
        "# Vos données chez Vélorive\n\nNuméro d’abonné : {}\n\n## Ce que nous détenons\n\n\
         - Tranche d’âge : {}\n- Quartier : {}\n- Formule : {}\n- Première collecte : {}\n- Dernière collecte : {}\n",
        person.reveal(),
        or_unknown(held.age_band.as_deref()),
        or_unknown(held.district.as_deref()),
        or_unknown(held.plan.as_deref()),
        held.first_seen_at,
        held.last_seen_at
    );

    if let Some(instant) = held.rectified_at {
        let _ = writeln!(text, "- Rectifié à votre demande : {instant}");
    }

    text
}

fn or_unknown(value: Option<&str>) -> &str {
    value.unwrap_or("non renseigné")
}

fn write_decisions(text: &mut String, held: &PersonFile) {
    for consent in &held.consents {
        let decision = match consent.decision {
            Decision::Given => "accord",
            Decision::Withdrawn => "retrait",
        };
        let _ = writeln!(
            text,
            "- {} : {decision}, le {}",
            consent.processing, consent.decided_at
        );
    }

    for restriction in &held.restrictions {
        let _ = writeln!(
            text,
            "- {} : arrêté à votre demande, le {}",
            restriction.processing, restriction.restricted_at
        );
    }
}
