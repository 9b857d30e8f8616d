//! The budget of `docs/cadrage/contexte.md`: days of each lot and their cost, computed.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{Document, declared, specifications};
use crate::docs::blocks;
use crate::files;

const LIST: &str = "data/framing/budget.toml";
const PAGE: &str = "docs/cadrage/contexte.md";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    hours_a_day: f64,
    hourly_cost_eur: f64,
    hourly_cost_source: String,
    lot: Vec<Lot>,
}

/// A part of the work.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lot {
    name: String,
    sprint: u32,
    low: f64,
    likely: f64,
    high: f64,
    specifications: Vec<String>,
}

/// The page of the context with its budget.
pub(super) fn document(root: &Path) -> Result<Document> {
    let budget: Budget = declared(root, LIST)?;
    let text = blocks::replace(&files::read(root, PAGE)?, "budget", &budget.table())
        .with_context(|| format!("in `{PAGE}`"))?;
    Ok(Document {
        path: PAGE.to_owned(),
        text,
    })
}

/// One sentence for each specification that no lot, or more than one, makes.
pub(super) fn faults(root: &Path) -> Result<Vec<String>> {
    let budget: Budget = declared(root, LIST)?;
    let requirements = specifications::read(root)?;
    let ids: Vec<_> = requirements.iter().map(|one| one.id.as_str()).collect();
    let faults = budget.faults(&ids);
    Ok(faults
        .into_iter()
        .map(|fault| format!("`{LIST}`: {fault}"))
        .collect())
}

impl Budget {
    fn table(&self) -> String {
        let mut text = "\n| Lot | Sprint | Spécifications | Jours, bas | probable | haut | attendus |\n| --- | --- | --- | --- | --- | --- | --- |\n".to_owned();
        for lot in &self.lot {
            let Lot {
                name,
                sprint,
                low,
                likely,
                high,
                specifications,
            } = lot;
            let specifications = specifications.join(", ");
            let days = french(lot.expected(), 1);
            let _ = writeln!(
                text,
                "| {name} | {sprint} | {specifications} | {low} | {likely} | {high} | {days} |"
            );
        }

        let sum = |days: fn(&Lot) -> f64| self.lot.iter().map(days).sum::<f64>();
        let expected = sum(Lot::expected);
        let (low, likely, high) = (
            sum(|lot| lot.low),
            sum(|lot| lot.likely),
            sum(|lot| lot.high),
        );
        let _ = writeln!(
            text,
            "| Total | | | {low} | {likely} | {high} | {} |",
            french(expected, 1)
        );

        let day = self.hours_a_day * self.hourly_cost_eur;
        let cost = |days: f64| french(days * day, 0);
        let _ = write!(
            text,
            "\nUn jour coûte {} heures × {} € = {} €. Le travail coûte donc {} € (attendu), entre {} € et {} €. Source du coût horaire : {}. C’est une moyenne de tous les métiers ; une équipe la remplace par le sien.\n",
            self.hours_a_day,
            french(self.hourly_cost_eur, 1),
            french(day, 1),
            cost(expected),
            cost(low),
            cost(high),
            self.hourly_cost_source
        );
        text
    }

    fn faults(&self, ids: &[&str]) -> Vec<String> {
        let made = |id: &str| {
            let lots = self.lot.iter();
            lots.filter(|lot| lot.specifications.iter().any(|other| other == id))
                .count()
        };
        let missing = ids.iter().filter(|id| made(id) != 1);
        let missing = missing.map(|id| format!("{id} is in {} lots, not in one", made(id)));

        let named = self.lot.iter().flat_map(|lot| &lot.specifications);
        let unknown = named.filter(|id| !ids.contains(&id.as_str()));
        let unknown = unknown.map(|id| format!("{id} is no specification"));
        missing.chain(unknown).collect()
    }
}

impl Lot {
    /// (low + 4 × likely + high) / 6: the mean of a beta distribution, as PERT takes it.
    fn expected(&self) -> f64 {
        (self.low + 4.0 * self.likely + self.high) / 6.0
    }
}

/// A number as French writes it: a comma, and a no-break space between thousands.
fn french(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));

    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    if rest.is_empty() {
        return grouped;
    }
    format!("{grouped},{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: &str = r#"
        hours_a_day = 7
        hourly_cost_eur = 40.0
        hourly_cost_source = "Insee"
        [[lot]]
        name = "Collecte"
        sprint = 1
        low = 4
        likely = 6
        high = 14
        specifications = ["SF-01"]
    "#;

    #[test]
    fn the_cost_is_the_days_expected_times_the_cost_of_a_day() {
        let budget: Budget = toml::from_str(BUDGET).unwrap();
        let table = budget.table();
        // (4 + 24 + 14) / 6 = 7 days of 7 × 40 €.
        assert!(table.contains("| 4 | 6 | 14 | 7,0 |"), "{table}");
        assert!(table.contains("= 280,0 €. Le travail coûte donc 1\u{a0}960 € (attendu), entre 1\u{a0}120 € et 3\u{a0}920 €"), "{table}");
    }

    #[test]
    fn a_specification_is_in_one_lot() {
        let budget: Budget = toml::from_str(BUDGET).unwrap();
        assert_eq!(budget.faults(&["SF-01"]), [""; 0]);
        assert_eq!(
            budget.faults(&["SF-01", "SF-02"]),
            ["SF-02 is in 0 lots, not in one"]
        );
        assert_eq!(budget.faults(&[]), ["SF-01 is no specification"]);
    }

    #[test]
    fn a_number_is_written_as_french_does() {
        for (value, decimals, told) in [
            (1234.5, 1, "1\u{a0}234,5"),
            (999.0, 0, "999"),
            (1_000_000.0, 0, "1\u{a0}000\u{a0}000"),
        ] {
            assert_eq!(french(value, decimals), told);
        }
    }
}
