use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use filrouge_database::Gdpr;
use filrouge_database::gdpr::BreachFacts;
use filrouge_database::gdpr::register::{self, Processing};
use filrouge_storage::write_private;
use filrouge_types::Clock;

/// Article 33: hours from knowing of a breach to telling the authority.
const HOURS_TO_NOTIFY: i64 = 72;

/// Gathers what article 33 asks for, as a document to complete.
pub(super) async fn run(
    gdpr: &Gdpr,
    since: DateTime<Utc>,
    out: Option<&Path>,
    clock: &dyn Clock,
) -> Result<String> {
    let facts = gdpr.breach_facts(since).await?;
    let text = document(&facts, clock.now());
    if let Some(path) = out {
        write_private(path, text.as_bytes())?;
    }
    Ok(text)
}

fn document(facts: &BreachFacts, now: DateTime<Utc>) -> String {
    let register = register::embedded();
    let list = |field: fn(&Processing) -> &[String]| {
        let items = register
            .processings
            .iter()
            .flat_map(field)
            .map(|item| format!("- {item}\n"));
        items.collect::<String>()
    };
    let mut text = format!(
        "# Violation de données personnelles : éléments de l'article 33\n\n\
         Constatée le {now} ; à notifier à la CNIL avant le {}.\n\n\
         ## a) Nature de la violation\n\n\
         À décrire : confidentialité, intégrité ou disponibilité.\n\n\
         - Depuis : {}\n- Personnes dont des données sont détenues : {}\n- Personnes touchées une à une selon le \
         journal, au plus : {}\n- Enregistrements détenus : {}\n- Journal des accès : {}\n",
        now + TimeDelta::hours(HOURS_TO_NOTIFY),
        facts.since,
        facts.people_held,
        facts.people_touched,
        facts.rows_held,
        if facts.log_is_whole {
            "intact"
        } else {
            "MODIFIÉ : l'étendue est à établir autrement"
        },
    );
    if let Some(oldest) = facts.log_begins_at.filter(|oldest| *oldest > facts.since) {
        // Writing to a text cannot fail, here and below.
        let _ = writeln!(text, "- Le journal ne remonte qu'au {oldest}");
    }
    text += "\nActions depuis cette date :\n\n| Acteur | Action | Fois | Personnes |\n| --- | --- | --- | --- |\n";
    for (actor, action, times, people) in &facts.actions {
        let _ = writeln!(text, "| {actor} | {action} | {times} | {people} |");
    }
    let _ = write!(
        text,
        "\nCatégories de personnes :\n\n{}\nCatégories de données :\n\n{}\n## b) Point de contact\n\n{}\n\n\
         ## c) Conséquences probables\n\n",
        list(|processing| &processing.people),
        list(|processing| &processing.categories),
        register.controller.protection_officer
    );
    for processing in &register.processings {
        let _ = writeln!(text, "- {} : {}", processing.title, processing.risk);
    }
    let _ = write!(
        text,
        "\n## d) Mesures prises ou proposées\n\nEn place :\n\n{}\nÀ décider : `filrouge gdpr rotate-key` si une clé a pu \
         fuir, renouvellement des secrets des clients, information des personnes si le risque est élevé (article 34).\n",
        list(|processing| &processing.security)
    );
    text
}

#[cfg(test)]
mod tests;
