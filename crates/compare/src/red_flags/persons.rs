//! Rows about real persons.

use crate::lexicon::RED_FLAGS;
use crate::model::{Finding, FindingKind};
use crate::tree::Role;

/// Rows that are looked at.
const ROWS: usize = 200;
const SEPARATORS: [char; 3] = [',', ';', '\t'];

pub(super) fn find(path: &str, role: Role, text: &str) -> Option<Finding> {
    let is_invented = RED_FLAGS.persons.invented.any_in(&path.to_lowercase());
    if role != Role::Data || is_invented {
        return None;
    }

    let mut lines = text.lines();
    let header = lines.next()?.to_lowercase();
    // One row that reaches someone may be a mistake in a column.
    let mut reached = lines.take(ROWS).filter(|line| reaches_someone(line));

    let question = "Ce fichier porte des noms et des moyens de joindre des personnes : sont-elles réelles, et sur quelle base légale figurent-elles dans le dépôt ?";
    (is_about_persons(&header) && reached.nth(1).is_some())
        .then(|| Finding::new(FindingKind::PersonalData, path, 2, question))
}

fn is_about_persons(header: &str) -> bool {
    let words = &RED_FLAGS.persons;
    let columns: Vec<&str> = header
        .split(SEPARATORS)
        .map(|column| column.trim().trim_matches('"'))
        .collect();
    let names: Vec<&&str> = columns
        .iter()
        .filter(|column| words.names.has(column))
        .collect();

    // A lone `name` may be that of a shop: an address that only a person has must stand beside it.
    let contacts = if names.iter().any(|column| **column != "name") {
        &words.contacts
    } else {
        &words.own_contacts
    };
    !names.is_empty() && columns.iter().any(|column| contacts.has(column))
}

/// True when a row has an address of mail, or a French number of telephone.
fn reaches_someone(line: &str) -> bool {
    let fields = || line.split(SEPARATORS).flat_map(|field| field.split('"'));
    fields().any(is_mail) || fields().any(is_phone)
}

fn is_mail(field: &str) -> bool {
    field.split_once('@').is_some_and(|(_, domain)| {
        let domain = domain.to_lowercase();
        // RFC 2606 keeps `example` for examples.
        domain.contains('.') && !domain.starts_with("example.") && !domain.contains("exemple.")
    })
}

fn is_phone(field: &str) -> bool {
    let digits: String = field.chars().filter(char::is_ascii_digit).collect();
    // Ten figures from a zero in France, eleven from 33 abroad.
    (digits.len() == 10 && digits.starts_with('0'))
        || (digits.len() == 11 && digits.starts_with("33"))
}
