//! Each file of a state by its role, and what must come of its damage. The page of the documents has
//! this table.

/// The files of one role.
pub(crate) struct FileRole {
    /// Path in the state, where `*` stands for any name or part of one.
    pub(crate) file: &'static str,
    /// In French, as the page has it.
    pub(crate) name: &'static str,
    pub(crate) outcome: DamageOutcome,
}

/// What must come of a file that is truncated, emptied, or has zeros inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DamageOutcome {
    /// The command goes on without it, or with the one before.
    GoesOn(&'static [&'static str]),
    /// The first command is refused and names the file; the second makes it good again.
    Refused(&'static [&'static str], &'static [&'static str]),
    /// The service goes on, with the last good version or without the file.
    Serves(&'static str),
    /// The service or the command is refused, and names the file: only a person can say what to do.
    Named(&'static [&'static str]),
    /// Told by the check of the file itself.
    Told(&'static [&'static str]),
    /// Another test of this suite plays it.
    Elsewhere(&'static str),
    /// No program reads its content.
    Unread,
}

use DamageOutcome::{Elsewhere, GoesOn, Named, Refused, Serves, Told, Unread};

const AGGREGATE: &[&str] = &["aggregate"];
const IMPORT: &[&str] = &["import"];
const COUNT: &[&str] = &["lake", "sql", "SELECT COUNT(*) FROM trips"];
const INGEST: &[&str] = &["lake", "ingest", "received/100.csv", "received/50.csv"];

/// The order is that of the way of the data.
#[rustfmt::skip]
pub(crate) const ROLES: &[FileRole] = &[
    FileRole { file: "raw/LAST/manifest.json", name: "le manifeste de la dernière collecte", outcome: GoesOn(AGGREGATE) },
    FileRole { file: "raw/LAST/lake/trips.parquet", name: "un fichier Parquet de la dernière collecte", outcome: GoesOn(AGGREGATE) },
    FileRole { file: "raw/LAST/*/*", name: "un autre fichier de la dernière collecte", outcome: GoesOn(AGGREGATE) },
    FileRole { file: "raw/LAST/*/*/*", name: "un fichier tel que reçu", outcome: GoesOn(AGGREGATE) },
    FileRole { file: "raw/*/*", name: "le manifeste d’une collecte d’avant", outcome: GoesOn(AGGREGATE) },
    FileRole { file: "raw/*/*/*", name: "un fichier d’une collecte d’avant", outcome: GoesOn(AGGREGATE) },
    FileRole { file: "raw/*/*/*/*", name: "un fichier tel que reçu, d’avant", outcome: GoesOn(AGGREGATE) },
    FileRole { file: "lake/ingested.json", name: "le registre du lac", outcome: GoesOn(INGEST) },
    FileRole { file: "lake/ingested.previous.json", name: "le registre du lac d’avant", outcome: GoesOn(INGEST) },
    FileRole { file: "lake/trips/*/*/*.parquet", name: "un fichier Parquet du lac", outcome: Refused(COUNT, INGEST) },
    FileRole { file: "clean/station_hours.parquet", name: "le jeu nettoyé", outcome: Refused(IMPORT, AGGREGATE) },
    FileRole { file: "clean/conditions.parquet", name: "les conditions à venir", outcome: Refused(IMPORT, AGGREGATE) },
    FileRole { file: "clean/stations.json", name: "les stations", outcome: Refused(IMPORT, AGGREGATE) },
    FileRole { file: "clean/station_status.json", name: "l’état des stations", outcome: Refused(IMPORT, AGGREGATE) },
    FileRole { file: "clean/summary.json", name: "le résumé du nettoyage", outcome: Refused(IMPORT, AGGREGATE) },
    FileRole { file: "clean/rejects.parquet", name: "les lignes écartées", outcome: GoesOn(IMPORT) },
    FileRole { file: "clean/profile.json", name: "le profil du jeu", outcome: GoesOn(&["profile"]) },
    FileRole { file: "clean/profile.html", name: "la page du profil", outcome: GoesOn(&["profile"]) },
    FileRole { file: "filrouge.sqlite", name: "la base", outcome: Elsewhere("reliability::damaged") },
    FileRole { file: "filrouge.sqlite-*", name: "le journal d’écriture de la base", outcome: Elsewhere("database::killed") },
    FileRole { file: "accounts.sqlite*", name: "la base des comptes", outcome: Elsewhere("accounts::keeping") },
    FileRole { file: "models/demand/champion", name: "le nom de la championne", outcome: Serves("model-api") },
    FileRole { file: "models/demand/champion.log", name: "l’histoire des versions", outcome: Serves("model-api") },
    FileRole { file: "models/demand/*/model.onnx", name: "le graphe de la championne", outcome: Serves("model-api") },
    FileRole { file: "models/demand/*/model.json", name: "la description de la championne", outcome: Serves("model-api") },
    FileRole { file: "models/demand/*/fidelity.json", name: "le certificat de fidélité", outcome: Serves("model-api") },
    FileRole { file: "models/demand/*/MODEL_CARD.md", name: "la fiche du modèle", outcome: Serves("model-api") },
    FileRole { file: "predictions-journal.json", name: "les prévisions et les comptages reçus", outcome: Serves("model-api") },
    FileRole { file: "credentials.json", name: "les clients et leurs secrets", outcome: Named(&["serve", "data-api"]) },
    FileRole { file: "data-api.key", name: "la clé qui signe les jetons", outcome: Named(&["serve", "data-api"]) },
    FileRole { file: "model-api.key", name: "celle de l’API du modèle", outcome: Named(&["serve", "model-api"]) },
    FileRole { file: "data-api.former.key", name: "la clé d’avant", outcome: Serves("data-api") },
    FileRole { file: "revoked/*", name: "un jeton rendu (le nom du fichier le dit)", outcome: Serves("data-api") },
    FileRole { file: "pseudonyms.key", name: "la clé des pseudonymes", outcome: Named(IMPORT) },
    FileRole { file: "receipts.key", name: "la clé des reçus", outcome: Named(&["gdpr", "erase", "770041"]) },
    FileRole { file: "audit.key", name: "la clé du journal des accès", outcome: Named(IMPORT) },
    FileRole { file: "gdpr/audit-ends.json", name: "la fin signée du journal des accès", outcome: Told(&["gdpr", "audit"]) },
    FileRole { file: "gdpr/receipt.json", name: "un reçu d’effacement", outcome: Told(&["gdpr", "verify", "state/gdpr/receipt.json"]) },
    FileRole { file: "gdpr/exports/*", name: "ce qui est remis à une personne", outcome: Unread },
    FileRole { file: "write.lock", name: "le verrou d’écriture", outcome: GoesOn(IMPORT) },
    FileRole { file: "serving.lock", name: "le verrou des services", outcome: Serves("data-api") },
    FileRole { file: "lake/.lock", name: "le verrou du lac", outcome: GoesOn(INGEST) },
    FileRole { file: "raw/.lock", name: "le verrou des collectes", outcome: GoesOn(AGGREGATE) },
    FileRole { file: "models/*/champion.lock", name: "le verrou des versions", outcome: Serves("model-api") },
    FileRole { file: "credentials.lock", name: "le verrou des secrets", outcome: Serves("data-api") },
];

/// The first role whose path is this one.
pub(crate) fn role_of(path: &str) -> Option<&'static FileRole> {
    ROLES.iter().find(|role| is_of(role.file, path))
}

fn is_of(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut found) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(wanted), Some(found)) if is_name_of(wanted, found) => {}
            _ => return false,
        }
    }
}

fn is_name_of(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => {
            name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        }
        None => pattern == name,
    }
}
