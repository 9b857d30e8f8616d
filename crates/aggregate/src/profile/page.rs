//! The profile as an accessible page: one file, no script, each chart with its table.

use std::fmt::Write as _;

use super::{Bin, ColumnProfile, DataProfile};
use crate::{SourceSummary, rules};

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:auto;padding:1rem;color:#1a1a1a;\
background:#fff}table{border-collapse:collapse;margin:1rem 0}caption{text-align:left;font-weight:600}th,td{border:1px \
solid #767676;padding:.25rem .6rem;text-align:left}td.n{text-align:right}svg{max-width:100%;height:auto}\
a:focus-visible{outline:3px solid #0b57d0}";

impl DataProfile {
    /// The page, in French.
    pub fn html(&self) -> String {
        let run = self.run_id.as_deref().unwrap_or("inconnue");
        let mut page = format!(
            "<!doctype html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>Profil du jeu de données, collecte {run}</title><style>{STYLE}</style></head><body><main>\n\
             <h1>Profil du jeu de données</h1>\n",
            run = escape(run)
        );

        page += &self.overview(run);
        page += "<h2>Ce que les règles ont trouvé</h2>\n";
        page += &rules_fired(&self.sources);

        page += "<h2>Depuis la collecte précédente</h2>\n";
        page += &self.drift();

        page += "<h2>Colonnes</h2>\n";
        page.extend(self.columns.iter().map(describe));
        page + "</main></body></html>\n"
    }

    fn overview(&self, run: &str) -> String {
        let span = match (self.first_hour, self.last_hour) {
            (Some(first), Some(last)) => format!("du {first} au {last}"),
            _ => "vide".to_owned(),
        };
        format!(
            "<p>Collecte {} : {} lignes station × heure, {} stations, {span}.</p>\n",
            escape(run),
            self.rows,
            self.stations
        )
    }

    fn drift(&self) -> String {
        let Some(previous) = &self.previous else {
            return "<p>C'est le premier profil : il n'y a rien à comparer.</p>\n".to_owned();
        };

        let caption = format!(
            "Écarts avec la collecte {}. La distance va de 0 (mêmes répartitions) à 1 (rien de commun) ; la saison \
             suffit à la faire bouger : elle décrit, elle n'alerte pas.",
            escape(previous.run_id.as_deref().unwrap_or("précédente"))
        );
        let rows = self.columns.iter().filter_map(|column| {
            let mut former = previous.columns.iter();
            let former = former.find(|former| former.name == column.name)?;
            Some(change(column, previous, former, self))
        });

        table(&caption, &DRIFT_HEADER, rows)
    }
}

const DRIFT_HEADER: [&str; 6] = [
    "Colonne",
    "Moyenne avant",
    "Moyenne",
    "Manquantes avant",
    "Manquantes",
    "Distance",
];

fn change(
    column: &ColumnProfile,
    before: &DataProfile,
    former: &ColumnProfile,
    now: &DataProfile,
) -> Vec<String> {
    let mean = |column: &ColumnProfile| {
        column
            .range
            .map_or_else(|| "—".to_owned(), |range| number(range[1]))
    };

    vec![
        column.name.clone(),
        mean(former),
        mean(column),
        share(former.nulls, before.rows),
        share(column.nulls, now.rows),
        column.distance(former).map_or_else(
            || "—".to_owned(),
            |distance| format!("{distance:.3}").replace('.', ","),
        ),
    ]
}

fn rules_fired(sources: &[SourceSummary]) -> String {
    let of_source = |source: &SourceSummary| {
        let fired = [
            (&source.rejected, "écartées"),
            (&source.repaired, "réparées"),
            (&source.reported, "signalées"),
        ];

        let row = |name: &str, rows: u64, effect: &str| {
            let rule = rules().find(|rule| rule.name == name);
            let code = rule.map(|rule| rule.code).unwrap_or_default();

            vec![
                source.source.clone(),
                format!("{code} {name}"),
                effect.to_owned(),
                rows.to_string(),
                share(rows, source.read),
            ]
        };

        let rows = fired.into_iter().flat_map(|(counts, effect)| {
            counts.iter().map(move |(name, rows)| (name, *rows, effect))
        });
        rows.map(|(name, rows, effect)| row(name, rows, effect))
            .collect::<Vec<_>>()
    };

    let rows: Vec<Vec<String>> = sources.iter().flat_map(of_source).collect();
    if rows.is_empty() {
        return "<p>Aucune règle n'a rien trouvé.</p>\n".to_owned();
    }

    table(
        "Lignes trouvées par chaque règle, par source",
        &["Source", "Règle", "Effet", "Lignes", "Part des lignes lues"],
        rows.into_iter(),
    )
}

fn describe(column: &ColumnProfile) -> String {
    let range = match column.range.map(|range| range.map(number)) {
        Some([least, mean, most]) => format!("de {least} à {most}, moyenne {mean}"),
        None => "aucune valeur".to_owned(),
    };

    let total: u64 = column.nulls + column.bins.iter().map(|bin| bin.rows).sum::<u64>();
    let missing = format!(
        "{} valeurs manquantes ({})",
        column.nulls,
        share(column.nulls, total)
    );

    let caption = format!("Répartition de {}", column.name);
    let rows = column.bins.iter().map(|bin| {
        let share = share(bin.rows, total);
        vec![bin.label.clone(), bin.rows.to_string(), share]
    });

    format!(
        "<h3>{}</h3>\n<p>{range} ; {missing}.</p>\n{}{}",
        escape(&column.name),
        chart(&column.name, &column.bins),
        table(&caption, &["Intervalle", "Lignes", "Part"], rows)
    )
}

/// Pixels of the longest bar.
const BAR_WIDTH: f64 = 420.0;

/// Horizontal bars; the table after it says the same to who does not see them.
fn chart(name: &str, bins: &[Bin]) -> String {
    let most = bins.iter().map(|bin| bin.rows).max().unwrap_or(0).max(1) as f64;
    let bars: String = bins
        .iter()
        .enumerate()
        .map(|(index, bin)| bar(index * 24, bin, most))
        .collect();

    format!(
        "<svg role=\"img\" aria-label=\"Répartition de {}, en barres ; les valeurs sont dans le tableau qui suit\" \
         viewBox=\"0 0 600 {}\" width=\"600\" font-size=\"13\">{bars}</svg>\n",
        escape(name),
        bins.len() * 24
    )
}

fn bar(top: usize, bin: &Bin, most: f64) -> String {
    format!(
        "<text x=\"150\" y=\"{}\" text-anchor=\"end\">{}</text><rect x=\"160\" y=\"{}\" width=\"{:.1}\" \
         height=\"18\" fill=\"#0b57d0\"/>",
        top + 16,
        escape(&bin.label),
        top + 3,
        bin.rows as f64 / most * BAR_WIDTH
    )
}

fn table(caption: &str, header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let heads: String = header
        .iter()
        .map(|name| format!("<th scope=\"col\">{name}</th>"))
        .collect();
    let mut text =
        format!("<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>\n");

    for row in rows {
        let mut cells = row.iter();
        let first = cells
            .next()
            .map(|cell| format!("<th scope=\"row\">{}</th>", escape(cell)))
            .unwrap_or_default();
        let rest: String = cells
            .map(|cell| format!("<td{}>{}</td>", alignment(cell), escape(cell)))
            .collect();

        let _ = writeln!(text, "<tr>{first}{rest}</tr>");
    }

    text + "</tbody></table>\n"
}

/// Numbers line up on the right, words on the left.
fn alignment(cell: &str) -> &'static str {
    if cell.starts_with(|sign: char| sign.is_ascii_digit() || "-−—".contains(sign)) {
        " class=\"n\""
    } else {
        ""
    }
}

fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        "—".to_owned()
    } else {
        format!("{:.2} %", 100.0 * part as f64 / whole as f64).replace('.', ",")
    }
}

fn number(value: f64) -> String {
    format!("{value:.2}").replace('.', ",")
}

// The ampersand first: the others are written with one.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
