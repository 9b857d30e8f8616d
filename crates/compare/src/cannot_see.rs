//! The limits of this reading, told in every report.

use crate::corpus::Corpus;
use crate::limits::SKIPPED;
use crate::model::Skipped;
use crate::tree::History;
use crate::unread::Unread;

/// Limits that hold for every submission.
const ALWAYS: [&str; 3] = [
    "l'oral, la démonstration, les services en ligne et les journaux hébergés des chaînes",
    "les autres dépôts du projet, les tickets et les demandes de fusion",
    "si les tests passent : rien n'est exécuté, « exercé » veut dire qu'un test ou un travail l'appelle",
];

/// The limits of the reading of one submission, in French.
pub(crate) fn of(corpus: &Corpus, history: Option<&History>) -> Vec<String> {
    // The first three hold for every submission.
    let mut limits = ALWAYS.map(str::to_owned).to_vec();
    let history = match history {
        None => Some("l'historique git : il n'y en a pas de lisible ici"),
        // A shallow clone looks like a young project.
        Some(history) if history.is_shallow => Some("ce qui précède la coupe de l'historique git"),
        Some(_) => None,
    };
    limits.extend(history.map(str::to_owned));
    limits.extend(closed_reports(&corpus.closed_reports));
    let unread = Unread::of(&corpus.paths);
    limits.extend(unread_code(&unread));
    limits.extend(unread_pipelines(&unread));
    limits
}

fn unread_code(unread: &Unread) -> Option<String> {
    let languages: Vec<String> = unread
        .languages
        .iter()
        .map(|(language, files)| {
            let plural = if *files > 1 { "s" } else { "" };
            format!("{language} ({files} fichier{plural})")
        })
        .collect();
    (!languages.is_empty()).then(|| {
        let languages = languages.join(", ");
        format!("le code en {languages} : il n'est pas lu, et ce qu'il montre est à juger par une personne")
    })
}

fn unread_pipelines(unread: &Unread) -> Option<String> {
    let pipelines = unread.pipelines.iter().take(SKIPPED).copied();
    let pipelines = pipelines.collect::<Vec<_>>().join(", ");
    (!pipelines.is_empty()).then(|| {
        format!("la chaîne de {pipelines} : cette forge n'est pas lue, et ce qu'elle fait est à juger par une personne")
    })
}

fn closed_reports(reports: &[String]) -> Option<String> {
    let first = reports.first()?;
    let more = match reports.len() {
        1 => String::new(),
        count => format!(" et {} autres", count - 1),
    };
    Some(format!(
        "le contenu des rapports fermés ({first}{more}) : à lire par une personne"
    ))
}

/// The first of the parts left unread, and the number of the others.
pub(crate) fn kept(mut skipped: Vec<Skipped>) -> Vec<Skipped> {
    let others = skipped.len().saturating_sub(SKIPPED);
    skipped.truncate(SKIPPED);
    skipped.extend((others > 0).then(|| Skipped {
        path: String::new(),
        reason: format!("et {others} autres parties"),
    }));
    skipped
}
