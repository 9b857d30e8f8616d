//! The results of the use cases, in French.

use std::path::Path;

use anyhow::{Error, Result, anyhow, bail, ensure};
use filrouge_database::DatabaseError;
use filrouge_database::gdpr::{AuditEnds, AuditVerdict, Due};
use filrouge_personal_data::{
    AccessFiles, DueForRemoval, ErasureReport, FileFault, KeyRotation, OverdueFile,
    PersonalDataError, PurgeReport, ReceiptContent,
};

use crate::progress::table;

/// Says what a person can do about a refusal.
pub(crate) fn in_french(error: PersonalDataError) -> Error {
    let sentence = match &error {
        PersonalDataError::Database(refusal) => {
            return anyhow!(refused(refusal).unwrap_or_else(|| refusal.to_string()));
        }
        PersonalDataError::File { fault, path, .. } => {
            format!("`{}` {}", path.display(), failed(*fault))
        }
        PersonalDataError::PseudonymKeys { path, .. }
        | PersonalDataError::AuditKey { path }
        | PersonalDataError::ReceiptKey { path, .. } => {
            format!("`{}` ne va pas", path.display())
        }
        PersonalDataError::NotAReceipt { path, .. } => {
            format!("`{}` n’est pas un reçu", path.display())
        }
        PersonalDataError::State(_) => "l’état ne peut être verrouillé".to_owned(),
        PersonalDataError::Randomness => "le système ne donne pas d’aléa".to_owned(),
        PersonalDataError::Json(_) => "le document ne peut être écrit en JSON".to_owned(),
    };

    Error::new(error).context(sentence)
}

/// A list of erasures was written.
pub(super) fn listed(path: &Path, erased: usize) -> String {
    format!(
        "{erased} effacement(s) : `{}`. Gardez ce fichier à part des sauvegardes, et refaites-le après chaque effacement.",
        path.display()
    )
}

fn refused(refusal: &DatabaseError) -> Option<String> {
    match refusal {
        DatabaseError::UnknownPerson => {
            Some("aucune donnée n’est détenue sous ce numéro d’abonné".to_owned())
        }
        DatabaseError::UnknownProcessing(name) => Some(format!(
            "le registre n’a pas de traitement `{name}` : subscriber-statistics, age-statistics, rights, access-log"
        )),
        DatabaseError::NotByConsent(name) => Some(format!(
            "le traitement `{name}` ne repose pas sur le consentement"
        )),
        DatabaseError::AgeWithoutConsent => Some(
            "une tranche d’âge n’est gardée qu’avec un consentement : `filrouge gdpr consent NUMÉRO --given --age-band TRANCHE`"
                .to_owned(),
        ),
        _ => None,
    }
}

fn failed(fault: FileFault) -> &'static str {
    match fault {
        FileFault::Read => "est illisible",
        FileFault::Write => "ne peut être écrit",
        FileFault::Remove => "ne peut être effacé",
    }
}

pub(super) fn given(files: &AccessFiles) -> String {
    format!(
        "Tout ce qui est détenu : `{}` et `{}`, lisibles par vous seul, à remettre puis effacés sous 30 jours.",
        files.json.display(),
        files.page.display()
    )
}

/// # Errors
/// When something is left of the person: the command then fails, its receipt says where.
pub(super) fn erased(report: &ErasureReport) -> Result<String> {
    let content = &report.content;
    ensure!(
        content.unreadable.is_empty(),
        "des fichiers n’ont pu être lus : {} ; le reçu les nomme, relancez la commande une fois qu’ils sont lisibles",
        content.unreadable.join(", ")
    );
    ensure!(
        report.is_complete(),
        "une valeur subsiste dans {} : un lecteur tient peut-être encore l’ancien journal, relancez la commande",
        content.still_found_in.join(", ")
    );

    let removed: String = content
        .removed
        .iter()
        .map(|(place, count)| format!("  {place} : {count} effacé(s)\n"))
        .collect();

    Ok(format!(
        "Effacé.\n{removed}  {} fichiers relus ({} octets) : aucune valeur de la personne.\n  Reçu signé : `{}`\n  \
         À faire : effacer aussi la personne du logiciel de gestion des abonnés, d’où viennent ces données.",
        content.files_searched,
        content.bytes_searched,
        report.receipt.display()
    ) + &not_opened(content))
}

fn not_opened(content: &ReceiptContent) -> String {
    match content.not_opened.len() {
        0 => String::new(),
        files => format!(
            "\n  {files} fichiers compressés ne sont pas ouverts ; le reçu les nomme, aucun ne reçoit de données de personnes"
        ),
    }
}

pub(super) fn due(due: &DueForRemoval) -> String {
    let rows: Vec<_> = due.rows.iter().map(|due| line(due, due.rows)).collect();
    with_files("À effacer", &rows, &due.files) + "\nSimulation : rien n’a été effacé."
}

pub(super) fn purged(report: &PurgeReport) -> String {
    let rows: Vec<_> = report
        .rows
        .iter()
        .map(|purged| line(&purged.due, purged.removed))
        .collect();
    with_files("Effacées", &rows, &report.files)
}

fn with_files(done: &str, rows: &[Vec<String>], files: &[OverdueFile]) -> String {
    let mut text = table(&["Traitement", "Table", "Règle", done], rows);

    for file in files {
        text += &format!(
            "\n  `{}` : plus de {} jours : {}",
            file.path.display(),
            file.days,
            file.reason
        );
    }

    text
}

fn line(due: &Due, rows: u64) -> Vec<String> {
    let rule = format!(
        "{} jours après {} : avant le {}",
        due.days,
        due.instant,
        due.before.format("%Y-%m-%d")
    );

    vec![
        due.processing.clone(),
        due.table.clone(),
        rule,
        rows.to_string(),
    ]
}

pub(super) fn rotated(rotation: KeyRotation) -> String {
    format!(
        "Clé n° {} en service ; {} pseudonymes refaits.",
        rotation.generation, rotation.people
    )
}

/// # Errors
/// When the log was changed.
pub(super) fn audited(verdict: &AuditVerdict) -> Result<String> {
    if let Some(row) = verdict.broken_at {
        bail!("le journal a été modifié : la ligne {row} ne suit pas la précédente");
    }

    let rows = verdict.rows;
    match verdict.ends {
        AuditEnds::Whole => Ok(format!(
            "Journal intact : {rows} lignes, chacune suit la précédente, et ses deux bouts sont ceux qui ont été signés."
        )),
        AuditEnds::Unsealed => Ok(format!(
            "Journal intact : {rows} lignes, chacune suit la précédente ; sans clé, une coupe ne se verrait pas."
        )),
        AuditEnds::Behind => bail!(
            "les dernières lignes du journal ne sont pas signées : une coupe ne s’y verrait pas ; `gdpr/audit-ends.json` peut-il être écrit ?"
        ),
        AuditEnds::Cut => {
            bail!("le journal a été coupé : des lignes qui avaient été signées n’y sont plus")
        }
        AuditEnds::Missing => {
            bail!("la signature des bouts du journal a disparu : une coupe ne se verrait plus")
        }
        AuditEnds::Forged => bail!("la signature des bouts du journal n’est pas la nôtre"),
    }
}

/// # Errors
/// When the receipt was not signed here, or was changed.
pub(super) fn verified(path: &Path, content: Option<&ReceiptContent>) -> Result<String> {
    match content {
        Some(content) => Ok(format!(
            "Reçu authentique, n° {}, du {}.",
            content.receipt_id, content.issued_at
        )),
        None => bail!(
            "`{}` n’a pas été signé ici, ou a été modifié",
            path.display()
        ),
    }
}
