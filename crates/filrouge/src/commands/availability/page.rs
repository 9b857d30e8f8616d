//! The page of the measures, in French, as the command writes it.

use std::fmt::Write as _;

use filrouge_model::availability::{BrierScore, RELIABILITY_BINS, ReliabilityTable};

use super::measures::{HORIZONS, Measures, Question, Scores};
use super::{LEARNT_DAYS, MEASURED_DAYS};

const HEAD: &str = "\
# Les chances de trouver un vélo ou une place

<!-- Preuve: C17.4 la disponibilité annoncée est mesurée à côté de deux références, sur trois villes jamais vues [commande : cargo run -- availability evaluate] -->

Page écrite par `cargo run -- availability evaluate --page docs/disponibilite.md` : ne pas la modifier à la main.

## Comment les chances sont calculées

Une station est une file d’attente : chaque départ retire un vélo tant qu’il y en a un, chaque arrivée en rend un tant qu’une place est libre. Si les départs et les arrivées suivent des lois de Poisson, le nombre de vélos est une chaîne de Markov (un processus de naissance et de mort), et la probabilité de chaque nombre de vélos se calcule heure par heure à partir de l’état présent. La méthode vient de N. Gast, G. Massonnet, D. Reijsbergen et M. Tribastone, « Probabilistic Forecasts of Bike-Sharing Systems for Journey Planning », CIKM 2015.

- **Départs** : ceux que prévoit le modèle de demande, avec leur intervalle ; ils sont augmentés là où des vélos manquent d’habitude, car une personne qui n’en trouve pas n’est pas comptée.
- **Arrivées** : aucun modèle ne les prévoit. Ce sont les arrivées habituelles de l’heure, augmentées ou diminuées comme le sont les départs prévus des heures voisines.
- **Camions** : à chaque heure de la journée, une part des stations est remise à son nombre habituel de vélos. Cette part est apprise, en comparant les vélos aux trajets comptés.
- **Habitude** : plus l’heure est lointaine, plus la chance se rapproche de celle que donne l’état habituel de la station, jusqu’à compter pour moitié au bout d’un jour : les erreurs d’une chaîne s’ajoutent, celles d’une habitude non.

Le calcul est dans `crates/model/src/availability.rs`.
";

const LIMITS: &str = "\
## Ce que ces mesures ne disent pas

- Les trois villes sont simulées : les camions y passent toutes les nuits à 3 h, à toutes les stations. Dans une vraie ville, leur passage est moins régulier, et l’horizon de 24 heures sera moins bon.
- Le fichier d’habitudes livré est celui de Rivemont. Une autre ville n’en a pas tant que l’état de ses stations n’a pas été relevé pendant des semaines : ses pages montrent alors les départs prévus, sans chances.
- Deux prévisions faites à une heure d’écart se ressemblent : le nombre de lignes est plus grand que le nombre d’essais indépendants.
";

/// The whole page.
pub(super) fn write(version: &str, by_city: &[(u64, Measures)]) -> String {
    let mut text = HEAD.to_owned();
    let names: Vec<String> = by_city.iter().map(|(seed, _)| seed.to_string()).collect();

    let _ = write!(
        text,
        "\n## Comment elles sont mesurées\n\nLe modèle de demande `{version}` n’a vu aucune des villes de graines {}. Dans chacune, {LEARNT_DAYS} jours servent à apprendre les habitudes ; pendant les {MEASURED_DAYS} jours suivants, à chaque heure et à chaque station, les chances sont annoncées avec la météo prévue la veille, puis comparées à ce qui s’est passé. Deux références : *rien ne change* (l’état présent dure), et *l’état habituel* (la part des jours appris où il y en avait à cette heure, un jour ouvré ou non).\n\n",
        names.join(", ")
    );
    text += "Le score de Brier est la moyenne des carrés de l’écart entre la chance annoncée et ce qui est arrivé : 0 est parfait. Le gain est la part du score de la référence qui est évitée ; la cible est d’au moins 10 %.\n";

    for question in Question::ALL {
        let name = name(question);
        let _ = write!(text, "\n## {name}\n\n{}", scores_table(by_city, question));
        let _ = write!(text, "\n{}", reliability_table(by_city, question));
    }
    text + "\n" + LIMITS
}

fn name(question: Question) -> &'static str {
    match question {
        Question::Bike => "Trouver un vélo",
        Question::Dock => "Trouver une place",
    }
}

fn scores_table(by_city: &[(u64, Measures)], question: Question) -> String {
    let header = [
        "Heures d’avance",
        "Ville",
        "Annonces",
        "C’était vrai",
        "Brier",
        "Rien ne change",
        "État habituel",
        "Gain sur rien ne change",
        "Gain sur l’habitude",
    ];
    let mut rows = Vec::new();

    for (index, hours) in HORIZONS.iter().enumerate() {
        let mut all = Scores::default();
        for (seed, measures) in by_city {
            let scores = measures.at(index, question);
            all.merge(scores);
            rows.push(row(*hours, &seed.to_string(), scores));
        }
        rows.push(row(*hours, "toutes", &all));
    }
    markdown(&header, &rows)
}

fn row(hours: usize, city: &str, scores: &Scores) -> Vec<String> {
    let rows = scores
        .reliability
        .bins()
        .iter()
        .map(|bin| bin.rows)
        .sum::<u64>();
    let brier = |score: &BrierScore| known(score.value(), 4);
    let gain = |reference| percent(scores.chances.skill(reference));

    vec![
        hours.to_string(),
        city.to_owned(),
        rows.to_string(),
        percent(Some(scores.happened as f64 / rows.max(1) as f64)),
        brier(&scores.chances),
        brier(&scores.persistence),
        brier(&scores.usual),
        gain(&scores.persistence),
        gain(&scores.usual),
    ]
}

fn reliability_table(by_city: &[(u64, Measures)], question: Question) -> String {
    let mut all = ReliabilityTable::default();
    for (_, measures) in by_city {
        (0..HORIZONS.len()).for_each(|index| all.merge(&measures.at(index, question).reliability));
    }

    let header = ["Chance annoncée", "Annonces", "En moyenne", "C’était vrai"];
    let tenths = all.bins().iter().enumerate();
    let rows: Vec<_> = tenths
        .map(|(index, bin)| {
            let tenth = |index: usize| percent(Some(index as f64 / RELIABILITY_BINS as f64));
            vec![
                format!("{} à {}", tenth(index), tenth(index + 1)),
                bin.rows.to_string(),
                percent(bin.told()),
                percent(bin.happened()),
            ]
        })
        .collect();
    let gap = percent(all.gap());

    format!(
        "Fiabilité, aux trois horizons ensemble : l’écart moyen entre la chance annoncée et la part des fois où c’était vrai est de {gap}.\n\n{}",
        markdown(&header, &rows)
    )
}

fn known(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(
        || "—".to_owned(),
        |value| format!("{value:.decimals$}").replace('.', ","),
    )
}

fn percent(share: Option<f64>) -> String {
    match share {
        None => "—".to_owned(),
        Some(share) => format!("{}\u{a0}%", known(Some(100.0 * share), 1)).replace('-', "−"),
    }
}

fn markdown(header: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let header: Vec<String> = header.iter().map(|cell| (*cell).to_owned()).collect();
    let rule = vec!["---".to_owned(); header.len()];
    let rows: String = rows.iter().map(|row| line(row)).collect();
    line(&header) + &line(&rule) + &rows
}
