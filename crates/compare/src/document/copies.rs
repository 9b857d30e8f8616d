//! Copies that look like a dossier: the jury's grid pasted in a page, the whole repository dumped
//! in one file.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::fold;
use crate::criteria::Criteria;

/// What a page is a copy of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Copied {
    Grid,
    Repository,
}

/// Fixed words of the regulation that candidates paste, folded.
const OFFICIAL: [&str; 58] = [
    "presentation du projet et de son contexte est complete",
    "perimetre des specifications techniques est complet",
    "permet l'acces aux fonctions du modele",
    "application de depart est installee et fonctionnelle",
    "communication avec l'api depuis l'application fonctionne",
    "points de terminaison de l'api concernes par le projet",
    "adaptations d'interfaces necessaires",
    "tests d'integration couvrent tous les points",
    "outils pour l'integration du monitorage",
    "enjeux d'accessibilite, pour toutes les parties",
    "cas a tester sont listes et definis",
    "informations partagees dans la synthese repondent",
    "flux identifies repondent aux criteres de fiabilite",
    "animant le travail collectif de selection des sources",
    "services d'intelligence artificielle preexistants a partir",
    "regles d'agregation de donnees issues de differentes sources",
    "elaborant les modeles conceptuels et physiques",
    "mettant a disposition le jeu de donnees en utilisant l'architecture",
    "exposant un modele d'intelligence artificielle en utilisant",
    "integrer l'api d'un modele ou d'un service d'intelligence",
    "monitorer un modele d'intelligence artificielle a partir des",
    "programmer les tests automatises d'un modele d'intelligence",
    "du projet et de son contexte est complete",
    "specifications techniques precisent",
    "perimetre des specifications techniques est complet",
    "d'extraction des donnees est fonctionnel",
    "accessible depuis un depot git",
    "requetes de type sql pour la collecte",
    "documentation des requetes met en lumiere",
    "d'agregation des donnees est fonctionnel",
    "respectent la methode, la modelisation et le formalisme merise",
    "modele physique des donnees est fonctionnel",
    "registre des traitements de donnees personnelles integre",
    "procedures de tri des donnees personnelles",
    "couvre tous les points de terminaison",
    "couvre les regles d'authentification",
    "respecte les standards du modele choisi",
    "thematique de veille choisie",
    "temps de veille sont planifies",
    "choix de l'outil d'agregation est coherent",
    "reformulation de l'expression de besoin",
    "raisons d'ecarter un service",
    "restreint l'acces au modele",
    "top 10 owasp sont integrees",
    "tests couvrent tous les points de terminaison",
    "resultats sont correctement interpretes",
    "metriques faisant l'objet du monitorage",
    "vecteur de restitution des metriques",
    "cas de test a automatiser sont listes",
    "fichiers de configuration de la chaine sont correctement reconnus",
    "objectifs d'accessibilite sont directement integres",
    "donne un avis precis permettant une prise de decision",
    "cycles, les etapes de chaque cycle",
    "seuils et valeurs d'alerte pour chaque metrique a risque",
    "causes du probleme sont identifiees correctement",
    "reproduit en environnement de developpement",
    "automatiser l'extraction de donnees depuis un service web",
    "developper des requetes de type sql d'extraction",
];

/// The official words and the beginning of each of our own wordings of the 142 criteria.
static GRID: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let criteria = Criteria::load().ok()?;
    let ours = criteria
        .all()
        .flat_map(|criterion| [start(&criterion.fr), start(&criterion.en)]);
    let patterns: Vec<String> = OFFICIAL
        .iter()
        .map(|text| (*text).to_owned())
        .chain(ours.filter(|text| text.len() >= 24))
        .collect();
    AhoCorasick::new(patterns).ok()
});

fn start(wording: &str) -> String {
    fold(wording)
        .replace("**", "")
        .chars()
        .take(34)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

/// Whether a page is a copy, and the line where it starts.
pub(crate) fn copied(path: &str, source: &str) -> Option<(Copied, usize)> {
    repository(path, source)
        .map(|line| (Copied::Repository, line))
        .or_else(|| grid(source).map(|line| (Copied::Grid, line)))
}

fn grid(source: &str) -> Option<usize> {
    let text = fold(source).replace("**", "");
    let automaton = GRID.as_ref()?;
    let mut found: Vec<(usize, usize)> = automaton
        .find_iter(&text)
        .map(|one| (one.pattern().as_usize(), one.start()))
        .collect();
    let first = found.first()?.1;

    found.sort_unstable();
    found.dedup_by_key(|(pattern, _)| *pattern);
    let words = text.split_whitespace().count();

    // A report may quote criteria as headings: only a page made of them is a copy.
    let line = text[..first].matches('\n').count() + 1;
    // Little else than criteria: the whole page is the copy.
    let is_whole = words < found.len() * 60 && line <= 40;
    let is_copied = found.len() >= 6 && words < found.len() * 90
        || found.len() >= 4 && words < found.len() * 50;
    is_copied.then_some(if is_whole { 1 } else { line })
}

/// A file that holds the others: repomix, gitingest, or home-made, with a header for each.
fn repository(path: &str, source: &str) -> Option<usize> {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let named = [
        "repomix",
        "gitingest",
        "code2prompt",
        "repo_dump",
        "codebase",
        "digest.",
    ]
    .iter()
    .any(|word| name.contains(word));

    let mut headers = source
        .lines()
        .enumerate()
        .filter(|(_, line)| is_header(line));
    let first = headers.next()?.0 + 1;
    let count = headers.take(20).count() + 1;
    let is_whole = first <= 60;

    (count >= 10 || (named && count >= 3)).then_some(if is_whole { 1 } else { first })
}

fn is_header(line: &str) -> bool {
    let line = line
        .trim()
        .trim_start_matches(['#', '=', '-', '/', '*', ' ', '<']);

    let rest = [
        "file path=\"",
        "file:",
        "File:",
        "FILE:",
        "Fichier :",
        "Fichier:",
        "fichier :",
        "document path=\"",
        "source:",
        "FICHIER :",
        "FICHIER:",
        "=== ",
    ]
    .iter()
    .find_map(|mark| line.strip_prefix(mark));

    rest.is_some_and(|rest| {
        let name = rest
            .trim()
            .trim_end_matches(['=', '-', '>', '"', '*', '`', '#', ' '])
            .trim_start_matches(['`', ' ']);
        !name.is_empty() && !name.contains(' ') && name.contains('.')
    })
}
