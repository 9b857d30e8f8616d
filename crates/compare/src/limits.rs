//! Limits of this reading, said in every report.

use crate::corpus::Corpus;
use crate::tree::History;

/// The limits of the reading of one submission, in French.
pub(crate) fn of(corpus: &Corpus, history: Option<&History>) -> Vec<String> {
    let mut limits = vec![
        "l'oral, la démonstration, les services en ligne et les journaux hébergés des chaînes".to_owned(),
        "les autres dépôts du projet, les tickets et les demandes de fusion".to_owned(),
        "si les tests passent : rien n'est exécuté, « exercé » veut dire qu'un test ou un travail l'appelle".to_owned(),
    ];

    match history {
        None => limits.push("l'historique git : il n'y en a pas de lisible ici".to_owned()),
        Some(history) if history.is_shallow => {
            limits.push("ce qui précède la coupe de l'historique git".to_owned())
        }
        Some(_) => {}
    }

    if let Some(first) = corpus.closed_reports.first() {
        let count = corpus.closed_reports.len();
        let more = if count > 1 {
            format!(" et {} autres", count - 1)
        } else {
            String::new()
        };

        limits.push(format!(
            "le contenu des rapports fermés ({first}{more}) : à lire par une personne"
        ));
    }

    limits
}
