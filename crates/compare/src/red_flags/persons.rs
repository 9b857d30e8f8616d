//! Rows about real persons.

use super::finding;
use crate::model::{Finding, FindingKind};
use crate::tree::Role;

const NAMES: [&str; 9] = [
    "nom",
    "prenom",
    "name",
    "first_name",
    "last_name",
    "firstname",
    "lastname",
    "full_name",
    "nom_complet",
];
const CONTACTS: [&str; 12] = [
    "email",
    "mail",
    "e-mail",
    "courriel",
    "telephone",
    "tel",
    "phone",
    "mobile",
    "adresse",
    "date_naissance",
    "birth_date",
    "nir",
];

pub(super) fn find(path: &str, role: Role, text: &str) -> Option<Finding> {
    let invented = ["fake", "fictif", "synthet", "mock", "faker", "simul"]
        .iter()
        .any(|word| path.to_lowercase().contains(word));
    if role != Role::Data || invented {
        return None;
    }

    let mut lines = text.lines();
    let header = lines.next()?.to_lowercase();
    let columns: Vec<&str> = header
        .split([',', ';', '\t'])
        .map(|column| column.trim().trim_matches('"'))
        .collect();
    let has = |names: &[&str]| columns.iter().any(|column| names.contains(column));

    // A lone `name` may be that of a shop: an address that only a person has must stand beside it.
    let is_person = columns
        .iter()
        .any(|column| NAMES.contains(column) && *column != "name");

    let named = has(&NAMES)
        && if is_person {
            has(&CONTACTS)
        } else {
            has(&["email", "e-mail", "birth_date", "date_naissance"])
        };

    let mut reached = lines.take(200).filter(|line| reaches_someone(line));
    let question = "Ce fichier porte des noms et des moyens de joindre des personnes : sont-elles réelles, et sur quelle base légale figurent-elles dans le dépôt ?";
    (named && reached.nth(1).is_some())
        .then(|| finding(FindingKind::PersonalData, path, 2, question))
}

fn reaches_someone(line: &str) -> bool {
    let mail = line.split([',', ';', '\t', '"']).any(|field| {
        let domain = field
            .split_once('@')
            .map(|(_, domain)| domain.to_lowercase());
        domain.is_some_and(|domain| {
            domain.contains('.') && !domain.starts_with("example.") && !domain.contains("exemple.")
        })
    });

    let phone = line.split([',', ';', '\t', '"']).any(|field| {
        let digits: String = field.chars().filter(char::is_ascii_digit).collect();
        (digits.len() == 10 && digits.starts_with('0'))
            || (digits.len() == 11 && digits.starts_with("33"))
    });
    mail || phone
}
