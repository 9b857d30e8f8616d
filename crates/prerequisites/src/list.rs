//! The list that ends `cargo test`, in French.

use crate::record::Record;

/// The tests not played, by the thing they lack, with the command that brings it.
#[must_use]
pub fn list(records: &[Record]) -> String {
    let (optional, required): (Vec<_>, Vec<_>) =
        records.iter().partition(|record| record.is_optional);

    if required.is_empty() && optional.is_empty() {
        return "\nChaque test joué a trouvé ce dont il a besoin.\n".to_owned();
    }

    part(
        "Tests non joués, faute d’un outil ou d’un fichier",
        &required,
    ) + &part("Tests facultatifs non joués", &optional)
}

/// A heading, then each thing that is missing with the tests that need it.
fn part(heading: &str, records: &[&Record]) -> String {
    if records.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{heading} : {}\n", records.len());

    for group in records.chunk_by(|a, b| (&a.what, &a.remedy) == (&b.what, &b.remedy)) {
        text += &format!(
            "\n  {}\n    pour l’avoir : {}\n",
            group[0].what, group[0].remedy
        );
        for record in group {
            text += &format!("    {} {}\n", record.package, record.test);
        }
    }

    text
}
