//! Notification of a breach (article 33).

#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use filrouge_database::gdpr::BreachFacts;
use filrouge_database::gdpr::register::{self, Processing, Register};

use crate::{PersonalData, Result};

/// Hours from knowing of a breach to telling the authority (article 33.1).
pub const HOURS_TO_NOTIFY: i64 = 72;

/// The facts that a notification asks for, as far as the database knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreachNotice {
    /// Actions and people concerned, counted in the audit log.
    pub facts: BreachFacts,
    /// The instant when the breach was known, UTC: the 72 hours run from it.
    pub noticed_at: DateTime<Utc>,
}

impl PersonalData<'_> {
    /// Gathers the facts since an instant; reading them is itself in the log.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn notice_breach(&self, since: DateTime<Utc>) -> Result<BreachNotice> {
        Ok(BreachNotice {
            facts: self.records.breach_facts(since).await?,
            noticed_at: self.now,
        })
    }
}

impl BreachNotice {
    /// The notification, in French, to complete: the four parts of article 33.3.
    pub fn document(&self) -> String {
        let register = register::embedded();
        let mut text = format!(
            "# Violation de données personnelles : éléments de l’article 33\n\n\
             Constatée le {} ; à notifier à la CNIL avant le {}.\n\n",
            self.noticed_at,
            self.noticed_at + TimeDelta::hours(HOURS_TO_NOTIFY)
        );

        self.write_nature(&mut text);
        write_categories(&mut text, register);
        write_contact(&mut text, register);
        write_consequences(&mut text, register);
        write_measures(&mut text, register);

        text
    }

    fn write_nature(&self, text: &mut String) {
        let facts = &self.facts;
        let log = if facts.log_is_whole {
            "intact"
        } else {
            "MODIFIÉ : l’étendue est à établir autrement"
        };

        // Writing to a text cannot fail, here and below.
        let _ = write!(
            text,
            "## a) Nature de la violation\n\n\
             À décrire : confidentialité, intégrité ou disponibilité.\n\n\
             - Depuis : {}\n- Personnes dont des données sont détenues : {}\n\
             - Personnes touchées une à une selon le journal, au plus : {}\n\
             - Enregistrements détenus : {}\n- Journal des accès : {log}\n",
            facts.since, facts.people_held, facts.people_touched, facts.rows_held,
        );
        // The purge of the log may have gone past the beginning of the breach.
        if let Some(oldest) = facts.log_begins_at.filter(|oldest| *oldest > facts.since) {
            let _ = writeln!(text, "- Le journal ne remonte qu’au {oldest}");
        }

        self.write_actions(text);
    }

    fn write_actions(&self, text: &mut String) {
        *text += "\nActions depuis cette date :\n\n| Acteur | Action | Fois | Personnes |\n| --- | --- | --- | --- |\n";

        for count in &self.facts.actions {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                count.actor, count.action, count.times, count.people
            );
        }
    }
}

fn write_categories(text: &mut String, register: &Register) {
    let _ = write!(
        text,
        "\nCatégories de personnes :\n\n{}\nCatégories de données :\n\n{}",
        list(register, |processing| &processing.people),
        list(register, |processing| &processing.categories)
    );
}

fn write_contact(text: &mut String, register: &Register) {
    let officer = &register.controller.protection_officer;
    let _ = write!(text, "\n## b) Point de contact\n\n{officer}\n");
}

fn write_consequences(text: &mut String, register: &Register) {
    *text += "\n## c) Conséquences probables\n\n";

    for processing in &register.processings {
        let _ = writeln!(text, "- {} : {}", processing.title, processing.risk);
    }
}

fn write_measures(text: &mut String, register: &Register) {
    let _ = write!(
        text,
        "\n## d) Mesures prises ou proposées\n\nEn place :\n\n{}\n\
         À décider : `filrouge gdpr rotate-key` si une clé a pu fuir, renouvellement des secrets des clients, \
         information des personnes si le risque est élevé (article 34).\n",
        list(register, |processing| &processing.security)
    );
}

fn list(register: &Register, field: fn(&Processing) -> &[String]) -> String {
    register
        .processings
        .iter()
        .flat_map(field)
        .map(|item| format!("- {item}\n"))
        .collect()
}
